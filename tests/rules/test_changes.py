"""Only what is new is read, over several runs: what is counted of extracts with the messages since the last one.

What the loader itself makes of them is shown in tests/load/test_topics.py, and what it refuses in test_checks.py.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import Copy, NewWarehouse
from tests.rules.brute_force import TOPIC
from tests.rules.rows import KARI, OLA, bruker, message, tombstone, uttrekk_rows, with_omfang
from tests.rules.small_worlds import UttrekkRows
from tests.rules.warehouse import Warehouse

FIRST = date(2025, 1, 6)
STANDING = ["d1", "d2", "d3"]


def of(taken: str, topic: list[str], scope: str | None = None) -> UttrekkRows:
    """Return an extract; with a scope, `uttrekk` has the column omfang, and says it of Komet's topic."""
    rows = uttrekk_rows(f"{taken}T06:00:00", topic, oppfolgingsbruker=[bruker(KARI), bruker(OLA)])
    return with_omfang(rows, **{TOPIC: scope}) if scope else rows


def participation(key: str, offset: int) -> str:
    """Return a message of somebody who took part in the week of 2025-01-13."""
    return message(
        key, offset, status="HAR_SLUTTET", startDato="2025-01-13", sluttDato="2025-01-17",
        personIdent=OLA if key == "d2" else KARI,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(new_warehouse: NewWarehouse) -> Warehouse:
    """Build three participations, one of them with two messages."""
    warehouse = new_warehouse(FIRST)
    lines = [participation(key, offset) for offset, key in enumerate(STANDING, 2)]
    warehouse.build(warehouse.write(of("2025-02-03", [participation("d1", 1), *lines])))
    return warehouse


@pytest.fixture
def loaded(built: Warehouse, copy: Copy) -> Warehouse:
    """Give a copy of the warehouse with the three participations."""
    return copy(built)


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
    loaded.execute("update uttrekk.amt_deltaker_ekstern_v1 set status = 'LEST' where deltakelse_id = 'd2'")
    topic = [participation("d4", 9), *(participation(key, offset) for offset, key in enumerate(STANDING, 2))]
    folder = loaded.write(of("2025-02-10", topic))
    codes = "select deltakelse_id, status_kode from staging.stg_komet__deltakermelding order by all"
    loaded.build(folder)
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
