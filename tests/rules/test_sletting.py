"""What is deleted is gone: a participation by a tombstone, a person by an operation of its own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import World, pseudonym
from tests.rules.rows import KARI, MONDAY, OLA, bruker, message, tombstone, uttrekk_rows
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load

# What is left of the message of an erased person.
MESSAGE = "melding_id, offset_nummer, verdi_kode, slettet_person_flagg"
KARI_ID, OLA_ID = pseudonym(KEY, KARI), pseudonym(KEY, OLA)


def mentions(warehouse: Warehouse, *words: str) -> set[str]:
    """Return the tables, views and exported files that hold one of some words in any column, log of runs included."""
    names = warehouse.rows("select table_schema || '.' || table_name from information_schema.tables")
    content = {name: repr(warehouse.rows(f"select * from {name}")) for (name,) in names}
    for path in warehouse.export.rglob("*.parquet"):
        content[str(path.relative_to(warehouse.export))] = repr(duckdb.read_parquet(str(path)).fetchall())
    return {name for name, text in content.items() if any(word in text for word in words)}


def erase(warehouse: Warehouse, folder: Path, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run slett_person."""
    monkeypatch.setenv("SLETT_PERSON_IDENT", ident)
    assert warehouse.dbt(folder, "run-operation", "slett_person").success
    monkeypatch.delenv("SLETT_PERSON_IDENT")


def test_a_tombstone_removes_the_participation_everywhere(new_warehouse: NewWarehouse) -> None:
    """Rows about it are gone after the next run, its older messages' too; what was published stays, and the person."""
    warehouse = new_warehouse(MONDAY)
    brukere = [bruker(KARI, code="UTENFOR")]
    lines = [message("d1", 1), message("d1", 2, status="NY"), message("d2", 3, personIdent=OLA)]
    warehouse.build(warehouse.write(uttrekk_rows("2024-01-29T06:00:00", lines, oppfolgingsbruker=brukere)))
    assert {"uttrekk.amt_deltaker_ekstern_v1", "staging.stg_komet__deltakermelding", "main.avvik"} <= mentions(
        warehouse, "d1"
    )
    before = warehouse.published()

    lines = [message("d1", 1), message("d1", 2, status="NY"), tombstone("d1", 4), tombstone("d2", 5)]
    warehouse.build(warehouse.write(uttrekk_rows("2024-02-05T06:00:00", lines, oppfolgingsbruker=brukere)))
    assert mentions(warehouse, "'d1'", "'d2'") == set()
    assert "snapshots.snap_pto__oppfolgingsbruker" in mentions(warehouse, KARI_ID)
    assert mentions(warehouse, OLA_ID) == set()
    assert warehouse.fact() == {}
    assert {(row.cell, row.counts) for row in warehouse.published()} == {(row.cell, row.counts) for row in before}


