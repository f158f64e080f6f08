"""Makes folders of published relations with invented people, as the page's contract says they look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

GROUPINGS = {
    "INGEN": [],
    "TILTAKSTYPE": ["tiltakskode"],
    "INNSATSGRUPPE": ["innsatsgruppe_kode"],
    "AVDELING": ["avdeling_navn"],
    "TILTAKSTYPE_INNSATSGRUPPE": ["tiltakskode", "innsatsgruppe_kode"],
    "TILTAKSTYPE_AVDELING": ["tiltakskode", "avdeling_navn"],
    "INNSATSGRUPPE_AVDELING": ["innsatsgruppe_kode", "avdeling_navn"],
    "TILTAKSTYPE_INNSATSGRUPPE_AVDELING": ["tiltakskode", "innsatsgruppe_kode", "avdeling_navn"],
    "TILTAKSGRUPPE": ["tiltaksgruppe_kode"],
    "TILTAKSGRUPPE_INNSATSGRUPPE": ["tiltaksgruppe_kode", "innsatsgruppe_kode"],
    "TILTAKSGRUPPE_AVDELING": ["tiltaksgruppe_kode", "avdeling_navn"],
    "TILTAKSGRUPPE_INNSATSGRUPPE_AVDELING": ["tiltaksgruppe_kode", "innsatsgruppe_kode", "avdeling_navn"],
}
LEVELS = {"KONTOR": "kontor", "REGION": "region", "LAND": "'ALLE'"}
INNSATSGRUPPER = [
    "Standardinnsats",
    "Situasjonsbestemt innsats",
    "Spesielt tilpasset innsats",
    "Varig tilpasset innsats",
]
INNSATSGRUPPER += ["Ikke vurdert"]
# A number with noise of 4 at most, the same each time that it is asked for.
NOISE = "greatest({0} + cast(hash(sann) % 9 as int) - 4, 0)"


@dataclass(frozen=True)
class World:
    """How large the invented world is, what it is called, and how its small numbers are hidden."""

    offices: int = 5
    regions: int = 2
    weeks: int = 80
    types: int = 6
    avdelinger: int = 3
    people: int = 60
    last_week: date = date(2027, 1, 11)
    provisional: int = 4
    method: str = "PRIKKING"
    limit: int = 5
    seed: int = 1
    # Names in place of the invented ones, by what they are names of.
    names: dict[str, list[str]] = field(default_factory=dict)


# Names that would break out of HTML, of a formula or of a file, if they could.
HOSTILE = {
    "kontor": ['</script><script>alert("kontor")</script>', "Nav «Æ» & Ø's <b>Å</b>"],
    "region": ['<img src=x onerror=alert("region")>'],
    "tiltaksgruppe": ["<s>'\"&;"],
    "tiltakstype": ['=HYPERLINK("x"); & <i>', "A;B\"C'D", "&amp;&lt;"],
    "avdeling": ["Alle", '"><svg onload=alert(1)>', "@@DATA@@"],
    "innsatsgruppe": ["<!-- innsats -->"],
}
WORLDS = {
    "liten": World(),
    # A region and its own people are called the same, and so are two tiltakstyper.
    "internt": World(method="INTERN", names={"kontor": ["Nav region 1"], "tiltakstype": ["Likt navn", "Likt navn"]}),
    "stoy": World(method="STOY"),
    "prikket": World(offices=2, regions=1, people=8, types=4, limit=100_000),
    "en_uke": World(weeks=1),
    "mange_uker": World(weeks=400, offices=2, regions=1, types=4, people=30),
    "fiendtlig": World(names=HOSTILE, people=90),
    "forkortet": World(offices=2, regions=1, types=2, people=30, names={"kontor": ["Nav A", "Nav St. Olavs plass"]}),
    "mange_regioner": World(offices=12, regions=12, types=4, people=30),
    "ett_kontor": World(offices=1, regions=1, weeks=208, types=25, avdelinger=8, people=250),
}


def is_published(method: str, level: str, grouping: str) -> bool:
    """Tell whether a grouping is published at a level, as `aapne_tall_celle` has it."""
    keys = GROUPINGS[grouping]
    if "avdeling_navn" in keys and level != "KONTOR":
        return False
    if method == "PRIKKING" and "tiltaksgruppe_kode" in keys:
        return False
    if method != "PRIKKING" or "innsatsgruppe_kode" not in keys:
        return True
    return "avdeling_navn" not in keys and (level != "KONTOR" or "tiltakskode" not in keys)


def make(folder: Path, world: World | None = None) -> Path:
    """Write the published relations of an invented world.

    Args:
        folder: where to write them; made if need be.
        world: how large it is, and what is hidden.

    Returns:
        The folder.
    """
    world = world or World()
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        lookups(connection, world)
        segments(connection, world)
        for measure, source in [("person_antall", "segment"), ("vent_antall", "vent")]:
            counted(connection, world, measure, source)
        capacity(connection, world)
        for (table,) in connection.sql(
            "select table_name from duckdb_tables() where table_name like 'aapen_%'"
        ).fetchall():
            connection.execute(f"copy (from {table}) to '{folder / table}.parquet' (format parquet, compression zstd)")
    return folder


def names(world: World, what: str, count: int, template: str) -> list[str]:
    """Return names: those that the world has, and invented ones for the rest."""
    given = world.names.get(what, [])
    return [*given, *(template.format(number) for number in range(len(given) + 1, count + 1))][:count]


def lookups(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Make the relations that name things."""
    connection.execute(
        """
        create table aapen_uke (
            uke_start_dato date, uke_slutt_dato date, aar int, uke int, forelopig_flagg boolean,
            for_forste_uttrekk_flagg boolean
        );
        create table aapen_enhet (
            enhet_nivaa_kode varchar, enhetsnummer varchar, enhet_navn varchar, overordnet_enhetsnummer varchar
        );
        create table aapen_tiltakstype (tiltakskode varchar, tiltakstype_navn varchar, tiltaksgruppe_kode varchar);
        create table aapen_tiltaksgruppe (tiltaksgruppe_kode varchar, tiltaksgruppe_navn varchar, sortering_nummer int);
        create table aapen_innsatsgruppe (
            innsatsgruppe_kode varchar, innsatsgruppe_visningsnavn varchar, sortering_nummer int
        );
        create table aapen_om_tallene as
        select
            timestamp '2027-01-18 05:30:00' as uttrekk_tid, timestamp '2027-01-18 06:10:00' as publisert_tid,
            ?::varchar as metode_kode, ?::int as prikkegrense
    """,
        [world.method, world.limit if world.method != "INTERN" else None],
    )
    for number in range(world.weeks):
        start = world.last_week - timedelta(weeks=world.weeks - 1 - number)
        year, week, _ = start.isocalendar()
        connection.execute(
            "insert into aapen_uke values (?, ?, ?, ?, ?, false)",
            [start, start + timedelta(days=6), year, week, number >= world.weeks - world.provisional],
        )
    connection.execute("""
        create temp table nr_uke as
        select uke_start_dato, row_number() over (order by uke_start_dato) - 1 as nr from aapen_uke
    """)
    units: list[list[str | None]] = [["LAND", "ALLE", "Hele landet", None]]
    for number, name in enumerate(names(world, "region", world.regions, "Nav region {}")):
        units.append(["REGION", f"{number:02}00", name, None])
    for number, name in enumerate(names(world, "kontor", world.offices, "Nav kontor {}")):
        region = f"{number % world.regions:02}00"
        # The first office is a region's own people, under the region's own number.
        units.append(["KONTOR", "0000" if number == 0 else f"{1000 + number}", name, region])
    types = names(world, "tiltakstype", world.types, "Tiltak nummer {}")
    groups = names(world, "innsatsgruppe", len(INNSATSGRUPPER), "{}")
    groups = [*world.names.get("innsatsgruppe", []), *INNSATSGRUPPER][: len(INNSATSGRUPPER)]
    connection.executemany("insert into aapen_enhet values (?, ?, ?, ?)", units)
    connection.executemany(
        "insert into aapen_tiltakstype values (?, ?, ?)",
        [[f"T{n:02}", name, f"G{n // 3}"] for n, name in enumerate(types)],
    )
    of_types = names(world, "tiltaksgruppe", (world.types + 2) // 3, "Gruppe nummer {}")
    connection.executemany(
        "insert into aapen_tiltaksgruppe values (?, ?, ?)", [[f"G{n}", name, n] for n, name in enumerate(of_types)]
    )
    connection.executemany(
        "insert into aapen_innsatsgruppe values (?, ?, ?)", [[f"I{n}", name, n] for n, name in enumerate(groups)]
    )


def segments(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Invent people on tiltak, and people who wait: who, where, from which week to which."""
    random = np.random.default_rng(world.seed)
    avdelinger = names(world, "avdeling", world.avdelinger, "Avdeling {}")
    for table, people in [("segment", world.people), ("vent", max(world.people // 6, 1))]:
        mean_weeks = 26
        count = int(world.offices * people * (world.weeks + mean_weeks) / mean_weeks) + 1
        number = np.arange(count)
        # One in twelve is on one more tiltak.
        person = np.where(number % 12 == 11, number - 1, number)
        start = random.integers(-mean_weeks, world.weeks, count)
        length = np.minimum(random.exponential(mean_weeks, count).astype(int), 100)
        office = (person * 7919 // 13) % world.offices
        shares = 1 / np.arange(1, world.types + 1) ** 0.9
        columns = {
            "person": person,
            "kontor_nr": office,
            "tiltak_nr": random.choice(world.types, count, p=shares / shares.sum()),
            "innsats_nr": (person * 31 // 7) % len(INNSATSGRUPPER),
            "avdeling_nr": (person * 17 // 5) % world.avdelinger,
            "fra": start,
            "til": start + length,
            "eier_nr": np.where(random.random(count) < 0.8, office, (office + 1) % world.offices),
        }
        connection.register("columns", columns)
        connection.execute(
            f"""
            create table {table} as
            select
                columns.*, enhet.enhetsnummer as kontor, enhet.overordnet_enhetsnummer as region,
                printf('T%02d', tiltak_nr) as tiltakskode, printf('G%d', tiltak_nr // 3) as tiltaksgruppe_kode,
                printf('I%d', innsats_nr) as innsatsgruppe_kode,
                $avdelinger[avdeling_nr + 1] as avdeling_navn
            from columns
            inner join aapen_enhet as enhet
                on enhet_nivaa_kode = 'KONTOR'
                and enhetsnummer = case when kontor_nr = 0 then '0000' else cast(1000 + kontor_nr as varchar) end
        """,
            {"avdelinger": avdelinger},
        )
        connection.unregister("columns")


def counted(connection: duckdb.DuckDBPyConnection, world: World, measure: str, source: str) -> None:
    """Count people by week, level and grouping, and hide the small numbers."""
    target = "aapen_deltakelse_uke" if source == "segment" else "aapen_venteliste_uke"
    extra = ", count(*) as deltakelse_antall" if source == "segment" else ""
    people = "count(distinct person)" if source == "segment" else "count(distinct (person, tiltak_nr))"
    connection.execute(f"""
        create or replace temp table i_uke as
        select {source}.*, nr from {source}
        inner join (select unnest(range({world.weeks})) as nr) as uke on nr between fra and til
    """)
    parts = []
    for level, unit in LEVELS.items():
        for grouping, keys in GROUPINGS.items():
            if not is_published(world.method, level, grouping):
                continue
            columns = ", ".join(
                key if key in keys else f"'{'Alle' if key == 'avdeling_navn' else 'ALLE'}' as {key}"
                for key in ["tiltaksgruppe_kode", "tiltakskode", "innsatsgruppe_kode", "avdeling_navn"]
            )
            parts.append(f"""
                select nr, '{level}' as enhet_nivaa_kode, {unit} as enhetsnummer, '{grouping}' as gruppering_kode,
                {columns}, {people} as {measure}{extra}
                from i_uke group by all
            """)
    connection.execute(f"create or replace temp table sann as {' union all '.join(parts)}")
    numbers = [measure, *(["deltakelse_antall"] if extra else [])]
    if world.method == "STOY":
        # Its parts do not add up, and some numbers are 0 that are not: that is all that matters here.
        noisy = NOISE.format(measure)
        more = f", deltakelse_antall - {measure} + {noisy} as deltakelse_antall" if extra else ""
        connection.execute(f"""
            create or replace temp table sann as
            from (select * replace ({noisy} as {measure}{more}) from sann) where {measure} > 0
        """)
    shown = ", ".join(f"case when not prikket_flagg then {number} end as {number}" for number in numbers)
    hidden = "false"
    if world.method == "STOY":
        hidden = f"{measure} < {world.limit}"
    if world.method == "PRIKKING":
        # A lone suppressed cell would be given away by the total: the smallest of the others goes with it.
        hidden = f"""
            {measure} < {world.limit}
            or (count(*) filter ({measure} < {world.limit}) over w = 1
                and gruppering_kode <> 'INGEN'
                and {measure} = min({measure}) filter ({measure} >= {world.limit}) over w)
        """
    connection.execute(f"""
        create table {target} as
        with merket as (
            select *, coalesce({hidden}, false) as prikket_flagg
            from sann window w as (partition by nr, enhet_nivaa_kode, enhetsnummer, gruppering_kode)
        )
        select
            uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltaksgruppe_kode, tiltakskode,
            innsatsgruppe_kode, avdeling_navn, {shown}, prikket_flagg
        from merket
        inner join nr_uke using (nr)
        where prikket_flagg or {" + ".join(numbers)} > 0
    """)


def capacity(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Count whose places are used by whom. Every seventh week some are shared by two, and half of each is counted.

    A world with noise has none in these, but whole numbers, and of those who use the places each is hidden by itself.
    """
    own = "case when eier_nr = 0 then '0000' else cast(1000 + eier_nr as varchar) end"
    connection.execute(f"""
        create temp table bruk as
        select
            nr, {own} as eier, eier_enhet.overordnet_enhetsnummer as eier_region, i.kontor, i.region, tiltakskode,
            tiltaksgruppe_kode, (case when nr % 7 = 0 and person % 3 = 0 then 0.5 else 1 end) as andel
        from (
            select segment.*, nr from segment
            inner join (select unnest(range({world.weeks})) as nr) as uke on nr between fra and til
        ) as i
        inner join aapen_enhet as eier_enhet
            on eier_enhet.enhet_nivaa_kode = 'KONTOR' and eier_enhet.enhetsnummer = {own};

        create temp table hos_andre as
        select nr, kontor as enhetsnummer, sum(andel) as hos_andre_antall from bruk where eier <> kontor group by all;
    """)
    parts = []
    for level, unit in {"KONTOR": "eier", "REGION": "eier_region", "LAND": "'ALLE'"}.items():
        for grouping in ["INGEN", "TILTAKSTYPE", "TILTAKSGRUPPE"]:
            if not is_published(world.method, level, grouping):
                continue
            use = level == "KONTOR" and grouping == "INGEN"
            kept = {"TILTAKSGRUPPE": "tiltaksgruppe_kode", "TILTAKSTYPE": "tiltakskode"}.get(grouping)
            keys = ", ".join(
                key if key == kept else f"'ALLE' as {key}" for key in ["tiltaksgruppe_kode", "tiltakskode"]
            )
            parts.append(f"""
                select
                    nr, '{level}' as enhet_nivaa_kode, {unit} as enhetsnummer, '{grouping}' as gruppering_kode,
                    {keys}, sum(andel) as deltakelse_antall, sum(andel) * 0.9 as plass_antall,
                    {"sum(andel) filter (eier = kontor)" if use else "null"} as egne_antall,
                    {"sum(andel) filter (eier <> kontor)" if use else "null"} as fra_andre_antall
                from bruk group by all
            """)
    limit = world.limit if world.method != "INTERN" else 0
    shown = []
    for name in ["deltakelse_antall", "plass_antall", "egne_antall", "fra_andre_antall", "hos_andre_antall"]:
        use = name not in ("deltakelse_antall", "plass_antall")
        seen = "har_bruk and not bruk_prikket_flagg" if use else "not prikket_flagg"
        value = name
        if world.method == "STOY":
            value = f"round({name})"
            seen = f"har_bruk and {value} not between 1 and {limit - 1}" if use else seen
        shown.append(f"cast(case when {seen} then {value} end as decimal(18, 4)) as {name}")
    connection.execute(f"""
        create table aapen_kapasitet_uke as
        with alle as (
            select
                * replace (coalesce(egne_antall, 0) as egne_antall, coalesce(fra_andre_antall, 0) as fra_andre_antall),
                coalesce(hos_andre_antall, 0) as hos_andre_antall,
                enhet_nivaa_kode = 'KONTOR' and gruppering_kode = 'INGEN' as har_bruk
            from ({" union all ".join(parts)}) left join hos_andre using (nr, enhetsnummer)
        ),

        merket as (
            select
                *, deltakelse_antall < {limit} as prikket_flagg,
                har_bruk and (
                    egne_antall between 0.01 and {limit} - 0.01 or fra_andre_antall between 0.01 and {limit} - 0.01
                    or hos_andre_antall between 0.01 and {limit} - 0.01
                ) as bruk_prikket_flagg
            from alle
        )

        select
            uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltaksgruppe_kode, tiltakskode,
            {", ".join(shown)},
            prikket_flagg, bruk_prikket_flagg
        from merket
        inner join nr_uke using (nr)
    """)
