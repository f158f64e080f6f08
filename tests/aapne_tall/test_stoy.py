"""The open numbers made by noise: what the tables of noise are, what is shown, and what an attacker can make of it.

Written from what the numbers are to be (docs) and from what is published, not from the SQL.
"""

from __future__ import annotations

import base64
import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pytest

from tests.aapne_tall.stoy_attacker import KEYS, LIMIT, MOST, Game, Noise, Outcome, Solver, every_way, masked, play
from tests.aapne_tall.stoy_world import (
    OPEN_KEY,
    STEADY,
    WEEKS,
    Members,
    Series,
    cell_key,
    draw,
    extract,
    members,
    otherwise,
    record_key,
    units,
)
from tests.aapne_tall.test_angriper import SECRET
from tests.rules.brute_force import World, pseudonym
from tests.rules.rows import MONDAY
from tests.rules.warehouse import KEY, Warehouse, load, parse

NOISE = Noise.read()
DIMENSIONS = ("TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING", "TILTAKSGRUPPE")
Cell = tuple[Series, date]


@pytest.mark.parametrize(
    ("step", "count", "variance"), [("serie", 1, 2.0), ("serie", 2, 2.0), ("celle", 1, 1.5), ("celle", 2, 1.5)]
)
def test_the_tables_are_of_mean_zero(step: str, count: int, variance: float) -> None:
    """With the variance that is said, at most two, and nothing under zero. `read` sees that each key is there once."""
    noise = getattr(NOISE, step)[count]
    assert len(noise) == KEYS
    assert noise.sum() == 0
    assert abs(np.square(noise).mean() - variance) < 0.01
    assert abs(noise).max() <= MOST // 2
    assert noise.min() >= -count


def test_zero_has_no_noise() -> None:
    """It stays zero."""
    assert not NOISE.serie[0].any()
    assert not NOISE.celle[0].any()


def broken(noise: Noise, outcome: Outcome) -> set[str]:
    """Return what an attacker is not to have, and has.

    What is left of a number between two limits is known at the limits: one of 25 totals and parts is as far down as
    can be. So a few in a thousand are known, whatever the variance.
    """
    found = {"near"} if outcome.rmse <= 2 else set()
    found |= {"sure"} if outcome.sure() > 0.002 else set()
    return found | ({"change"} if noise.change() > 0.95 else set())


@pytest.mark.parametrize("others", [1, 2, 3])
def test_ten_weeks_do_not_tell_a_masked_number(others: int) -> None:
    """Where the others of a unit are new each week, and the people of the masked part are the same."""
    assert broken(NOISE, play(NOISE, Game(others))) == set()


@pytest.mark.parametrize("others", [2, 3])
def test_of_no_masked_number_is_anyone_sure(others: int) -> None:
    """No posterior is over 0.95. Of two parts alone, it is of one in a thousand (decision 17)."""
    assert play(NOISE, Game(others)).surest() <= 0.95


@pytest.mark.parametrize(
    ("noise", "game", "caught"),
    [
        pytest.param(NOISE.without("serie"), Game(), {"near", "sure"}, id="without the series' noise"),
        pytest.param(NOISE.without("celle"), Game(), {"sure", "change"}, id="without the cells' noise"),
        pytest.param(NOISE, Game(fresh=True), {"near"}, id="drawn anew each week"),
    ],
)
def test_the_attacker_sees_noise_that_is_not_enough(noise: Noise, game: Game, caught: set[str]) -> None:
    """The tests above would fail."""
    assert caught <= broken(noise, play(noise, game))


def test_a_unit_of_one_avdeling_tells_a_little_more() -> None:
    """All its numbers are there twice, by avdeling and not: two draws of the series' noise (decision 17)."""
    outcome = play(NOISE, Game(copies=2))
    assert 1.4 < outcome.rmse < play(NOISE, Game()).rmse


@pytest.mark.parametrize(("shape", "least"), [((12, 5), 2), ((5, 4, 2), 1.2)], ids=str)
def test_all_of_a_table_at_once_tells_no_more(shape: tuple[int, ...], least: float) -> None:
    """Every total less its other parts, over all dimensions, weighted as is best; a small table has many ways."""
    assert every_way(NOISE, shape) > least


