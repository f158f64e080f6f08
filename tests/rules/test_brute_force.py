"""Hand-computed examples for the brute-force reading of the specification."""

from __future__ import annotations

import base64
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from tests.rules.brute_force import (
    ARBEIDSGIVER_TOPIC,
    COLUMNS,
    IDENT_HISTORIKK,
    KODEVERK,
    KOMET_VIEW,
    OWN_TIMESTAMP,
    TOPIC,
    UTFALL,
    Cell,
    Counts,
    Kapasitet,
    KapasitetEnhet,
    OlderUttrekk,
    PublishedRow,
    Revisjon,
    Sammenligning,
    TotalCell,
    UkeAntall,
    UkeAntallAvdeling,
    VenteCell,
    Venting,
    World,
    parse_date,
    parse_number,
    parse_time,
    person_hash,
    pseudonym,
    read_uttrekk,
)
from tests.rules.rows import (
    AFT,
    JOBBKLUBB,
    KARI,
    MONDAY,
    OLA,
    TAKEN,
    avtale,
    bruker,
    gjennomforing,
    gruppe,
    message,
    tombstone,
    uttrekk_rows,
    view_row,
    with_omfang,
)
from tests.rules.small_worlds import (
    Row,
    SmallWorld,
    UttrekkRows,
    small_world,
    small_worlds,
    with_changes,
    write_uttrekk,
)


class Sandbox:
    """A world that extracts can be given to in a line each."""

    def __init__(self, folder: Path, fra_uke_dato: date = MONDAY) -> None:
        """Start an empty world whose extracts are written below `folder`."""
        self.folder = folder
        self.world = World(fra_uke_dato, "nokkel")
        self.kodeverk: Path | None = None
        self.number = 0

    def load(
        self,
        taken: str = TAKEN,
        topic: list[str] | None = None,
        arbeidsgiver: list[str] | None = None,
        endring: tuple[str, ...] = (),
        **tables: list[Row],
    ) -> World:
        """Write, read and load an extract, with g1 of Jobbklubb and three enheter unless told otherwise.

        With Komet's view among the tables there is no topic, and without `arbeidsgiver` none of the employers'. Of
        the kilder in `endring` it has only what is new.
        """
        self.number += 1
        folder = self.folder / str(self.number)
        rows = uttrekk_rows(taken, topic or [], **tables)
        if endring:
            rows = with_omfang(rows, **dict.fromkeys(endring, "endring"))
        komet = [] if KOMET_VIEW in tables else rows.topic
        employers = [] if arbeidsgiver is None else [arbeidsgiver]
        write_uttrekk(replace(rows, topic=komet, arbeidsgiver=employers), folder)
        self.world.load(read_uttrekk(folder), self.kodeverk)
        return self.world

    def versions(self, kilde: str = "oppfolgingsbruker") -> list[tuple[str, str | None]]:
        """Return the versions' start and end as text."""
        return [
            (str(row.gyldig_fom_tid), str(row.gyldig_til_tid) if row.gyldig_til_tid else None)
            for row in self.world.histories()[kilde]
        ]


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """Return an empty world with weeks from 2024-01-01."""
    return Sandbox(tmp_path)


def jobbklubb(week: int = 0, enhetsnummer: str = "UKJENT", avdeling: str = "Ukjent", kode: str = "UKJENT") -> Cell:
    """Return the cell of g1 in a week, the first being 0, for people without a veiledergruppe unless in an avdeling."""
    gruppe_navn = "Ukjent" if avdeling == "Ukjent" else "A"
    monday = MONDAY + timedelta(weeks=week)
    return Cell(monday, enhetsnummer, avdeling, gruppe_navn, "JOBBKLUBB", "Jobbklubb", kode)


def enhet(number: str, kind: str = "LOKAL", above: str | None = None) -> Row:
    """Return a row of nav_enhet."""
    return {"enhetsnummer": number, "type": kind, "overordnet_enhetsnummer": above}


def koblet(*numbers: str) -> list[Row]:
    """Return rows of gjennomforing_nav_enhet_view for g1."""
    return [{"gjennomforing_id": "g1", "enhetsnummer": number} for number in numbers]


def per_week(world: World, field: str) -> list[str]:
    """Return one column of the fact, week by week, for worlds with one cell a week."""
    return [str(getattr(cell, field)) for cell in sorted(world.fact())]


# Specification 4: versions


def test_first_version_starts_at_own_timestamp_also_in_a_later_extract(sandbox: Sandbox) -> None:
    """First version starts at own timestamp also in a later extract (specification 4)."""
    sandbox.load("2024-01-08")
    sandbox.load("2024-01-15", oppfolgingsbruker=[bruker(at="2023-12-01T10:00:00")])
    assert sandbox.versions() == [("2023-12-01 10:00:00", None)]


def test_newer_timestamp_alone_makes_no_version(sandbox: Sandbox) -> None:
    """Newer timestamp alone makes no version (specification 4)."""
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(at="2023-12-01")])
    sandbox.load("2024-01-15", oppfolgingsbruker=[bruker(at="2024-01-10")])
    assert sandbox.versions() == [("2023-12-01 00:00:00", None)]


def test_later_version_starts_at_own_timestamp_when_after_the_start_before(sandbox: Sandbox) -> None:
    """Later version starts at own timestamp when after the start before (specification 4)."""
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(at="2023-12-01")])
    # Before the extract that showed the old content, but after that content's start.
    sandbox.load("2024-01-15", oppfolgingsbruker=[bruker(enhet="0220", at="2023-12-02")])
    assert sandbox.versions() == [
        ("2023-12-01 00:00:00", "2023-12-02 00:00:00"),
        ("2023-12-02 00:00:00", None),
    ]


@pytest.mark.parametrize("at", ["2023-11-01", "2023-12-01", None, "2024-02-01"])
def test_later_version_with_older_null_or_future_timestamp_starts_at_the_extract(
    sandbox: Sandbox, at: str | None
) -> None:
    """Later version with older null or future timestamp starts at the extract (specification 4)."""
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(at="2023-12-01")])
    sandbox.load("2024-01-15", oppfolgingsbruker=[bruker(enhet="0220", at=at)])
    assert sandbox.versions() == [
        ("2023-12-01 00:00:00", "2024-01-15 00:00:00"),
        ("2024-01-15 00:00:00", None),
    ]


@pytest.mark.parametrize("at", [None, "2024-02-01"])
def test_first_version_with_null_or_future_timestamp_starts_at_the_extract(sandbox: Sandbox, at: str | None) -> None:
    """First version with null or future timestamp starts at the extract (specification 4)."""
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(at=at)])
    assert sandbox.versions() == [("2024-01-08 00:00:00", None)]


@pytest.mark.parametrize(
    ("at", "start"),
    [
        ("2023-12-01", "2024-01-15 00:00:00"),
        ("2024-01-20", "2024-01-20 00:00:00"),
        (None, "2024-01-22 00:00:00"),
    ],
)
def test_missing_key_ends_and_a_key_that_returns_starts_no_earlier(
    sandbox: Sandbox, at: str | None, start: str
) -> None:
    """Missing key ends and a key that returns starts no earlier (specification 4)."""
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(at="2023-12-01")])
    sandbox.load("2024-01-15")
    assert sandbox.versions() == [("2023-12-01 00:00:00", "2024-01-15 00:00:00")]
    sandbox.load("2024-01-22", oppfolgingsbruker=[bruker(at=at)])
    assert sandbox.versions() == [("2023-12-01 00:00:00", "2024-01-15 00:00:00"), (start, None)]


def test_order_of_a_list_is_no_content(sandbox: Sandbox) -> None:
    """Order of a list is no content (specification 4)."""
    sandbox.load("2024-01-08", veiledergruppe=[gruppe("1", "Team A", '["Z1", "Z2"]', "2023-12-01")])
    sandbox.load("2024-01-15", veiledergruppe=[gruppe("1", "Team A", '["Z2","Z1"]', "2024-01-10")])
    assert sandbox.versions("veiledergruppe") == [("2023-12-01 00:00:00", None)]
    sandbox.load("2024-01-22", veiledergruppe=[gruppe("1", "Team A", '["Z2"]', "2024-01-16")])
    assert len(sandbox.versions("veiledergruppe")) == 2


def test_row_with_the_latest_timestamp_stands(sandbox: Sandbox) -> None:
    """Row with the latest timestamp stands (specification 4)."""
    rows = [bruker(at="2023-12-02", enhet="0220"), bruker(at="2023-12-01"), bruker(at="2023-12-01")]
    world = sandbox.load(oppfolgingsbruker=rows)
    assert dict(world.histories()["oppfolgingsbruker"][0].content)["enhetsnummer"] == "0220"
    assert world.avvik() == {("oppfolgingsbruker", pseudonym("nokkel", KARI), "DUPLIKAT_NOKKEL")}


def test_exact_duplicate_counts_once(sandbox: Sandbox) -> None:
    """Exact duplicate counts once (specification 4)."""
    world = sandbox.load(oppfolgingsbruker=[bruker(at="2023-12-01"), bruker(at="2023-12-01")])
    assert world.avvik() == set()


def test_older_extract_is_refused_and_the_same_changes_nothing(sandbox: Sandbox) -> None:
    """Older extract is refused and the same changes nothing (specification 4)."""
    sandbox.load("2024-01-15", [message()], oppfolgingsbruker=[bruker(at="2024-01-01")])
    before = (sandbox.world.histories(), sandbox.world.fact())
    sandbox.load("2024-01-15", [message()], oppfolgingsbruker=[bruker(at="2024-01-01")])
    assert (sandbox.world.histories(), sandbox.world.fact()) == before
    with pytest.raises(OlderUttrekk):
        sandbox.load("2024-01-14T23:59:59", oppfolgingsbruker=[])
    assert (sandbox.world.histories(), sandbox.world.fact()) == before


# Specification 4: what a person was


@pytest.mark.parametrize(
    ("moved", "codes"),
    [
        ("2024-01-07T23:59:59", ["BFORM"] * 4),
        ("2024-01-08T00:00:00", ["BATT", "BFORM", "BFORM", "BFORM"]),
        ("2024-01-07T22:59:59Z", ["BFORM"] * 4),
        ("2024-01-07T23:00:00Z", ["BATT", "BFORM", "BFORM", "BFORM"]),
    ],
)
def test_cut_is_the_end_of_sunday_in_oslo(sandbox: Sandbox, moved: str, codes: list[str]) -> None:
    """Cut is the end of sunday in oslo (specification 4)."""
    sandbox.load("2024-01-06", oppfolgingsbruker=[bruker(at="2023-12-01")])
    world = sandbox.load(topic=[message()], oppfolgingsbruker=[bruker(code="BFORM", at=moved)])
    assert per_week(world, "innsatsgruppe_kode") == codes


def test_version_that_starts_at_the_cut_is_not_yet_the_one(sandbox: Sandbox) -> None:
    """Version that starts at the cut is not yet the one (specification 4)."""
    world = sandbox.load(topic=[message()], oppfolgingsbruker=[bruker(at="2024-01-08T00:00:00")])
    assert per_week(world, "innsatsgruppe_kode") == ["UKJENT", "BATT", "BATT", "BATT"]


def test_version_that_ends_at_the_cut_is_still_the_one(sandbox: Sandbox) -> None:
    """Version that ends at the cut is still the one (specification 4)."""
    sandbox.load("2024-01-06", oppfolgingsbruker=[bruker(at="2023-12-01")])
    sandbox.load("2024-01-15T00:00:00", oppfolgingsbruker=[])
    world = sandbox.load(topic=[message()])
    assert per_week(world, "innsatsgruppe_kode") == ["BATT", "BATT", "UKJENT", "UKJENT"]


def test_vent_is_the_fallback_from_the_month_that_has_begun_by_sunday(sandbox: Sandbox) -> None:
    """Vent is the fallback from the month that has begun by sunday (specification 4)."""
    rows: list[Row] = [
        {"person_ident": KARI, "periode": "202401", "innsatsgruppe": "IKVAL", "nav_kontor": "0220"},
        {"person_ident": KARI, "periode": "202402", "innsatsgruppe": "VARIG", "nav_kontor": None},
        {"person_ident": KARI, "periode": "2024-3", "innsatsgruppe": "BATT", "nav_kontor": None},
    ]
    world = sandbox.load("2024-02-12", [message()], vent_person_periode_v=rows)
    assert per_week(world, "innsatsgruppe_kode") == ["IKVAL"] * 4 + ["VARIG"] * 2  # 2024-02-01 is a Thursday.
    assert per_week(world, "enhetsnummer") == ["0220"] * 4 + ["UKJENT"] * 2
    objekt_id = f"{pseudonym('nokkel', KARI)}/2024-3"
    assert world.avvik() == {("vent_person_periode_v", objekt_id, "UGYLDIG_VERDI")}


def test_conflicting_vent_is_unknown_without_further_fallback(sandbox: Sandbox) -> None:
    """Conflicting vent is unknown without further fallback (specification 4)."""
    rows: list[Row] = [
        {"person_ident": KARI, "periode": "202401", "innsatsgruppe": "IKVAL", "nav_kontor": "0220"},
        {"person_ident": KARI, "periode": "202401", "innsatsgruppe": None, "nav_kontor": "0219"},
    ]
    enheter: list[Row] = [{"gjennomforing_id": "g1", "enhetsnummer": "0219"}]
    world = sandbox.load(topic=[message()], vent_person_periode_v=rows, gjennomforing_nav_enhet_view=enheter)
    assert per_week(world, "innsatsgruppe_kode") == ["IKVAL"] * 4
    assert per_week(world, "enhetsnummer") == ["UKJENT"] * 4
    objekt_id = f"{pseudonym('nokkel', KARI)}/202401"
    assert world.avvik() == {("vent_person_periode_v", objekt_id, "MOTSTRIDENDE_ENHET")}


@pytest.mark.parametrize(
    ("enheter", "expected"), [(["0219", "0200"], "0219"), (["0219", "0220"], "UKJENT"), (["0200"], "UKJENT")]
)
def test_office_of_the_gjennomforing_is_the_last_fallback(sandbox: Sandbox, enheter: list[str], expected: str) -> None:
    """Office of the gjennomforing is the last fallback (specification 4)."""
    rows: list[Row] = [{"gjennomforing_id": "g1", "enhetsnummer": number} for number in enheter]
    world = sandbox.load(topic=[message()], gjennomforing_nav_enhet_view=rows)
    assert per_week(world, "enhetsnummer") == [expected] * 4


@pytest.mark.parametrize(
    ("veileder", "grupper", "navn", "avdeling"),
    [
        ("Z1", [gruppe("10", "B", '["Z1"]', "2023-01-02"), gruppe("9", "A", '["Z1"]', "2023-01-02")], "A", "Avd A"),
        (
            "Z1",
            [gruppe("10", "B", '["Z1"]', "2023-01-02", "2022-12-31"), gruppe("9", "A", '["Z1"]', "2023-01-02")],
            "B",
            "Ukjent",
        ),
        ("Z1", [gruppe("9", "A", '["Z1"]', "2023-01-02", enhet="0220")], "Ukjent", "Ukjent"),
        ("Z1", [gruppe("9", "A", '["Z2"]', "2023-01-02")], "Ukjent", "Ukjent"),
        (None, [gruppe("9", "A", '["Z1"]', "2023-01-02")], "Ufordelt", "Ufordelt"),
    ],
)
def test_veiledergruppe_and_avdeling(
    sandbox: Sandbox, veileder: str | None, grupper: list[Row], navn: str, avdeling: str
) -> None:
    """Veiledergruppe and avdeling (specification 4)."""
    world = sandbox.load(
        topic=[message()],
        oppfolgingsbruker=[bruker(at="2023-01-02")],
        siste_tilordnet_veileder=[
            {"person_ident": KARI, "veileder_ident": veileder, "tilordnet_tidspunkt": "2023-01-02"}
        ],
        veiledergruppe=grupper,
        veiledergruppe_avdeling=[{"enhetsnummer": "0219", "filter_navn": "A", "avdeling": "Avd A"}],
    )
    assert set(world.fact()) == {
        Cell(MONDAY + timedelta(weeks=n), "0219", avdeling, navn, "JOBBKLUBB", "Jobbklubb", "BATT") for n in range(4)
    }


# Specification 2 and 5: weeks


def test_last_complete_week_by_the_earliest_file(sandbox: Sandbox) -> None:
    """Last complete week by the earliest file (specification 2 and 5)."""
    assert sandbox.load("2024-01-28T23:59:59").weeks()[-1] == date(2024, 1, 15)
    assert sandbox.load("2024-01-29T00:00:00").weeks()[-1] == date(2024, 1, 22)


