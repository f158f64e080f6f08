"""Only what is new is read: extracts with the messages since the last one, and full ones that are mostly known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import ARBEIDSGIVER_TOPIC, KOMET_VIEW, TOPIC
from tests.rules.rows import KARI, OLA, bruker, message, tombstone, uttrekk_rows, view_row
from tests.rules.small_worlds import UttrekkRows
from tests.rules.warehouse import Warehouse

FIRST = date(2025, 1, 6)
STANDING = ["d1", "d2", "d3"]


def of(taken: str, topic: list[str], scope: str | None = None, kilde: str = TOPIC) -> UttrekkRows:
    """Return an extract; with a scope, `uttrekk` has the column omfang, and says it of one file."""
    rows = uttrekk_rows(f"{taken}T06:00:00", topic, oppfolgingsbruker=[bruker(KARI), bruker(OLA)])
    if scope is not None:
        rows.tables["uttrekk"] = [
            {**row, "omfang": scope if row["kilde"] == kilde else ""} for row in rows.tables["uttrekk"]
        ]
    return rows


def participation(key: str, offset: int) -> str:
    """Return a message of somebody who took part in the week of 2025-01-13."""
    return message(
        key, offset, status="HAR_SLUTTET", startDato="2025-01-13", sluttDato="2025-01-17",
        personIdent=OLA if key == "d2" else KARI,
    )  # fmt: skip


def first_extract_in(new_warehouse: NewWarehouse) -> Warehouse:
    """Return a warehouse with three participations, one of them with two messages."""
    warehouse = new_warehouse(FIRST)
    lines = [participation(key, offset) for offset, key in enumerate(STANDING, 2)]
    warehouse.build(warehouse.write(of("2025-02-03", [participation("d1", 1), *lines])))
    return warehouse


@pytest.fixture
def loaded(new_warehouse: NewWarehouse) -> Warehouse:
    """Give a warehouse of the test's own."""
    return first_extract_in(new_warehouse)


@pytest.fixture(scope="module")
def unchanged(new_warehouse: NewWarehouse) -> Warehouse:
    """Give a warehouse that no test changes."""
    return first_extract_in(new_warehouse)


def states(warehouse: Warehouse) -> list[tuple[int, str, str]]:
    """Return (offset, state, id) of every line that is known of Komet's topic."""
    return [
        (offset, state, key or "")
        for offset, state, key in warehouse.rows(
            "select offset_nummer, tilstand_kode, deltakelse_id from staging.stg_komet__deltakermelding order by all"
        )
    ]


def test_what_has_been_read_is_not_read_again(loaded: Warehouse) -> None:
    """A known line keeps what was read of it, whatever the file and the order; a full refresh reads it anew."""
    loaded.execute("update staging.stg_komet__deltakermelding set status_kode = 'LEST' where deltakelse_id = 'd2'")
    topic = [participation("d4", 9), *(participation(key, offset) for offset, key in enumerate(STANDING, 2))]
    folder = loaded.write(of("2025-02-10", topic))
    codes = "select deltakelse_id, status_kode from staging.stg_komet__deltakermelding order by all"
    loaded.build(folder)
    # The superseded message is no longer there, so that d1 was read again; d4 is new.
    assert states(loaded) == [(2, "STAAR", "d1"), (3, "STAAR", "d2"), (4, "STAAR", "d3"), (9, "STAAR", "d4")]
    assert loaded.rows(codes) == [(key, "LEST" if key == "d2" else "HAR_SLUTTET") for key in [*STANDING, "d4"]]
    loaded.build(folder, "--full-refresh")
    assert loaded.rows(codes) == [(key, "HAR_SLUTTET") for key in [*STANDING, "d4"]]


def test_what_is_not_mentioned_stays(loaded: Warehouse) -> None:
    """An extract with what is new changes that, and deletes by tombstones only; a full one deletes by absence."""
    loaded.build(loaded.write(of("2025-02-10", [participation("d4", 9), tombstone("d2", 10)], "endring")))
    assert states(loaded) == [
        (2, "STAAR", "d1"), (4, "STAAR", "d3"), (9, "STAAR", "d4"), (10, "SLETTET", ""),
    ]  # fmt: skip
    # A message from before the tombstone, delivered once more, brings nothing back.
    loaded.build(loaded.write(of("2025-02-17", [participation("d2", 3)], "endring")))
    assert [key for _, state, key in states(loaded) if state == "STAAR"] == ["d1", "d3", "d4"]
    people = "select person_antall, deltakelse_antall from fak_tiltaksdeltakelse_uke"
    assert loaded.rows(people) == [(1, 3)]
    loaded.build(loaded.write(of("2025-02-24", [participation("d1", 2)], "full")))
    assert states(loaded) == [(2, "STAAR", "d1")]
    assert loaded.rows(people) == [(1, 1)]


