"""Lets SQL ask whether a file of an extract is whole, what its columns are called, and whether it is still the same.

DuckDB can do some of it, but its errors quote the content that it failed on, and with it a person_ident; and it takes a
gzip file that is cut off for a shorter one.
"""

import csv
import fnmatch
import glob
import gzip
import json
import os
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

CHUNK_BYTES = 1 << 20

# Size and time of each file when it was found to be whole.
found_whole: dict[str, tuple[int, int]] = {}


def parquet(path: str, sql: str) -> list[tuple[Any, ...]]:
    """Run a query about a Parquet file, named `{file}` in it, on a connection of its own."""
    with duckdb.connect() as connection:
        return connection.execute(sql.format(file=f"read_parquet({sql_path(path)})")).fetchall()


def sql_path(path: str) -> str:
    """Return a path as SQL text in which no character is a wildcard."""
    escaped = path.replace("'", "''").replace("[", "[[]").replace("*", "[*]")
    return f"'{escaped}'"


def csv_can_be_parsed(path: str) -> bool:
    """Whether DuckDB gets through a CSV file; rows that it rejects are for `csv_reject` to find."""
    columns = {f"kolonne_{number}": "varchar" for number, _ in enumerate(file_columns(path))}
    with duckdb.connect() as connection:
        try:
            connection.execute(
                f"select count(*) from read_csv({sql_path(path)}, auto_detect = false, header = true, delim = ',', "
                f"quote = '\"', escape = '\"', columns = {columns or {'kolonne_0': 'varchar'}}, store_rejects = true)"
            )
        except duckdb.InvalidInputException:
            return False
    return True


def csv_reject(path: str, known: str) -> str:
    """Return where the first row that cannot be read is, and why, without quoting it.

    Args:
        path: a CSV file.
        known: the columns that may be named, separated by commas; the others are called by their number.

    Returns:
        As JSON: the line, the column or null, and DuckDB's name of the fault; an empty list when every row can be read.
    """
    names = known.split(",")
    columns = {
        name if name in names else f"kolonne_{number}": "varchar"
        for number, name in enumerate(file_columns(path), start=1)
    }
    with duckdb.connect() as connection:
        connection.execute(
            f"select count(columns(*)) from read_csv({sql_path(path)}, auto_detect = false, header = true, "
            f"delim = ',', quote = '\"', escape = '\"', nullstr = '', columns = {columns}, store_rejects = true)"
        ).fetchall()
        found = connection.execute(
            "select line, column_name, lower(cast(error_type as varchar)) from reject_errors order by line limit 1"
        ).fetchone()
    return json.dumps(found or [])


def files_like(beginning: str, ending: str) -> str:
    """Return as JSON the paths that begin as given, and end as given with `*` for anything but a slash, in order."""
    folder, _, name = beginning.rpartition("/")
    pattern = f"{glob.escape(name)}{ending}"
    if not Path(folder).is_dir():
        return "[]"
    found = (entry for entry in os.listdir(folder) if fnmatch.fnmatchcase(entry, pattern))
    return json.dumps(sorted(f"{folder}/{entry}" for entry in found if not entry.startswith(".") or name))


def file_columns_json(path: str) -> str:
    """Return `file_columns` as JSON."""
    return json.dumps(file_columns(path))


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
    """Return why a file is not whole, or None when it is. Nothing in it is quoted.

    gzip and Parquet are read to their end. A topic that ends in the middle of a message was cut off: taken for whole,
    it would delete every participation that came after. The rows of a CSV file are checked by `check_columns`.
    """
    state = file_state(path)
    if not state[0] and not path.endswith(".jsonl"):
        return "it is empty"
    try:
        if path.endswith(".parquet"):
            parquet(path, "select count(columns(*)) from {file}")
        elif path.endswith(".gz"):
            with gzip.open(path) as file:
                if ends_in_a_message(file):
                    return "it ends in the middle of a message"
        elif path.endswith(".csv") and not csv_can_be_parsed(path):
            return "its lines do not all end alike, in LF or in CRLF"
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
    found_whole[path] = state
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
    return False


def file_state(path: str) -> tuple[int, int]:
    """Return a file's size in bytes and the time it was changed, in nanoseconds; zeros when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def file_changed(path: str) -> bool:
    """Whether a file is new or another than when `file_fault` found it whole."""
    return found_whole.get(path) != file_state(path)


class Plugin(BasePlugin):
    """Registers the functions above as SQL functions, which the macro `ask_python` calls."""

    def configure_connection(self, conn: Any) -> None:
        """Register them on a new connection; every cursor of the database sees them."""
        conn.create_function("file_columns_json", file_columns_json, ["VARCHAR"], "VARCHAR", side_effects=True)
        conn.create_function("files_like", files_like, ["VARCHAR", "VARCHAR"], "VARCHAR", side_effects=True)
        conn.create_function("csv_reject", csv_reject, ["VARCHAR", "VARCHAR"], "VARCHAR", side_effects=True)
        conn.create_function(
            "file_fault", file_fault, ["VARCHAR"], "VARCHAR", null_handling="special", side_effects=True
        )
        conn.create_function("file_changed", file_changed, ["VARCHAR"], "BOOLEAN", side_effects=True)