def test_first_week_must_be_a_monday() -> None:
    """First week must be a monday (specification 2 and 5)."""
    with pytest.raises(ValueError, match="Monday"):
        World(date(2024, 1, 2), "nokkel")


def test_week_53_and_the_week_of_new_year(tmp_path: Path) -> None:
    """Week 53 and the week of new year (specification 2 and 5)."""
    line = message(startDato="2026-12-31", sluttDato="2027-01-03")
    world = Sandbox(tmp_path / "a", date(2026, 12, 21)).load("2027-01-11", [line])
    weeks = {(row.aar, row.uke): antall for row, antall in world.uke_antall().items()}
    assert weeks == {(2026, 52): 0, (2026, 53): 1, (2027, 1): 0}
    world = Sandbox(tmp_path / "b", date(2024, 12, 23)).load("2025-01-06", [message(startDato="2024-12-31")])
    assert world.uke_antall() == {
        UkeAntall(2024, 52, "UKJENT", "Jobbklubb", "UKJENT", "Ukjent"): 0,
        UkeAntall(2025, 1, "UKJENT", "Jobbklubb", "UKJENT", "Ukjent"): 1,
    }
    assert world.uke_antall_avdeling()[UkeAntallAvdeling(2025, 1, "UKJENT", "Jobbklubb", "Ukjent")] == 1


def test_dense_view_has_every_combination_of_the_office(sandbox: Sandbox) -> None:
    """Dense view has every combination of the office (specification 2 and 5)."""
    world = sandbox.load(
        topic=[message(sluttDato="2024-01-07"), message("d2", personIdent=OLA, gjennomforingId="g2")],
        gjennomforing_view=[gjennomforing(), gjennomforing(id="g2", tiltakstype_id="t2")],
        oppfolgingsbruker=[bruker(at="2023-01-01"), bruker(OLA, code="IKVAL", at="2023-01-01")],
    )
    dense = world.uke_antall()
    assert len(dense) == 4 * 2 * 2
    assert sum(dense.values()) == 5
    assert dense[UkeAntall(2024, 1, "0219", "AFT", "BATT", "Ukjent")] == 0


def test_equal_names_are_told_apart(sandbox: Sandbox) -> None:
    """Equal names are told apart (specification 2 and 5)."""
    types: list[Row] = [dict(JOBBKLUBB), {**AFT, "navn": "Jobbklubb"}]
    world = sandbox.load(topic=[message()], tiltakstype_view=types)
    assert set(per_week(world, "tiltakstype_navn")) == {"Jobbklubb (JOBBKLUBB)"}
    world = sandbox.load("2024-01-30", [message()], tiltakstype_view=[{**AFT, "navn": "Ukjent"}])
    assert set(per_week(world, "tiltakstype_navn")) == {"Ukjent (UKJENT)"}


# Specification 1: the prototype's faults


def test_open_slutt_dato_is_kept(sandbox: Sandbox) -> None:
    """Open slutt dato is kept (specification 1)."""
    assert len(sandbox.load(topic=[message()]).fact()) == 4


def test_gjennomforing_ends_what_it_can_and_is_kept_when_open(sandbox: Sandbox) -> None:
    """Gjennomforing ends what it can and is kept when open (specification 1)."""
    ending = [gjennomforing(slutt_dato="2024-01-15")]
    assert len(sandbox.load(topic=[message()], gjennomforing_view=ending).fact()) == 3
    # In UTC; in Oslo it is Monday.
    avbrutt = gjennomforing(status="AVBRUTT", avsluttet_tidspunkt="2024-01-07T23:30:00")
    assert len(sandbox.load("2024-01-30", [message()], gjennomforing_view=[avbrutt]).fact()) == 2


@pytest.mark.parametrize(
    ("line", "weeks", "avvik"),
    [
        (message(status="VENTER_PA_OPPSTART"), 0, {"VENTESTART_MANGLER"}),
        (
            message(status="VENTER_PA_OPPSTART", registrertTidspunkt="i går"),
            0,
            {"VENTESTART_MANGLER", "UGYLDIG_TIDSPUNKT"},
        ),
        (message(status="VENTER_PA_OPPSTART", registrertTidspunkt="2024-01-01T12:00"), 0, set()),
        (message(status="IKKE_AKTUELL", aarsak="SYK"), 0, set()),
        (message(status="HAR_SLUTTET", aarsak="KURS_FULLT", sluttDato="2024-01-08"), 2, {"ULOVLIG_AARSAK"}),
        (message(status="HAR_SLUTTET"), 0, {"SLUTT_DATO_MANGLER"}),
        (message(startDato=None), 0, {"START_DATO_MANGLER"}),
        (message(sluttDato="2023-12-31"), 0, {"SLUTT_FOR_START"}),
        (message(sluttDato="2024-01-01"), 1, set()),
        (message(startDato="2024-01-07", sluttDato="2024-01-08"), 2, set()),
        (message(status="NY_STATUS"), 0, {"UKJENT_STATUS"}),
        (message(status="NY_STATUS", startDato="i dag", personIdent=" "), 0, {"MANGLER_FELT"}),
        (message(status="NY_STATUS", startDato="i dag"), 0, {"UGYLDIG_VERDI"}),
        (message(gjennomforingId="g9"), 4, {"UKJENT_GJENNOMFORING"}),
        (message(deltakelsesmengder=[{}]), 4, {"UGYLDIG_VERDI"}),
        (message(deltakelsesmengder=[{"gyldigFraDato": "2024-01-01"}]), 4, set()),
        (message(deltakelsesmengder="alle"), 4, {"UGYLDIG_VERDI"}),
        (message(deltakelsesmengder=None), 4, set()),
        ('{"offset": 1, "key": "d1", "value": "tekst"}', 0, {"UGYLDIG_JSON"}),
    ],
)
def test_status_and_faults_decide_whether_it_counts(sandbox: Sandbox, line: str, weeks: int, avvik: set[str]) -> None:
    """Status and faults decide whether it counts (specification 1)."""
    world = sandbox.load(topic=[line])
    assert len(world.fact()) == weeks
    assert world.avvik() == {(TOPIC, "d1", avvikstype) for avvikstype in avvik}


def test_avlyst_and_unknown_tiltakstype_and_slutt_after_gjennomforing(sandbox: Sandbox) -> None:
    """Avlyst and unknown tiltakstype and slutt after gjennomforing (specification 1)."""
    world = sandbox.load(topic=[message()], gjennomforing_view=[gjennomforing(status="AVLYST")])
    assert (world.fact(), world.avvik()) == ({}, {(TOPIC, "d1", "GJENNOMFORING_AVLYST")})
    world = sandbox.load("2024-01-30", [message()], tiltakstype_view=[])
    assert set(per_week(world, "tiltakstype_navn")) == {"Ukjent"}
    assert world.avvik() == {(TOPIC, "d1", "UKJENT_TILTAKSTYPE")}
    ending = [gjennomforing(slutt_dato="2024-01-03")]
    world = sandbox.load("2024-01-31", [message(sluttDato="2024-01-10")], gjennomforing_view=ending)
    assert len(world.fact()) == 1
    assert world.avvik() == {(TOPIC, "d1", "SLUTT_ETTER_GJENNOMFORING")}
    world = sandbox.load("2024-02-01", [message(sluttDato="2024-01-03")], gjennomforing_view=ending)
    assert world.avvik() == set()


def test_several_enheter_multiply_nobody_and_people_are_not_participations(sandbox: Sandbox) -> None:
    """Several enheter multiply nobody and people are not participations (specification 1)."""
    enheter: list[Row] = [{"gjennomforing_id": "g1", "enhetsnummer": number} for number in ["0219", "0220", "0200"]]
    world = sandbox.load(
        topic=[message(), message("d2"), message("d3", personIdent=OLA)], gjennomforing_nav_enhet_view=enheter
    )
    assert list(world.fact().values()) == [Counts(2, 3)] * 4


# Specification 3: the topic


def test_highest_offset_is_the_truth_in_any_order(sandbox: Sandbox) -> None:
    """Highest offset is the truth in any order (specification 3)."""
    lines = [tombstone(offset=10), message(offset=9)]
    assert sandbox.load(topic=lines).fact() == {}
    assert len(sandbox.load("2024-01-30", [*lines, message(offset=11)]).fact()) == 4
    assert sandbox.load("2024-01-31", []).fact() == {}
    assert len(sandbox.load("2024-02-01", [message(offset=11)]).fact()) == 4


def test_faulty_lines_stop_nothing(sandbox: Sandbox) -> None:
    """Faulty lines stop nothing (specification 3)."""
    lines = ["{", "[]", '{"offset": 9, "key": "d1"}', '{"key": "d1", "value": null}', message()]
    world = sandbox.load(topic=lines, oppfolgingsbruker=[{**bruker(), "person_ident": None}])
    assert len(world.fact()) == 4
    assert dict(world.faulty_lines()) == {"UGYLDIG_JSON": 2, "MANGLER_FELT": 3}


def test_times_with_and_without_a_zone() -> None:
    """Times with and without a zone (specification 3)."""
    assert parse_time("2024-07-01 12:00:00.123456789") == datetime(2024, 7, 1, 12, 0, 0, 123456)
    assert parse_time("2024-07-01T12:00:00Z") == datetime(2024, 7, 1, 14)
    assert parse_time("2024-01-01T12:00:00+0200") == datetime(2024, 1, 1, 11)
    assert parse_time("2024-01-01T12:00:00", naive_is_utc=True) == datetime(2024, 1, 1, 13)
    assert parse_time("i dag") is None


# Specification 2: times


@pytest.mark.parametrize(
    ("text", "oslo"),
    [
        ("2025-01-12T23:00:00Z", "2025-01-13 00:00:00"),
        ("2025-01-12t23:00:00z", "2025-01-13 00:00:00"),
        ("20250112T230000Z", "2025-01-13 00:00:00"),
        ("20250112 2300+0000", "2025-01-13 00:00:00"),
        ("2025-07-12T23:00:00,5+01", "2025-07-13 00:00:00.500000"),
        ("2025-07-12T23:00:00.123456000+02:00[Europe/Oslo]", "2025-07-12 23:00:00.123456"),
        ("2025-07-12 23:00:00", "2025-07-12 23:00:00"),
        ("2025-07-12", "2025-07-12 00:00:00"),
        ("20250712", "2025-07-12 00:00:00"),
        ("1736722800000", "2025-01-13 00:00:00"),
        ("1736722800", None),
        ("17367228000000", None),
        ("2025-02-30", None),
        ("2025-01-12T25:00:00", None),
        ("12.01.2025", None),
        ("2025-01-12T23:00:00+2500", None),
    ],
)
def test_a_time_in_each_of_its_forms(text: str, oslo: str | None) -> None:
    """Every form of a time, and of the date of an instant (specification 2)."""
    found = parse_time(text)
    assert (None if found is None else str(found)) == oslo
    assert parse_date(text) == (None if found is None else found.date())


def test_a_date_that_is_held_as_an_instant_is_its_oslo_date(sandbox: Sandbox) -> None:
    """Of a participation in any zone, and of Valp's without one in UTC (specification 2)."""
    line = message(startDato="2024-01-07T23:00:00Z", sluttDato="2024-01-14T22:59:59Z")
    assert set(sandbox.load(topic=[line]).fact()) == {jobbklubb(1)}
    ending = [gjennomforing(slutt_dato="2024-01-07 23:00:00")]
    assert len(sandbox.load("2024-01-30", [message()], gjennomforing_view=ending).fact()) == 2


def test_an_unreadable_time_is_missing_and_an_avvik_in_every_source(sandbox: Sandbox) -> None:
    """Unreadable time is missing and an avvik in every source, but a participation's own dates (specification 2)."""
    wrong = "i går"
    messages = [
        message("d1", 1, endretTidspunkt=wrong),
        message("d2", 2, status={"type": "DELTAR", "opprettetTidspunkt": wrong}),
        message("d3", 3, deltakelsesmengder=[{"gyldigFraDato": "2024-01-01", "opprettetTidspunkt": wrong}]),
        message("d4", 4, startDato=wrong),
    ]
    world = sandbox.load(
        topic=messages,
        arbeidsgiver=[avtale("a1", 1, sistEndret=wrong), avtale("a2", 2, opprettetTidspunkt=wrong)],
        gjennomforing_view=[gjennomforing(slutt_dato=wrong), gjennomforing(id="g2", oppdatert_tidspunkt=wrong)],
        avtale_view=[{"id": "v1", "avbrutt_tidspunkt": wrong}, {"id": "v2", "start_dato": "2024-01-01"}],
        oppfolgingsbruker=[bruker(at=wrong)],
        siste_tilordnet_veileder=[{"person_ident": KARI, "veileder_ident": None, "tilordnet_tidspunkt": wrong}],
        veiledergruppe=[gruppe("1", "A", "[]", "2023-01-01", wrong)],
    )
    objects = {
        TOPIC: ["d1", "d2", "d3"],
        ARBEIDSGIVER_TOPIC: ["a1", "a2"],
        "gjennomforing_view": ["g1", "g2"],
        "avtale_view": ["v1"],
        "oppfolgingsbruker": [pseudonym("nokkel", KARI)],
        "siste_tilordnet_veileder": [pseudonym("nokkel", KARI)],
        "veiledergruppe": ["1"],
    }
    expected = {(kilde, one, "UGYLDIG_TIDSPUNKT") for kilde, found in objects.items() for one in found}
    assert world.avvik() == expected | {(TOPIC, "d4", "UGYLDIG_VERDI")}
    assert sandbox.versions() == [("2024-01-29 06:00:00", None)]


# Specification 2: envelopes


def kcat(line: str) -> str:
    """Return a line in the form of `kcat -J`."""
    parsed = json.loads(line)
    payload = None if parsed["value"] is None else json.dumps(parsed["value"])
    envelope = {"topic": TOPIC, "partition": parsed["partition"], "offset": parsed["offset"], "tstype": "create"}
    return json.dumps({**envelope, "ts": 0, "broker": 1, "key": parsed["key"], "payload": payload})


def test_the_envelope_of_kcat_is_read_as_ours(sandbox: Sandbox) -> None:
    """The envelope of kcat is read as ours, after a byte order mark and between blank lines (specification 2)."""
    lines = ["\ufeff" + kcat(message()), "", "  ", kcat(message("d2", 2)), kcat(tombstone("d2", 3))]
    world = sandbox.load(topic=lines)
    assert (len(world.fact()), world.avstemming()["KOMET_SLETTET"], world.avstemming()["KOMET_LEST"]) == (4, 1, 3)
    lines = ['{"offset": 1, "key": "d1", "payload": "tekst"}', '{"offset": 1, "key": "d2"}']
    world = sandbox.load("2024-01-30", lines)
    assert world.avvik() == {(TOPIC, "d1", "UGYLDIG_JSON")}
    assert dict(world.faulty_lines()) == {"MANGLER_FELT": 1}


def test_half_a_surrogate_pair_is_a_text(sandbox: Sandbox) -> None:
    """A line that Python's json reads is read, also with half a surrogate pair in a text (specification 2)."""
    world = sandbox.load(topic=[message(personIdent="\ud800", innhold="\udfff")])
    assert len(world.fact()) == 4
    assert world.avvik() == {(TOPIC, "d1", "UGYLDIG_IDENT")}


# Specification 2: keys in one form


def test_keys_are_compared_in_one_form(sandbox: Sandbox) -> None:
    """UUIDs in lower case, Nav idents in upper, texts in NFC with plain spaces (specification 2)."""
    key, gjennomforing_id, type_id = (f"0000000{n}-AAAA-4000-8000-000000000001" for n in (1, 2, 3))
    world = sandbox.load(
        topic=[message(key, 1, gjennomforingId="g9"), message(key.lower(), 2, gjennomforingId=gjennomforing_id)],
        gjennomforing_view=[gjennomforing(id=gjennomforing_id.lower(), tiltakstype_id=type_id)],
        tiltakstype_view=[{**JOBBKLUBB, "id": type_id.lower(), "navn": "Jobb\u00a0 a\u030a"}],
        gjennomforing_nav_enhet_view=[{"gjennomforing_id": gjennomforing_id, "enhetsnummer": "0219"}],
        siste_tilordnet_veileder=[{"person_ident": KARI, "veileder_ident": "z100001", "tilordnet_tidspunkt": "2023"}],
        veiledergruppe=[gruppe("1", "Team\u00a0 A\u030a", '["Z100001", "x"]', "2023-01-02")],
        veiledergruppe_avdeling=[{"enhetsnummer": "0219", "filter_navn": " Team Å", "avdeling": "Avd A"}],
    )
    found = {(cell.veiledergruppe_navn, cell.avdeling_navn, cell.tiltakstype_navn) for cell in world.fact()}
    assert found == {("Ukjent", "Ukjent", "Jobb å")}
    assert world.utfall() == {(TOPIC, key.lower()): "TELLES"}
    veileder: Row = {"person_ident": KARI, "veileder_ident": "z100001", "tilordnet_tidspunkt": "2023-01-02"}
    world = sandbox.load(
        "2024-01-30",
        [message()],
        oppfolgingsbruker=[bruker(at="2023-01-02")],
        siste_tilordnet_veileder=[veileder, {**veileder, "veileder_ident": " Z100001"}],
        veiledergruppe=[gruppe("1", "Team\u00a0 A\u030a", '["Z100001", "x"]', "2023-01-02")],
        veiledergruppe_avdeling=[{"enhetsnummer": "0219", "filter_navn": " Team Å", "avdeling": "Avd A"}],
    )
    # The veileder was known from the extract before, which could not tell since when.
    assert (world.avvik(), len(sandbox.versions("siste_tilordnet_veileder"))) == (set(), 1)
    assert sandbox.versions("veiledergruppe") == [("2023-01-02 00:00:00", None)]
    assert [dict(row.content)["filter_navn"] for row in world.histories()["veiledergruppe"]] == ["Team Å"]