def test_what_a_line_is_known_by_tells_nothing_of_a_person(loaded: Warehouse) -> None:
    """Neither a partition nor an offset that is no number is stored, nor a checksum that can be tried without a key."""
    faulty = [
        f'{{"partition": "{KARI}", "offset": 20, "key": "x", "value": null}}',
        f'{{"partition": {{"personIdent": "{KARI}"}}, "offset": 21, "key": "y", "value": null}}',
        f'{{"partition": 0, "offset": "Kari {KARI}", "key": "z", "value": null}}',
        f'"{KARI}"',
    ]
    loaded.build(loaded.write(of("2025-02-10", [*faulty, *faulty])))
    keys = [key for (key,) in loaded.rows("select key_melding from staging.stg_komet__deltakermelding")]
    # Of those with a place each is one line; the two without are there twice.
    assert len(keys) == 6
    assert not [key for key in keys if KARI in key]
    [(unkeyed,)] = loaded.rows(f"""select cast(hash('"{KARI}"') as varchar)""")
    assert not [key for key in keys if unkeyed in key]


def test_who_is_taken_off_the_list_of_the_erased_is_read_again(loaded: Warehouse) -> None:
    """By the next extract that has all of the topic, as by a full refresh."""
    topic = [participation(key, offset) for offset, key in enumerate(STANDING, 2)]
    person = "select person_id from staging.stg_komet__deltakermelding where deltakelse_id = 'd2'"
    loaded.execute(f"insert into staging.stg_sletting__person select person_id, now()::timestamp from ({person})")
    loaded.execute("delete from staging.stg_komet__deltakermelding where deltakelse_id = 'd2'")
    loaded.build(loaded.write(of("2025-02-10", topic)))
    assert (3, "SLETTET_PERSON", "") in states(loaded)
    loaded.execute("delete from staging.stg_sletting__person")
    loaded.build(loaded.write(of("2025-02-17", topic)))
    assert (3, "STAAR", "d2") in states(loaded)


def test_what_is_new_needs_something_before_it(loaded: Warehouse, capfd: pytest.CaptureFixture[str]) -> None:
    """Not beside the topic's other form, and not after an extract that had that, or nothing of the topic."""
    rows = of("2025-02-10", [], "endring")
    rows.tables[KOMET_VIEW] = [view_row("d1")]
    rows.topic.clear()
    for scope, named in [("endring", "in its place"), ("", "")]:
        rows.tables["uttrekk"] = [
            {**row, "omfang": scope if row["kilde"] == TOPIC else ""} for row in rows.tables["uttrekk"]
        ]
        folder = loaded.write(rows)
        assert loaded.dbt(folder, "build", "--exclude-resource-type", "test").success == (not named)
        assert named in "".join(capfd.readouterr())
    late = loaded.write(of("2025-02-17", [participation("d4", 9)], "endring"))
    assert not loaded.dbt(late, "build").success
    assert "had nothing of it" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("make", "arguments", "named"),
    [
        (lambda: of("2025-02-10", [], "noe annet"), [], ["uttrekk.csv", "omfang", TOPIC, "full", "endring"]),
        (lambda: of("2025-02-10", [], "endring", "nav_enhet"), [], ["uttrekk.csv", "omfang", "nav_enhet", "whole"]),
        (lambda: of("2025-02-10", [], "endring"), ["--full-refresh"], ["omfang", TOPIC, "--full-refresh"]),
        (
            lambda: of("2025-02-10", [participation("d1", 2)], "endring", ARBEIDSGIVER_TOPIC),
            [], ["omfang", ARBEIDSGIVER_TOPIC, "had nothing of it"],
        ),
    ],
)  # fmt: skip
def test_a_scope_that_makes_no_sense_is_refused(
    unchanged: Warehouse, capfd: pytest.CaptureFixture[str], make: Callable[[], UttrekkRows], arguments: list[str],
    named: list[str],
) -> None:  # fmt: skip
    """The error names the file, the column and the source, and nothing changes."""
    before = unchanged.contents()
    rows = make()
    if ARBEIDSGIVER_TOPIC in named:
        rows.tables["uttrekk"].append(
            {"kilde": ARBEIDSGIVER_TOPIC, "uttrekk_tidspunkt": "2025-02-10T06:00:00", "omfang": "endring"}
        )
    result = unchanged.dbt(unchanged.write(rows), "build", *arguments)
    printed = "".join(capfd.readouterr())
    assert not result.success
    for word in named:
        assert word in printed
    assert unchanged.contents() == before
