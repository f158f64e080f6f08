"""Reads a database of counts, and says whether two of them hold the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tiltaksstatistikk.benchmark.floor import TABLE, connect

COLUMNS = (
    "uke_start_dato, enhetsnummer, avdeling_navn, veiledergruppe_navn, tiltakskode, tiltakstype_navn, "
    "innsatsgruppe_kode, person_antall, deltakelse_antall"
)


@dataclass(frozen=True)
class Size:
    """How much a first build has stored.

    `person_weeks` is the sum of person_antall, `dense_rows` the number of rows of the view `uke_antall`: in each office
    every combination of the tiltaksnavn, innsatsgrupper and avdelinger that it has, in every week.
    """

    weeks: int
    rows: int
    person_weeks: int
    dense_rows: int
    database_bytes: int


def size_of(database: Path) -> Size:
    """Return how much a database of the project's holds."""
    with duckdb.connect(str(database), read_only=True) as connection:
        (weeks,) = connection.execute("select count(*) from dim_uke").fetchall()[0]
        (combinations,) = connection.execute(
            f"""
            select coalesce(sum(antall), 0)::bigint
            from (
                select
                    count(distinct tiltakstype_navn)
                    * count(distinct innsatsgruppe_kode)
                    * count(distinct avdeling_navn) as antall
                from {TABLE}
                group by enhetsnummer
            )
            """
        ).fetchall()[0]
        (rows, person_weeks) = connection.execute(
            f"select count(*), coalesce(sum(person_antall), 0)::bigint from {TABLE}"
        ).fetchall()[0]
    return Size(weeks, rows, person_weeks, weeks * combinations, database.stat().st_size)


def difference(database: Path, other: Path) -> str | None:
    """Compare the counts of two databases.

    Returns:
        How many rows only one of them has, with an example; None when they are the same.
    """
    with connect() as connection:
        for name, path in (("one", database), ("other", other)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        for name, path, without in (("one", database, "other"), ("other", other, "one")):
            rows = connection.execute(
                f"select count(*), arbitrary(rad) from (select {COLUMNS} from {name}.{TABLE} "
                f"except all select {COLUMNS} from {without}.{TABLE}) as rad"
            ).fetchall()
            if rows[0][0]:
                return f"{rows[0][0]} rows are only in {path.name}, as {rows[0][1]}"
    return None