def test_all_forms_of_an_ident_are_one_person(sandbox: Sandbox, tmp_path: Path) -> None:
    """In clear, as hex, as Base64 and as bytes; any other form is a person of its own (specification 2)."""
    digest = bytes.fromhex(person_hash(KARI))
    text = base64.b64encode(digest).decode()
    assert person_hash(text) == person_hash(digest.hex().upper()) == person_hash(KARI)
    rows = uttrekk_rows(TAKEN, [message(), message("d2", 2, personIdent=text), message("d3", 3, personIdent="0185")])
    write_uttrekk(rows, tmp_path / "p", "parquet")
    path = tmp_path / "p" / "oppfolgingsbruker.parquet"
    with duckdb.connect() as connection:
        connection.execute("create table t as select *, null::blob as b from read_parquet(?)", [str(path)])
        connection.execute("alter table t drop person_ident")
        connection.execute("alter table t rename b to person_ident")
        at = "2023-01-02"
        for ident, code in ((digest, "BATT"), (OLA.encode(), "IKVAL"), (b"ukjent", "BATT")):
            connection.execute(
                "insert into t (person_ident, enhetsnummer, kvalifiseringsgruppe, sist_endret_tidspunkt) "
                "values (?, '0219', ?, ?)",
                [ident, code, at],
            )
        connection.execute(f"copy t to '{path}' (format parquet)")
    sandbox.world.load(read_uttrekk(tmp_path / "p"))
    counts = {cell.innsatsgruppe_kode: counts for cell, counts in sandbox.world.fact().items()}
    assert counts == {"BATT": Counts(1, 2), "UKJENT": Counts(1, 1)}
    keys = {row.key for row in sandbox.world.histories()["oppfolgingsbruker"]}
    assert keys == {pseudonym("nokkel", one) for one in (KARI, OLA, "ukjent")}
    assert sandbox.world.avvik() == {
        (TOPIC, "d3", "UGYLDIG_IDENT"),
        ("oppfolgingsbruker", pseudonym("nokkel", "ukjent"), "UGYLDIG_IDENT"),
    }


def test_a_form_that_is_none_is_an_avvik_in_every_source(sandbox: Sandbox) -> None:
    """A person_ident of another form is an avvik of its row, as others of that source (specification 2)."""
    other, person = "018510", pseudonym("nokkel", "018510")
    row = view_row(person_ident=other)
    world = sandbox.load(
        arbeidsgiver=[avtale(deltakerFnr=other)],
        vent_person_periode_v=[{"person_ident": other, "periode": "202401"}],
        siste_tilordnet_veileder=[{"person_ident": other, "tilordnet_tidspunkt": "2023-01-02"}],
        person_ident_historikk=[{"person_ident": "01851", "gjeldende_person_ident": KARI}],
        amt_tiltak_datastream_amttiltak_deltaker_siste_status_view=[row],
    )
    assert world.avvik() == {
        (KOMET_VIEW, "d1", "UGYLDIG_IDENT"),
        (ARBEIDSGIVER_TOPIC, "a1", "UGYLDIG_IDENT"),
        ("vent_person_periode_v", f"{person}/202401", "UGYLDIG_IDENT"),
        ("siste_tilordnet_veileder", person, "UGYLDIG_IDENT"),
        (IDENT_HISTORIKK, pseudonym("nokkel", KARI), "UGYLDIG_IDENT"),
    }


def test_whole_numbers_that_parquet_holds_as_doubles(sandbox: Sandbox, tmp_path: Path) -> None:
    """A whole number held as a double is that whole number (specification 2)."""
    rows = uttrekk_rows(TAKEN, [message()], oppfolgingsbruker=[bruker(at="2023-01-02")])
    write_uttrekk(rows, tmp_path / "p", "parquet")
    with duckdb.connect() as connection:
        vent = (
            f"select '{KARI}' as person_ident, 202401::double as periode, 'IKVAL' as innsatsgruppe, null as nav_kontor"
        )
        connection.execute(f"copy ({vent}) to '{tmp_path / 'p' / 'vent_person_periode_v.parquet'}' (format parquet)")
        path = tmp_path / "p" / "oppfolgingsbruker.parquet"
        changed = f"select * replace (1736722800000::double as sist_endret_tidspunkt) from read_parquet('{path}')"
        connection.execute(f"create table t as {changed}")
        connection.execute(f"copy t to '{path}' (format parquet)")
    sandbox.world.load(read_uttrekk(tmp_path / "p"))
    assert sandbox.world.avvik() == set()
    # After the extract, so that it is the extract's.
    assert sandbox.versions() == [("2024-01-29 06:00:00", None)]


# Specification 2: linking registers


def test_a_row_of_a_linking_register_that_finds_nothing(sandbox: Sandbox) -> None:
    """Row of a linking register that finds nothing is an avvik (specification 2)."""
    avdelinger: list[Row] = [
        {"enhetsnummer": "0219", "filter_navn": navn, "avdeling": "Avd"} for navn in ("A", "B", "Ufordelt")
    ]
    links: list[Row] = [{"gjennomforing_id": one, "enhetsnummer": "0219"} for one in ("g1", "g9")]
    world = sandbox.load(
        veiledergruppe=[gruppe("1", "A", "[]", "2023-01-02")],
        veiledergruppe_avdeling=avdelinger,
        gjennomforing_nav_enhet_view=links,
    )
    assert world.avvik() == {
        ("veiledergruppe_avdeling", "0219/B", "UKJENT_VEILEDERGRUPPE"),
        ("veiledergruppe_avdeling", "0219/Ufordelt", "UKJENT_VEILEDERGRUPPE"),
        ("gjennomforing_nav_enhet_view", "g9/0219", "UKJENT_GJENNOMFORING"),
    }
    # What a group was called is known as long as the past weeks have it.
    renamed = [gruppe("1", "B", "[]", "2024-01-29")]
    world = sandbox.load("2024-01-30", veiledergruppe=renamed, veiledergruppe_avdeling=avdelinger[:2])
    assert world.avvik() == set()


def test_a_key_in_two_partitions(sandbox: Sandbox) -> None:
    """A key in two partitions is an avvik, and the highest offset stands (specification 2)."""
    moved = message(offset=2, sluttDato="2024-01-07").replace('"partition": 0', '"partition": 1')
    world = sandbox.load(topic=[moved, message(), message("d2")])
    assert world.avvik() == {(TOPIC, "d1", "NOKKEL_I_FLERE_PARTISJONER")}
    assert [counts.deltakelse_antall for _, counts in sorted(world.fact().items())] == [2, 1, 1, 1]


def test_people_whom_no_other_source_knows(sandbox: Sandbox) -> None:
    """Under half of a source's people in any other source is one avvik (specification 2)."""
    strangers: list[Row] = [{"person_ident": f"1000000000{n:03d}"} for n in range(3)]
    ours: list[Row] = [{"person_ident": KARI}, {"person_ident": OLA}]
    avvik = {("siste_tilordnet_veileder", "siste_tilordnet_veileder", "UKJENTE_PERSONER")}
    topic = [message(status="NY_STATUS"), message("d2", 2, personIdent=OLA), tombstone("d3")]
    load = sandbox.load
    assert load("2024-01-29", topic, siste_tilordnet_veileder=[*ours, *strangers]).avvik() >= avvik
    assert not load("2024-01-30", topic, siste_tilordnet_veileder=[*ours, *strangers[1:]]).avvik() & avvik
    assert load("2024-01-31", siste_tilordnet_veileder=ours[:1]).avvik() == avvik
    assert load("2024-02-01", siste_tilordnet_veileder=ours[:1], oppfolgingsbruker=[bruker()]).avvik() == set()


def test_of_two_rows_of_norg_the_one_that_is_alive_stands(sandbox: Sandbox) -> None:
    """Of two rows of NORG2 for one number the one that is not NEDLAGT stands (specification 2)."""
    old: Row = {**enhet("0219", "ARK"), "status": "NEDLAGT"}
    alive: Row = {**enhet("0219"), "status": "AKTIV"}
    world = sandbox.load(topic=[message()], nav_enhet=[old, alive], gjennomforing_nav_enhet_view=koblet("0219"))
    assert (per_week(world, "enhetsnummer"), world.avvik()) == (["0219"] * 4, set())
    both = [old, {**alive, "status": "NEDLAGT"}]
    world = sandbox.load("2024-01-30", [message()], nav_enhet=both, gjennomforing_nav_enhet_view=koblet("0219"))
    assert (per_week(world, "enhetsnummer"), world.avvik()) == (
        ["UKJENT"] * 4,
        {("nav_enhet", "0219", "DUPLIKAT_NOKKEL")},
    )


# Specification 3: a gjennomføring's end


@pytest.mark.parametrize(
    ("changes", "weeks", "faulty"),
    [
        ({"slutt_dato": "2024-01-08"}, 2, False),
        ({"slutt_dato": "2024-01-08", "start_dato": "2024-01-08"}, 2, False),
        ({"slutt_dato": "2024-01-08", "start_dato": "2024-01-09"}, 4, True),
        ({"slutt_dato": "2024-01-08", "start_dato": "2024-01-09", "avsluttet_tidspunkt": "2024-01-10"}, 4, True),
        # Only of one that is broken off, and only without a slutt_dato.
        ({"avsluttet_tidspunkt": "2024-01-10T12:00:00", "status": "AVSLUTTET"}, 4, False),
        ({"avsluttet_tidspunkt": "2024-01-10T12:00:00"}, 2, False),
        ({"avsluttet_tidspunkt": "2024-01-10T12:00:00", "slutt_dato": "2024-01-16"}, 3, False),
        ({"avsluttet_tidspunkt": "2024-01-10T12:00:00", "start_dato": "2024-01-09"}, 2, False),
        # Arena's has its start there: in UTC the day before, at 23:00.
        ({"avsluttet_tidspunkt": "2024-01-09T23:00:00", "start_dato": "2024-01-10"}, 4, False),
        ({"avsluttet_tidspunkt": "2024-01-09T22:59:59", "start_dato": "2024-01-10"}, 4, False),
    ],
)
def test_the_end_of_a_gjennomforing(sandbox: Sandbox, changes: dict[str, str], weeks: int, faulty: bool) -> None:
    """What a gjennomføring's end is (specification 3)."""
    world = sandbox.load(topic=[message()], gjennomforing_view=[gjennomforing(**{"status": "AVBRUTT", **changes})])
    assert len(world.fact()) == weeks
    expected = {("gjennomforing_view", "g1", "GJENNOMFORING_SLUTT_FOR_START")} if faulty else set()
    assert world.avvik() == expected


# Specification 4: codes, offices, and before the first observation


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("STANDARD_INNSATS", "IKVAL"),
        ("GODE_MULIGHETER", "IKVAL"),
        ("TRENGER_VEILEDNING", "BFORM"),
        ("SPESIELT_TILPASSET_INNSATS", "BATT"),
        ("JOBBE_DELVIS", "VARIG"),
        ("GRADERT_VARIG_TILPASSET_INNSATS", "VARIG"),
        ("LITEN_MULIGHET_TIL_A_JOBBE", "VARIG"),
        ("KAP11", "UKJENT"),
    ],
)
def test_the_codes_of_14a_are_read_as_arenas(sandbox: Sandbox, code: str, read: str) -> None:
    """The codes of §14a are read as Arena's, and two that mean the same are not different (specification 4)."""
    world = sandbox.load(topic=[message()], oppfolgingsbruker=[bruker(code=code, at="2023-01-02")])
    assert (set(per_week(world, "innsatsgruppe_kode")), world.avvik()) == ({read}, set())
    arena = read if read != "UKJENT" else code
    rows: list[Row] = [{"person_ident": KARI, "periode": "202401", "innsatsgruppe": one} for one in (code, arena)]
    world = sandbox.load("2024-01-30", [message(key="d2", personIdent=OLA), message()], vent_person_periode_v=rows)
    assert world.avvik() == set()


@pytest.mark.parametrize(
    ("enheter", "expected"), [(["0219"], "0219"), (["0219", "0220"], "9999"), (["0200"], "9999"), ([], "9999")]
)
def test_the_veileders_office_is_the_last_fallback(sandbox: Sandbox, enheter: list[str], expected: str) -> None:
    """The office of the message's navVeileder is the last fallback (specification 4)."""
    line = message(navVeileder={"enhetsnummer": "9999", "navIdent": "Z100001"})
    world = sandbox.load(topic=[line, message("d2", navVeileder=None)], gjennomforing_nav_enhet_view=koblet(*enheter))
    assert {cell.enhetsnummer for cell in world.fact()} == {expected, "UKJENT" if expected == "9999" else expected}
    assert world.avvik() == {(TOPIC, "d1", "UKJENT_ENHET")}


def test_before_the_first_observation(tmp_path: Path) -> None:
    """The first version also holds before it, where vent says nothing of the person (specification 4)."""
    with pytest.raises(ValueError, match="for_forste_observasjon"):
        World(MONDAY, "nokkel", "alltid")
    vent: list[Row] = [{"person_ident": KARI, "periode": "202401", "innsatsgruppe": "IKVAL", "nav_kontor": None}]
    tables: dict[str, list[Row]] = {
        "oppfolgingsbruker": [bruker(at="2024-01-16")],
        "siste_tilordnet_veileder": [
            {"person_ident": KARI, "veileder_ident": "Z1", "tilordnet_tidspunkt": "2024-01-16"}
        ],
        # Known from the fourth week on, but made in the second.
        "veiledergruppe": [gruppe("1", "A", '["Z1"]', "2024-01-23", "2024-01-10")],
    }
    for som_forste, periode, codes, grupper in (
        ("ukjent", None, ["UKJENT", "UKJENT", "BATT", "BATT"], ["Ukjent", "Ukjent", "Ukjent", "A"]),
        ("som_forste", None, ["BATT"] * 4, ["Ukjent", "A", "A", "A"]),
        ("som_forste", vent, ["IKVAL", "IKVAL", "BATT", "BATT"], ["Ukjent", "Ukjent", "A", "A"]),
    ):
        sandbox = Sandbox(tmp_path / f"{som_forste}{periode is None}")
        sandbox.world = World(MONDAY, "nokkel", som_forste)
        world = sandbox.load(TAKEN, [message()], None, (), vent_person_periode_v=periode or [], **tables)
        assert per_week(world, "innsatsgruppe_kode") == codes
        assert per_week(world, "veiledergruppe_navn") == grupper


def test_the_weeks_before_the_first_extract(sandbox: Sandbox) -> None:
    """The weeks that were over at the earliest time of the first extract ever loaded (specification 4)."""
    world = sandbox.load("2024-01-15T00:00:00")
    assert world.for_forste_uttrekk() == {MONDAY: True, MONDAY + timedelta(weeks=1): True}
    world = sandbox.load("2024-01-29")
    assert list(world.for_forste_uttrekk().values()) == [True, True, False, False]


# Specification 4: one person, also with a new ident

D_NUMBER, OTHER = "41851012347", "1000000000001"


def became(**idents: str) -> list[Row]:
    """Return rows of person_ident_historikk."""
    return [{"person_ident": old[1:], "gjeldende_person_ident": new} for old, new in idents.items()]


