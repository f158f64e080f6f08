"""Whether a file of an extract is whole, what its columns are called, and how DuckDB reads it.

DuckDB can tell some of it, but its errors quote the content that it failed on, and with it a person_ident; and it takes
a gzip file that is cut off for a shorter one.
"""

import csv
import gzip
import json
import os
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from tiltaksstatistikk.load.values import sql_text

CHUNK_BYTES = 1 << 20
TABLE_ENDINGS = (".csv", ".parquet")
TOPIC_ENDINGS = (".jsonl", ".jsonl.gz")
LONGEST_LINE_BYTES = 1 << 26
# A folder called `name=value` is no column.
CSV_OPTIONS = "hive_partitioning = false, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"


def sql_path(path: str) -> str:
    """Return a path as SQL text in which no character is a wildcard."""
    return sql_text(path.replace("[", "[[]").replace("*", "[*]"))


def reader(path: str, known: list[str], columns: str = "*") -> str:
    """Return the SQL query that reads a file's columns as text.

    Args:
        path: a CSV or Parquet file, or a topic's lines in JSON.
        known: the columns that may be named; the others are called by their number.
        columns: what to select of a table; of a topic it is always `melding`, the whole line.
    """
    if path.endswith(".parquet"):
        return f"select {columns} from read_parquet({sql_path(path)}, hive_partitioning = false)"
    if path.endswith(".csv"):
        types = ", ".join(
            f"{sql_text(name if name in known else f'kolonne_{number}')}: 'varchar'"
            for number, name in enumerate(file_columns(path), start=1)
        )
        return f"select {columns} from read_csv({sql_path(path)}, {CSV_OPTIONS}, nullstr = '', columns = {{{types}}})"
    return (
        f"select cast(json as varchar) as melding from read_ndjson_objects({sql_path(path)}, ignore_errors = true, "
        f"maximum_object_size = {LONGEST_LINE_BYTES})"
    )


def query(sql: str) -> list[tuple[Any, ...]]:
    """Run a query about a file on a connection of its own."""
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


def file_columns(path: str) -> list[str]:
    """Return the names of the columns of a CSV or Parquet file, in lower case; none when the file cannot be read."""
    try:
        if path.endswith(".parquet"):
            found = query(f"describe select * from read_parquet({sql_path(path)}, hive_partitioning = false)")
            return [str(row[0]).strip().lower() for row in found]
        with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return [name.strip().lower() for name in next(csv.reader(file), [])]
    except (OSError, csv.Error, duckdb.Error):
        return []


def csv_reject(path: str, known: list[str]) -> tuple[int, str | None, str] | None:
    """Return where the first row that cannot be read is, and why, without quoting it.

    Args:
        path: a CSV file.
        known: the columns that may be named; the others are called by their number.

    Returns:
        The line, the column or None, and DuckDB's name of the fault; None when every row can be read.

    Raises:
        duckdb.InvalidInputException: DuckDB does not get through the file, since its lines do not all end alike.
    """
    columns = {
        name if name in known else f"kolonne_{number}": "varchar"
        for number, name in enumerate(file_columns(path), start=1)
    }
    with duckdb.connect() as connection:
        connection.execute(
            f"select count(columns(*)) from read_csv({sql_path(path)}, {CSV_OPTIONS}, nullstr = '', "
            f"columns = {columns}, store_rejects = true)"
        ).fetchall()
        return connection.execute(
            "select line, column_name, lower(cast(error_type as varchar)) from reject_errors order by line limit 1"
        ).fetchone()


def file_fault(path: str) -> str | None:
    """Return why a file is not whole, or None when it is. Nothing in it is quoted.

    gzip and Parquet are read to their end. A topic that ends in the middle of a message was cut off: taken for whole,
    it would delete every participation that came after. A CSV file is for `csv_reject`.
    """
    if not file_state(path)[0] and not path.endswith(".jsonl"):
        return "it is empty"
    try:
        if path.endswith(".parquet"):
            query(f"select count(columns(*)) from read_parquet({sql_path(path)})")
        elif path.endswith(".gz"):
            with gzip.open(path) as file:
                if ends_in_a_message(file):
                    return "it ends in the middle of a message"
        elif path.endswith(".jsonl"):
            with Path(path).open("rb") as plain:
                if ends_in_a_message(plain):
                    return "it ends in the middle of a message"
    except EOFError:
        return "it is cut off"
    except (OSError, zlib.error):
        return "it is not a whole file"
    except duckdb.Error:
        return "it is not a whole Parquet file with text in UTF-8"
    return None


def ends_in_a_message(file: BinaryIO | gzip.GzipFile) -> bool:
    """Whether the last line of a file has no end and is the beginning of a JSON object, but not all of it."""
    tail = b""
    while chunk := file.read(CHUNK_BYTES):
        tail = (tail + chunk).rpartition(b"\n")[2]
    text = tail.decode("utf-8", errors="ignore").strip()
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return text.startswith("{") and (error.pos >= len(text) or error.msg.startswith("Unterminated string"))
    except (ValueError, RecursionError):
        # Too long or too deep for Python, and no beginning of anything.
        return False
    return False


def file_state(path: str) -> tuple[int, int]:
    """Return a file's size in bytes and the time it was changed, in nanoseconds; zeros when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
