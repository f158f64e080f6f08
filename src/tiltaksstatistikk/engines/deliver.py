"""Load an extract, and copy its clean tables to another engine, where dbt then builds the statistics.

    uv run --group spark python scripts/load.py --target spark

loads the extract that UTTREKK_MAPPE names, else the project's seeds, into a DuckDB file of the loader's own
(TILTAK_LASTET, default lastet.duckdb): its memory of what it has read. That file and the engine get pseudonyms, never
an ident or the key.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from tiltaksstatistikk.engines.profile import credentials_of
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.compared import Volume
from tiltaksstatistikk.load.loader import STOPS, load, sentence
from tiltaksstatistikk.load.memory import LOG
from tiltaksstatistikk.load.values import quoted, sql_text

TARGETS = ("spark", "klynge", "bigquery")


class Engine(Protocol):
    """The tasks of an engine. A schema is called as it is on DuckDB.

    Attributes:
        file_format: what DuckDB writes for it.
    """

    file_format: str

    def rows(self, schema: str, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table, or nothing when there is no such table."""

    def stream(self, schema: str, table: str) -> Iterator[Sequence[Any]]:
        """Give the names of a table's columns, and then its rows, a few at a time. Nothing when it is not there."""

    def remove(self, schema: str, table: str) -> None:
        """Remove a table, if it is there."""

    def put(self, schema: str, table: str, file: Path, columns: dict[str, str]) -> None:
        """Replace a table with the rows of a file.

        Args:
            schema: the table's schema.
            table: its name.
            file: what has the rows.
            columns: DuckDB's type of each column.
        """


@contextmanager
def engine_of(target: str) -> Iterator[Engine]:
    """Connect to the engine of a target in profiles.yml, with dbt's own credentials, and give it."""
    credentials = credentials_of(target)
    if target == "bigquery":
        from tiltaksstatistikk.engines.bigquery import BigQuery

        yield BigQuery(credentials)
    else:
        from tiltaksstatistikk.engines.spark import Spark

        with Spark.connected(credentials) as spark:
            yield spark


def deliver(target: str, full_refresh: bool = False, volume: Volume | None = None) -> int:
    """Load the extract, and put its clean tables on an engine.

    The table `fil` is taken away first and put back last: a run of dbt does not begin without it.

    Args:
        target: a target in profiles.yml.
        full_refresh: whether what was read of the topics before is to be read anew.
        volume: how much smaller than the one before the extract may be.

    Returns:
        How many bytes were sent.

    Raises:
        Refused: a check of the extract has found a fault.
    """
    sent = 0
    memory = Path(os.environ.get("TILTAK_LASTET") or "lastet.duckdb").resolve()
    with (
        engine_of(target) as engine,
        duckdb.connect(str(memory), config={"memory_limit": os.environ.get("TILTAK_MINNE", "3GB")}) as connection,
        # Beside the memory: what a cluster reads must be on a disk that all of it sees.
        tempfile.TemporaryDirectory(dir=memory.parent, prefix="leveres_") as folder,
    ):
        ((database,),) = connection.execute("select current_database()").fetchall()
        remember(connection, database, engine)
        try:
            load(connection, database, full_refresh, volume=volume)
        except STOPS as error:
            raise Refused(sentence(error)) from None
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema = 'uttrekk' or table_name = 'uttrekk_lastet' order by table_name = 'fil', table_name"
        ).fetchall()
        engine.remove("uttrekk", "fil")
        for schema, table in tables:
            name = f"{quoted(database)}.{schema}.{table}"
            file = Path(folder) / table
            connection.execute(f"copy {name} to {sql_text(str(file))} (format {engine.file_format})")
            columns = {row[0]: row[1] for row in connection.execute(f"describe {name}").fetchall()}
            engine.put(schema, table, file, columns)
            sent += file.stat().st_size
            file.unlink()
    return sent


def remember(connection: duckdb.DuckDBPyConnection, database: str, engine: Engine) -> None:
    """Add what the engine knows of earlier loads to the memory, which may be new or older: the key and the times."""
    known = engine.rows("drift", "uttrekk_lastet", "kilde, uttrekk_tid, nokkel_avtrykk")
    log = f"{quoted(database)}.drift.uttrekk_lastet"
    connection.execute(f"create schema if not exists {quoted(database)}.drift")
    connection.execute(f"create table if not exists {quoted(database)}.drift.{LOG}")
    for row in known:
        connection.execute(
            f"insert into {log} select * from (select ?, ?::timestamp, ?) where not exists "
            f"(select 1 from {log} where (kilde, uttrekk_tid, nokkel_avtrykk) = (?, ?::timestamp, ?))",
            [*row, *row],
        )


def main(arguments: list[str] | None = None) -> int:
    """Deliver an extract, and say in one sentence why not when it cannot be loaded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, choices=TARGETS, help="the target in profiles.yml")
    parser.add_argument("--full-refresh", action="store_true", help="read the topics anew, also what is known of them")
    parser.add_argument(
        "--volum-grense", type=float, default=Volume.limit, help="per cent that may be lost (default %(default)s)"
    )
    parser.add_argument("--godta-volum", help="the time of the extract that may have lost more, in ISO 8601")
    options = parser.parse_args(arguments)
    try:
        deliver(options.target, options.full_refresh, Volume(options.volum_grense, options.godta_volum))
    except (Refused, duckdb.IOException) as error:
        # The second is of the memory: another process has it open.
        print(error, file=sys.stderr)
        return 1
    return 0
