"""Plays the attacker against what is published: no suppressed number may be worked out (attacker.py)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from tests.aapne_tall.attacker import HIDDEN, Narrow, Reader, Unit, read_week, weeks
from tests.rules.rows import MONDAY, bruker, gjennomforing, message, uttrekk_rows
from tests.rules.small_worlds import Row, UttrekkRows
from tests.rules.warehouse import Warehouse, parse
from tiltaksstatistikk.export.sets import erase
from tiltaksstatistikk.load.keys import set_key

TYPES = ["JOBBKLUBB", "ARBEIDSFORBEREDENDE_TRENING", "OPPFOLGING", "AVKLARING", "ARBEIDSRETTET_REHABILITERING"]
GROUPS = ["BATT", "BFORM", "IKVAL", "VARIG"]
REGION = "0200"
ENHETER: list[Row] = [
    {"enhetsnummer": REGION, "navn": "Region", "type": "FYLKE", "overordnet_enhetsnummer": None},
    {"enhetsnummer": "0219", "navn": "Stor", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0220", "navn": "Middels", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0221", "navn": "Liten", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0300", "navn": "Annen region", "type": "FYLKE", "overordnet_enhetsnummer": None},
    {"enhetsnummer": "0301", "navn": "Alene", "type": "LOKAL", "overordnet_enhetsnummer": "0300"},
    {"enhetsnummer": "0302", "navn": "Bare plasser", "type": "LOKAL", "overordnet_enhetsnummer": "0300"},
    {"enhetsnummer": "0283", "navn": "Egne ansatte", "type": "KO", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "2103", "navn": "Vikafossen", "type": "LOKAL", "overordnet_enhetsnummer": "0300"},
]
SECRET = ("0283", "2103")


class Person(NamedTuple):
    """Where a person is followed up, and what tiltakstyper they are on at which unit's places."""

    enhet: str | None
    group: str | None
    tiltak: tuple[tuple[int, str], ...]


def ident(number: int) -> str:
    """Return a synthetic ident."""
    return f"01{81 + number // 10_000 % 12:02d}85{number % 100_000:05d}"


def extract(people: Sequence[Person], taken: str = "2024-01-09T06:00:00") -> UttrekkRows:
    """Return an extract of people who take part from the first Monday on."""
    lines: list[str] = []
    places = sorted({one for person in people for one in person.tiltak})
    for number, person in enumerate(people):
        for kind, unit in person.tiltak:
            key = f"d{number}-{kind}-{unit}"
            lines.append(message(key, len(lines) + 1, personIdent=ident(number), gjennomforingId=f"g{kind}-{unit}"))
    return uttrekk_rows(
        taken,
        lines,
        oppfolgingsbruker=[
            bruker(ident(n), person.enhet, person.group, "2023-01-01T00:00:00") for n, person in enumerate(people)
        ],
        tiltakstype_view=[{"id": f"t{n}", "navn": code.title(), "tiltakskode": code} for n, code in enumerate(TYPES)],
        gjennomforing_view=[gjennomforing(id=f"g{kind}-{unit}", tiltakstype_id=f"t{kind}") for kind, unit in places],
        gjennomforing_nav_enhet_view=[
            {"gjennomforing_id": f"g{kind}-{unit}", "enhetsnummer": unit} for kind, unit in places
        ],
        nav_enhet=ENHETER,
    )


def population(seed: int, sizes: dict[str | None, int], at_others: float = 0.1, two: float = 0.2) -> list[Person]:
    """Draw people: some on two tiltakstyper, some on other units' places, groups and types of uneven size."""
    choose = random.Random(seed)
    offices = [str(unit) for unit in sizes if unit is not None]
    found = []
    for unit, size in sizes.items():
        for _ in range(size):
            kinds = choose.choices(range(len(TYPES)), [8, 6, 3, 1, 0.5], k=2 if choose.random() < two else 1)
            owner = choose.choice(offices) if unit is None or choose.random() < at_others else unit
            group = choose.choices([*GROUPS, None], [6, 4, 2, 1, 1])[0]
            found.append(Person(unit, group, tuple((kind, owner) for kind in sorted(set(kinds)))))
    return found


