"""What the sources may hold: Komet's participations in two forms, and tiltakstyper that nobody has heard of."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import TOPIC, World, read_uttrekk
from tests.rules.rows import AFT, JOBBKLUBB, KARI, MONDAY, OLA, avtale, bruker, gjennomforing, message, uttrekk_rows
from tests.rules.small_worlds import Row
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk

BEFORE = "2023-01-01T00:00:00"


def column(warehouse: Warehouse, sql: str) -> list[object]:
    """Return the first column of a query."""
    return [row[0] for row in warehouse.rows(sql)]


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory, new_warehouse: NewWarehouse) -> dict[str, tuple[Path, Warehouse]]:
    """Build the same participants from Komet's topic and from its view."""
    folder = tmp_path_factory.mktemp("forms")
    built = {}
    for form in ("topic", "view"):
        make_uttrekk([str(folder / form), "--seed", "61", "--participations", "250", "--komet", form])
        for path in (folder / form).glob(f"{TOPIC}*.jsonl"):
            # The view does not say whose veileder it was.
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            for line in lines:
                (line["value"] or {}).pop("navVeileder", None)
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        built[form] = (folder / form, new_warehouse(None))
        built[form][1].build(folder / form)
    return built


def test_the_topic_and_the_view_give_the_same_counts(forms: dict[str, tuple[Path, Warehouse]]) -> None:
    """Everything that both hold: the fact, its dense views and totals, and who uses whose capacity."""
    (_, topic), (folder, view) = forms["topic"], forms["view"]
    shared = "uke_start_dato, kapasitet_enhetsnummer, oppfolging_enhetsnummer, tiltakskode, deltakelse_antall"
    for sql in [
        "select * from fak_tiltaksdeltakelse_uke",
        "select * from obt_deltakelse_uke_totaler",
        "select * from uke_antall where antall > 0",
        f"select {shared} from fak_kapasitet_uke",
    ]:
        assert sorted(topic.rows(sql), key=repr) == sorted(view.rows(sql), key=repr), sql
    world = World(key=KEY)
    load(world, folder)
    assert_equal(view, world)


def test_the_view_has_no_waits_and_whole_places(forms: dict[str, tuple[Path, Warehouse]]) -> None:
    """It holds no registration and no deltakelsesmengder; only employers' tiltak have them then."""
    _, view = forms["view"]
    from_komet = "kilde like 'amt%' and periode_kode = 'VENTER'"
    assert column(view, f"select count(*) from intermediate.int_deltakelse_segment where {from_komet}") == [0]
    places = "select count(*) from fak_kapasitet_uke where kapasitet_enhetsnummer != 'ARBEIDSGIVER'"
    assert column(view, f"{places} and abs(plass_antall - deltakelse_antall) > 1e-9") == [0]


def test_the_unkeyed_hash_is_never_stored(forms: dict[str, tuple[Path, Warehouse]]) -> None:
    """Anyone could reverse it by trying every ident (specification 8)."""
    folder, view = forms["view"]
    rows = read_uttrekk(folder).tables["oppfolgingsbruker"]
    hashes = {hashlib.sha256(str(row["person_ident"]).encode()).hexdigest() for row in rows}
    for name, content in view.everything().items():
        text = repr(content)
        assert not [word for word in hashes if word in text], name


def tiltakstype(number: str, navn: str, kode: str, arena: str | None = None) -> Row:
    """Return a row of tiltakstype_view."""
    return {"id": number, "navn": navn, "tiltakskode": kode, "arena_tiltakskode": arena}


