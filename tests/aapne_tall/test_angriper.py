"""Plays the attacker against what is published: no suppressed number may be worked out (attacker.py)."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import random
import re
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
from tiltaksstatistikk.export.page import KEYS, pack
from tiltaksstatistikk.export.sets import erase

# Suppression is for those who ask for it; noise is what is built (test_stoy.py).
pytestmark = pytest.mark.long

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
    manifest = parse(aapne_tall=True, aapen_metode="prikking")

    def make(**variables: Any) -> Warehouse:
        # A worker may come back to this module, and makes the fixture once more.
        made = len(list(workplace.glob("angrep_*")))
        warehouse = Warehouse(workplace / f"angrep_{made}", manifest, MONDAY)
        # The weeks of a world have little in common.
        warehouse.vars |= {"volum_grense": 100, "aapen_metode": "prikking", **variables}
        return warehouse

    yield make


@pytest.fixture(scope="module", params=SIZES)
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


def unpacked(page: Path) -> Any:
    """Return what a page has, as `pack` packed it."""
    found = re.search(r'<script id="data" type="text/plain">([^<]*)</script>', page.read_text(encoding="utf-8"))
    assert found
    return gzip.decompress(base64.b64decode(found[1]))


def test_the_internal_page_has_every_exact_number(attacked: Warehouse, tmp_path: Path) -> None:
    """The numbers of the marts, of all that is shown and of what is not, but for the units that reveal by themselves.

    The page is byte for byte one that is made of relations written out here.
    """
    shown = f"(enhet_nivaa_kode != 'KONTOR' or enhetsnummer not in {SECRET})"
    by_office = "(enhet_nivaa_kode = 'KONTOR' or gruppering_kode not like '%AVDELING')"
    keys = {"tiltakskode": "ALLE", "innsatsgruppe_kode": "ALLE", "avdeling_navn": "Alle", "tiltaksgruppe_kode": "ALLE"}
    splits = [chosen for size in range(4) for chosen in itertools.combinations(keys, size)]
    splits = [chosen for chosen in splits if not {"tiltakskode", "tiltaksgruppe_kode"} <= {*chosen}]
    waiting = " union all ".join(
        "select uke_start_dato, enhet_nivaa_kode, nivaa_enhetsnummer as enhetsnummer, "
        f"'{'_'.join(word for word, key in KEYS.items() if key in chosen) or 'INGEN'}' as gruppering_kode, "
        + "".join(f"{key}, " if key in chosen else f"'{whole}' as {key}, " for key, whole in keys.items())
        + "sum(person_antall)::bigint as vent_antall from fak_venteliste_uke "
        "inner join int_enhet_nivaa using (enhetsnummer) inner join dim_tiltakstype using (tiltakskode) group by all"
        for chosen in splits
    )
    with duckdb.connect(str(attacked.path), read_only=True) as connection:
        connection.execute("set search_path = 'main,intermediate'")
        relations = {
            "deltakelse_uke": f"select * from obt_deltakelse_uke_totaler where {shown} and {by_office}",
            "venteliste_uke": f"select * from ({waiting}) where {shown} and {by_office}",
        }
        for name, sql in relations.items():
            mine, theirs = connection.sql(sql), connection.sql(f"from intern_{name}")
            columns = [column for column in theirs.columns if column in mine.columns]
            assert columns[-1].endswith("antall")
            for one, other in ((mine, theirs), (theirs, mine)):
                assert one.project(", ".join(columns)).except_(other.project(", ".join(columns))).fetchall() == [], name
            assert connection.execute(f"select count(*) from intern_{name} where prikket_flagg").fetchone() == (0,)
        places = connection.execute(
            "select sum(plass_antall) filter (enhet_nivaa_kode = 'LAND' and gruppering_kode = 'INGEN'), "
            "sum(egne_antall + fra_andre_antall), sum(deltakelse_antall) filter (egne_antall is not null), "
            "(select sum(plass_antall) from fak_kapasitet_uke) from intern_kapasitet_uke"
        ).fetchone()
        assert places
        assert places[0] == pytest.approx(places[3])
        assert places[1] == pytest.approx(places[2])
        lookups = ["om_tallene", "uke", "enhet", "tiltaksgruppe", "tiltakstype", "innsatsgruppe"]
        for name in (*lookups, *relations, "kapasitet_uke", "uke_revisjon"):
            source = f"{'aapen' if name in ('uke', 'tiltaksgruppe', 'innsatsgruppe') else 'intern'}_{name}"
            connection.execute(f"copy (from {source}) to '{tmp_path}/intern_{name}.parquet'")
    page = unpacked(attacked.export / "intern" / "tiltaksstatistikk.html")
    assert page == pack(tmp_path, "intern")
    assert b'"metode":"INTERN"' in page
    assert not [unit for unit in SECRET if f'"KONTOR","{unit}"'.encode() in page]
    assert b'"metode":"PRIKKING"' in unpacked(attacked.export / "aapent" / "tiltaksstatistikk.html")


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
        name
        for (name,) in attacked.rows("select table_name from duckdb_tables() where table_name like 'aapen_%'")
        if not name.endswith("_publisert")
    }
    files = {path.name for path in folder.iterdir()}
    assert files == (
        {f"{name}.{form}" for name in relations for form in ("parquet", "csv")}
        | {"ordbok.csv", "ordbok.json", "manifest.json", "tiltaksstatistikk.html", "ukeAntall", "ukeAntall.schema.json"}
    )
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["aapne_tall"]["metode"] == "prikking"
    manifest = json.loads((folder.parent / "manifest.json").read_text(encoding="utf-8"))
    listed = {relation["navn"]: relation["fil"] for relation in manifest["relasjoner"]}
    assert {name for name, file in listed.items() if file.startswith("aapent/")} == relations
    assert all((folder.parent / file).is_file() for file in listed.values())
    internal = {path.name for path in folder.with_name("intern").iterdir()}
    assert internal == (
        {Path(file).name for name, file in listed.items() if name not in relations}
        | {"ordbok.csv", "manifest.json", "tiltaksstatistikk.html", "KUN_INTERN_BRUK.txt"}
    )
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert erase(attacked.export, "uten_en", ["ingen"]) == 0
    folder = (attacked.export / "aapent").resolve()
    assert folder.parent.name == "uten_en"
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