class Use(NamedTuple):
    """A cell of capacity: whose places, of what, and whose people have them."""

    uke_start_dato: date
    enhet_nivaa_kode: str
    enhetsnummer: str
    tiltakskode: str
    bruker_kode: str = "ALLE"
    tiltaksgruppe_kode: str = "ALLE"


Places = tuple[Fraction, Fraction]


def capacities(world: World) -> dict[Use, Places]:
    """Return the exact participations and places of each cell of capacity."""
    found: dict[Use, Places] = defaultdict(lambda: (Fraction(), Fraction()))
    for cell, (number, places) in world.kapasitet().items():
        day, owner, office = cell.uke_start_dato, cell.kapasitet_enhetsnummer, cell.oppfolging_enhetsnummer
        uses = [Use(day, *unit, code) for unit in units(owner) for code in (cell.tiltakskode, "ALLE")]
        group = world.kodeverk.tiltaksgrupper.get(cell.tiltakskode, "UKJENT")
        uses += [Use(day, *unit, "ALLE", tiltaksgruppe_kode=group) for unit in units(owner)]
        if owner == office:
            uses.append(Use(day, "KONTOR", owner, "ALLE", "EGNE"))
        else:
            uses += [Use(day, "KONTOR", owner, "ALLE", "ANDRE"), Use(day, "KONTOR", office, "ALLE", "HOS_ANDRE")]
        for use in uses:
            if use.enhetsnummer not in SECRET:
                found[use] = found[use][0] + number, found[use][1] + places
    return dict(found)


class Built(NamedTuple):
    """A world of thirty weeks: its database, its extract, and who is in each series in each week."""

    warehouse: Warehouse
    uttrekk: Path
    cells: dict[Cell, Members]
    shown: dict[Cell, int]
    capacities: dict[Use, Places]


def numbers(warehouse: Warehouse) -> dict[Cell, int]:
    """Return the numbers with noise, also those that are masked, of who takes part and who waits."""
    rows = warehouse.rows(
        "select gruppering_kode, antall, uke_start_dato, populasjon_kode, enhet_nivaa_kode, enhetsnummer, "
        "nullif(tiltakskode, 'ALLE'), nullif(innsatsgruppe_kode, 'ALLE'), nullif(avdeling_navn, 'Alle'), "
        "nullif(tiltaksgruppe_kode, 'ALLE') "
        "from intermediate.aapne_tall_stoy where populasjon_kode <> 'KAPASITET'"
    )
    found = {}
    for grouping, number, day, *series in rows:
        split = [name for name, code in zip(DIMENSIONS, series[3:], strict=True) if code is not None]
        assert set(grouping.split("_")) == set(split or ["INGEN"])
        found[Series(*series), day] = int(number)
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def empty(workplace: Path) -> Callable[[], Warehouse]:
    """Give a function that makes an empty warehouse that publishes."""
    manifest = parse(aapne_tall=True)

    def make() -> Warehouse:
        # A worker may come back to this module, and makes the fixture once more.
        made = len(list(workplace.glob("stoy_*")))
        return Warehouse(workplace / f"stoy_{made}", manifest, MONDAY)

    return make


@pytest.fixture(scope="module")
def built(empty: Callable[[], Warehouse]) -> Built:
    """Build a world, with all that dbt writes, and read it by brute force."""
    warehouse, world = empty(), World(MONDAY, KEY)
    warehouse.leaves_traces = True
    uttrekk = warehouse.write(extract(draw(1)))
    warehouse.build(uttrekk)
    load(world, uttrekk)
    return Built(warehouse, uttrekk, members(world), numbers(warehouse), capacities(world))


def test_the_record_keys_are_of_the_person_and_the_key(built: Built) -> None:
    """Of everyone on a participation, and of nobody else."""
    people = {person for one in built.cells.values() for person, _ in one.persons}
    found = built.warehouse.rows("select person_id, nokkel_nummer from uttrekk.person_nokkel")
    assert {pseudonym(KEY, person): record_key(person) for person in people}.items() <= dict(found).items()
    assert len(found) == len(dict(found)) == len(draw(1))