@pytest.mark.parametrize("seed", [1])
def test_an_erased_person_is_gone_and_stays_gone(
    seed: int, new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """From every table and the export at once, from the counts with the next run, and for good; the others stay."""
    small = small_world(seed, max_extracts=2)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    folders = [warehouse.write(rows) for rows in small.uttrekk]
    warehouse.build(folders[0])
    load(world, folders[0])
    ident = max(world.deltakelser, key=lambda deltakelse: deltakelse.person_ident).person_ident
    theirs = [deltakelse.key for deltakelse in world.deltakelser if deltakelse.person_ident == ident]
    person = pseudonym(KEY, ident)
    assert {"snapshots.snap_pto__oppfolgingsbruker", "intermediate.int_deltakelse_segment"} <= mentions(
        warehouse, person
    )
    assert "main.avvik" in mentions(warehouse, person, *theirs)
    published = warehouse.published()
    messages = warehouse.rows(f"select {MESSAGE} from uttrekk.amt_deltaker_ekstern_v1 order by 1")
    of_person = f"select melding_id from uttrekk.amt_deltaker_ekstern_v1 where person_id = '{person}'"
    erased = {message_id for (message_id,) in warehouse.rows(of_person)}

    erase(warehouse, folders[0], f" {ident} ", monkeypatch)
    printed = "".join(capfd.readouterr())
    world.erase(ident)
    assert mentions(warehouse, person, *theirs) == {"drift.slettet_person"}
    # Their messages are still counted, and the ones before them do not come back: nothing but the place is left.
    assert warehouse.rows(f"select {MESSAGE} from uttrekk.amt_deltaker_ekstern_v1 order by 1") == [
        (message_id, place, value, True if message_id in erased else flag)
        for message_id, place, value, flag in messages
    ]
    assert warehouse.rows(
        "select count(*) from uttrekk.amt_deltaker_ekstern_v1 "
        "where slettet_person_flagg and coalesce(gjennomforing_id, status, cast(start_dato as varchar)) is not null"
    ) == [(0,)]
    assert warehouse.published() == published
    assert ident not in printed
    assert person not in printed

    for folder in folders:
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        assert warehouse.computed() == world.computed()
        assert mentions(warehouse, person) == {"drift.slettet_person"}


def test_slett_person_says_what_it_did(
    new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It reports the rows of each table, and changes nothing without an ident, a database, or with another key."""
    warehouse = new_warehouse(date(2024, 1, 1))
    warehouse.leaves_traces = True
    kari_and_ola = [message("d1", status="NY"), message("d2", 2, personIdent=OLA)]
    brukere = [bruker(KARI), bruker(OLA)]
    folder = warehouse.write(uttrekk_rows("2024-01-29T06:00:00", kari_and_ola, oppfolgingsbruker=brukere))
    monkeypatch.setenv("SLETT_PERSON_IDENT", KARI)
    assert not warehouse.dbt(folder, "run-operation", "slett_person").success
    assert "Run dbt build first" in "".join(capfd.readouterr())
    warehouse.build(folder)
    before = warehouse.contents()

    monkeypatch.setenv("PSEUDONYM_NOKKEL", "en annen")
    assert not warehouse.dbt(folder, "run-operation", "slett_person").success
    assert "another PSEUDONYM_NOKKEL" in "".join(capfd.readouterr())
    monkeypatch.setenv("PSEUDONYM_NOKKEL", KEY)
    monkeypatch.setenv("SLETT_PERSON_IDENT", " ")
    assert not warehouse.dbt(folder, "run-operation", "slett_person").success
    assert "SLETT_PERSON_IDENT" in "".join(capfd.readouterr())
    assert warehouse.contents() == before

    monkeypatch.setenv("SLETT_PERSON_IDENT", "03873012347")
    assert not warehouse.dbt(folder, "run-operation", "slett_person").success
    assert "Is the ident right" in "".join(capfd.readouterr())
    monkeypatch.setenv("SLETT_PERSON_IDENT", KARI)
    export, warehouse.export = warehouse.export, warehouse.export / "et annet sted"
    assert not warehouse.dbt(folder, "run-operation", "slett_person").success
    assert "Set TILTAK_EKSPORT" in "".join(capfd.readouterr())
    warehouse.export = export
    assert warehouse.contents() == before

    words = f"select decode(key), decode(value) from parquet_kv_metadata('{warehouse.export}/intern/avvik.parquet')"
    said, files = duckdb.sql(words).fetchall(), {path.name for path in (warehouse.export / "intern").iterdir()}
    assert dict(said)["kolonne.objekt_id"]
    erase(warehouse, folder, KARI, monkeypatch)
    log = warehouse.log_path.joinpath("dbt.log").read_text(encoding="utf-8")
    for table in ["main.avvik: 1", "snapshots.snap_pto__oppfolgingsbruker: 1", "uttrekk.amt_deltaker_ekstern_v1: 1"]:
        assert table in log
    assert "in the export: 2" in log
    assert mentions(warehouse, OLA_ID, "'d2'") >= {"snapshots.snap_pto__oppfolgingsbruker"}
    erase(warehouse, folder, KARI, monkeypatch)
    assert "Erased rows: none, the person was erased before" in warehouse.log_path.joinpath("dbt.log").read_text(
        encoding="utf-8"
    )
    assert warehouse.rows("select count(*) from drift.slettet_person") == [(1,)]
    manifest = json.loads((warehouse.export / "manifest.json").read_text(encoding="utf-8"))
    assert {relation["navn"]: relation["rad_antall"] for relation in manifest["relasjoner"]}["avvik"] == 0
    # The internal folder is the set's before it, but for the person: the same files, saying the same.
    ((latest,), internal) = (warehouse.export / "sett").iterdir(), warehouse.export / "intern"
    assert latest == internal.resolve().parent
    assert {path.name for path in internal.iterdir()} == files
    assert {relation["fil"] for relation in manifest["relasjoner"]} < {f"intern/{name}" for name in files}
    assert duckdb.sql(words).fetchall() == said
    left = [path for path in latest.rglob("*") if path.is_file() and KARI_ID.encode() in path.read_bytes()]
    assert left == []
