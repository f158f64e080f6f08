"""What the page should show, asked of the Parquet files without anything that the page is made with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from tests.page.browser import DOT, Value

MEASURES = {
    "personer": ("deltakelse", "person_antall"),
    "deltakelser": ("deltakelse", "deltakelse_antall"),
    "venter": ("venteliste", "vent_antall"),
    "plasser": ("kapasitet", "plass_antall"),
    "kapasitet": ("kapasitet", "deltakelse_antall"),
}
WORDS = {"gruppe": "TILTAKSGRUPPE", "tiltak": "TILTAKSTYPE", "innsats": "INNSATSGRUPPE", "avdeling": "AVDELING"}
KEYS = {
    "gruppe": "tiltaksgruppe_kode",
    "tiltak": "tiltakskode",
    "innsats": "innsatsgruppe_kode",
    "avdeling": "avdeling_navn",
}
MONTHS = "['januar','februar','mars','april','mai','juni','juli','august','september','oktober','november','desember']"
LABELS = {
    "": "''",
    "gruppe": "tiltaksgruppe_navn",
    "tiltak": "tiltakstype_navn",
    "innsats": "innsatsgruppe_visningsnavn",
    "avdeling": "avdeling_navn",
    "kontor": "enhet_navn",
    "region": "enhet_navn",
    "uke": "'uke ' || uke || ' ' || aar",
    "maaned": f"{MONTHS}[month(uke_start_dato + 3)] || ' ' || year(uke_start_dato + 3)",
    "aar": "cast(aar as varchar)",
}


def expected(
    folder: Path,
    measure: str,
    unit: tuple[str, str],
    x: str,
    split: str = "",
    weeks: tuple[date, date] | None = None,
    only: dict[str, str] | None = None,
) -> dict[tuple[str, str], Value]:
    """Return the cells that are not 0, by their labels along the axis and of the split.

    Args:
        folder: the published relations.
        measure: what is counted, as in the page's address.
        unit: level and number.
        x: what is along the axis.
        split: what it is split by.
        weeks: Mondays of the first and the last week; the last week of all when it is not said.
        only: codes of what is chosen one of.

    Returns:
        The average of the weeks for each, or a dot when one of them is suppressed.
    """
    only = only or {}
    relation, column = MEASURES[measure]
    level, number = unit
    split_by = {dimension for dimension in [x, split, *only] if dimension in WORDS}
    grouping = "_".join(word for dimension, word in WORDS.items() if dimension in split_by) or "INGEN"
    units = {"kontor": "KONTOR", "region": "REGION"}
    under = next((units[dimension] for dimension in [x, split] if dimension in units), None)
    with duckdb.connect() as connection:

        def file(name: str) -> str:
            return f"read_parquet('{folder}/aapen_{name}.parquet') as aapen_{name}"

        if weeks is None:
            (last,) = connection.sql(f"select max(uke_start_dato) from {file('uke')}").fetchone() or (None,)
            weeks = (last, last)
        where = ["gruppering_kode = $grouping", "uke_start_dato between $first and $last"]
        parameters: dict[str, object] = {"grouping": grouping, "first": weeks[0], "last": weeks[1]}
        if under is None:
            where += ["enhet_nivaa_kode = $level", "enhetsnummer = $number"]
            parameters |= {"level": level, "number": number}
        else:
            where += ["enhet_nivaa_kode = $level"]
            parameters |= {"level": under}
            if level == "REGION":
                where += ["(overordnet_enhetsnummer = $number or enhetsnummer = $number)"]
                parameters |= {"number": number}
        for dimension, code in only.items():
            where += [f"{KEYS[dimension]} = ${dimension}"]
            parameters[dimension] = code
        bucket = next((LABELS[dimension] for dimension in [x, split] if dimension in ("uke", "maaned", "aar")), "''")
        innsats = f"left join {file('innsatsgruppe')} using (innsatsgruppe_kode)" if relation != "kapasitet" else ""
        rows = connection.execute(
            f"""
            with uker as (
                select {bucket} as bolk, count(*) as antall from {file("uke")}
                where uke_start_dato between $first and $last group by all
            ),
            celle as (
                select {LABELS[x]} as x, {LABELS[split]} as del, {bucket} as bolk, {column} as verdi
                from {file(relation + "_uke")}
                inner join {file("uke")} using (uke_start_dato)
                left join {file("enhet")} using (enhet_nivaa_kode, enhetsnummer)
                left join (select * exclude (tiltaksgruppe_kode) from {file("tiltakstype")}) using (tiltakskode)
                left join {file("tiltaksgruppe")} using (tiltaksgruppe_kode)
                {innsats}
                where {" and ".join(where)}
            )
            select x, del, case when bool_or(verdi is null) then null else sum(verdi) / any_value(antall) end
            from celle inner join uker using (bolk) group by x, del
            """,
            parameters,
        ).fetchall()
    return {(x, part): DOT if value is None else float(value) for x, part, value in rows if value is None or value}