def wait_in_two_offices(cell: Cell, one: Members) -> bool:
    """Whether somebody waits for one tiltakstype in two offices, and is counted twice above them."""
    return cell[0].populasjon_kode == "VENTER" and len(one.offices) > len(one.persons)


Sums = tuple[int, int, int, int]


def sums(built: Built) -> tuple[dict[Cell, Sums], dict[Cell, Sums]]:
    """Return the numbers that noise is added to with their key sums: those that are built, and by brute force."""
    rows = built.warehouse.rows(
        "select uke_start_dato, populasjon_kode, enhet_nivaa_kode, enhetsnummer, tiltakskode, innsatsgruppe_kode, "
        "avdeling_navn, tiltaksgruppe_kode, person_antall, person_nokkel_nummer, deltakelse_antall, "
        "deltakelse_nokkel_nummer from intermediate.aapne_tall_noklet"
    )
    found = {(Series(*row[1:8]), row[0]): row[8:] for row in rows}
    assert len(found) == len(rows)
    return found, {
        cell: (len(one.persons), one.key(), len(one.participations), one.key_of_participations())
        for cell, one in built.cells.items()
    }


def test_the_key_sums_are_of_distinct_people(built: Built) -> None:
    """At every level and in every grouping, as are the numbers that the noise is added to."""
    found, expected = sums(built)
    assert found.keys() == expected.keys()
    different = {cell: (found[cell], expected[cell]) for cell in found if found[cell] != expected[cell]}
    assert {cell: one for cell, one in different.items() if not wait_in_two_offices(cell, built.cells[cell])} == {}
    # People who take part in two offices are counted once in what is over both; who waits, in each, as exactly.
    assert any(len(one.offices) > len(one.persons) for (of, _), one in built.cells.items() if of[0] == "DELTAR")


def test_what_is_shown_is_at_most_four_from_what_is_true(built: Built) -> None:
    """And nothing is shown where nobody is."""
    assert built.shown.keys() <= built.cells.keys()
    assert min(built.shown.values()) > 0
    away = [
        built.shown.get(cell, 0) - len(one.persons)
        for cell, one in built.cells.items()
        if not wait_in_two_offices(cell, one)
    ]
    assert max(away) == MOST
    assert min(away) == -MOST


def test_each_series_has_one_key_that_gives_all_its_numbers(built: Built) -> None:
    """With the keys of the people in its cells: so the same people in a series give the same number in every week."""
    possible: dict[Series, Any] = defaultdict(lambda: np.ones(KEYS, dtype=bool))
    every = np.arange(KEYS)
    for (series, day), one in built.cells.items():
        if wait_in_two_offices((series, day), one):
            continue
        number, key = np.full(KEYS, len(one.persons)), np.full(KEYS, cell_key(one.key()))
        possible[series] &= NOISE.add(number, every, key) == built.shown.get((series, day), 0)
    assert [series for series, keys in possible.items() if not keys.any()] == []
    # Where the series' noise of many is known by them, each of its five is as frequent as it should be.
    known = [set(NOISE.serie[2, keys].tolist()) for keys in possible.values()]
    times = Counter(noise.pop() for noise in known if len(noise) == 1)
    assert len(times) == 5
    assert all(abs(count - times.total() / 5) < 4 * np.sqrt(times.total() * 0.2 * 0.8) for count in times.values())


def test_a_group_of_one_type_shows_what_the_type_does(built: Built) -> None:
    """Or its number would be told twice, with other noise."""
    alone = {"ARBEIDSFORBEREDENDE_TRENING", "AVKLARING", "ARBEIDSRETTET_REHABILITERING"}
    types = {cell: number for cell, number in built.shown.items() if cell[0].tiltakskode in alone}
    groups = {
        (one._replace(tiltakskode=one.tiltaksgruppe_kode, tiltaksgruppe_kode=None), day): number
        for (one, day), number in built.shown.items()
        if one.tiltaksgruppe_kode in alone
    }
    assert len(types) > 1000
    assert groups == types


