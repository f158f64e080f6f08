"""Measures the loading of Komet's topic against what DuckDB needs to read it as typed JSON, in one run.

    uv run python scripts/load_benchmark.py uttrekk/norge

It prints processor seconds and ratios: the typed read alone, the same into a table, the load into an empty database,
and the load of the same extract again, when every line is known. The extract needs Komet's topic as one file or more.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from tiltaksstatistikk.benchmark.processes import apart
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.files import sql_path
from tiltaksstatistikk.load.keys import set_key
from tiltaksstatistikk.load.objects import KOMET
from tiltaksstatistikk.load.topics import load_topic
from tiltaksstatistikk.load.values import prepare
from tiltaksstatistikk.load.workplace import Workplace

TYPES = (
    '{"offset": "BIGINT", "key": "VARCHAR", "value": "STRUCT(personIdent VARCHAR, gjennomforingId VARCHAR, '
    "status STRUCT(type VARCHAR, aarsak STRUCT(type VARCHAR), opprettetTidspunkt VARCHAR), startDato VARCHAR, "
    "sluttDato VARCHAR, registrertTidspunkt VARCHAR, navVeileder STRUCT(enhetsnummer VARCHAR), "
    'deltakelsesmengder JSON)"}'
)
MEMORY = os.environ.get("TILTAK_MINNE", "3GB")


def cpu_seconds(function: Callable[[], object]) -> float:
    """Return the processor seconds that a function takes."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    function()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def typed_read(folder: str, database: str, into_a_table: bool) -> float:
    """Return the processor seconds of DuckDB's typed read of the topic, of every field that the loader keeps."""
    files = ", ".join(sql_path(path) for path in Extract(folder).files(KOMET))
    types = TYPES.replace('"', "'")
    read = f"read_json([{files}], format = 'newline_delimited', ignore_errors = true, columns = {types})"
    fields = {column.to: column.name.removeprefix("$.") for column in KOMET.kept}
    sql = f"select {', '.join(f'count({path})' for path in fields.values())} from {read}"
    if into_a_table:
        named = ", ".join(f"{path} as {name}" for name, path in fields.items())
        sql = f'create or replace table lest as select "offset", key, {named} from {read}'
    with duckdb.connect(database, config={"memory_limit": MEMORY, "threads": 2}) as connection:
        connection.execute("set enable_progress_bar = false")
        return cpu_seconds(lambda: connection.execute(sql).fetchall())


def load(folder: str, database: str) -> tuple[float, float]:
    """Return the processor seconds of loading the topic, and the most memory of the process in GiB."""
    extract = Extract(folder)
    with duckdb.connect(database, config={"memory_limit": MEMORY, "threads": 2}) as connection:
        set_key(connection)
        connection.execute("set enable_progress_bar = false")
        prepare(connection)
        row = connection.execute("select current_database()").fetchone()
        assert row
        place = Workplace(connection, row[0])

        def one_load() -> None:
            connection.execute("begin")
            place.prepare()
            load_topic(place, extract, KOMET, full_refresh=False)
            connection.execute("commit")

        seconds = cpu_seconds(one_load)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the loading of Komet's topic.")
    parser.add_argument("folder", type=Path, help="an extract with the topic")
    folder = str(parser.parse_args(arguments).folder)
    os.environ.setdefault("PSEUDONYM_NOKKEL", "only-for-measuring")
    with tempfile.TemporaryDirectory() as work:
        alone = apart(typed_read, folder, f"{work}/lest.duckdb", False)
        table = apart(typed_read, folder, f"{work}/lest.duckdb", True)
        first, memory = apart(load, folder, f"{work}/last.duckdb")
        again, _ = apart(load, folder, f"{work}/last.duckdb")
    for what, seconds in [
        ("typed read", alone),
        ("typed read into a table", table),
        ("load, the first time", first),
        ("load, every line known", again),
    ]:
        print(
            f"{what:26s}{seconds:8.2f} s  {seconds / alone:6.2f} of the typed read  {seconds / table:6.2f} of the table"
        )
    print(f"The load took at most {memory:.2f} GiB of memory, DuckDB's limit being {MEMORY}.")
    return 0