def test_an_ident_is_followed_to_its_current_one(sandbox: Sandbox) -> None:
    """In every source, in what is stored and also when the file is gone, chains to their end (specification 4)."""
    lines = [message(personIdent=D_NUMBER), message("d2", 2), message("d3", 3, personIdent=OTHER)]
    sandbox.load("2024-01-22", lines, oppfolgingsbruker=[bruker(D_NUMBER, code="BFORM", at="2023-12-01")])
    assert {counts.person_antall for counts in sandbox.world.fact().values()} == {1, 2}
    told = became(**{f"_{D_NUMBER}": OTHER, f"_{OTHER}": KARI})
    # Both idents in one extract: the latest stands.
    brukere = [bruker(D_NUMBER, code="IKVAL", at="2024-01-08T12:00"), bruker(KARI, code="BATT", at="2024-01-15T12:00")]
    world = sandbox.load("2024-01-29", lines, oppfolgingsbruker=brukere, person_ident_historikk=told)
    assert per_week(world, "innsatsgruppe_kode") == ["BFORM", "BFORM", "BATT", "BATT"]
    assert set(world.fact().values()) == {Counts(1, 3)}
    assert world.avvik() == set()
    assert {row.key for row in world.histories()["oppfolgingsbruker"]} == {pseudonym("nokkel", KARI)}
    # The file is gone, and a message has the new ident.
    world = sandbox.load("2024-01-30", [message(offset=4), *lines[1:]], oppfolgingsbruker=brukere[:1])
    assert (set(world.fact().values()), world.avvik()) == ({Counts(1, 3)}, set())
    assert [start for start, _ in sandbox.versions()] == [
        "2023-12-01 00:00:00",
        "2024-01-15 12:00:00",
        "2024-01-30 00:00:00",
    ]
    # Two rows for one and the same ident are still two.
    twice = [bruker(D_NUMBER, at="2024-01-30"), bruker(D_NUMBER, at="2024-01-29")]
    world = sandbox.load("2024-01-31", [], oppfolgingsbruker=twice)
    assert world.avvik() == {("oppfolgingsbruker", pseudonym("nokkel", KARI), "DUPLIKAT_NOKKEL")}
    # A later file is right.
    world = sandbox.load("2024-02-01", lines, person_ident_historikk=became(**{f"_{OTHER}": OLA}))
    assert set(world.fact().values()) == {Counts(1, 2), Counts(1, 1)}
    assert {row.key for row in world.histories()["oppfolgingsbruker"]} == {
        pseudonym("nokkel", one) for one in (KARI, OLA)
    }


def test_what_is_told_late_holds_for_past_extracts(sandbox: Sandbox) -> None:
    """The versions of an old and a new ident are one key's, as if it had been told from the start (specification 4)."""
    new = bruker(KARI, code="BATT", at="2023-11-01")
    sandbox.load("2024-01-08", oppfolgingsbruker=[bruker(D_NUMBER, code="BFORM", at="2023-12-01")])
    sandbox.load("2024-01-15", oppfolgingsbruker=[new])
    assert sorted(sandbox.versions(), key=str) == [
        ("2023-11-01 00:00:00", None),
        ("2023-12-01 00:00:00", "2024-01-15 00:00:00"),
    ]
    told = became(**{f"_{D_NUMBER}": KARI})
    world = sandbox.load(
        "2024-01-29", [message(personIdent=D_NUMBER)], oppfolgingsbruker=[new], person_ident_historikk=told
    )
    assert sandbox.versions() == [
        ("2023-12-01 00:00:00", "2024-01-15 00:00:00"),
        ("2024-01-15 00:00:00", None),
    ]
    assert per_week(world, "innsatsgruppe_kode") == ["BFORM", "BFORM", "BATT", "BATT"]


def test_the_members_of_a_ring_stay_as_they_are(sandbox: Sandbox) -> None:
    """The members of a ring stay as they are (specification 4)."""
    ring = became(**{f"_{KARI}": OLA, f"_{OLA}": KARI, f"_{OTHER}": OTHER})
    world = sandbox.load(topic=[message(), message("d2", 2, personIdent=OLA)], person_ident_historikk=ring)
    assert set(world.fact().values()) == {Counts(2, 2)}
    assert world.avvik() == {(IDENT_HISTORIKK, pseudonym("nokkel", one), "IDENT_I_RING") for one in (KARI, OLA)}


def test_a_participation_whose_person_is_another(sandbox: Sandbox) -> None:
    """A participation whose person is another than in the extract before is an avvik in that run (specification 4)."""
    lines = [message(), message("d2", 2)]
    changed = [message(offset=3, personIdent=OLA), message("d2", 4, personIdent=D_NUMBER)]
    told = became(**{f"_{KARI}": D_NUMBER})
    avvik = {(TOPIC, "d1", "ENDRET_PERSON")}
    assert sandbox.load("2024-01-29", lines).avvik() == set()
    assert sandbox.load("2024-01-30", changed, person_ident_historikk=told).avvik() == avvik
    assert sandbox.load("2024-01-30", changed).avvik() == avvik
    assert sandbox.load("2024-01-31", changed).avvik() == set()
    # The view is of the same participations, and a key that was away is compared with nothing.
    view = [view_row(), view_row("d2", person_ident=person_hash(KARI))]
    assert sandbox.load("2024-02-01", None, None, (), **{KOMET_VIEW: view}).avvik() == {
        (KOMET_VIEW, "d1", "ENDRET_PERSON")
    }
    sandbox.load("2024-02-02", [tombstone("d2", 5)])
    assert sandbox.load("2024-02-03", [message("d1", 3), message("d2", 6, personIdent=OLA)]).avvik() == set()


# Specification 7: aarsaker


@pytest.mark.parametrize(
    ("aarsak", "avvik"),
    [("SYK", set()), ("KURS_FULLT", {"ULOVLIG_AARSAK"}), ("FERDIG", {"ULOVLIG_AARSAK"}), ("NY", {"UKJENT_AARSAK"})],
)
def test_aarsaker_known_and_unknown(sandbox: Sandbox, aarsak: str, avvik: set[str]) -> None:
    """An aarsak is known and lawful, known, or unknown (specification 7)."""
    world = sandbox.load(topic=[message(status="HAR_SLUTTET", aarsak=aarsak, sluttDato="2024-01-08")])
    assert world.avvik() == {(TOPIC, "d1", avvikstype) for avvikstype in avvik}


# Specification 5: what we said then


def first_week(key: str = "d1", offset: int = 1, **changes: object) -> str:
    """Return a topic line about Kari, who takes part in g1 in the first week only."""
    return message(key, offset, sluttDato="2024-01-07", **changes)


def test_vanished_cell_is_closed_and_one_that_comes_back_is_a_new_version(sandbox: Sandbox) -> None:
    """Vanished cell is closed and one that comes back is a new version (specification 5)."""
    kari = first_week()
    sandbox.load("2024-01-15T06:00", [kari])
    sandbox.load("2024-01-16", [kari])
    sandbox.load("2024-01-17", [])
    world = sandbox.load("2024-01-18", [kari])
    assert world.published() == {
        PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 15, 6), datetime(2024, 1, 17)),
        PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 18), None),
    }


def test_a_published_version_is_a_change_of_either_count_and_of_nothing_else(sandbox: Sandbox) -> None:
    """A published version is a change of either count and of nothing else (specification 5)."""
    sandbox.load("2024-01-15", [first_week()])
    sandbox.load("2024-01-16", [first_week(personIdent=OLA)])
    sandbox.load("2024-01-17", [first_week(), first_week("d2")])
    world = sandbox.load("2024-01-18", [first_week(), first_week("d2", personIdent=OLA)])
    assert world.published() == {
        PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 15), datetime(2024, 1, 17)),
        PublishedRow(jobbklubb(), Counts(1, 2), datetime(2024, 1, 17), datetime(2024, 1, 18)),
        PublishedRow(jobbklubb(), Counts(2, 2), datetime(2024, 1, 18), None),
    }


def test_an_extract_of_the_same_time_is_published_the_microsecond_after(sandbox: Sandbox) -> None:
    """What was shown is never rewritten, also when the same extract is run again with another answer."""
    kari, ola = first_week(), first_week("d2", personIdent=OLA)
    sandbox.load("2024-01-15", [kari])
    sandbox.load("2024-01-16", [kari, ola])
    sandbox.load("2024-01-16", [kari, ola])
    world = sandbox.load("2024-01-16", [kari])
    again = datetime(2024, 1, 16, microsecond=2)
    assert world.published() == {
        PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 15), datetime(2024, 1, 16)),
        PublishedRow(jobbklubb(), Counts(2, 2), datetime(2024, 1, 16), again),
        PublishedRow(jobbklubb(), Counts(1, 1), again, None),
    }
    assert world.published_as_of(datetime(2024, 1, 16)) == {jobbklubb(): Counts(2, 2)}
    assert world.published_as_of(datetime(2024, 1, 16, 6)) == world.fact() == {jobbklubb(): Counts(1, 1)}


def test_what_was_shown_before_at_and_after_each_publication(sandbox: Sandbox) -> None:
    """What was shown before, at and after each publication (specification 5)."""
    sandbox.load("2024-01-15", [message()])
    world = sandbox.load("2024-01-22", [message(sluttDato="2024-01-21"), first_week("d2", personIdent=OLA)])
    then = {jobbklubb(0): Counts(1, 1), jobbklubb(1): Counts(1, 1)}
    now = {jobbklubb(0): Counts(2, 2), jobbklubb(1): Counts(1, 1), jobbklubb(2): Counts(1, 1)}
    assert world.published_as_of(datetime(2024, 1, 14, 23, 59, 59)) == {}
    assert world.published_as_of(datetime(2024, 1, 15)) == then
    assert world.published_as_of(datetime(2024, 1, 21, 23, 59, 59)) == then
    assert world.published_as_of(datetime(2024, 1, 22)) == now
    assert world.published_as_of(datetime(2030, 1, 1)) == now == world.fact()


def test_an_extract_is_published_at_its_earliest_time_and_never_before_the_last(sandbox: Sandbox) -> None:
    """An extract is published at its earliest time and never before the last (specification 5)."""
    other_kilder: list[Row] = [
        {"kilde": kilde, "uttrekk_tidspunkt": "2024-01-16"} for kilde in COLUMNS if kilde != "uttrekk"
    ]
    topic: Row = {"kilde": TOPIC, "uttrekk_tidspunkt": "2024-01-15T12:00"}
    world = sandbox.load(topic=[first_week()], uttrekk=[*other_kilder, topic])
    published = {PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 15, 12), None)}
    assert world.published() == published
    # No file is older than before, but there is a new one.
    more: Row = {"kilde": "enda_en", "uttrekk_tidspunkt": "2024-01-15T11:59"}
    with pytest.raises(OlderUttrekk):
        sandbox.load(topic=[], uttrekk=[*other_kilder, topic, more], oppfolgingsbruker=[bruker()])
    assert world.published() == published
    assert world.fact() == {jobbklubb(): Counts(1, 1)}
    assert world.computed() == {MONDAY: "NY", MONDAY + timedelta(weeks=1): "NY"}
    assert world.histories()["oppfolgingsbruker"] == []


# Specification 5: revisions


def test_a_move_between_avdelinger_is_distance_without_net_change(sandbox: Sandbox) -> None:
    """A move between avdelinger is distance without net change (specification 5)."""
    tables: dict[str, Any] = {
        "oppfolgingsbruker": [bruker(at="2023-01-02")],
        "siste_tilordnet_veileder": [
            {"person_ident": KARI, "veileder_ident": "Z1", "tilordnet_tidspunkt": "2023-01-02"}
        ],
        "veiledergruppe": [gruppe("1", "A", '["Z1"]', "2023-01-02")],
    }
    avdeling: Row = {"enhetsnummer": "0219", "filter_navn": "A", "avdeling": "Avd 1"}
    topic = [first_week(), first_week("d2")]
    sandbox.load("2024-01-15", topic, veiledergruppe_avdeling=[avdeling], **tables)
    world = sandbox.load("2024-01-16", topic, veiledergruppe_avdeling=[{**avdeling, "avdeling": "Avd 2"}], **tables)
    assert set(world.fact()) == {jobbklubb(0, "0219", "Avd 2", "BATT")}
    assert world.uke_revisjon() == {(MONDAY, "0219"): Revisjon(datetime(2024, 1, 15), 1, 1, 2, 2, 2)}


def test_revision_of_an_office_that_was_not_there_at_first_or_is_not_there_now(sandbox: Sandbox) -> None:
    """Revision of an office that was not there at first or is not there now (specification 5)."""
    offices = [bruker(enhet="0219", at="2023-01-02"), bruker(OLA, enhet="0220", at="2023-01-02")]
    first, later = datetime(2024, 1, 15), datetime(2024, 1, 22)
    sandbox.load("2024-01-15", [first_week()], oppfolgingsbruker=offices)
    # In between two people were there, which is neither the first nor the last that was said.
    sandbox.load("2024-01-16", [message(), message("d2", personIdent=OLA)], oppfolgingsbruker=offices)
    world = sandbox.load("2024-01-22", [message("d2", personIdent=OLA)], oppfolgingsbruker=offices)
    assert world.uke_revisjon() == {
        (MONDAY, "0219"): Revisjon(first, 1, 0, 1, 0, 1),
        (MONDAY, "0220"): Revisjon(first, 0, 1, 0, 1, 1),
        # Nobody was in this week when it was first published.
        (MONDAY + timedelta(weeks=1), "0220"): Revisjon(first, 0, 1, 0, 1, 1),
        (MONDAY + timedelta(weeks=2), "0220"): Revisjon(later, 1, 1, 1, 1, 0),
    }


def test_nothing_is_published_before_the_first_load() -> None:
    """Nothing is published before the first load (specification 5)."""
    world = World(MONDAY, "nokkel")
    assert (world.published(), world.published_as_of(datetime(2024, 1, 1)), world.uke_revisjon()) == (set(), {}, {})


# Specification 5: the weekly run


def test_weeks_that_are_computed(sandbox: Sandbox) -> None:
    """Weeks that are computed (specification 5)."""
    weeks = [MONDAY + timedelta(weeks=n) for n in range(4)]
    assert sandbox.load("2024-01-15", [message()]).computed() == dict.fromkeys(weeks[:2], "NY")
    assert sandbox.load("2024-01-15", [message()]).computed() == {}
    # What touches nobody changes no week, though it is another extract.
    assert sandbox.load("2024-01-16", [message()], veiledergruppe=[gruppe("1", "A", "[]", "")]).computed() == {}
    # A late registration in the second week, and the third week is over.
    late = message("d2", personIdent=OLA, startDato="2024-01-10", sluttDato="2024-01-14")
    assert sandbox.load("2024-01-22", [message(), late]).computed() == {weeks[1]: "ENDRET", weeks[2]: "NY"}
    # A tombstone.
    assert sandbox.load("2024-01-23", [message(), late, tombstone("d2")]).computed() == {weeks[1]: "ENDRET"}
    # Another person in the same cell is another content; the version that begins at the third week changes no earlier.
    ola = [message(sluttDato="2024-01-14"), message("d3", personIdent=OLA, startDato="2024-01-15")]
    assert sandbox.load("2024-01-24", ola).computed() == {weeks[2]: "ENDRET"}
    assert sandbox.load("2024-01-25", ola, oppfolgingsbruker=[bruker(OLA, at="2024-01-09")]).computed() == {
        weeks[2]: "ENDRET"
    }
    assert sandbox.load("2024-01-29", ola).computed() == {weeks[3]: "NY"}


# Section 8: erasing a person


def test_an_erased_person_is_gone_from_the_histories_at_once_and_from_the_rest_at_the_next_load(
    sandbox: Sandbox,
) -> None:
    """An erased person is gone from the histories at once and from the rest at the next load (specification 8)."""
    topic = [first_week(), first_week("d2", personIdent=OLA), message("d3", status="NY_STATUS")]
    tables: dict[str, Any] = {
        "oppfolgingsbruker": [bruker(at="2023-01-02", code="NY"), bruker(OLA, at="2023-01-02", code="NY")],
        "siste_tilordnet_veileder": [
            {"person_ident": ident, "veileder_ident": None, "tilordnet_tidspunkt": "2023-01-02"}
            for ident in [KARI, OLA]
        ],
        "vent_person_periode_v": [
            {"person_ident": KARI, "periode": "2024-1", "innsatsgruppe": None, "nav_kontor": None},
            {"person_ident": KARI, "periode": None, "innsatsgruppe": None, "nav_kontor": None},
        ],
    }
    cell = Cell(MONDAY, "0219", "Ufordelt", "Ufordelt", "JOBBKLUBB", "Jobbklubb", "UKJENT")
    ola = pseudonym("nokkel", OLA)
    world = sandbox.load("2024-01-15", topic, **tables)
    assert len(world.avvik()) == 4
    assert world.faulty_lines() == {"MANGLER_FELT": 1}

    world.erase(f" {KARI} ")
    histories = world.histories()
    assert [row.key for row in histories["oppfolgingsbruker"]] == [ola]
    assert [row.key for row in histories["siste_tilordnet_veileder"]] == [ola]
    assert world.fact() == {cell: Counts(2, 2)}

    sandbox.load("2024-01-15", topic, **tables)
    assert world.histories() == histories
    assert world.fact() == {cell: Counts(1, 1)}
    assert world.avvik() == {("oppfolgingsbruker", ola, "UKJENT_INNSATSGRUPPE")}
    assert world.faulty_lines() == {}
    assert world.computed() == {MONDAY: "ENDRET"}
    # What was published stays; the same extract was published again.
    again = datetime(2024, 1, 15, microsecond=1)
    assert world.published() == {
        PublishedRow(cell, Counts(2, 2), datetime(2024, 1, 15), again),
        PublishedRow(cell, Counts(1, 1), again, None),
    }

    # The person stays erased.
    sandbox.load("2024-01-16", [*topic, message("d4", 2)], **tables)
    assert world.histories() == histories
    assert world.fact() == {cell: Counts(1, 1)}