def test_the_noise_is_of_mean_zero(built: Built) -> None:
    """Within four standard errors.

    One week of each series, and no two of the same people: sums of record keys of different people are independent in
    pairs, and so are the keys of series. The variance of the sum of their noise is then the sum of their variances.
    """
    taken: dict[frozenset[tuple[str, str]], int] = {}
    seen: set[Series] = set()
    cells = list(built.cells)
    random.Random(1).shuffle(cells)
    for cell in cells:
        people = frozenset(built.cells[cell].persons)
        # Who is on one tiltakstype alone is told apart by it where people wait.
        alone = frozenset((person, "") for person, _ in people)
        if cell[0] not in seen and alone not in taken:
            seen.add(cell[0])
            taken[alone] = built.shown.get(cell, 0) - len(people)
    noise = np.array(list(taken.values()))
    assert len(noise) > 300
    assert abs(noise.mean()) < 4 * noise.std() / np.sqrt(len(noise))
    assert 2 < noise.var() < 5


def test_what_is_published_is_what_has_noise(built: Built) -> None:
    """Or nothing, where that is 1 to 4; and so in the files."""
    keys = "uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltaksgruppe_kode, tiltakskode"
    for population, relation, columns in (
        ("DELTAR", "aapen_deltakelse_uke", "innsatsgruppe_kode, avdeling_navn, person_antall, deltakelse_antall"),
        ("VENTER", "aapen_venteliste_uke", "innsatsgruppe_kode, avdeling_navn, vent_antall, vent_antall"),
        ("KAPASITET", "aapen_kapasitet_uke", "'ALLE', 'Alle', deltakelse_antall, plass_antall"),
    ):
        other = {"DELTAR": "deltakelse_antall", "VENTER": "antall", "KAPASITET": "plass_antall"}[population]
        noised = built.warehouse.rows(
            f"select {keys}, innsatsgruppe_kode, avdeling_navn, antall, {other}, prikket_flagg "
            f"from intermediate.aapne_tall_stoy where populasjon_kode = '{population}' "
            "and coalesce(bruker_kode, 'ALLE') = 'ALLE' order by all"
        )
        expected = []
        for *cell, number, more, flagged in noised:
            assert flagged == (0 < number < LIMIT)
            assert flagged or population != "DELTAR" or more >= number
            expected.append((*cell, *((None, None) if flagged else (number, more)), flagged))
        file = f"read_parquet('{built.warehouse.export}/aapent/{relation}.parquet')"
        for source in (relation, file):
            where = "deltakelse_antall is null or deltakelse_antall > 0" if population == "KAPASITET" else "true"
            shown = built.warehouse.rows(f"select {keys}, {columns}, prikket_flagg from {source} where {where}")
            assert sorted(shown, key=str) == sorted(expected, key=str), source


def test_units_that_reveal_by_themselves_are_in_the_country_alone(built: Built) -> None:
    """Not in their region either. Who is there is in the country (the key sums above)."""
    assert {cell.enhetsnummer for cell in built.warehouse.fact()} >= set(SECRET)
    for relation in ("aapen_deltakelse_uke", "aapen_venteliste_uke", "aapen_kapasitet_uke", "aapen_enhet"):
        assert built.warehouse.rows(f"select * from {relation} where enhetsnummer in {SECRET}") == []


def noised_capacities(warehouse: Warehouse) -> dict[Use, tuple[float, float | None, bool]]:
    """Return the numbers with noise of capacity: participations, places, and whether they are masked."""
    rows = warehouse.rows(
        f"select {', '.join(Use._fields)}, antall, plass_antall, prikket_flagg from intermediate.aapne_tall_stoy "
        "where populasjon_kode = 'KAPASITET'"
    )
    found = {Use(*row[:-3]): row[-3:] for row in rows}
    assert len(found) == len(rows)
    return found


def test_capacities_are_at_most_four_from_what_is_true(built: Built) -> None:
    """Of those on a unit's places, and of whose they are."""
    shown = noised_capacities(built.warehouse)
    assert shown.keys() <= built.capacities.keys()
    for use, (number, _) in built.capacities.items():
        noised, _, flagged = shown.get(use, (0, None, False))
        # What is half of a participation may be rounded either way.
        assert abs(noised - number) <= MOST + 0.5, use
        assert flagged == (0 < noised < LIMIT), use
    assert {use.bruker_kode for use in shown} == {"ALLE", "EGNE", "ANDRE", "HOS_ANDRE"}


