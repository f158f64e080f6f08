"""The prototype's method: in pandas, week by week, filter who is active, merge what they were, group and count.

It counts by the rules of the specification, from the participations and roles that the floor has read, so that only
the method is compared. The counts of all weeks are then written as the floor's are.

    uv run --group benchmark python -m tiltaksstatistikk.benchmark.pandas_loop EXTRACT pandas.duckdb
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from tiltaksstatistikk.benchmark import floor

CELL = ["enhet", "avdeling", "gruppe", "tiltakskode", "navn", "innsatsgruppe"]


def at(frame: pd.DataFrame, week: int) -> pd.DataFrame:
    """Return the rows of a frame that hold in a week, without their first and last one."""
    return frame[(frame.fom <= week) & (frame.tom >= week)].drop(columns=["fom", "tom"])


def count_week(frames: dict[str, pd.DataFrame], week: int) -> pd.DataFrame:
    """Count one week.

    Args:
        frames: `deltakelse`, `rolle`, `gruppe`, `avdeling` and `navn`, as the floor has them.
        week: the week's number.

    Returns:
        A row for each cell where somebody was.
    """
    active = at(frames["deltakelse"], week).merge(frames["navn"], on="tiltakskode")
    active = active.merge(at(frames["rolle"], week), on="person")
    active["enhet"] = active.enhet.fillna(active.kontor).fillna("UKJENT")
    active = active.merge(at(frames["gruppe"], week), on=["enhet", "veileder"], how="left")
    active["gruppe"] = active.gruppe.fillna("Ukjent").mask(active.tilordnet & active.veileder.isna(), "Ufordelt")
    active = active.merge(frames["avdeling"], on=["enhet", "gruppe"], how="left")
    active["avdeling"] = active.avdeling.fillna(active.gruppe.where(active.gruppe == "Ufordelt", "Ukjent"))
    counts = active.groupby(CELL, as_index=False).agg(
        person_antall=("person", "nunique"), deltakelse_antall=("deltakelse", "nunique")
    )
    return counts.assign(uke=week)


def count(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Count what `floor.prepare` has read, week by week, into a table of the fact's name in a new database file."""
    frames = {
        name: connection.execute(f"select {columns} from {name}").df()
        for name, columns in {
            "deltakelse": "*",
            "rolle": "*",
            "gruppe": "enhet, veileder, fom, tom, navn as gruppe",
            "avdeling": "*",
            "navn": "*",
        }.items()
    }
    weeks = range(int(frames["deltakelse"].fom.min()), int(frames["deltakelse"].tom.max()) + 1)
    counted = pd.concat([count_week(frames, week) for week in weeks], ignore_index=True)
    connection.register("counted", counted)
    connection.execute(f"attach '{database}' as floor")
    connection.execute(
        f"create table floor.{floor.TABLE} as select mandag(uke) as uke_start_dato, enhet as enhetsnummer, "
        "avdeling as avdeling_navn, gruppe as veiledergruppe_navn, tiltakskode, navn as tiltakstype_navn, "
        "innsatsgruppe as innsatsgruppe_kode, person_antall, deltakelse_antall from counted"
    )
    connection.execute("detach floor")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Count a first extract by the prototype's method.")
    parser.add_argument("extract", type=Path, help="the extract's folder")
    parser.add_argument("database", type=Path, help="the DuckDB file to write")
    parser.add_argument("--fra-uke-dato", type=date.fromisoformat, default=floor.FIRST_WEEK, help="default %(default)s")
    args = parser.parse_args()
    with floor.connect() as connection:
        floor.prepare(connection, args.extract, args.fra_uke_dato, os.environ[floor.KEY_VARIABLE])
        count(connection, args.database)


if __name__ == "__main__":
    main()