def test_every_tiltakstype_counts_by_itself(new_warehouse: NewWarehouse) -> None:
    """Unheard of, of one office alone, renamed, of the same name or Arena code: with no change to the project."""
    warehouse = new_warehouse(MONDAY)
    world = World(MONDAY, KEY)
    types = ["ny", "lokal", "t1", "samme 1", "samme 2", "arena 1", "arena 2"]
    gjennomforinger = [gjennomforing(id=f"g {type_id}", tiltakstype_id=type_id) for type_id in types]
    lines = [message(f"d {type_id}", number, gjennomforingId=f"g {type_id}") for number, type_id in enumerate(types)]
    lines += [message("d ola", 90, personIdent=OLA, gjennomforingId="g lokal")]
    employers = [avtale("a1", tiltakstype="MENTOR"), avtale("a2", 2, tiltakstype="FLUNKENDE_NY")]
    names = [
        tiltakstype("ny", "Robotkurs", "ROBOTKURS"),
        tiltakstype("lokal", "Turgruppa i Bærum", "TURGRUPPA"),
        tiltakstype("samme 1", "Kurs", "KURS_A"),
        tiltakstype("samme 2", "Kurs", "KURS_B"),
        tiltakstype("arena 1", "Første", "FORSTE", "ARENA"),
        tiltakstype("arena 2", "Andre", "ANDRE", "ARENA"),
    ]
    renamed: list[Row] = [{**JOBBKLUBB, "navn": "Jobbklubb for alle"}]
    tables = {
        "gjennomforing_view": gjennomforinger,
        "oppfolgingsbruker": [bruker(KARI, "0220", at=BEFORE), bruker(OLA, "0219", at=BEFORE)],
    }
    expected = {
        "Robotkurs", "Turgruppa i Bærum", "Kurs (KURS_A)", "Kurs (KURS_B)", "Første", "Andre", "Mentor", "Ukjent",
    }  # fmt: skip
    weeks: list[tuple[str, list[Row], str]] = [
        ("2024-01-29T06:00:00", [dict(JOBBKLUBB)], "Jobbklubb"),
        ("2024-02-05T06:00:00", renamed, "Jobbklubb for alle"),
    ]
    for taken, jobbklubb, name in weeks:
        rows = uttrekk_rows(taken, lines, tiltakstype_view=[*jobbklubb, dict(AFT), *names], **tables)
        rows.arbeidsgiver = [employers]
        folder = warehouse.write(rows)
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        shown = "select distinct tiltaksnavn from uke_antall where antall > 0 and enhetsnummer ="
        assert set(column(warehouse, f"{shown} '0220'")) == expected | {name}
        assert column(warehouse, f"{shown} '0219'") == ["Turgruppa i Bærum"]
    renamed_cells = f"select uke_start_dato from fak_tiltaksdeltakelse_uke where tiltakstype_navn = '{name}' order by 1"
    assert column(warehouse, renamed_cells) == [date(2024, 1, day) for day in (1, 8, 15, 22, 29)]


@pytest.mark.long
def test_the_build_fails_when_somebody_is_lost(new_warehouse: NewWarehouse) -> None:
    """Each relation on the way from message to count, with one row taken away behind dbt's back."""
    warehouse = new_warehouse(MONDAY)
    kari = message("d1", startDato="2024-01-10", registrertTidspunkt="2024-01-02T12:00:00")
    ola = [
        message("d2", 2, personIdent=OLA, sluttDato="2024-01-21"),
        message("d3", 3, personIdent=OLA, gjennomforingId="g2", startDato="2024-01-24"),
        message("d4", 4, personIdent=OLA, startDato="2024-01-24"),
    ]
    gjennomforinger = [gjennomforing(), gjennomforing(id="g2", tiltakstype_id="t2")]
    folder = warehouse.write(uttrekk_rows("2024-01-29T06:00:00", [kari, *ola], gjennomforing_view=gjennomforinger))
    warehouse.build(folder)
    reconcile = ("build", "--select", "avstemming", "test_type:singular")
    assert warehouse.dbt(folder, *reconcile).success
    for relation, lost in [
        ("uttrekk.amt_deltaker_ekstern_v1", "deltakelse_id = 'd1'"),
        ("intermediate.int_tiltak_deltakelse", "deltakelse_id = 'd1'"),
        ("fak_tiltaksdeltakelse_uke", "uke_start_dato = '2024-01-15'"),
        ("fak_kapasitet_uke", "uke_start_dato = '2024-01-15'"),
        ("fak_venteliste_uke", "uke_start_dato = '2024-01-01'"),
        ("intermediate.int_totaler_telt_for_mange", "tiltakskode is null"),
    ]:
        warehouse.execute(f"create table kept as from {relation} where {lost}")
        warehouse.execute(f"delete from {relation} where {lost}")
        assert not warehouse.dbt(folder, *reconcile).success, relation
        warehouse.execute(f"insert into {relation} from kept")
        warehouse.execute("drop table kept")
    assert warehouse.dbt(folder, *reconcile).success


def test_an_office_may_be_called_what_a_register_says(new_warehouse: NewWarehouse) -> None:
    """A number that no register has is counted under itself, also one that is a word of ours (specification 7)."""
    warehouse, world = new_warehouse(MONDAY), World(MONDAY, KEY)
    offices = [bruker(KARI, enhet="ALLE"), bruker(OLA, enhet="UKJENT")]
    lines = [message(), message("d2", 2, personIdent=OLA)]
    folder = warehouse.write(uttrekk_rows("2024-01-29T06:00:00", lines, oppfolgingsbruker=offices))
    warehouse.build(folder, tests=True)
    load(world, folder)
    assert_equal(warehouse, world)


@pytest.mark.long
def test_before_the_first_week_is_whole_there_is_nothing(new_warehouse: NewWarehouse) -> None:
    """An extract of the first Monday is built with every test."""
    warehouse = new_warehouse(MONDAY)
    warehouse.build(warehouse.write(uttrekk_rows("2024-01-01T06:00:00", [message()])), tests=True)
    assert warehouse.fact() == {}