def test_places_are_scaled_as_participations_are(built: Built) -> None:
    """To whole ones. That they are not published where the participations are masked is above."""
    scaled = 0
    for use, (noised, places, _) in noised_capacities(built.warehouse).items():
        number, true = built.capacities[use]
        if use.bruker_kode == "ALLE" and noised >= LIMIT:
            assert places is not None, use
            assert places == int(places), use
            assert abs(int(places) - true * int(noised) / number) <= Fraction(1, 2), use
            scaled += 1
    assert scaled > 1000


def test_places_of_half_are_rounded_up(built: Built) -> None:
    """Always, and not as it happens in a run."""
    halves = {}
    for use, (noised, places, _) in noised_capacities(built.warehouse).items():
        number, true = built.capacities[use]
        exact = true * int(noised) / number
        if places is not None and exact % 1 == Fraction(1, 2):
            halves[use] = int(places) - int(exact)
    assert len(halves) > 10
    assert set(halves.values()) == {1}


def test_of_who_uses_places_nothing_small_is_published(built: Built) -> None:
    """Each of the three numbers is what has noise, 0 where that is none, or nothing."""
    rows = built.warehouse.rows(
        "select uke_start_dato, enhet_nivaa_kode, enhetsnummer, egne_antall, fra_andre_antall, hos_andre_antall, "
        "bruk_prikket_flagg from aapen_kapasitet_uke where gruppering_kode = 'INGEN'"
    )
    noised = dict(
        built.warehouse.rows(
            f"select ({', '.join(Use._fields)}), antall from intermediate.aapne_tall_stoy "
            "where populasjon_kode = 'KAPASITET' and bruker_kode <> 'ALLE'"
        )
    )
    told = 0
    for day, level, unit, *numbers_of, flagged in rows:
        for bruker, number in zip(("EGNE", "ANDRE", "HOS_ANDRE"), numbers_of, strict=True):
            if level == "KONTOR":
                assert number in (None, noised.get(Use(day, level, unit, "ALLE", bruker), 0)), (day, unit, bruker)
                assert not 0 < (number or 0) < LIMIT
                assert number is not None or flagged
                told += bool(number)
            else:
                assert number is None
    assert told > 100


@pytest.mark.long
def test_other_runs_and_databases_give_the_same_people_the_same_number(
    built: Built, empty: Callable[[], Warehouse], workplace: Path
) -> None:
    """When some weeks have changed, after a full refresh, and where the lines are read in another order."""

    def by_people(cells: dict[Cell, Members], shown: dict[Cell, int]) -> dict[Any, int]:
        return {(cell[0], frozenset(one.persons)): shown.get(cell, 0) for cell, one in cells.items()}

    before = by_people(built.cells, built.shown)
    later = built.warehouse.copied_to(workplace / f"{built.warehouse.folder.name}_senere")
    world = World(MONDAY, KEY)
    load(world, built.uttrekk)
    uttrekk = later.write(extract(otherwise(draw(1), 2), WEEKS + 1, seed=3))
    later.build(uttrekk)
    load(world, uttrekk)
    # What was shown is told as it was, and what is shown now as it is.
    assert published(later, as_of="timestamp '2024-01-01'") == {relation: [] for relation in SHOWN}
    assert published(later, as_of=f"timestamp '{MONDAY + timedelta(weeks=WEEKS)} 23:00:00'") == published(
        built.warehouse
    )
    assert published(later, as_of="timestamp '2030-01-01'") == published(later)
    changed = by_people(members(world), numbers(later))
    both = before.keys() & changed.keys()
    assert len(both) > 2000
    assert len(changed.keys() - before.keys()) > 500
    assert {key for key in both if before[key] != changed[key]} == set()
    shown = published(later)
    later.build(uttrekk, "--full-refresh")
    assert published(later) == shown
    later.build(uttrekk)
    assert later.rows("select count(*) from intermediate.aapne_tall_stoyuke where regnes_ut_flagg") == [(0,)]
    assert published(later) == shown
    # A part of the project publishes at the time of the run before it, and what that showed is replaced.
    later.vars["prikkegrense"] = 20
    later.build(uttrekk, "--select", "models/aapne_tall", tests=True)
    assert published(later) != shown
    assert published(later, as_of="timestamp '2030-01-01'") == published(later)
    del later.vars["prikkegrense"]
    later.build(uttrekk, "--select", "models/aapne_tall", tests=True)
    assert published(later) == published(later, as_of="timestamp '2030-01-01'") == shown
    # From before a column was there: noise is drawn anew, and what has the column is shown from now on.
    later.execute("alter table intermediate.aapne_tall_stoy drop column tiltaksgruppe_kode")
    later.execute("update intermediate.aapne_tall_stoy set fingeravtrykk = 0")
    later.execute("alter table aapen_venteliste_uke_publisert drop column ventedager_median")
    later.build(uttrekk, tests=True)
    assert published(later) == published(later, as_of="timestamp '2030-01-01'") == shown
    other = empty()
    other.build(other.write(extract(otherwise(draw(1), 2), WEEKS + 1, seed=4)))
    assert numbers(other) == numbers(later)
    assert published(other) == shown