def test_what_was_published_about_an_erased_person_stays(sandbox: Sandbox) -> None:
    """What was published about an erased person stays (specification 5 and 8)."""
    sandbox.load("2024-01-15", [first_week()])
    sandbox.world.erase(KARI)
    world = sandbox.load("2024-01-16", [first_week()])
    assert world.fact() == {}
    assert world.published() == {
        PublishedRow(jobbklubb(), Counts(1, 1), datetime(2024, 1, 15), datetime(2024, 1, 16)),
    }


def test_erasure_goes_by_the_message_that_stands(sandbox: Sandbox) -> None:
    """Erasure goes by the message that stands (specification 3 and 8)."""
    sandbox.world.erase(KARI)
    topic = [
        # Kari's message stands, with a blank around the ident: Ola's older one does not come back.
        message("d1", 2, personIdent=f"{KARI} ", gjennomforingId="g9"),
        message("d1", 1, personIdent=OLA),
        # Ola's stands, and Kari's older one is superseded as it always was.
        first_week("d2", 1),
        first_week("d2", 2, personIdent=OLA),
        # A line that has no key is nobody's.
        message("", 1),
    ]
    world = sandbox.load("2024-01-15", topic)
    assert world.fact() == {jobbklubb(): Counts(1, 1)}
    assert world.avvik() == set()
    assert world.faulty_lines() == {"MANGLER_FELT": 1}


# Code lists


def test_a_changed_code_list_changes_the_weeks_it_touches(sandbox: Sandbox, tmp_path: Path) -> None:
    """A changed code list changes the weeks it touches (specification 5)."""

    def with_change(name: str, old: str, new: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(KODEVERK, folder)
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / f"{name}.csv").write_text(text.replace(old, new), encoding="utf-8")
        return folder

    topic = [first_week(), message("d2", status="VENTER_PA_OPPSTART", startDato="2024-01-08")]
    brukere = [bruker(at="2023-01-02")]
    weeks = [MONDAY, MONDAY + timedelta(weeks=1)]
    world = sandbox.load("2024-01-15", topic, oppfolgingsbruker=brukere)
    assert set(world.fact()) == {jobbklubb(0, "0219", kode="BATT")}
    # BATT becomes another innsatsgruppe, by the same extract again.
    sandbox.kodeverk = with_change(
        "kodeverk_kvalifiseringsgruppe", "tilpasset innsats,BATT,BATT\nVARIG", "x,BATT,VARIG\nVARIG"
    )
    sandbox.load("2024-01-15", topic, oppfolgingsbruker=brukere)
    assert set(world.fact()) == {jobbklubb(0, "0219", kode="VARIG")}
    assert world.computed() == {weeks[0]: "ENDRET"}
    # The list is in use until there is another.
    sandbox.kodeverk = None
    assert sandbox.load("2024-01-16", topic, oppfolgingsbruker=brukere).computed() == {}
    # A refused extract brings no list.
    statuses = (KODEVERK / "kodeverk_deltakerstatus.csv").read_text(encoding="utf-8").splitlines()
    waits = next(line for line in statuses if line.startswith("VENTER_PA_OPPSTART,"))
    sandbox.kodeverk = with_change("kodeverk_deltakerstatus", waits, "VENTER_PA_OPPSTART,Deltar,deltar")
    with pytest.raises(OlderUttrekk):
        sandbox.load("2024-01-15", topic, oppfolgingsbruker=brukere)
    changed, sandbox.kodeverk = sandbox.kodeverk, None
    assert sandbox.load("2024-01-16", topic, oppfolgingsbruker=brukere).computed() == {}
    # Those who wait take part, and BATT is BATT again.
    sandbox.kodeverk = changed
    sandbox.load("2024-01-17", topic, oppfolgingsbruker=brukere)
    assert set(world.fact()) == {jobbklubb(0, "0219", kode="BATT"), jobbklubb(1, "0219", kode="BATT")}
    assert world.computed() == dict.fromkeys(weeks, "ENDRET")


# Specification 8: a person is one, however it is spelled


def test_an_ident_and_its_unkeyed_hash_are_one_person(sandbox: Sandbox) -> None:
    """An ident and its unkeyed hash are one person, in whichever file (specification 8)."""
    hashed = person_hash(KARI)
    assert pseudonym("nokkel", KARI) == pseudonym("nokkel", hashed) == pseudonym("nokkel", hashed.upper())
    assert pseudonym("nokkel", KARI) != pseudonym("nokkel", hashed[:-1])
    veileder: Row = {"person_ident": hashed.upper(), "veileder_ident": person_hash("Z1"), "tilordnet_tidspunkt": None}
    world = sandbox.load(
        topic=[message(), message("d2", personIdent=hashed.upper())],
        oppfolgingsbruker=[bruker(at="2023-01-02"), bruker(hashed, at="2023-01-02")],
        siste_tilordnet_veileder=[{**veileder, "tilordnet_tidspunkt": "2023-01-02"}],
        veiledergruppe=[gruppe("1", "A", '["Z1"]', "2023-01-02")],
    )
    assert {(cell.enhetsnummer, cell.veiledergruppe_navn) for cell in world.fact()} == {("0219", "A")}
    assert set(world.fact().values()) == {Counts(1, 2)}
    assert world.avvik() == set()
    # Another spelling is no other content.
    sandbox.load("2024-01-30", oppfolgingsbruker=[bruker(hashed.upper(), at="2024-01-29")])
    assert sandbox.versions() == [("2023-01-02 00:00:00", None)]
    world.erase(hashed.upper())
    assert world.histories()["oppfolgingsbruker"] == []


# Komet's view instead of the topic


@pytest.mark.parametrize("ident", [KARI, person_hash(KARI), person_hash(KARI).upper()])
def test_the_view_says_what_the_topic_does(sandbox: Sandbox, ident: str) -> None:
    """The view says what the topic does, and a switch changes no week."""
    tables: dict[str, Any] = {
        "oppfolgingsbruker": [bruker(at="2023-01-02")],
        "gjennomforing_nav_enhet_view": koblet("0219", "0220"),
    }
    registrert = "2023-12-01T12:00:00"
    topic = [
        message("d1", 1, sluttDato="2024-01-14", registrertTidspunkt=registrert),
        message("d2", 2, status="HAR_SLUTTET"),
        message("d3", 3, status="VENTELISTE", registrertTidspunkt=registrert),
    ]
    world = sandbox.load("2024-01-29", topic, **tables)
    before = (world.fact(), world.kapasitet(), world.totaler(), world.koblinger())
    assert len(world.venteliste()) > 0
    view: Any = [
        view_row(person_ident=ident, slutt_dato="2024-01-14"),
        view_row("d2", person_ident=ident, status="HAR_SLUTTET"),
        view_row("d3", person_ident=ident, status="VENTELISTE"),
    ]
    world = sandbox.load("2024-01-30", None, None, **tables, **{KOMET_VIEW: view})
    assert (world.fact(), world.kapasitet(), world.totaler(), world.koblinger()) == before
    assert world.computed() == {}
    assert world.venteliste() == {}
    assert world.avvik() == {(KOMET_VIEW, "d2", "SLUTT_DATO_MANGLER")}
    assert world.utfall() == {
        (KOMET_VIEW, "d1"): "TELLES",
        (KOMET_VIEW, "d2"): "SLUTT_DATO_MANGLER",
        (KOMET_VIEW, "d3"): "VENTER",
    }


def test_faulty_rows_of_the_view(sandbox: Sandbox) -> None:
    """Of several rows for one id the first in the order of the columns stands; what is missing is an avvik."""
    view: Any = [
        view_row(status="IKKE_AKTUELL"),
        view_row(),
        view_row(),
        view_row(None),
        view_row("d2", person_ident=None),
        view_row("d3", gjennomforing_id=None),
        view_row("d4", status=None),
        view_row("d5", start_dato="i dag"),
        view_row("d6", status="NY", slutt_dato="2024-01-01"),
        view_row("d7", gjennomforing_id="g9", status="DELTAR"),
    ]
    world = sandbox.load(**{KOMET_VIEW: view})
    assert world.avvik() == {
        (KOMET_VIEW, "d1", "DUPLIKAT_NOKKEL"),
        *((KOMET_VIEW, key, "MANGLER_FELT") for key in ("d2", "d3", "d4")),
        (KOMET_VIEW, "d5", "UGYLDIG_VERDI"),
        (KOMET_VIEW, "d6", "UKJENT_STATUS"),
        (KOMET_VIEW, "d7", "UKJENT_GJENNOMFORING"),
    }
    assert world.faulty_lines() == {"MANGLER_FELT": 1}
    assert sum(counts.deltakelse_antall for counts in world.fact().values()) == 8
    steg = {kode.removeprefix("KOMET_"): antall for kode, antall in world.avstemming().items() if antall}
    # The exact duplicate is read once.
    assert (steg["LEST"], steg["UTEN_PLASS"], steg["ERSTATTET"], steg["TELLES"]) == (9, 1, 1, 2)


def test_an_extract_has_one_of_komets_forms(tmp_path: Path) -> None:
    """An extract with both of Komet's forms, or neither, is refused."""
    rows = uttrekk_rows(TAKEN, [message()], **{KOMET_VIEW: [view_row()]})
    write_uttrekk(rows, tmp_path / "begge")
    with pytest.raises(ValueError, match="both"):
        read_uttrekk(tmp_path / "begge")
    write_uttrekk(replace(uttrekk_rows(TAKEN, []), topic=[]), tmp_path / "ingen")
    with pytest.raises(FileNotFoundError, match="missing"):
        read_uttrekk(tmp_path / "ingen")


# Specification 9: employers


@pytest.mark.parametrize(
    ("changes", "utfall", "weeks", "avvik"),
    [
        ({}, "TELLES", 4, set()),
        ({"avtaleStatus": "GJENNOMFORES"}, "TELLES", 4, set()),
        ({"avtaleStatus": "GJENNOMFOERES"}, "TELLES", 4, set()),
        ({"avtaleStatus": "AVSLUTTET", "sluttDato": "2024-01-08"}, "TELLES", 2, set()),
        ({"avtaleStatus": "AVSLUTTET"}, "TELLES", 4, {"SLUTT_DATO_MANGLER"}),
        ({"avtaleStatus": "AVBRUTT"}, "AVTALE_AVBRUTT", 0, set()),
        ({"avtaleStatus": "PÅBEGYNT", "avtaleInngått": None}, "UTKAST", 0, set()),
        ({"avtaleStatus": "PABEGYNT"}, "UTKAST", 0, set()),
        ({"avtaleStatus": "MANGLER_GODKJENNING", "startDato": None}, "UTKAST", 0, set()),
        ({"avtaleStatus": "KLAR_FOR_OPPSTART"}, "VENTER", 0, set()),
        (
            {"avtaleStatus": "KLAR_FOR_OPPSTART", "avtaleInngått": "i går"},
            "VENTER",
            0,
            {"VENTESTART_MANGLER", "UGYLDIG_TIDSPUNKT"},
        ),
        ({"avtaleStatus": "KLAR_FOR_OPPSTART", "avtaleInngått": None}, "VENTER", 0, {"VENTESTART_MANGLER"}),
        # Annulled the day before it starts, in Oslo, and the day it starts.
        ({"avtaleStatus": "ANNULLERT", "annullertTidspunkt": "2023-12-31T22:59:59Z"}, "DELTOK_IKKE", 0, set()),
        ({"avtaleStatus": "ANNULLERT", "annullertTidspunkt": "2023-12-31T23:00:00Z"}, "AVTALE_ANNULLERT", 0, set()),
        ({"avtaleStatus": "ANNULLERT"}, "DELTOK_IKKE", 0, set()),
        ({"avtaleStatus": "ANNULLERT", "annullertTidspunkt": "2024-02-01", "startDato": None}, "DELTOK_IKKE", 0, set()),
        ({"avtaleStatus": "NY_STATUS", "tiltakstype": "NY"}, "UKJENT_STATUS", 0, {"UKJENT_STATUS"}),
        ({"avtaleStatus": "NY_STATUS", "startDato": "i dag"}, "UGYLDIG_VERDI", 0, {"UGYLDIG_VERDI"}),
        ({"avtaleStatus": " ", "startDato": "i dag"}, "MANGLER_FELT", 0, {"MANGLER_FELT"}),
        ({"deltakerFnr": None}, "MANGLER_FELT", 0, {"MANGLER_FELT"}),
        ({"sluttDato": "2024-02-30"}, "UGYLDIG_VERDI", 0, {"UGYLDIG_VERDI"}),
        ({"feilregistrert": True, "startDato": None}, "DELTOK_IKKE", 0, set()),
        (
            {"feilregistrert": True, "avtaleStatus": "KLAR_FOR_OPPSTART", "avtaleInngått": None},
            "DELTOK_IKKE",
            0,
            set(),
        ),
        ({"feilregistrert": None}, "TELLES", 4, set()),
        ({"avtaleInngått": None, "startDato": None}, "AVTALE_IKKE_INNGATT", 0, {"AVTALE_IKKE_INNGATT"}),
        ({"avtaleInngått": "i går"}, "AVTALE_IKKE_INNGATT", 0, {"AVTALE_IKKE_INNGATT", "UGYLDIG_TIDSPUNKT"}),
        ({"startDato": None}, "START_DATO_MANGLER", 0, {"START_DATO_MANGLER"}),
        (
            {"startDato": None, "avtaleStatus": "AVSLUTTET"},
            "START_DATO_MANGLER",
            0,
            {"START_DATO_MANGLER", "SLUTT_DATO_MANGLER"},
        ),
        ({"sluttDato": "2023-12-31"}, "SLUTT_FOR_START", 0, {"SLUTT_FOR_START"}),
        ({"stillingprosent": "halv"}, "TELLES", 4, {"UGYLDIG_VERDI"}),
        ({"enhetOppfolging": "9999", "tiltakstype": None}, "TELLES", 4, {"UKJENT_ENHET", "UKJENT_TILTAKSTYPE"}),
        # The code list's own spelling is none of the topic's.
        ({"tiltakstype": "MIDLERTIDIG_LONNSTLSKUDD"}, "TELLES", 4, {"UKJENT_TILTAKSTYPE"}),
    ],
)
def test_what_becomes_of_an_employers_message(
    sandbox: Sandbox, changes: dict[str, Any], utfall: str, weeks: int, avvik: set[str]
) -> None:
    """What becomes of an employer's message (specification 9)."""
    world = sandbox.load(arbeidsgiver=[avtale(**changes)])
    assert world.utfall() == {(ARBEIDSGIVER_TOPIC, "a1"): utfall}
    assert len(world.fact()) == weeks
    assert world.avvik() == {(ARBEIDSGIVER_TOPIC, "a1", avvikstype) for avvikstype in avvik}
    assert world.avstemming()[f"ARBEIDSGIVER_{utfall}"] == 1


