"""What was before a person, a group or the extracts were first seen (specification 4)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.conftest import NewWarehouse
from tests.rules.rows import KARI, OLA, bruker, gruppe, message, uttrekk_rows
from tests.rules.small_worlds import UttrekkRows
from tests.rules.warehouse import Warehouse

FIRST = date(2025, 1, 6)
WEEKS = [FIRST + timedelta(weeks=number) for number in range(4)]
CELLS = (
    "select uke_start_dato, enhetsnummer, veiledergruppe_navn, innsatsgruppe_kode from fak_tiltaksdeltakelse_uke "
    "order by all"
)
KNOWN_LATE = [
    (WEEKS[0], "UKJENT", "Ukjent", "UKJENT"),
    (WEEKS[1], "UKJENT", "Ukjent", "UKJENT"),
    (WEEKS[2], "0219", "A", "BATT"),
    (WEEKS[3], "0219", "A", "BATT"),
]


def of(taken: str, **tables: list[dict[str, str | None]]) -> UttrekkRows:
    """Return an extract with Kari on a tiltak all the time, and known from the third week on."""
    veileder: dict[str, str | None] = {
        "person_ident": KARI, "veileder_ident": "Z1", "tilordnet_tidspunkt": "2025-01-22T08:00:00",
    }  # fmt: skip
    return uttrekk_rows(
        f"{taken}T06:00:00",
        [message(startDato="2025-01-01", personIdent=KARI)],
        oppfolgingsbruker=[bruker(KARI, at="2025-01-22T08:00:00"), bruker(OLA)],
        siste_tilordnet_veileder=[veileder],
        veiledergruppe=[gruppe("1", "A", '["Z1"]', "2025-01-22T08:00:00", opprettet="2025-01-15T08:00:00")],
        **tables,
    )


def with_var(warehouse: Warehouse, value: str) -> Warehouse:
    """Return the warehouse with the var from its next run on."""
    warehouse.vars["for_forste_observasjon"] = value
    return warehouse


def test_the_first_known_version_holds_before_it(new_warehouse: NewWarehouse) -> None:
    """A person's in all weeks, a group's from when it was created; only these weeks are computed, and back again."""
    warehouse = new_warehouse(FIRST)
    folder = warehouse.write(of("2025-02-03"))
    warehouse.build(folder)
    assert warehouse.rows(CELLS) == KNOWN_LATE
    with_var(warehouse, "som_forste").build(folder)
    assert warehouse.rows(CELLS) == [
        (WEEKS[0], "0219", "Ukjent", "BATT"),
        (WEEKS[1], "0219", "A", "BATT"),
        *KNOWN_LATE[2:],
    ]
    assert warehouse.computed() == dict.fromkeys(WEEKS[:2], "ENDRET")
    with_var(warehouse, "ukjent").build(folder)
    assert warehouse.rows(CELLS) == KNOWN_LATE
    assert warehouse.computed() == dict.fromkeys(WEEKS[:2], "ENDRET")


def test_the_reserve_goes_before_it(new_warehouse: NewWarehouse) -> None:
    """Where vent_person_periode_v says something of the person in the week, the first version does not hold."""
    warehouse = with_var(new_warehouse(FIRST), "som_forste")
    periode: dict[str, str | None] = {
        "person_ident": KARI, "periode": "202501", "innsatsgruppe": "IKVAL", "nav_kontor": "0220",
    }  # fmt: skip
    warehouse.build(warehouse.write(of("2025-02-03", vent_person_periode_v=[periode])))
    reserve = ("0220", "Ukjent", "IKVAL")
    assert warehouse.rows(CELLS) == [(WEEKS[0], *reserve), (WEEKS[1], *reserve), *KNOWN_LATE[2:]]


def test_the_weeks_before_the_first_extract_are_known_by_the_database(new_warehouse: NewWarehouse) -> None:
    """They stay the same when a later extract comes."""
    warehouse = new_warehouse(FIRST)
    before = "select uke_start_dato from dim_uke where for_forste_uttrekk_flagg order by all"
    warehouse.build(warehouse.write(of("2025-01-20")))
    assert warehouse.rows(before) == [(week,) for week in WEEKS[:2]]
    later = warehouse.write(of("2025-02-03"))
    warehouse.build(later)
    assert warehouse.rows(before) == [(week,) for week in WEEKS[:2]]
    assert warehouse.rows("select count(*) from dim_uke") == [(4,)]