SIZES: dict[str, dict[str | None, int]] = {
    "hemmelige enheter": {"0219": 150, "0220": 40, "0221": 3, "0283": 3, "0301": 30, "2103": 2},
    # 0302 has places, and follows nobody.
    "store kontor": {"0219": 300, "0220": 90, "0221": 12, "0283": 9, "0301": 60, "0302": 0, "2103": 6, None: 2},
    "små kontor": {"0219": 25, "0220": 9, "0301": 7, "2103": 30},
}
NewPublished = Callable[..., Warehouse]


@pytest.fixture(scope="module")
def published(workplace: Path) -> Iterator[NewPublished]:
    """Give a function that makes an empty warehouse that publishes, of few weeks."""
    manifest = parse(aapne_tall=True)

    def make(**variables: Any) -> Warehouse:
        # A worker may come back to this module, and makes the fixture once more.
        made = len(list(workplace.glob("angrep_*")))
        warehouse = Warehouse(workplace / f"angrep_{made}", manifest, MONDAY)
        # The weeks of a world have little in common.
        warehouse.vars |= {"volum_grense": 100, **variables}
        return warehouse

    yield make


# Offices large and small, of nobody, and those that may not be shown. The other worlds take as long again.
OTHERS = [pytest.param(name, marks=pytest.mark.long) for name in SIZES if name != "store kontor"]


@pytest.fixture(scope="module", params=["store kontor", *OTHERS])
def attacked(request: pytest.FixtureRequest, published: NewPublished) -> Warehouse:
    """Give a world of two extracts: in the second some have come, and some have left."""
    warehouse = published()
    people = population(list(SIZES).index(request.param), SIZES[request.param])
    warehouse.build(warehouse.write(extract(people)))
    warehouse.execute("create table forste as select * from intermediate.aapne_tall_prikking")
    fewer = [person for number, person in enumerate(people) if number % 40]
    warehouse.build(warehouse.write(extract(fewer, "2024-01-16T06:00:00")))
    return warehouse


# Those with others in them that are not shown: everyone knows which offices Nav has.
HAS_SECRET = [Unit("REGION", REGION), Unit("REGION", "0300")]


def attack(warehouse: Warehouse) -> dict[date, list[Narrow]]:
    """Return what is narrow in each week. What is 0 may be shown, and so a reader may find it out."""
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        found = {}
        for day in weeks(connection):
            reader = Reader(read_week(connection, day), HAS_SECRET)
            found[day] = [one for one in reader.narrow() if one.high > 0.1]
        return found


def test_no_suppressed_number_is_narrow(attacked: Warehouse) -> None:
    """Nor is one of the units that are not shown, which a region would give away."""
    found = attack(attacked)
    assert found
    assert {day: narrow for day, narrow in found.items() if narrow} == {}


def test_whole_numbers_tell_no_more(attacked: Warehouse) -> None:
    """A reader knows that people are counted in whole numbers, which a linear program does not."""
    with duckdb.connect(str(attacked.path), read_only=True) as connection:
        week = read_week(connection, weeks(connection)[-1])
    reader = Reader(week, HAS_SECRET)
    for program in (reader.deltar, reader.venter):
        targets = [target for target in program.targets if target.unit.level != HIDDEN]
        for target in random.Random(1).sample(targets, min(15, len(targets))):
            assert program.reach(target, week.width) > week.width - 1e-6, target


def test_nothing_small_and_no_secret_unit_is_shown(attacked: Warehouse) -> None:
    """The simplest attack is to read what is there."""
    for relation, measure in (
        ("aapen_deltakelse_uke", "person_antall"),
        ("aapen_deltakelse_uke", "deltakelse_antall"),
        ("aapen_venteliste_uke", "vent_antall"),
    ):
        assert attacked.rows(f"select * from {relation} where {measure} between 1 and 4") == []
        assert attacked.rows(f"select * from {relation} where enhetsnummer in {SECRET}") == []
    assert attacked.rows(f"select * from aapen_kapasitet_uke where enhetsnummer in {SECRET}") == []
    assert attacked.rows(f"select * from aapen_enhet where enhetsnummer in {SECRET}") == []
    assert HIDDEN not in {unit for (unit,) in attacked.rows("select enhetsnummer from aapen_enhet")}


