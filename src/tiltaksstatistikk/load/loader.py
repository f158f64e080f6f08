"""Loads an extract: all of it or nothing, in one transaction."""

import contextlib
from typing import Any

import duckdb

from tiltaksstatistikk.load import checks
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.compared import Volume, compare, remember
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.keys import fingerprint, set_key
from tiltaksstatistikk.load.memory import LOG, read_memory
from tiltaksstatistikk.load.objects import TABLES, TOPICS, UTTREKK
from tiltaksstatistikk.load.people import HISTORY, load_people
from tiltaksstatistikk.load.record_keys import load_record_keys
from tiltaksstatistikk.load.tables import load_table
from tiltaksstatistikk.load.topics import load_topic
from tiltaksstatistikk.load.values import prepare, quoted, sql_text
from tiltaksstatistikk.load.workplace import FAULTS, Workplace

# Errors that may stop a load. Any other is a fault of the loader.
STOPS = (Refused, duckdb.Error, OSError)


def sentence(error: Exception) -> str:
    """Return what to say of what stopped a load.

    DuckDB's errors about a value quote it, and with it perhaps an ident; those about a disk or memory do not. Nor does
    a commit that failed: no clean table has a constraint, so it is about the disk.
    """
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException | duckdb.TransactionException | OSError):
        return f"The extract could not be loaded, and nothing was changed. {error}"
    return f"The extract could not be loaded, and nothing was changed: DuckDB says {type(error).__name__}."


def load(
    connection: Any,
    database: str,
    full_refresh: bool = False,
    left_out: list[str] | None = None,
    volume: Volume | None = None,
) -> None:
    """Load the extract that UTTREKK_MAPPE names, else the project's seeds, into the schema `uttrekk`.

    Args:
        connection: DuckDB's, of the database. The load has a cursor and a transaction of its own.
        database: the database's name in DuckDB.
        full_refresh: whether what was read of the topics before is to be read anew.
        left_out: the nodes of the project that the run leaves out. With any, the extract must have been loaded
            before, and nothing is read.
        volume: how much smaller than the one before the extract may be.

    Raises:
        Refused: a check has found a fault, or a file was changed meanwhile.
    """
    extract = Extract.named()
    cursor = connection.cursor()
    try:
        memory = read_memory(cursor, database)
        volume = volume or Volume()
        if stopped := volume.fault():
            raise Refused(stopped)
        if left_out:
            stopped = checks.not_loaded(extract, memory, left_out)
        else:
            stopped = checks.fault(extract, memory, full_refresh)
        if stopped:
            raise Refused(stopped)
        if left_out:
            return
        set_key(cursor)
        prepare(cursor)
        cursor.execute("begin")
        try:
            write(Workplace(cursor, database), extract, memory.erased, full_refresh, volume)
            if changed := extract.changed():
                raise Refused(
                    f"The file {changed} was changed while it was being read. Nothing was changed. "
                    "Run again when the extract is complete."
                )
            cursor.execute("commit")
        except BaseException:
            # A commit that failed has rolled back, and its own error says why.
            with contextlib.suppress(duckdb.TransactionException):
                cursor.execute("rollback")
            raise
    finally:
        cursor.close()


def write(place: Workplace, extract: Extract, erased: frozenset[str], full_refresh: bool, volume: Volume) -> None:
    """Write every clean table, and that the extract has been loaded.

    Raises:
        Refused: what was read is much smaller than what was there before.
    """
    place.prepare()
    before = remember(place)
    topics = ", ".join(sql_text(topic.file) for topic in TOPICS)
    kept = "false" if full_refresh else f"kilde in ({topics})"
    place.do(f"delete from {place.table(FAULTS)} where not ({kept})")
    load_table(place, extract, HISTORY)
    load_people(place, erased)
    for table in TABLES:
        if table not in (UTTREKK, HISTORY):
            load_table(place, extract, table)
    for topic in TOPICS:
        load_topic(place, extract, topic, full_refresh)
    load_record_keys(place)
    compare(place, extract, before, volume)
    write_times(place, extract)


def write_times(place: Workplace, extract: Extract) -> None:
    """Write when each source was taken, and remember it."""
    log = place.table("uttrekk_lastet", "drift")
    place.do(f"create schema if not exists {quoted(place.database)}.drift")
    place.do(f"create table if not exists {quoted(place.database)}.drift.{LOG}")
    place.do(
        f"create or replace table {place.table('fil')} (kilde varchar, uttrekk_tidspunkt timestamp, omfang varchar)"
    )
    place.cursor.executemany(
        f"insert into {place.table('fil')} values (?, ?, ?)",
        [[taken.kilde, taken.time, taken.scope or "full"] for taken in extract.taken],
    )
    place.do(
        f"insert into {log} select kilde, uttrekk_tidspunkt, {sql_text(fingerprint(extract.is_seeds))} "
        f"from {place.table('fil')} as fil where not exists (select 1 from {log} as kjent "
        "where kjent.kilde = fil.kilde and kjent.uttrekk_tid = fil.uttrekk_tidspunkt)"
    )
