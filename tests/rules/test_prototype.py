"""The known faults of the pandas prototype (specification 1), each as a regression through a real dbt build."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import NewWarehouse
from tests.rules.rows import KARI, OLA, bruker, gjennomforing, message, uttrekk_rows
from tests.rules.warehouse import Warehouse

APEN, SLUTTET, FLERE_ENHETER, TO_DELTAKELSER, UKE_53 = "apen", "sluttet", "flere_enheter", "to_deltakelser", "uke_53"


@pytest.fixture(scope="module")
def built(new_warehouse: NewWarehouse) -> Warehouse:
    """Build one extract with a tiltakstype for each fault, taken on Monday 2027-01-11, with weeks from 2026-12-14."""
    kinds = [APEN, SLUTTET, FLERE_ENHETER, TO_DELTAKELSER, UKE_53]
    rows = uttrekk_rows(
        "2027-01-11T06:00:00",
        [
            message("1", 1, gjennomforingId=APEN, startDato="2026-12-14"),
            message(
                "2", 2, gjennomforingId=SLUTTET, startDato="2026-12-14", sluttDato="2026-12-20", status="HAR_SLUTTET"
            ),
            message("3", 3, gjennomforingId=SLUTTET, startDato="2026-12-14", status="IKKE_AKTUELL"),
            message("4", 4, gjennomforingId=SLUTTET, startDato="2026-12-14", status="FEILREGISTRERT", personIdent=OLA),
            message("5", 5, gjennomforingId=FLERE_ENHETER, startDato="2026-12-14"),
            message("6", 6, gjennomforingId=TO_DELTAKELSER, startDato="2026-12-14"),
            message("7", 7, gjennomforingId=f"{TO_DELTAKELSER}_2", startDato="2026-12-14"),
            message("8", 8, gjennomforingId=UKE_53, startDato="2026-12-31", sluttDato="2027-01-01"),
        ],
        tiltakstype_view=[{"id": kind, "navn": kind, "tiltakskode": kind.upper()} for kind in kinds],
        gjennomforing_view=[
            *(gjennomforing(id=kind, tiltakstype_id=kind) for kind in kinds),
            gjennomforing(id=f"{TO_DELTAKELSER}_2", tiltakstype_id=TO_DELTAKELSER),
        ],
        gjennomforing_nav_enhet_view=[
            {"gjennomforing_id": FLERE_ENHETER, "enhetsnummer": enhet} for enhet in ("0219", "0220", "0200")
        ],
        oppfolgingsbruker=[bruker(KARI, at="2026-01-01"), bruker(OLA, at="2026-01-01")],
    )
    warehouse = new_warehouse(date(2026, 12, 14))
    warehouse.build(warehouse.write(rows))
    return warehouse


def weeks(built: Warehouse, kind: str) -> list[tuple[int, int, int, int]]:
    """Return (year, week, people, participations) of a tiltakstype."""
    return built.rows(
        "select aar, uke, person_antall, deltakelse_antall from fak_tiltaksdeltakelse_uke "
        f"inner join dim_uke using (uke_start_dato) where tiltakstype_navn = '{kind}' order by uke_start_dato"
    )


def test_participations_with_an_open_end_are_kept(built: Warehouse) -> None:
    """Neither the deltakelse nor its gjennomføring has an end: it is active to the last complete week."""
    assert weeks(built, APEN) == [(2026, 51, 1, 1), (2026, 52, 1, 1), (2026, 53, 1, 1), (2027, 1, 1, 1)]


def test_status_decides_what_counts(built: Warehouse) -> None:
    """IKKE_AKTUELL and FEILREGISTRERT have dates, but took no part; HAR_SLUTTET did, to its end."""
    assert weeks(built, SLUTTET) == [(2026, 51, 1, 1)]


def test_several_enheter_multiply_nobody(built: Warehouse) -> None:
    """The gjennomføring has two offices and a region. The person is one, at the office that follows her up."""
    assert weeks(built, FLERE_ENHETER) == [(2026, 51, 1, 1), (2026, 52, 1, 1), (2026, 53, 1, 1), (2027, 1, 1, 1)]
    enheter = built.rows(
        f"select distinct enhetsnummer from fak_tiltaksdeltakelse_uke where tiltakstype_navn = '{FLERE_ENHETER}'"
    )
    assert enheter == [("0219",)]


def test_people_are_counted_not_participations(built: Warehouse) -> None:
    """One person on two gjennomføringer of one tiltakstype."""
    assert weeks(built, TO_DELTAKELSER)[0] == (2026, 51, 1, 2)


def test_a_year_may_have_53_weeks(built: Warehouse) -> None:
    """New Year's week is one week, the 53rd of 2026, with both its days."""
    assert weeks(built, UKE_53) == [(2026, 53, 1, 1)]
    assert built.rows('select distinct "år", uke from uke_antall order by 1, 2') == [
        (2026, 51),
        (2026, 52),
        (2026, 53),
        (2027, 1),
    ]