CELL = (
    "populasjon_kode, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode, avdeling_navn, "
    "bruker_kode"
)
SAME = "one.antall = other.antall and one.deltakelse_antall is not distinct from other.deltakelse_antall"


def test_a_number_that_stays_the_same_stays_suppressed(attacked: Warehouse) -> None:
    """From one version of a week to the next, and from week to week."""
    versions = attacked.rows(
        f"select {CELL}, uke_start_dato from forste as one join intermediate.aapne_tall_prikking as other "
        f"using ({CELL}, uke_start_dato) "
        f"where other.vises_flagg and {SAME} and one.prikket_flagg and not other.prikket_flagg"
    )
    assert versions == []
    following = attacked.rows(
        f"select {CELL}, one.uke_start_dato from intermediate.aapne_tall_prikking as one "
        f"join intermediate.aapne_tall_prikking as other using ({CELL}) "
        f"where other.vises_flagg and other.uke_start_dato = one.uke_start_dato + 7 and {SAME} "
        "and one.prikket_flagg and not other.prikket_flagg"
    )
    assert following == []


@pytest.mark.long
def test_what_was_suppressed_is_remembered_by_runs_that_suppress_nothing(published: NewPublished) -> None:
    """Another pattern for the same numbers would give some of them away, together with the first."""
    warehouse = published()
    uttrekk = warehouse.write(extract(population(2, SIZES["store kontor"])))
    warehouse.build(uttrekk)
    first = shown(warehouse)
    assert any(None in row for row in first["aapen_deltakelse_uke"])
    suppressing = warehouse.manifest
    for variables in ({"prikkegrense": 1}, {"aapen_metode": "avrunding"}):
        warehouse.vars = {"fra_uke_dato": str(MONDAY), "volum_grense": 100, **variables}
        warehouse.manifest = parse(aapne_tall=True, **variables)
        warehouse.build(uttrekk)
        assert not any(None in row[:-2] for row in shown(warehouse)["aapen_deltakelse_uke"])
    warehouse.vars, warehouse.manifest = {"fra_uke_dato": str(MONDAY), "volum_grense": 100}, suppressing
    warehouse.build(uttrekk)
    assert shown(warehouse) == first
    decided = "select distinct uke_start_dato, avgjort_tid from intermediate.aapne_tall_prikking order by all"
    before = warehouse.rows(decided)
    # A run that does not make what it is decided from anew decides nothing anew.
    assert warehouse.dbt(uttrekk, "run", "--select", "aapne_tall_prikking").success
    assert warehouse.rows(decided) == before