def test_employers_messages_are_compacted_and_the_file_may_be_left_out(sandbox: Sandbox) -> None:
    """The employers' topic is compacted as Komet's, and without a file it is empty (specification 9)."""
    lines = [avtale(offset=2, avtaleStatus="AVBRUTT"), avtale(), '{"key": "a9"}', avtale("a2"), tombstone("a2", 3)]
    lines.append('{"partition": 0, "offset": 1, "key": "a3", "value": []}')
    world = sandbox.load(arbeidsgiver=lines)
    assert world.utfall() == {(ARBEIDSGIVER_TOPIC, "a1"): "AVTALE_AVBRUTT", (ARBEIDSGIVER_TOPIC, "a3"): "UGYLDIG_JSON"}
    steg = world.avstemming()
    found = {kode.removeprefix("ARBEIDSGIVER_"): n for kode, n in steg.items() if n and kode.startswith("ARB")}
    assert found == {
        "LEST": 6,
        "UTEN_PLASS": 1,
        "ERSTATTET": 2,
        "SLETTET": 1,
        "AVTALE_AVBRUTT": 1,
        "UGYLDIG_JSON": 1,
    }
    assert world.faulty_lines() == {"MANGLER_FELT": 1}
    assert len(sandbox.load("2024-01-30", arbeidsgiver=[avtale()]).fact()) == 4
    assert sandbox.load("2024-01-31").fact() == {}


def test_an_employers_tiltakstype_is_the_code_lists(sandbox: Sandbox) -> None:
    """The code list's tiltakskode and name, tiltakstype_view's name where that has it (specification 9)."""

    def types(world: World) -> set[tuple[str, str]]:
        return {(cell.tiltakskode, cell.tiltakstype_navn) for cell in world.fact()}

    line = avtale(tiltakstype="MIDLERTIDIG_LONNSTILSKUDD")
    world = sandbox.load("2024-01-29", arbeidsgiver=[line])
    assert types(world) == {("MIDLERTIDIG_LONNSTLSKUDD", "Midlertidig lønnstilskudd")}
    valp: Row = {"id": "t3", "tiltakskode": "MIDLERTIDIG_LONNSTLSKUDD", "navn": "Lønnstilskudd"}
    world = sandbox.load("2024-01-30", arbeidsgiver=[line], tiltakstype_view=[valp])
    assert types(world) == {("MIDLERTIDIG_LONNSTLSKUDD", "Lønnstilskudd")}
    # The same programme from Valp and from an employer is one.
    both = sandbox.load("2024-01-31", [message()], [avtale(tiltakstype="JOBBKLUBB")])
    assert set(both.fact().values()) == {Counts(1, 2)}
    # A list's name that is another's is told apart once a standing message names it, though it cannot be read.
    named = avtale("a2", tiltakstype="VTAO", avtaleStatus=None)
    ordinary: Row = {"id": "t1", "tiltakskode": "TAO", "navn": "Varig tilrettelagt arbeid i ordinær virksomhet"}
    name = ordinary["navn"]
    assert types(sandbox.load("2024-02-01", [message()], tiltakstype_view=[ordinary])) == {("TAO", name or "")}
    world = sandbox.load("2024-02-02", [message()], [named], tiltakstype_view=[ordinary])
    assert types(world) == {("TAO", f"{name} (TAO)")}
    superseded = [avtale("a2", tiltakstype="VTAO"), tombstone("a2")]
    world = sandbox.load("2024-02-03", [message()], superseded, tiltakstype_view=[ordinary])
    assert types(world) == {("TAO", name or "")}
    world = sandbox.load("2024-02-04", arbeidsgiver=[avtale(tiltakstype="NY")])
    assert types(world) == {("UKJENT", "Ukjent")}


@pytest.mark.parametrize(
    ("brukere", "enhet_oppfolging", "expected"),
    [([bruker(at="2023-01-02")], "0220", "0219"), ([], "0220", "0220"), ([], "0200", "0200"), ([], None, "UKJENT")],
)
def test_the_office_that_follows_up_is_an_employers_last_fallback(
    sandbox: Sandbox, brukere: list[Row], enhet_oppfolging: str | None, expected: str
) -> None:
    """The enhetOppfolging of an employer is the last fallback, of whatever type (specification 9)."""
    world = sandbox.load(arbeidsgiver=[avtale(enhetOppfolging=enhet_oppfolging)], oppfolgingsbruker=brukere)
    assert per_week(world, "enhetsnummer") == [expected] * 4
    assert {(cell.kapasitet_enhetsnummer, cell.oppfolging_enhetsnummer) for cell in world.kapasitet()} == {
        ("ARBEIDSGIVER", expected)
    }


# Specification 6: capacity


@pytest.mark.parametrize(
    ("enheter", "shares"),
    [
        (["0219"], {"0219": Fraction(1)}),
        (["0219", "0220", "0200"], {"0219": Fraction(1, 2), "0220": Fraction(1, 2)}),
        # Not LOKAL: another type, or not in the register.
        (["0200", "9999"], {"0200": Fraction(1, 2), "9999": Fraction(1, 2)}),
        (["0219", "9999"], {"0219": Fraction(1)}),
        ([], {"UKJENT": Fraction(1)}),
    ],
)
def test_places_belong_to_the_offices_in_equal_shares(
    sandbox: Sandbox, enheter: list[str], shares: dict[str, Fraction]
) -> None:
    """Places belong to the offices, else to the other units, else to nobody known (specification 6)."""
    world = sandbox.load(topic=[message()], gjennomforing_nav_enhet_view=koblet(*enheter))
    assert world.koblinger() == {("g1", number): andel for number, andel in shares.items()}
    first = {cell: antall for cell, antall in world.kapasitet().items() if cell.uke_start_dato == MONDAY}
    assert {cell.kapasitet_enhetsnummer: antall for cell, antall in first.items()} == {
        number: Kapasitet(andel, andel) for number, andel in shares.items()
    }
    assert sum(antall.deltakelse_antall for antall in world.kapasitet().values()) == 4


def test_every_gjennomforing_that_is_named_has_places(sandbox: Sandbox) -> None:
    """Also one that only the enheter name, or a message that stands, though it cannot be read (decision 8)."""
    lines = [
        message(gjennomforingId="g2"),
        message("d2", 2, gjennomforingId="g3", personIdent=None),
        message("d3", 3, gjennomforingId="g4"),
        message("d3", 4, gjennomforingId="g5", startDato="i dag"),
        message("d4", 5, gjennomforingId="g6"),
        tombstone("d4", 6),
    ]
    units: list[Row] = [{"gjennomforing_id": "g7", "enhetsnummer": "0219"}]
    world = sandbox.load(topic=lines, gjennomforing_nav_enhet_view=units)
    assert set(world.koblinger()) == {
        ("g7", "0219"),
        *((gjennomforing_id, "UKJENT") for gjennomforing_id in ("g1", "g2", "g3", "g5")),
    }


@pytest.mark.parametrize(
    ("mengder", "changes", "places"),
    [
        ([], {}, [1, 1, 1, 1]),
        # From a Sunday, and from the Monday after.
        ([(50, "2024-01-07", None)], {}, [0.5, 0.5, 0.5, 0.5]),
        ([(50, "2024-01-08", None)], {}, [1, 0.5, 0.5, 0.5]),
        # As it was on the last day in the week, the gjennomføring's end.
        ([(50, "2024-01-10", None)], {"sluttDato": "2024-01-09"}, [1, 1]),
        ([(50, "2024-01-10", None)], {"sluttDato": "2024-01-10"}, [1, 0.5]),
        ([(50, "2024-01-18", None)], {"sluttDato": "2024-02-10", "gjennomforingId": "g2"}, [1, 1, 1]),
        # The latest by date, whenever it was made; of equal dates the one made last; then the highest.
        ([(50, "2024-01-01", "2024-01-02"), (40, "2024-01-08", "2023-01-01")], {}, [0.5, 0.4, 0.4, 0.4]),
        ([(50, "2024-01-01", "2024-01-02T12:00"), (60, "2024-01-01", "2024-01-02T10:59Z")], {}, [0.5] * 4),
        ([(50, "2024-01-01", "2024-01-02"), (60, "2024-01-01", None)], {}, [0.5] * 4),
        ([(50, "2024-01-01", "2024-01-02"), (60, "2024-01-01", "2024-01-02")], {}, [0.6] * 4),
        ([(50, "2024-01-01", "2024-01-02"), (None, "2024-01-01", "2024-01-02")], {}, [1] * 4),
        # What is not over 0 and at most 100 is 100, and what has no date is no entry.
        ([(50, "2024-01-01", "2024-01-02"), (150, "2024-01-08", None)], {}, [0.5, 1, 1, 1]),
        ([(50, "2024-01-01", "2024-01-02"), (0, "2024-01-08", None)], {}, [0.5, 1, 1, 1]),
        ([(50, "2024-01-01", "2024-01-02"), (-1, "2024-01-01", "2024-01-02")], {}, [1, 1, 1, 1]),
        ([(0.5, "20240101", "2024-01-02")], {}, [0.005] * 4),
        ([("33.3", "2024-01-01", None)], {}, [0.333] * 4),
        ([("halv", "2024-01-01", "2024-01-02"), (50, "2024-01-01", None)], {}, [1] * 4),
        ([(50, "2024-01-01", None), (40, None, "2024-01-02"), (40, "snart", None)], {}, [0.5] * 4),
    ],
)
def test_places_by_deltakelsesmengde(
    sandbox: Sandbox,
    mengder: list[tuple[object, str | None, str | None]],
    changes: dict[str, Any],
    places: list[float],
) -> None:
    """How much of a place a participation takes at the end of each week (specification 6)."""
    names = ("deltakelsesprosent", "gyldigFraDato", "opprettetTidspunkt")
    entries = [dict(zip(names, mengde, strict=True)) for mengde in mengder]
    world = sandbox.load(
        topic=[message(deltakelsesmengder=entries, **changes)],
        gjennomforing_view=[gjennomforing(), gjennomforing(id="g2", slutt_dato="2024-01-17")],
    )
    assert [float(antall.plass_antall) for _, antall in sorted(world.kapasitet().items())] == places
    faulty = {
        "UGYLDIG_DELTAKELSESMENGDE": any(prosent in (150, 0, -1, "halv") for prosent, _, _ in mengder),
        "UGYLDIG_TIDSPUNKT": any(fra == "snart" for _, fra, _ in mengder),
        "UGYLDIG_VERDI": any(fra is None for _, fra, _ in mengder),
    }
    after_its_end = {(TOPIC, "d1", "SLUTT_ETTER_GJENNOMFORING")}
    assert world.avvik() - after_its_end == {(TOPIC, "d1", one) for one, found in faulty.items() if found}


@pytest.mark.parametrize(("prosent", "places"), [(50, 0.5), ("80.5", 0.805), (None, 1), ("halv", 1), (0, 0)])
def test_places_by_stillingprosent(sandbox: Sandbox, prosent: object, places: float) -> None:
    """How much of a place an employer's participation takes (specification 9)."""
    world = sandbox.load(arbeidsgiver=[avtale(stillingprosent=prosent)])
    assert [float(antall.plass_antall) for antall in world.kapasitet().values()] == [places] * 4
    assert all(antall.deltakelse_antall == 1 for antall in world.kapasitet().values())


def test_numbers() -> None:
    """Decimal numbers are read exactly, and nothing else is a number."""
    assert [parse_number(text) for text in ("50", "-1.5", "1e2", "33.30")] == [50, -1.5, 100, Fraction(333, 10)]
    assert [parse_number(text) for text in (None, "", "50 %", "50,5", "true", "NaN", "inf", "1_0")] == [None] * 8


def used(*measures: float) -> KapasitetEnhet:
    """Return the measures of a unit, participations before places."""
    return KapasitetEnhet._make(map(Fraction, measures))


def test_a_unit_is_itself_and_everything_below_it(sandbox: Sandbox) -> None:
    """Places of a unit and those below it, and the people who cross its border (decision 8)."""
    register = [enhet("0219", above="0200"), enhet("0301", above="0300"), enhet("0200", "FYLKE", "0001")]
    register += [enhet("0300", "FYLKE", "0001"), enhet("0001", "DIR", "0001")]
    world = sandbox.load(
        "2024-01-08",
        # Kari is followed up at 0219 and is on a place of 0301; Ola is followed up by nobody known.
        [message(), message("d2", personIdent=OLA, gjennomforingId="g2", deltakelsesmengder=[])],
        [avtale(stillingprosent=50, tiltakstype="JOBBKLUBB")],
        nav_enhet=register,
        gjennomforing_view=[gjennomforing(), gjennomforing(id="g2")],
        gjennomforing_nav_enhet_view=[*koblet("0301"), {"gjennomforing_id": "g2", "enhetsnummer": "0200"}],
        oppfolgingsbruker=[bruker(at="2023-01-02")],
    )
    assert {cell.enhetsnummer: antall for cell, antall in world.kapasitet_enhet().items()} == {
        # Kari is on two places elsewhere, one of them half.
        "0219": used(0, 0, 2, 0, 0, 1.5),
        "0301": used(1, 1, 0, 1, 1, 0),
        "0300": used(1, 1, 0, 1, 1, 0),
        "0200": used(1, 1, 2, 1, 1, 1.5),
        "0001": used(2, 1, 1, 2, 1, 0.5),
        "ARBEIDSGIVER": used(1, 1, 0, 0.5, 0.5, 0),
        "UKJENT": used(0, 0, 1, 0, 0, 1),
    }
    # In a circle all are below all; a unit above may be in no register.
    circle = [enhet("0219", above="0200"), enhet("0200", "FYLKE", "0300"), enhet("0300", "FYLKE", "0219")]
    world = sandbox.load(
        "2024-01-09", [message()], nav_enhet=[*circle, enhet("0220", above="8888")],
        gjennomforing_nav_enhet_view=koblet("0219"), oppfolgingsbruker=[bruker(enhet="0220", at="2023-01-03")],
    )  # fmt: skip
    mine, theirs = used(1, 1, 0, 1, 1, 0), used(0, 0, 1, 0, 0, 1)
    assert {cell.enhetsnummer: antall for cell, antall in world.kapasitet_enhet().items()} == {
        **dict.fromkeys(["0219", "0200", "0300"], mine),
        **dict.fromkeys(["0220", "8888"], theirs),
    }


# Waiting


def waiting(world: World) -> list[tuple[int, float]]:
    """Return week by week, the first being 0, how many days have been waited, for worlds with one wait."""
    return [
        ((cell.uke_start_dato - MONDAY).days // 7, antall.ventedager_median)
        for cell, antall in sorted(world.venteliste().items())
    ]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        # Still waiting, from a Monday and from a Sunday's last second, in Oslo and in UTC.
        (message(status="VENTELISTE", registrertTidspunkt="2024-01-08T00:00"), [(1, 7), (2, 14), (3, 21)]),
        (message(status="SOKT_INN", registrertTidspunkt="2024-01-14T23:59:59"), [(1, 1), (2, 8), (3, 15)]),
        (message(status="VURDERES", registrertTidspunkt="2024-01-14T23:00:00Z"), [(2, 7), (3, 14)]),
        (
            message(status="PABEGYNT_REGISTRERING", registrertTidspunkt="2023-12-31"),
            [(0, 8), (1, 15), (2, 22), (3, 29)],
        ),
        # One that counts waited until the day before: from a Monday to the next is seven days.
        (message(startDato="2024-01-08", registrertTidspunkt="2024-01-01T12:00"), [(0, 7)]),
        (message(startDato="2024-01-09", registrertTidspunkt="2024-01-01T12:00"), [(0, 7), (1, 8)]),
        (message(startDato="2024-01-12", registrertTidspunkt="2024-01-09T12:00"), [(1, 3)]),
        (message(startDato="2024-01-12", registrertTidspunkt="2024-01-12T00:00"), []),
        (message(startDato="2024-01-12", registrertTidspunkt="2024-02-12T00:00"), []),
        (message(startDato="2024-01-12", registrertTidspunkt="i går"), []),
        # Registered before the first week, started after the last.
        (message(startDato="2025-01-01", registrertTidspunkt="2023-12-25"), [(0, 14), (1, 21), (2, 28), (3, 35)]),
        # One that does not count for another reason has no wait, nor has a draft.
        (message(startDato=None, registrertTidspunkt="2024-01-01"), []),
        (message(status="UTKAST_TIL_PAMELDING", registrertTidspunkt="2024-01-01"), []),
        # One that never took part waited until the day before that was set.
        (
            message(
                status={"type": "IKKE_AKTUELL", "opprettetTidspunkt": "2024-01-08T00:00"},
                registrertTidspunkt="2024-01-02",
            ),
            [(0, 6)],
        ),
        (
            message(
                status={"type": "AVBRUTT_UTKAST", "opprettetTidspunkt": "2024-01-03"}, registrertTidspunkt="2024-01-02"
            ),
            [(0, 1)],
        ),
        (message(status={"type": "IKKE_AKTUELL"}, registrertTidspunkt="2024-01-02"), []),
        (
            message(
                status={"type": "FEILREGISTRERT", "opprettetTidspunkt": "2024-01-08"}, registrertTidspunkt="2024-01-02"
            ),
            [],
        ),
    ],
)
def test_who_waits_and_for_how_long(sandbox: Sandbox, line: str, days: list[tuple[int, float]]) -> None:
    """Who waits in which weeks, and for how long (decision 8)."""
    assert waiting(sandbox.load(topic=[line])) == days


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"avtaleStatus": "KLAR_FOR_OPPSTART", "avtaleInngått": "2024-01-21T22:59:59Z"}, [(2, 1), (3, 8)]),
        ({"avtaleInngått": "2024-01-01T12:00", "startDato": "2024-01-08"}, [(0, 7)]),
        (
            {"avtaleStatus": "ANNULLERT", "avtaleInngått": "2024-01-01", "annullertTidspunkt": "2024-01-03"}
            | {"startDato": None},
            [(0, 2)],
        ),
        # Annulled after it started, broken off, or by mistake: never, or not only, on a list.
        ({"avtaleStatus": "ANNULLERT", "avtaleInngått": "2023-12-01", "annullertTidspunkt": "2024-01-03"}, []),
        ({"avtaleStatus": "AVBRUTT", "startDato": "2024-01-08"}, []),
        ({"avtaleStatus": "KLAR_FOR_OPPSTART", "feilregistrert": True}, []),
        ({"avtaleStatus": "ANNULLERT"}, []),
    ],
)
def test_who_waits_for_an_employer(sandbox: Sandbox, changes: dict[str, Any], days: list[tuple[int, float]]) -> None:
    """Who waits for an employer's tiltak in which weeks, and for how long (decision 8)."""
    assert waiting(sandbox.load(arbeidsgiver=[avtale(**changes)])) == days