# But for places, which are rounded as it happens in a run (above).
SHOWN = {"aapen_deltakelse_uke": "*", "aapen_venteliste_uke": "*", "aapen_kapasitet_uke": "* exclude (plass_antall)"}


def published(warehouse: Warehouse, as_of: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is published of numbers, or what was published at a time."""
    found = {}
    for relation, columns in SHOWN.items():
        if as_of is None:
            found[relation] = warehouse.rows(f"select {columns} from {relation} order by all")
        else:
            found[relation] = warehouse.rows(
                # In the order of the open relation: a column that came later is the last one of what was shown.
                f"select {columns} from (from {relation} where false union all by name "
                f"select * exclude (publisert_fom_tid, publisert_til_tid) from {relation}_publisert "
                f"where publisert_fom_tid <= {as_of} and coalesce({as_of} < publisert_til_tid, true)) order by all"
            )
    return found


def test_averages_of_what_is_built_are_as_far_off_as_simulated(built: Built) -> None:
    """The people in one innsatsgruppe stay, and those of the others change: a total less the others, over weeks."""
    away, spread = [], []
    for target, days in steady_cells(built).items():
        total = target._replace(innsatsgruppe_kode=None)
        others = {day: sisters(built, target, day) for day in days}
        weeks = [day for day in days if others[day]]
        parts = {series for day in weeks for series in others[day]}
        if len(weeks) < 10 or any(parts != set(others[day]) for day in weeks):
            continue
        rest = [built.shown[total, day] - sum(built.shown[part, day] for part in parts) for day in weeks]
        away.append(np.mean(rest) - len(built.cells[target, weeks[0]].persons))
        # The same people in two weeks have the same noise.
        people = [Counter(frozenset(built.cells[one, day].persons) for day in weeks) for one in (total, *parts)]
        weekly = sum(count**2 for some in people for count in some.values()) / len(weeks) ** 2
        spread.append(np.sqrt(2 * len(people) + 1.5 * weekly))
    errors = np.array(away)
    assert len(errors) > 15
    # The mean of so many squares of numbers of variance 1.
    assert abs(np.square(errors / np.array(spread)).mean() - 1) < 4 * np.sqrt(2 / len(errors))


def steady_cells(built: Built) -> dict[Series, list[date]]:
    """Return the cells of few people who stay, with the weeks in which they are there."""
    found: dict[Series, list[date]] = defaultdict(list)
    people: dict[Series, set[tuple[str, str]]] = {}
    for (series, day), one in sorted(built.cells.items(), key=lambda item: item[0][1]):
        steady = series.innsatsgruppe_kode == STEADY and len(one.persons) < LIMIT + MOST
        if steady and people.setdefault(series, one.persons) == one.persons:
            found[series].append(day)
    return found


def sisters(built: Built, target: Series, day: date) -> list[Series]:
    """Return the other parts of the total in a week: none unless all are so many that they cannot be masked."""
    total = target._replace(innsatsgruppe_kode=None)
    parts = [
        total._replace(innsatsgruppe_kode=code)
        for code in ("BATT", "BFORM", "IKVAL", "UKJENT")
        if (total._replace(innsatsgruppe_kode=code), day) in built.cells
    ]
    return parts if all(len(built.cells[part, day].persons) >= LIMIT + MOST for part in parts) else []


@pytest.mark.long
@pytest.mark.parametrize("population", ["DELTAR", "VENTER"])
def test_few_masked_numbers_of_a_week_can_be_only_one(built: Built, population: str) -> None:
    """By all that is shown of the week, the limits of the noise, and how people are counted."""
    known, numbers_asked, exact = {series for series, _ in built.shown}, 0, []
    for day in sorted({day for _, day in built.cells})[::5]:
        shown = {
            series: int(masked(np.array(number)))
            for (series, of), number in built.shown.items()
            if of == day and series.populasjon_kode == population
        }
        solver = Solver(population, shown, known, NOISE)
        numbers_asked += len(solver.program.targets)
        exact += [(day, one) for one in solver.program.narrow(1)]
    assert numbers_asked > 500
    # One in a thousand can: a total that is shown as 0 is 4 at most, and its parts may be as many at least.
    assert len(exact) * 250 <= numbers_asked


def test_no_key_leaves_the_warehouse(built: Built, workplace: Path) -> None:
    """Not in a file of the export, in what was published, or in what dbt writes: no number, and no secret."""
    keys = {record_key(person) for one in built.cells.values() for person, _ in one.persons}
    keys |= {key for one in built.cells.values() for key in (one.key(), one.key_of_participations())}
    # Smaller numbers are found by chance.
    texts = {str(key) for key in keys if key > 10**6}
    assert len(texts) > 2000
    ((series_secret,),) = built.warehouse.rows("select hemmelig_tekst from uttrekk.serie_nokkel")
    secrets = [word for text in (series_secret, OPEN_KEY) for word in (text.encode(), bytes.fromhex(text))]
    files = [
        *built.warehouse.export.rglob("*"),
        *built.warehouse.log_path.rglob("*"),
        *(workplace / "target").rglob("*"),
    ]
    looked_at: Counter[str] = Counter()
    for path in (path for path in files if path.is_file()):
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path
        looked_at[path.suffix] += 1
        if path.suffix == ".html":
            data = page_data(content)
            assert not {str(number) for number in varints(data)} & texts
            content += data
        if path.suffix == ".parquet":
            assert not of_relation(duckdb.connect(), f"read_parquet('{path}')") & texts, path
        else:
            assert not {word.decode() for word in re.findall(rb"\d{7,}", content)} & texts, path
    assert {".parquet", ".csv", ".json", ".html", ".log", ".sql"} <= looked_at.keys()
    with duckdb.connect(str(built.warehouse.path), read_only=True) as connection:
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('main', 'drift')"
        ).fetchall():
            assert not of_relation(connection, f"{schema}.{name}") & texts, name
        told = connection.execute(
            "select sql from duckdb_views() union all select macro_definition from duckdb_functions()"
        )
        assert not [text for (text,) in told.fetchall() if text and (series_secret in text or OPEN_KEY in text)]
        assert of_relation(connection, "intermediate.aapne_tall_noklet") & texts


def page_data(page: bytes) -> bytes:
    """Return the numbers that stand in a page (tiltaksstatistikk.export.page)."""
    found = [gzip.decompress(base64.b64decode(text)) for text in re.findall(rb"H4sI[A-Za-z0-9+/=]{400,}", page)]
    assert found
    return b"".join(found)


def varints(data: bytes) -> set[int]:
    """Return the numbers of 28 bits and more that may stand anywhere as bytes of seven bits, the last below 128."""
    return {
        sum((byte & 127) << 7 * at for at, byte in enumerate(match.group(1)))
        for match in re.finditer(rb"(?s)(?=([\x80-\xff]{4,7}[\x00-\x7f]))", data)
    }


def of_relation(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    """Return the long numbers in a relation, in whatever type and text they are."""
    found: set[str] = set()
    described = connection.execute(f"describe select * from {relation}").fetchall()
    for name, kind, *_ in described:
        whole = "::hugeint" if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL") else ""
        values = connection.execute(f'select distinct try_cast("{name}"{whole} as varchar) from {relation}').fetchall()
        found |= {number for (text,) in values if text for number in re.findall(r"\d{7,}", text)}
    return found
