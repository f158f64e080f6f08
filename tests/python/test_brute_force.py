"""Hand-computed examples for the brute-force reading of the specification."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from brute_force import (
    COLUMNS,
    KODEVERK,
    OWN_TIMESTAMP,
    TOPIC,
    Cell,
    Counts,
    OlderUttrekk,
    PublishedRow,
    Revisjon,
    UkeAntall,
    UkeAntallAvdeling,
    World,
    parse_time,
    pseudonym,
    read_uttrekk,
)
from rows import (
    AFT,
    JOBBKLUBB,
    KARI,
    MONDAY,
    OLA,
    TAKEN,
    bruker,
    gjennomforing,
    gruppe,
    message,
    tombstone,
    uttrekk_rows,
)
from small_worlds import (
    Row,
    SmallWorld,
    small_world,
    small_worlds,
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

    def load(self, taken: str = TAKEN, topic: list[str] | None = None, **tables: list[Row]) -> World:
        """Write, read and load an extract, with g1 of Jobbklubb and three enheter unless told otherwise."""
        self.number += 1
        folder = self.folder / str(self.number)
        write_uttrekk(uttrekk_rows(taken, topic or [], **tables), folder)
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
        (message(status="VENTER_PA_OPPSTART"), 0, set()),
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
        (message(deltakelsesmengder=[{}]), 4, {"DELTAKELSESMENGDE_PA_ANNET_TILTAK"}),
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
    tables: dict[str, list[Row]] = {
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
    tables: dict[str, list[Row]] = {
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
    sandbox.kodeverk = with_change("kodeverk_kvalifiseringsgruppe", "tilpasset innsats,BATT", "tilpasset innsats,VARIG")
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


# Small worlds


def replay(world: SmallWorld, folder: Path, parquet: bool) -> World:
    """Load a small world's extracts in their order."""
    replayed = World(world.fra_uke_dato, "nokkel")
    for number, uttrekk in enumerate(world.uttrekk):
        path = folder / str(number)
        write_uttrekk(uttrekk, path, "parquet" if parquet else "csv", gzip=parquet)
        replayed.load(read_uttrekk(path))
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


@pytest.mark.parametrize("seed", range(5))
def test_csv_and_parquet_are_the_same(seed: int, tmp_path: Path) -> None:
    """Csv and parquet are the same (specification 2-4)."""
    world = small_world(seed)
    from_csv = replay(world, tmp_path / "csv", parquet=False)
    from_parquet = replay(world, tmp_path / "parquet", parquet=True)
    assert from_csv.fact() == from_parquet.fact()
    assert from_csv.avvik() == from_parquet.avvik()
    assert from_csv.histories() == from_parquet.histories()


def test_some_extracts_are_corrected_without_a_new_time() -> None:
    """Some extracts are corrected without a new time, and then no history source is touched (specification 4 and 5)."""
    corrections = 0
    for seed in range(30):
        for before, after in pairwise(small_world(seed).uttrekk):
            if before is not after and before.tables["uttrekk"] == after.tables["uttrekk"]:
                corrections += 1
                assert all(before.tables[kilde] == after.tables[kilde] for kilde in OWN_TIMESTAMP)
                assert before.topic != after.topic
    assert corrections > 0