def test_who_waits_is_found_where_they_were_in_each_week(sandbox: Sandbox) -> None:
    """The office, avdeling and innsatsgruppe of each week; people once, participations each (specification 4)."""
    wait: dict[str, Any] = {"status": "VENTELISTE", "registrertTidspunkt": "2024-01-01"}
    topic = [message(**wait), message("d2", 2, **{**wait, "registrertTidspunkt": "2024-01-04"})]
    topic.append(message("d3", 3, personIdent=OLA, **wait))
    brukere = [bruker(at="2023-01-02")]
    sandbox.load("2024-01-08", topic, oppfolgingsbruker=brukere)
    world = sandbox.load(
        "2024-01-15",
        topic,
        [avtale(deltakerFnr=OLA, avtaleStatus="KLAR_FOR_OPPSTART", avtaleInngått="2024-01-14", enhetOppfolging="9999")],
        oppfolgingsbruker=[bruker(enhet="0220", code="IKVAL", at="2024-01-10")],
        gjennomforing_nav_enhet_view=koblet("0219", "0200"),
    )
    monday, name = MONDAY + timedelta(weeks=1), "Jobbklubb"
    assert world.venteliste() == {
        VenteCell(MONDAY, "0219", "Ukjent", "JOBBKLUBB", name, "BATT"): Venting(1, 2, 5.5),
        VenteCell(MONDAY, "0219", "Ukjent", "JOBBKLUBB", name, "UKJENT"): Venting(1, 1, 7),
        VenteCell(monday, "0220", "Ukjent", "JOBBKLUBB", name, "IKVAL"): Venting(1, 2, 12.5),
        VenteCell(monday, "0219", "Ukjent", "JOBBKLUBB", name, "UKJENT"): Venting(1, 1, 14),
        VenteCell(monday, "9999", "Ukjent", "ARBEIDSTRENING", "Arbeidstrening", "UKJENT"): Venting(1, 1, 1),
    }
    # Nobody has begun: a week is not computed for who waits in it.
    assert world.computed() == {monday: "NY"}


# Totals and comparison


def test_totals_are_counted_and_not_summed(sandbox: Sandbox) -> None:
    """People in several cells are one in what holds them all (decision 9)."""
    world = sandbox.load(
        "2024-01-08",
        [message(), message("d2", gjennomforingId="g2"), message("d3", personIdent=OLA)],
        gjennomforing_view=[gjennomforing(), gjennomforing(id="g2", tiltakstype_id="t2")],
        oppfolgingsbruker=[bruker(at="2023-01-02"), bruker(OLA, "0220", "IKVAL", "2023-01-02")],
        nav_enhet=[enhet("0219", above="0200"), enhet("0220", above="0220"), enhet("0200", "FYLKE", "0001")],
    )
    totals = world.totaler()

    def total(nivaa: str, enhetsnummer: str, gruppering: str, *what: str) -> Counts | None:
        return totals.get(TotalCell(MONDAY, nivaa, gruppering, enhetsnummer, *what))

    assert total("LAND", "ALLE", "INGEN", "ALLE", "ALLE", "Alle") == Counts(2, 3)
    assert total("LAND", "ALLE", "TILTAKSTYPE", "JOBBKLUBB", "ALLE", "Alle") == Counts(2, 2)
    assert total("LAND", "ALLE", "INNSATSGRUPPE_AVDELING", "ALLE", "BATT", "Ukjent") == Counts(1, 2)
    every = ("TILTAKSTYPE_INNSATSGRUPPE_AVDELING", "JOBBKLUBB", "BATT", "Ukjent")
    assert total("KONTOR", "0219", *every) == total("REGION", "0200", *every) == Counts(1, 1)
    assert total("REGION", "0001", "INGEN", "ALLE", "ALLE", "Alle") == Counts(1, 2)
    # 0220 is above itself only, and 0219 above nobody.
    assert {cell.enhetsnummer for cell in totals if cell.enhet_nivaa_kode == "REGION"} == {"0200", "0001"}
    assert {cell.enhetsnummer for cell in totals if cell.enhet_nivaa_kode == "KONTOR"} == {"0219", "0220"}
    groupings = {cell.gruppering_kode for cell in totals}
    assert groupings == {
        "INGEN", "TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING", "TILTAKSTYPE_INNSATSGRUPPE", "TILTAKSTYPE_AVDELING",
        "INNSATSGRUPPE_AVDELING", "TILTAKSTYPE_INNSATSGRUPPE_AVDELING",
    }  # fmt: skip


def test_a_person_in_two_offices_counts_is_one_in_their_region(sandbox: Sandbox) -> None:
    """By the last fallback one can be in two offices' counts, but is one above them (specification 4)."""
    world = sandbox.load(
        "2024-01-08",
        [message(), message("d2", gjennomforingId="g2")],
        gjennomforing_view=[gjennomforing(), gjennomforing(id="g2")],
        gjennomforing_nav_enhet_view=[*koblet("0219"), {"gjennomforing_id": "g2", "enhetsnummer": "0220"}],
        nav_enhet=[enhet("0219", above="0200"), enhet("0220", above="0200")],
    )
    found = {(cell.enhet_nivaa_kode, cell.enhetsnummer): counts for cell, counts in world.totaler().items()}
    one, both = Counts(1, 1), Counts(1, 2)
    assert found == {
        ("KONTOR", "0219"): one,
        ("KONTOR", "0220"): one,
        ("REGION", "0200"): both,
        ("LAND", "ALLE"): both,
    }
    steg = world.avstemming()
    assert (steg["PERSONUKE"], steg["PERSONUKE_FLERE_TILTAKSTYPER"], steg["PERSONUKE_FLERE_ENHETER"]) == (1, 0, 1)
    assert steg["PERSONUKE_I_FAKTA"] == 2


def compared(world: World, monday: date) -> Sammenligning | None:
    """Return the comparison of a week in worlds with one cell."""
    found = [antall for cell, antall in world.sammenligning().items() if cell.uke_start_dato == monday]
    assert len(found) <= 1
    return found[0] if found else None


def test_comparison_with_the_week_before(sandbox: Sandbox) -> None:
    """The week before, now and as first published; null before the statistics, 0 where nobody was (decision 9)."""
    weeks = [MONDAY + timedelta(weeks=n) for n in range(4)]
    sandbox.load(
        "2024-01-15", [message(sluttDato="2024-01-14"), message("d2", personIdent=OLA, sluttDato="2024-01-07")]
    )
    world = sandbox.load("2024-01-29", [message(sluttDato="2024-01-07")])
    assert compared(world, weeks[0]) == Sammenligning(1, 2, None, None, None, None)
    assert compared(world, weeks[1]) == Sammenligning(0, 1, 1, 2, None, None)
    # There is a row while anybody was there in what is compared.
    assert compared(world, weeks[2]) == Sammenligning(0, 0, 0, 1, None, None)
    assert compared(world, weeks[3]) is None


def test_comparison_is_summed_over_veiledergrupper(sandbox: Sandbox) -> None:
    """Cells that differ by veiledergruppe only are one, and another name of the tiltakstype is no other."""
    veiledere: list[Row] = [
        {"person_ident": ident, "veileder_ident": veileder, "tilordnet_tidspunkt": "2023-01-02"}
        for ident, veileder in ((KARI, "Z1"), (OLA, "Z2"))
    ]
    tables: dict[str, Any] = {
        "oppfolgingsbruker": [bruker(at="2023-01-02"), bruker(OLA, at="2023-01-02")],
        "siste_tilordnet_veileder": veiledere,
        "veiledergruppe": [gruppe("1", "A", '["Z1"]', "2023-01-02"), gruppe("2", "B", '["Z2"]', "2023-01-02")],
    }
    topic = [first_week(), first_week("d2", personIdent=OLA)]
    sandbox.load("2024-01-08", topic, **tables)
    world = sandbox.load("2024-01-09", topic, tiltakstype_view=[{**JOBBKLUBB, "navn": "Nytt navn"}], **tables)
    assert compared(world, MONDAY) == Sammenligning(2, 2, None, None, None, None)


def test_comparison_with_the_same_week_last_year(tmp_path: Path) -> None:
    """The week of the same number in the ISO year before; week 53 has none after a year of 52 (decision 9)."""
    world = Sandbox(tmp_path, date(2019, 12, 23)).load(
        "2021-01-11",
        [message(startDato="2019-12-23", sluttDato="2020-01-05"), message("d2", startDato="2020-12-21")],
    )
    assert compared(world, date(2019, 12, 30)) == Sammenligning(1, 1, 1, 1, None, None)
    # 2020's weeks 52 and 53; 2019's week 52 is the first of the statistics.
    assert compared(world, date(2020, 12, 21)) == Sammenligning(1, 1, 0, 0, 1, 1)
    assert compared(world, date(2020, 12, 28)) == Sammenligning(1, 1, 1, 1, None, None)
    # 2021's week 1 is compared with 2020's, which began in 2019.
    assert compared(world, date(2021, 1, 4)) == Sammenligning(1, 1, 1, 1, 1, 1)


# Specification 7: reconciliation


def balances(world: World) -> dict[str, int]:
    """Check that what went in came out, and return the steps."""
    steg = world.avstemming()
    for system in ("KOMET", "ARBEIDSGIVER"):
        parts = ("UTEN_PLASS", "ERSTATTET", "SLETTET", "SLETTET_PERSON", *UTFALL)
        assert steg[f"{system}_LEST"] == sum(steg[f"{system}_{part}"] for part in parts)
    assert steg["KOMET_TELLES"] + steg["ARBEIDSGIVER_TELLES"] == steg["DELTAKELSE_TELLES"]
    assert steg["DELTAKELSE_TELLES"] == steg["DELTAKELSE_I_UKENE"] + steg["DELTAKELSE_UTENFOR_UKENE"]
    assert steg["DELTAKELSEUKE_ETTER_DATO"] == steg["DELTAKELSEUKE_I_FAKTA"]
    assert steg["KAPASITETSUKE_I_FAKTA"] == steg["KAPASITETSUKE_I_KAPASITET"] == steg["DELTAKELSEUKE_I_FAKTA"]
    assert steg["VENTEUKE_ETTER_DATO"] == steg["VENTEUKE_I_FAKTA"]
    in_several = steg["PERSONUKE_FLERE_TILTAKSTYPER"] + steg["PERSONUKE_FLERE_ENHETER"]
    assert steg["PERSONUKE"] + in_several == steg["PERSONUKE_I_FAKTA"]
    return steg


def test_every_line_ends_in_one_place(sandbox: Sandbox) -> None:
    """Superseded, deleted, erased, or with one outcome; the erased only where their message stands (decision 9)."""
    sandbox.world.erase(OLA)
    topic = [
        message("d1", 1, personIdent=OLA),
        message("d1", 2),
        message("d2", 1),
        message("d2", 2, personIdent=OLA, status=None),
        message("d2", 2, personIdent=OLA, status=None),
        tombstone("d3"),
        message("d4", sluttDato="2023-12-31", startDato="2023-12-01"),
        message("d5", status="HAR_SLUTTET"),
        message("d6", status="VENTELISTE", registrertTidspunkt="2024-01-15"),
        "[]",
    ]
    employers = [avtale(tiltakstype="VTAO"), avtale("a2", deltakerFnr=person_hash(OLA), tiltakstype="NY")]
    steg = balances(sandbox.load(topic=topic, arbeidsgiver=employers))
    assert {kode: antall for kode, antall in steg.items() if antall} == {
        # The same line twice is one.
        "KOMET_LEST": 9,
        "KOMET_UTEN_PLASS": 1,
        "KOMET_ERSTATTET": 2,
        "KOMET_SLETTET": 1,
        "KOMET_SLETTET_PERSON": 1,
        "KOMET_TELLES": 2,
        "KOMET_SLUTT_DATO_MANGLER": 1,
        "KOMET_VENTER": 1,
        "ARBEIDSGIVER_LEST": 2,
        "ARBEIDSGIVER_SLETTET_PERSON": 1,
        "ARBEIDSGIVER_TELLES": 1,
        "DELTAKELSE_TELLES": 3,
        "DELTAKELSE_I_UKENE": 2,
        "DELTAKELSE_UTENFOR_UKENE": 1,
        "DELTAKELSEUKE_ETTER_DATO": 8,
        "DELTAKELSEUKE_I_FAKTA": 8,
        "KAPASITETSUKE_I_FAKTA": 8,
        "KAPASITETSUKE_I_KAPASITET": 8,
        # From 2023-12-01 to the day before the employer's start, and the last two weeks.
        "VENTEUKE_ETTER_DATO": 2,
        "VENTEUKE_I_FAKTA": 2,
        "PERSONUKE": 4,
        "TOTALUKE_ETTER_DATO": 4,
        "TOTALUKE_I_TOTALER": 4,
        "PERSONUKE_FLERE_TILTAKSTYPER": 4,
        "PERSONUKE_I_FAKTA": 8,
    }
    assert len(steg) == 2 * (5 + len(UTFALL)) + 3 + 4 + 2 + 4 + 2
    assert not any(key == "a2" for _, key in sandbox.world.utfall())
    assert sandbox.world.avvik() == {(TOPIC, "d5", "SLUTT_DATO_MANGLER")}


def test_an_erased_person_is_gone_from_the_view_and_the_employers(sandbox: Sandbox) -> None:
    """An erased person counts for nothing in the other sources either, and names nothing (specification 8)."""
    sandbox.world.erase(KARI)
    view: Any = [
        view_row("d1", gjennomforing_id="g8"),
        view_row("d1", gjennomforing_id="g9"),
        view_row(None),
        view_row("d2", person_ident=person_hash(OLA)),
    ]
    employers = [avtale(tiltakstype="NY", enhetOppfolging="9999"), avtale("a2", status=None, avtaleStatus=None)]
    world = sandbox.load(TAKEN, None, employers, **{KOMET_VIEW: view})
    assert world.avvik() == set()
    assert world.faulty_lines() == {}
    assert world.utfall() == {(KOMET_VIEW, "d2"): "TELLES"}
    assert {kobling.gjennomforing_id for kobling in world.koblinger()} == {"g1"}
    steg = balances(world)
    found = [steg[f"KOMET_{kode}"] for kode in ("LEST", "UTEN_PLASS", "ERSTATTET", "SLETTET_PERSON", "TELLES")]
    assert found == [4, 1, 1, 1, 1]
    assert steg["ARBEIDSGIVER_SLETTET_PERSON"] == 2


# Specification 2 and 3: extracts of what is new


def komet(world: World) -> dict[str, int]:
    """Return the steps of Komet's that are not 0, without their prefix."""
    return {kode.removeprefix("KOMET_"): n for kode, n in balances(world).items() if n and kode.startswith("KOMET_")}


def test_the_same_line_twice_is_one_but_for_lines_without_a_place(sandbox: Sandbox) -> None:
    """A line counts once however often it is there; what cannot be placed is counted by itself (specification 2)."""
    topic = [message(), message(), message(offset=2), tombstone("d2"), tombstone("d2"), "[]", "[]", '{"key": "d1"}']
    world = sandbox.load(topic=topic)
    assert komet(world) == {"LEST": 6, "UTEN_PLASS": 3, "ERSTATTET": 1, "SLETTET": 1, "TELLES": 1}
    assert world.faulty_lines() == {"UGYLDIG_JSON": 2, "MANGLER_FELT": 1}


