"""Hand-computed examples for the brute-force reading of the specification."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from brute_force import (
    TOPIC,
    Cell,
    Counts,
    OlderUttrekk,
    UkeAntall,
    UkeAntallAvdeling,
    World,
    parse_time,
    pseudonym,
    read_uttrekk,
)
from hypothesis import HealthCheck, given, settings
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
        self.number = 0

    def load(self, taken: str = TAKEN, topic: list[str] | None = None, **tables: list[Row]) -> World:
        """Write, read and load an extract, with g1 of Jobbklubb and three enheter unless told otherwise."""
        self.number += 1
        folder = self.folder / str(self.number)
        write_uttrekk(uttrekk_rows(taken, topic or [], **tables), folder)
        self.world.load(read_uttrekk(folder))
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


@pytest.mark.parametrize("seed", range(5))
def test_csv_and_parquet_are_the_same(seed: int, tmp_path: Path) -> None:
    """Csv and parquet are the same (specification 2-4)."""
    world = small_world(seed)
    from_csv = replay(world, tmp_path / "csv", parquet=False)
    from_parquet = replay(world, tmp_path / "parquet", parquet=True)
    assert from_csv.fact() == from_parquet.fact()
    assert from_csv.avvik() == from_parquet.avvik()
    assert from_csv.histories() == from_parquet.histories()
