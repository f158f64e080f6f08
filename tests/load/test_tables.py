"""Tables after the door: each row once, faults beside them, and no ident."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from tests.load.door import KEY, NOTHING, Door
from tests.rules.brute_force import KOMET_VIEW, pseudonym
from tests.rules.rows import KARI, OLA, bruker, gjennomforing, gruppe, uttrekk_rows, view_row
from tests.rules.small_worlds import Row

TAKEN = "2025-07-28T06:00:00"


def test_like_rows_are_one(door: Door) -> None:
    """Also when they differ in white space, or one has an ident and the other its hash."""
    hashed = hashlib.sha256(KARI.encode()).hexdigest()
    brukere = [bruker(KARI), bruker(f" {KARI}"), bruker(hashed.upper()), bruker(OLA), bruker(" ")]
    door.load(uttrekk_rows(TAKEN, NOTHING, oppfolgingsbruker=brukere))
    persons = door.column("select person_id from uttrekk.oppfolgingsbruker order by 1")
    assert persons == [*sorted(pseudonym(KEY, ident) for ident in (KARI, OLA)), None]


def test_what_cannot_be_read_is_a_fault_of_its_row(door: Door) -> None:
    """The value is then empty, and the fault names source, row and column."""
    rows = [gjennomforing(id="a", slutt_dato="snart"), gjennomforing(id="b", avsluttet_tidspunkt="i fjor")]
    door.load(uttrekk_rows(TAKEN, NOTHING, gjennomforing_view=[*rows, gjennomforing(id="c")]))
    found = door.rows(
        "select id, kilde, kolonne_navn, feil_kode from uttrekk.feil "
        "inner join uttrekk.gjennomforing_view on rad_id = cast(rad_nummer as varchar) order by all"
    )
    assert found == [
        ("a", "gjennomforing_view", "slutt_dato", "UGYLDIG_TIDSPUNKT"),
        ("b", "gjennomforing_view", "avsluttet_tidspunkt", "UGYLDIG_TIDSPUNKT"),
    ]


def test_the_veiledere_of_a_group_are_rows(door: Door) -> None:
    """Each once, under pseudonym. A list that is missing or cannot be read is a fault."""
    lists = {"1": '["Z1", "Z2", "Z1", null]', "2": "[]", "3": '["Z1"] x', "4": ""}
    groups = [gruppe(filter_id, "G", veiledere, "2024-01-01") for filter_id, veiledere in lists.items()]
    door.load(uttrekk_rows(TAKEN, NOTHING, veiledergruppe=groups))
    found = door.rows("select filter_id, veileder_id from uttrekk.veiledergruppe_veileder order by all")
    assert found == sorted(("1", pseudonym(KEY, ident)) for ident in ("Z1", "Z2"))
    faulty = door.column(
        "select filter_id from uttrekk.veiledergruppe inner join uttrekk.feil on rad_id = cast(rad_nummer as varchar) "
        "order by 1"
    )
    assert faulty == ["3", "4"]


def test_an_erased_person_is_in_no_table(door: Door) -> None:
    """A row of theirs is left out; of a participation in Komet's view only that there was one is kept."""
    rows = uttrekk_rows(TAKEN, NOTHING, oppfolgingsbruker=[bruker(KARI), bruker(OLA)])
    rows.tables[KOMET_VIEW] = [view_row("d1"), view_row("d2", person_ident=OLA)]
    rows.topic.clear()
    door.load(rows)
    door.connection.execute("create table drift.slettet_person as select ? as person_id", [pseudonym(KEY, KARI)])
    door.load(rows)
    contents = door.contents()
    assert [name for name, found in contents.items() if pseudonym(KEY, KARI) in repr(found)] == ["drift.slettet_person"]
    view = door.rows(f"select id, slettet_person_flagg from uttrekk.{KOMET_VIEW} order by all nulls first")
    assert view == [(None, True), ("d2", False)]


def test_an_ident_in_a_field_of_its_own_is_not_stored(door: Door) -> None:
    """Whatever column a source has put it in."""
    veileder = "Z990001"
    wrong = f"Gruppen til {veileder}, {KARI}"
    vent: Row = {"person_ident": KARI, "periode": KARI, "innsatsgruppe": KARI, "nav_kontor": KARI}
    door.load(
        uttrekk_rows(
            TAKEN,
            NOTHING,
            oppfolgingsbruker=[{**bruker(enhet=KARI, code=KARI), "diskresjonskode": KARI}],
            vent_person_periode_v=[vent],
            veiledergruppe=[gruppe(KARI, wrong, f'["{veileder}"]', "2024-01-01", enhet=KARI)],
            veiledergruppe_avdeling=[{"enhetsnummer": KARI, "filter_navn": wrong, "avdeling": wrong}],
        )
    )
    assert KARI not in repr(door.contents())
    assert veileder not in repr(door.contents())


def test_parquet_and_csv_give_the_same(door: Door, tmp_path: Path) -> None:
    """Also a list of veiledere that is a list in Parquet."""
    rows = uttrekk_rows(TAKEN, NOTHING, veiledergruppe=[gruppe("1", "G", '["Z1"]', "2024-01-01")])
    folder = door.write(rows)
    door.load(folder)
    before = door.contents()
    path = folder / "veiledergruppe.csv"
    duckdb.sql(
        "copy (select * replace (from_json(veileder_identer, '[\"VARCHAR\"]') as veileder_identer) from "
        f"read_csv('{path}', all_varchar = true)) to '{path.with_suffix('.parquet')}'"
    )
    path.unlink()
    door.load(folder)
    assert door.contents() == before


def test_a_source_in_several_files_was_taken_when_the_first_was(door: Door) -> None:
    """With or without the files' endings, and in any zone (specification 2)."""
    rows = uttrekk_rows(TAKEN, NOTHING)
    for row in rows.tables["uttrekk"]:
        row["kilde"] = f"{row['kilde']}.csv"
    rows.tables["uttrekk"].append({"kilde": "topic*.jsonl.gz", "uttrekk_tidspunkt": "2025-07-28T06:05:00"})
    rows.tables["uttrekk"].append({"kilde": "topic", "uttrekk_tidspunkt": "2025-07-27T22:30:00Z"})
    door.load(rows)
    found = dict(door.rows("select kilde, cast(uttrekk_tidspunkt as varchar) from uttrekk.fil"))
    assert (found["nav_enhet"], found["topic"]) == ("2025-07-28 06:00:00", "2025-07-28 00:30:00")
