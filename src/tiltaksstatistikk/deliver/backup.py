"""Copies the database to a folder or a bucket, checks a copy, and puts one back.

    uv run --no-dev python scripts/sikkerhetskopi.py ta gs://<bucket>/kopier
    uv run --no-dev python scripts/sikkerhetskopi.py sjekk gs://<bucket>/kopier
    uv run --no-dev python scripts/sikkerhetskopi.py gjenopprett gs://<bucket>/kopier [--kopi NAME]

The database is TILTAK_DUCKDB (default tiltak.duckdb). A copy is the file itself, byte for byte, under a name with the
extract's time, beside a file that says its SHA-256 and how many rows each table has. Exit codes: 0 done, 1 not, as the
sentence says.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from tiltaksstatistikk.dbt.database import load_cryptography
from tiltaksstatistikk.deliver.place import POINTER, Place

PREFIX = "tiltak_"
KEPT = 8
TABLES = """
    select format('"{}"."{}"', schema_name, table_name) from duckdb_tables() where database_name = 'kopi' order by 1
"""


def take(database: Path, place: Place) -> dict[str, Any]:
    """Copy the database, check the copy, and keep the newest eight.

    Args:
        database: the file. Nobody may have it open for writing.
        place: where to.

    Returns:
        What is said of the copy: `navn`, `sha256`, `byte_antall`, `tatt_tid`, `uttrekk_tid`, `rader` by table.

    Raises:
        OSError: the database is in use, was changed meanwhile or cannot be read, or the place has no room.
    """
    rows, taken_at = state_of(database, settle=True)
    before = database.stat()
    now = datetime.now(UTC)
    name = f"{PREFIX}{taken_at:%Y%m%dT%H%M%S}_{now:%Y%m%dT%H%M%S%f}.duckdb"
    sha256 = place.put(database, name)
    after = database.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or wal_of(database).exists():
        place.remove(name)
        raise OSError(f"{database} was changed while it was copied. Copy it when no run is under way.")
    copy = {
        **{"navn": name, "sha256": sha256, "byte_antall": before.st_size},
        **{"tatt_tid": now.isoformat(), "uttrekk_tid": taken_at.isoformat(), "rader": rows},
    }
    place.write_json(description_of(name), copy)
    place.write_json(POINTER, copy)
    for old in [name for name in place.names(PREFIX) if name.endswith(".duckdb")][:-KEPT]:
        place.remove(old)
        if place.exists(description_of(old)):
            place.remove(description_of(old))
    return copy


def check(place: Place, name: str | None = None) -> dict[str, Any]:
    """Fetch a copy, open it and count its rows, without touching the database.

    Args:
        place: where it is.
        name: which one; None for the newest.

    Returns:
        What is said of the copy.

    Raises:
        OSError: it is not there, is another than was written, or cannot be opened.
    """
    with tempfile.TemporaryDirectory() as folder:
        return fetch(place, name, Path(folder) / "kopi.duckdb")


def restore(place: Place, database: Path, name: str | None = None) -> dict[str, Any]:
    """Put a copy in the database's place, when it has been fetched and checked.

    Args:
        place: where it is.
        database: the file. What is there is moved beside, with its `.wal`, to a name with the time that it was moved.
        name: which one; None for the newest.

    Returns:
        What is said of the copy.

    Raises:
        OSError: it is not there, is another than was written, or cannot be opened. The database is then as it was.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    fetched = database.with_name(f".{database.name}.gjenopprettes")
    kept = f"{database.name}.for_{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    try:
        copy = fetch(place, name, fetched)
        # Played back on top of the copy, it would spoil it.
        for path, name in ((wal_of(database), f"{kept}.wal"), (database, kept)):
            if path.exists():
                path.replace(path.with_name(name))
        fetched.replace(database)
    finally:
        fetched.unlink(missing_ok=True)
    return copy


def fetch(place: Place, name: str | None, target: Path) -> dict[str, Any]:
    """Fetch a copy whose rows are those that it had."""
    copy = place.read_json(description_of(name) if name else POINTER)
    if not copy:
        known = [name for name in place.names(PREFIX) if name.endswith(".duckdb")]
        asked = f"no copy {name}" if name else "no newest copy"
        raise FileNotFoundError(f"{place.url} has {asked}. Copies there: {', '.join(known) or 'none'}.")
    place.get(copy["navn"], target, copy["sha256"])
    rows, _ = state_of(target)
    if rows != copy["rader"]:
        raise OSError(f"{copy['navn']} in {place.url} has other rows than when it was made.")
    return copy


def state_of(database: Path, settle: bool = False) -> tuple[dict[str, int], datetime]:
    """Return the number of rows of each table, and the time of the newest extract.

    Args:
        database: the file, encrypted or not.
        settle: whether to write back to it what is in its `.wal`, which takes it for oneself.

    Raises:
        OSError: it is not there, in use, or no database that this project has loaded an extract into.
    """
    if not database.is_file():
        raise FileNotFoundError(f"{database} is not there.")
    key = os.environ.get("DBT_ENV_SECRET_TILTAK_DUCKDB")
    options = ["read_write" if settle else "read_only"]
    options += [f"encryption_key '{key}'"] if key else []
    try:
        with duckdb.connect() as connection:
            if key:
                load_cryptography(connection)
            connection.execute(f"attach '{str(database).replace(chr(39), chr(39) * 2)}' as kopi ({', '.join(options)})")
            if settle:
                connection.execute("force checkpoint kopi")
            tables = [name for (name,) in connection.execute(TABLES).fetchall()]
            rows = {name: count(connection, f"select count(*) from kopi.{name}") for name in tables}
            newest = count(connection, "select max(uttrekk_tid) from kopi.drift.kjoring")
    except duckdb.Error as error:
        raise OSError(f"{database} cannot be read: {str(error).replace(key or chr(0), '...')}") from None
    if newest is None:
        raise OSError(f"{database} has no run. There is nothing to copy.")
    return rows, newest


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """Return the one value of a query."""
    return connection.execute(sql).fetchall()[0][0]


def description_of(name: str) -> str:
    """Return the name of the file that describes a copy."""
    return name.removesuffix(".duckdb") + ".json"


def wal_of(database: Path) -> Path:
    """Return where a database has what is not yet written back to it."""
    return database.with_name(f"{database.name}.wal")


def main(arguments: list[str] | None = None) -> int:
    """Do one of the three, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ta", "sjekk", "gjenopprett"), help="what to do")
    parser.add_argument("place", help="a folder or a bucket")
    parser.add_argument("--kopi", help="which copy, by its name; else the newest")
    options = parser.parse_args(arguments)
    database = Path(os.environ.get("TILTAK_DUCKDB") or "tiltak.duckdb")
    try:
        place = Place(options.place)
        if options.what == "ta":
            copy = take(database, place)
        elif options.what == "sjekk":
            copy = check(place, options.kopi)
        else:
            copy = restore(place, database, options.kopi)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    done = {"ta": "Copied to", "sjekk": "Is whole:", "gjenopprett": "Restored:"}[options.what]
    print(f"{done} {copy['navn']}, {copy['byte_antall'] / 1e6:.0f} MB, of the extract of {copy['uttrekk_tid']}.")
    return 0