def shown(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is published of numbers."""
    relations = ("aapen_deltakelse_uke", "aapen_venteliste_uke", "aapen_kapasitet_uke")
    return {relation: warehouse.rows(f"select * from {relation} order by all") for relation in relations}


def test_nothing_is_suppressed_where_the_limit_is_one(published: NewPublished) -> None:
    """For internal use, with access control."""
    warehouse = published(prikkegrense=1)
    warehouse.build(warehouse.write(extract(population(1, SIZES["små kontor"]))))
    for relation in ("aapen_deltakelse_uke", "aapen_venteliste_uke", "aapen_kapasitet_uke"):
        assert warehouse.rows(f"select * from {relation} where prikket_flagg") == []
    assert warehouse.rows("select metode_kode from aapen_om_tallene") == [("INGEN",)]
    assert (warehouse.export / "aapent" / "KUN_INTERN_BRUK.txt").is_file()


@pytest.fixture(scope="module")
def rounded(published: NewPublished) -> Warehouse:
    """Return a warehouse whose numbers are rounded; some are of units that are shown in their region alone."""
    warehouse = published(aapen_metode="avrunding")
    # What is read depends on the method, so the project is parsed with it.
    warehouse.manifest = parse(aapne_tall=True, aapen_metode="avrunding")
    warehouse.build(warehouse.write(extract(population(2, SIZES["hemmelige enheter"]))))
    return warehouse


def test_rounded_numbers_are_multiples_and_add_up(rounded: Warehouse) -> None:
    """Where people are additive, totals are exactly the sums of their parts."""
    ((base,),) = rounded.rows("select avrunding_base from aapen_om_tallene")
    assert base > 1
    for measure in ("person_antall", "deltakelse_antall"):
        assert (
            rounded.rows(f"select * from aapen_deltakelse_uke where {measure} is null or {measure} % {base} <> 0") == []
        )
        for grouping in ("INNSATSGRUPPE", "AVDELING"):
            assert (
                rounded.rows(
                    "select uke_start_dato, enhet_nivaa_kode, enhetsnummer, "
                    f"sum({measure}) filter (gruppering_kode = 'INGEN') as whole, "
                    f"sum({measure}) filter (gruppering_kode = '{grouping}') as parts from aapen_deltakelse_uke "
                    f"where enhet_nivaa_kode = 'KONTOR' group by all having whole is distinct from parts"
                )
                == []
            ), (measure, grouping)
    for relation in ("aapen_deltakelse_uke", "aapen_venteliste_uke", "aapen_kapasitet_uke", "aapen_enhet"):
        assert rounded.rows(f"select * from {relation} where enhetsnummer in {SECRET}") == []


def test_where_rounding_begins_is_of_the_key(rounded: Warehouse) -> None:
    """Whoever has the code and what is published, but not the key, cannot tell where a week's sum begins."""
    assert rounded.rows("select * from intermediate.aapne_tall_deltar where person_antall > 0") == []


def test_rounded_numbers_that_stand_in_a_row_are_near(rounded: Warehouse) -> None:
    """The error of a total does not grow with the number of counts it is of, for what a leader looks at first."""
    ((base,),) = rounded.rows("select avrunding_base from aapen_om_tallene")
    for grouping, shown, counted in (
        (
            "TILTAKSTYPE",
            "person_antall from aapen_deltakelse_uke",
            "enhetsnummer, tiltakskode, sum(person_antall) from fak_tiltaksdeltakelse_uke",
        ),
        (
            "INGEN",
            "fra_andre_antall from aapen_kapasitet_uke",
            "kapasitet_enhetsnummer, 'ALLE', sum(case when kapasitet_enhetsnummer != oppfolging_enhetsnummer "
            "then deltakelse_antall end) from fak_kapasitet_uke",
        ),
        (
            "INGEN",
            "egne_antall from aapen_kapasitet_uke",
            "kapasitet_enhetsnummer, 'ALLE', sum(case when kapasitet_enhetsnummer = oppfolging_enhetsnummer "
            "then deltakelse_antall end) from fak_kapasitet_uke",
        ),
        (
            "INGEN",
            "hos_andre_antall from aapen_kapasitet_uke",
            "oppfolging_enhetsnummer, 'ALLE', sum(case when kapasitet_enhetsnummer != oppfolging_enhetsnummer "
            "then deltakelse_antall end) from fak_kapasitet_uke",
        ),
    ):
        ((worst, most),) = rounded.rows(
            f"""
            with shown (day, unit, type, number) as (
                select uke_start_dato, enhetsnummer, tiltakskode, {shown}
                where enhet_nivaa_kode = 'KONTOR' and gruppering_kode = '{grouping}'
            ),
            counted (day, unit, type, number) as (select uke_start_dato, {counted} group by 1, 2, 3)
            select max(abs(shown.number - coalesce(counted.number, 0))), max(counted.number)
            from shown left join counted using (day, unit, type)
            """
        )
        assert worst < base < most, shown


def test_rounded_regions_do_not_tell_what_their_hidden_units_are_rounded_to(rounded: Warehouse) -> None:
    """That a region has more than its shown offices, or not, is so with people in hidden units, and without."""
    cell = "uke_start_dato, tiltakskode, innsatsgruppe_kode"
    for measure in ("person_antall", "deltakelse_antall"):
        beyond = rounded.rows(
            f"""
            with region as (
                select distinct overordnet_enhetsnummer as enhetsnummer from dim_nav_enhet
                where enhetsnummer in {SECRET}
            ),
            shown as (
                select {cell},
                    sum({measure}) filter (enhet_nivaa_kode = 'REGION')
                    - coalesce(sum({measure}) filter (enhet_nivaa_kode = 'KONTOR'), 0) as beyond
                from aapen_deltakelse_uke inner join aapen_enhet using (enhet_nivaa_kode, enhetsnummer)
                where gruppering_kode = 'TILTAKSTYPE_INNSATSGRUPPE' and (
                    enhet_nivaa_kode = 'REGION' and enhetsnummer in (from region)
                    or enhet_nivaa_kode = 'KONTOR' and overordnet_enhetsnummer in (from region)
                )
                group by all
            ),
            hidden as (
                select {cell}, sum({measure}) as people from fak_tiltaksdeltakelse_uke
                where enhetsnummer in {SECRET} group by all
            )
            select distinct beyond > 0, coalesce(people, 0) > 0
            from shown left join hidden using ({cell})
            where beyond is not null
            """
        )
        assert set(beyond) == {(more, people) for more in (False, True) for people in (False, True)}, measure
    for relation, measure in (
        ("aapen_deltakelse_uke", "deltakelse_antall"),
        ("aapen_venteliste_uke", "vent_antall"),
        ("aapen_kapasitet_uke", "plass_antall"),
    ):
        # What is in no region is in the country.
        apart = rounded.rows(
            f"select uke_start_dato, sum({measure}) filter (enhet_nivaa_kode = 'LAND') as country, "
            f"sum({measure}) filter (enhet_nivaa_kode != 'LAND' and overordnet_enhetsnummer is null) as parts "
            f"from {relation} "
            "inner join aapen_enhet using (enhet_nivaa_kode, enhetsnummer) "
            "where gruppering_kode = 'INGEN' group by all having country is distinct from parts"
        )
        assert apart == [], relation


def test_rounded_places_that_others_use_are_not_those_that_people_have_with_others(rounded: Warehouse) -> None:
    """All that are shown have from others, less what they have with others, would else be the hidden units' number."""
    with duckdb.connect(str(rounded.path), read_only=True) as connection:
        # The view rounds when it is asked, and where that begins is of the key.
        set_key(connection)
        apart = connection.execute(
            "select uke_start_dato, "
            "sum(case bruker_kode when 'ANDRE' then deltakelse_antall when 'HOS_ANDRE' then -deltakelse_antall end) "
            "from intermediate.aapne_tall_kapasitet group by all"
        ).fetchall()
    assert any(number for _, number in apart)


def test_places_are_added_exactly(attacked: Warehouse) -> None:
    """A sum of floating numbers depends on their order: a country's weeks all looked changed in every run."""
    types = attacked.rows(
        "select distinct typeof(deltakelse_antall), typeof(plass_antall) from intermediate.aapne_tall_kapasitet"
    )
    assert all(name.startswith("DECIMAL") for row in types for name in row)


def test_the_folder_that_may_leave_has_the_open_numbers_and_nothing_else(attacked: Warehouse) -> None:
    """Whoever is given the folder gets no mart. Erasing a person, who is in no open row, leaves it as it was."""
    folder = (attacked.export / "aapent").resolve()
    relations = {
        name for (name,) in attacked.rows("select table_name from duckdb_tables() where table_name like 'aapen_%'")
    }
    files = {path.name for path in folder.iterdir()}
    assert files == (
        {f"{name}.{form}" for name in relations for form in ("parquet", "csv")}
        | {"ordbok.csv", "ordbok.json", "tiltaksstatistikk.html", "ukeAntall", "ukeAntall.schema.json"}
    )
    manifest = json.loads((folder.parent / "manifest.json").read_text(encoding="utf-8"))
    listed = {relation["navn"]: relation["fil"] for relation in manifest["relasjoner"]}
    assert {name for name, file in listed.items() if file.startswith("aapent/")} == relations
    assert all((folder.parent / file).is_file() for file in listed.values())
    assert not [name for name in listed if name.startswith("aapen_") and (folder.parent / f"{name}.parquet").exists()]
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert erase(attacked.export, "uten_en", ["ingen"]) == 0
    folder = (attacked.export / "aapent").resolve()
    assert folder.parent.name == "uten_en"
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
