"""Lets SQL ask whether a file of an extract can be read to its end, and what its columns are called.

DuckDB can do both, but its errors quote the content that it failed on, and with it a person_ident; and it takes a gzip
file that is cut off for a shorter one.
"""

import csv
import gzip
import zlib
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

CHUNK_BYTES = 1 << 20


def parquet(path: str, sql: str) -> list[tuple[Any, ...]]:
    """Run a query about a Parquet file, named `{file}` in it, on a connection of its own."""
    with duckdb.connect() as connection:
        escaped = path.replace("'", "''").replace("[", "[[]").replace("*", "[*]")
        return connection.execute(sql.format(file=f"read_parquet('{escaped}')")).fetchall()


def file_columns(path: str) -> list[str]:
    """Return the names of the columns of a CSV or Parquet file, in lower case; none when the file cannot be read."""
    try:
        if path.endswith(".parquet"):
            return [str(row[0]).strip().lower() for row in parquet(path, "describe select * from {file}")]
        with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return [name.strip().lower() for name in next(csv.reader(file), [])]
    except (OSError, csv.Error, duckdb.Error):
        return []


def file_fault(path: str) -> str | None:
    """Return why a gzip or Parquet file cannot be read to its end, or None when it can. Nothing in it is quoted."""
    try:
        if path.endswith(".parquet"):
            parquet(path, "select count(columns(*)) from {file}")
        elif path.endswith(".gz"):
            with gzip.open(path) as file:
                while file.read(CHUNK_BYTES):
                    pass
    except EOFError:
        return "it is cut off"
    except (OSError, zlib.error):
        return "it is not a whole gzip file"
    except duckdb.Error:
        return "it is not a whole Parquet file with text in UTF-8"
    return None


class Plugin(BasePlugin):
    """Registers the SQL functions `file_columns(path)` and `file_fault(path)`."""

    def configure_connection(self, conn: Any) -> None:
        """Register them on a new connection; every cursor of the database sees them."""
        conn.create_function("file_columns", file_columns, ["VARCHAR"], "VARCHAR[]")
        conn.create_function("file_fault", file_fault, ["VARCHAR"], "VARCHAR", null_handling="special")