def test_what_is_new_adds_to_the_newest_message_of_each_key(sandbox: Sandbox) -> None:
    """Without a line a key is as it was; of one with lines the highest offset stands (specification 3)."""
    sandbox.load("2024-01-08", [message(), message(offset=2), message("d2"), message("d3"), tombstone("d4"), "[]"])
    world = sandbox.load(
        "2024-01-15",
        [message("d2", 2, status="VENTELISTE"), message("d2", 3, status="KLADD"), tombstone("d3", 5), "[", "["],
        endring=(TOPIC,),
    )
    # What was superseded before or is so now, and the line without a place, are of the extract before.
    assert komet(world) == {"LEST": 7, "UTEN_PLASS": 2, "ERSTATTET": 1, "SLETTET": 2, "TELLES": 1, "UTKAST": 1}
    assert world.utfall() == {(TOPIC, "d1"): "TELLES", (TOPIC, "d2"): "UTKAST"}
    assert world.faulty_lines() == {"UGYLDIG_JSON": 2}
    # Nothing is new: nothing is superseded any longer.
    world = sandbox.load("2024-01-22", [], endring=(TOPIC,))
    assert komet(world) == {"LEST": 4, "SLETTET": 2, "TELLES": 1, "UTKAST": 1}
    # A deleted key comes back; one that a whole topic lacks is gone.
    world = sandbox.load("2024-01-23", [message("d3", 6)], endring=(TOPIC,))
    assert komet(world) == {"LEST": 4, "SLETTET": 1, "TELLES": 2, "UTKAST": 1}
    world = sandbox.load("2024-01-24", [message("d3", 6)])
    assert komet(world) == {"LEST": 1, "TELLES": 1}
    world = sandbox.load("2024-01-25", [message("d4", 7)], endring=(TOPIC,))
    assert world.utfall() == {(TOPIC, "d3"): "TELLES", (TOPIC, "d4"): "TELLES"}


def test_lines_that_are_known_or_older_or_as_new(sandbox: Sandbox) -> None:
    """A known line is one, an older one is superseded again, and of equal offsets the new one stands."""
    sandbox.load("2024-01-08", [message(offset=5), message(offset=4), message("d2", 5), message("d3", 5)])
    lines = [message(offset=5), message(offset=4), message(offset=4), message("d2", 5, status="KLADD")]
    world = sandbox.load("2024-01-15", [*lines, message("d3", 4, status="KLADD")], endring=(TOPIC,))
    assert komet(world) == {"LEST": 5, "ERSTATTET": 2, "TELLES": 2, "UTKAST": 1}
    assert world.utfall()[(TOPIC, "d2")] == "UTKAST"


def test_a_line_without_a_place_tells_nothing_of_the_key_it_names(sandbox: Sandbox) -> None:
    """What is known of a key stays, though a line that cannot be placed names it (specification 7)."""
    sandbox.load("2024-01-08", [message()], [avtale()])
    broken = ['{"partition": 0, "offset": 5, "key": "d1"}', '{"partition": 0, "key": "d1", "value": null}']
    employers = ['{"partition": 0, "offset": 5, "key": "a1"}']
    world = sandbox.load("2024-01-15", broken, employers, endring=(TOPIC, ARBEIDSGIVER_TOPIC))
    assert world.utfall() == {(TOPIC, "d1"): "TELLES", (ARBEIDSGIVER_TOPIC, "a1"): "TELLES"}
    assert komet(world) == {"LEST": 3, "UTEN_PLASS": 2, "TELLES": 1}


def test_what_is_new_once_more_changes_nothing(sandbox: Sandbox) -> None:
    """The same extract again adds nothing; a correction of it does not unsay what was sent."""
    sandbox.load("2024-01-08", [message(), message("d2")])
    lines = [message(offset=2), message(offset=3), tombstone("d2")]
    world = sandbox.load("2024-01-15", lines, endring=(TOPIC,))
    before = world.avstemming()
    assert komet(world) == {"LEST": 3, "ERSTATTET": 1, "SLETTET": 1, "TELLES": 1}
    for _ in range(2):
        assert sandbox.load("2024-01-15", lines, endring=(TOPIC,)).avstemming() == before
        assert world.computed() == {}
    assert komet(sandbox.load("2024-01-15", [message("d3")], endring=(TOPIC,))) == {
        "LEST": 3,
        "SLETTET": 1,
        "TELLES": 2,
    }


def test_one_topic_may_be_what_is_new_and_the_other_whole(sandbox: Sandbox) -> None:
    """Each topic has its own omfang; without a file of the employers nothing is new, or nothing is there."""
    sandbox.load("2024-01-08", [message(), message("d2")], [avtale(), avtale("a2")])
    world = sandbox.load("2024-01-15", [message(offset=2)], [avtale(offset=2)], endring=(ARBEIDSGIVER_TOPIC,))
    assert {key for _, key in world.utfall()} == {"d1", "a1", "a2"}
    world = sandbox.load("2024-01-22", [message("d2", 3)], [avtale("a3")], endring=(TOPIC,))
    assert {key for _, key in world.utfall()} == {"d1", "d2", "a3"}
    world = sandbox.load("2024-01-23", [], endring=(TOPIC, ARBEIDSGIVER_TOPIC))
    assert {key for _, key in world.utfall()} == {"d1", "d2", "a3"}
    world = sandbox.load("2024-01-24", [], endring=(TOPIC,))
    assert {key for _, key in world.utfall()} == {"d1", "d2"}


def test_an_erased_persons_messages_are_no_longer_known(sandbox: Sandbox) -> None:
    """Not counted until there is a line of the key again, and nobody else's older message comes back."""
    sandbox.load("2024-01-08", [message("d1", personIdent=OLA), message("d2"), message("d3", personIdent=OLA)])
    sandbox.load("2024-01-09", [message("d1", 2), message("d4", 2)], endring=(TOPIC,))
    sandbox.world.erase(KARI)
    # The same extract has lines of d1 and d4.
    world = sandbox.load("2024-01-09", [message("d1", 2), message("d4", 2)], endring=(TOPIC,))
    assert komet(world) == {"LEST": 3, "SLETTET_PERSON": 2, "TELLES": 1}
    sandbox.world.erase(KARI)
    world = sandbox.load("2024-01-15", [], endring=(TOPIC,))
    assert komet(world) == {"LEST": 1, "TELLES": 1}
    world = sandbox.load("2024-01-16", [message("d2", 3), tombstone("d4", 3)], endring=(TOPIC,))
    assert komet(world) == {"LEST": 3, "SLETTET": 1, "SLETTET_PERSON": 1, "TELLES": 1}


@pytest.mark.parametrize(
    ("kilde", "omfang"), [("nav_enhet", "endring"), (KOMET_VIEW, "endring"), (TOPIC, "noe"), ("nav_enhet", "Full")]
)
def test_omfang_that_makes_no_sense(tmp_path: Path, kilde: str, omfang: str) -> None:
    """Only a topic can be what is new (specification 2)."""
    write_uttrekk(with_omfang(uttrekk_rows(TAKEN, []), **{kilde: omfang}), tmp_path)
    with pytest.raises(ValueError, match=f"omfang of {kilde} is {omfang}"):
        read_uttrekk(tmp_path)


# Small worlds


def replay(world: SmallWorld, folder: Path, parquet: bool, after_each: Callable[[World], None] | None = None) -> World:
    """Load a small world's extracts in their order."""
    replayed = World(world.fra_uke_dato, "nokkel")
    for number, uttrekk in enumerate(world.uttrekk):
        path = folder / str(number)
        write_uttrekk(uttrekk, path, "parquet" if parquet else "csv", gzip=parquet)
        replayed.load(read_uttrekk(path))
        if after_each:
            after_each(replayed)
    return replayed


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=small_worlds())
def test_small_worlds_hold_the_invariants(world: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Small worlds hold the invariants (specification 2-4)."""
    replayed = replay(world, tmp_path_factory.mktemp("verden"), parquet=False)
    for history in replayed.history.values():
        for versions in history.versions.values():
            assert all(v.gyldig_til_tid is None or v.gyldig_fom_tid < v.gyldig_til_tid for v in versions)
            assert all(
                v.gyldig_til_tid is not None and v.gyldig_til_tid <= following.gyldig_fom_tid
                for v, following in pairwise(versions)
            )
    fact = replayed.fact()
    assert all(0 < counts.person_antall <= counts.deltakelse_antall for counts in fact.values())
    people = sum(counts.person_antall for counts in fact.values())
    assert sum(replayed.uke_antall().values()) == people
    assert sum(replayed.uke_antall_avdeling().values()) == people
    for taken in replayed.publications:
        shown = [
            row
            for row in replayed.published()
            if row.publisert_fom_tid <= taken and (row.publisert_til_tid is None or taken < row.publisert_til_tid)
        ]
        assert len({row.cell for row in shown}) == len(shown)
        assert {row.cell: row.counts for row in shown} == replayed.published_as_of(taken)
    assert replayed.published_as_of(max(replayed.publications)) == fact
    revisjoner = replayed.uke_revisjon().values()
    assert sum(revisjon.person_antall for revisjon in revisjoner) == people
    assert all(abs(r.person_antall - r.forste_person_antall) <= r.person_avstand_antall for r in revisjoner)
    balances(replayed)
    andeler: dict[str, Fraction] = {}
    for kobling, andel in replayed.koblinger().items():
        andeler[kobling.gjennomforing_id] = andeler.get(kobling.gjennomforing_id, Fraction()) + andel
    assert set(andeler.values()) <= {Fraction(1)}
    split = [counts for cell, counts in replayed.totaler().items() if cell.enhet_nivaa_kode == "KONTOR"]
    assert sum(counts.deltakelse_antall for counts in split) == 8 * sum(c.deltakelse_antall for c in fact.values())
    now = sum(antall.person_antall for antall in replayed.sammenligning().values())
    assert now == people


@pytest.mark.parametrize("seed", range(5))
def test_csv_and_parquet_are_the_same(seed: int, tmp_path: Path) -> None:
    """Csv and parquet are the same (specification 2-4)."""
    world = small_world(seed)
    from_csv = replay(world, tmp_path / "csv", parquet=False)
    from_parquet = replay(world, tmp_path / "parquet", parquet=True)
    assert from_csv.fact() == from_parquet.fact()
    assert from_csv.avvik() == from_parquet.avvik()
    assert from_csv.histories() == from_parquet.histories()
    assert from_csv.kapasitet_enhet() == from_parquet.kapasitet_enhet()
    assert from_csv.venteliste() == from_parquet.venteliste()
    assert from_csv.avstemming() == from_parquet.avstemming()


def test_some_extracts_are_corrected_without_a_new_time() -> None:
    """Some extracts are corrected without a new time, and then no history source is touched (specification 4 and 5)."""
    corrections = 0
    for seed in range(30):
        for before, after in pairwise(small_world(seed).uttrekk):
            if before is not after and before.tables["uttrekk"] == after.tables["uttrekk"]:
                corrections += 1
                assert all(before.tables[kilde] == after.tables[kilde] for kilde in OWN_TIMESTAMP)
                assert (KOMET_VIEW in before.tables) == (KOMET_VIEW in after.tables)
                assert bool(before.arbeidsgiver) == bool(after.arbeidsgiver)
                assert before != after
    assert corrections > 0


def test_small_worlds_hold_each_kind_now_and_then() -> None:
    """Each kind of thing that the specification treats specially is in some of the worlds (specification 2)."""
    found: set[str] = set()
    for seed in range(60):
        for rows in small_world(seed).uttrekk:
            lines = [line for files in (rows.topic, rows.arbeidsgiver) for file in files for line in file]
            norg = [row["enhetsnummer"] for row in rows.tables["nav_enhet"]]
            kinds = {
                "bom": rows.bom,
                "blank lines": any(not line.strip() for line in lines),
                "kcat": any('"payload"' in line for line in lines),
                "new idents": IDENT_HISTORIKK in rows.tables,
                "norg twice": len(norg) > len(set(norg)),
                "upper case": any("-ABCD-" in line for line in lines),
                "other spaces": any("\u00a0" in (row["filter_navn"] or "") for row in rows.tables["veiledergruppe"]),
                "letters in parts": any("A\u030a" in str(row["filter_navn"]) for row in rows.tables["veiledergruppe"]),
                "milliseconds": any(
                    str(row["sist_endret_tidspunkt"]).isdigit() for row in rows.tables["oppfolgingsbruker"]
                ),
                "14a": any(
                    row["kvalifiseringsgruppe"] == "STANDARD_INNSATS" for row in rows.tables["oppfolgingsbruker"]
                ),
                "office of the veileder": any("navVeileder" in line for line in lines),
                "unknown aarsak": any("HELT_NY_AARSAK" in line for line in lines),
            }
            found |= {kind for kind, there in kinds.items() if there}
    assert found == set(kinds)


def told(world: World) -> tuple[Any, ...]:
    """Return what a world says, but for how many lines it took."""
    by_lines = ("_LEST", "_UTEN_PLASS", "_ERSTATTET", "_SLETTET")
    steg = {kode: antall for kode, antall in balances(world).items() if not kode.endswith(by_lines)}
    # Where a key has been is only known of the lines that are there.
    avvik = {one for one in world.avvik() if one[2] != "NOKKEL_I_FLERE_PARTISJONER"}
    histories = world.histories()
    marts = (world.fact(), world.kapasitet(), world.venteliste(), world.koblinger(), world.totaler())
    return (world.utfall(), avvik, histories, *marts, world.published(), world.computed(), steg)


def assert_same_as_whole(world: SmallWorld, changes: SmallWorld, folder: Path) -> None:
    """Check that a world says the same after each extract, whether the topics are whole or some only what is new."""
    expected: list[tuple[Any, ...]] = []
    found: list[tuple[Any, ...]] = []
    replay(world, folder / "hele", False, lambda replayed: expected.append(told(replayed)))
    replay(changes, folder / "endringer", False, lambda replayed: found.append(told(replayed)))
    assert found == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_is_new_says_the_same_as_the_whole(seed: int, tmp_path: Path) -> None:
    """The same world, with whole topics and with what is new of them, gives the same after each extract."""
    world = small_world(seed)
    assert_same_as_whole(world, with_changes(world, random.Random(seed).randint), tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=small_worlds(), seed=integers(0, 1000))
def test_what_is_new_in_worlds_drawn_by_hypothesis(
    world: SmallWorld, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same of worlds that Hypothesis draws, and shrinks when one fails."""
    assert_same_as_whole(world, with_changes(world, random.Random(seed).randint), tmp_path_factory.mktemp("verden"))


def endring_of(rows: UttrekkRows) -> set[str]:
    """Return the topics of which an extract has only what is new."""
    return {str(row["kilde"]) for row in rows.tables["uttrekk"] if row.get("omfang") == "endring"}


def test_no_offset_is_ever_two_messages() -> None:
    """A partition's offset is one line; also from extract to extract, until a whole topic is made anew."""
    twice = changed = corrected = 0
    for seed in range(60):
        for world in (small_world(seed), small_world(seed, changes=True)):
            for topic in (TOPIC, ARBEIDSGIVER_TOPIC):
                known: dict[tuple[int, int], str] = {}
                for rows in world.uttrekk:
                    files = rows.topic if topic == TOPIC else rows.arbeidsgiver
                    lines = [
                        line
                        for file in files
                        for line in file
                        if '"key"' in line and '"offset"' in line and ('"value"' in line or '"payload"' in line)
                    ]
                    by_place: dict[tuple[int, int], set[str]] = {}
                    for line in lines:
                        parsed = json.loads(line)
                        by_place.setdefault((parsed["partition"], parsed["offset"]), set()).add(line)
                    assert all(len(texts) == 1 for texts in by_place.values())
                    twice += len(lines) - len(by_place)
                    places = {place: text for place, (text,) in by_place.items()}
                    if topic in endring_of(rows):
                        changed += 1
                        assert all(known.get(place, text) == text for place, text in places.items())
                        known |= places
                    else:
                        known = places
            for before, after in pairwise(world.uttrekk):
                same_time = earliest(before) == earliest(after)
                corrected += bool(before is not after and same_time and endring_of(before) and endring_of(after))
    assert min(twice, changed) > 10
    assert corrected > 0


def earliest(rows: UttrekkRows) -> str:
    """Return when an extract's first table is from, as text."""
    return str(rows.tables["uttrekk"][0]["uttrekk_tidspunkt"])
