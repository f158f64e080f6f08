"""The open numbers made by noise: what the tables of noise are, what is shown, and what an attacker can make of it.

Written from what the numbers are to be (docs) and from what is published, not from the SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tests.aapne_tall.stoy_attacker import KEYS, MOST, Game, Noise, Outcome, every_way, play
from tests.aapne_tall.stoy_world import (
    Members,
    Series,
    draw,
    extract,
    members,
    record_key,
)
from tests.rules.brute_force import World, pseudonym
from tests.rules.rows import MONDAY
from tests.rules.warehouse import KEY, Warehouse, load, parse

NOISE = Noise.read()
DIMENSIONS = ("TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING")
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


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(
            1,
            marks=pytest.mark.xfail(
                strict=True, reason="of two parts, the lowest that the rest can be tells that the masked one is 1"
            ),
        ),
        2,
        3,
    ],
)
def test_of_no_masked_number_is_anyone_sure(others: int) -> None:
    """No posterior is over 0.95."""
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


@pytest.mark.xfail(strict=True, reason="the same people in two series have two draws of the series' noise")
def test_a_unit_of_one_avdeling_tells_no_more() -> None:
    """All its numbers are there twice: by avdeling, and not."""
    assert "near" not in broken(NOISE, play(NOISE, Game(copies=2)))


@pytest.mark.parametrize(
    "shape",
    [
        (12, 5),
        pytest.param((5, 4, 2), marks=pytest.mark.xfail(strict=True, reason="a small table has many ways to a part")),
    ],
    ids=str,
)
def test_all_of_a_table_at_once_tells_no_more(shape: tuple[int, ...]) -> None:
    """Every total less its other parts, over all dimensions, weighted as is best; none of the others masked."""
    assert every_way(NOISE, shape) > 2


class Built(NamedTuple):
    """A world of thirty weeks: its database, its extract, and who is in each series in each week."""

    warehouse: Warehouse
    uttrekk: Path
    cells: dict[Cell, Members]
    shown: dict[Cell, int]


def numbers(warehouse: Warehouse) -> dict[Cell, int]:
    """Return the numbers with noise, also those that are masked, of who takes part and who waits."""
    rows = warehouse.rows(
        "select gruppering_kode, antall, uke_start_dato, populasjon_kode, enhet_nivaa_kode, enhetsnummer, "
        "nullif(tiltakskode, 'ALLE'), nullif(innsatsgruppe_kode, 'ALLE'), nullif(avdeling_navn, 'Alle') "
        "from intermediate.aapne_tall_stoy where populasjon_kode <> 'KAPASITET'"
    )
    found = {}
    for grouping, number, day, *series in rows:
        split = [name for name, code in zip(DIMENSIONS, series[3:], strict=True) if code is not None]
        assert grouping == ("_".join(split) or "INGEN")
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
    return Built(warehouse, uttrekk, members(world), numbers(warehouse))


def test_the_record_keys_are_of_the_person_and_the_key(built: Built) -> None:
    """Of everyone on a participation, and of nobody else."""
    people = {person for one in built.cells.values() for person, _ in one.persons}
    found = built.warehouse.rows("select person_id, nokkel_nummer from uttrekk.person_nokkel")
    assert {pseudonym(KEY, person): record_key(person) for person in people}.items() <= dict(found).items()
    assert len(found) == len(dict(found)) == len(draw(1))


def test_the_key_sums_are_of_distinct_people(built: Built) -> None:
    """At every level and in every grouping, as are the numbers that the noise is added to."""
    rows = built.warehouse.rows(
        "select uke_start_dato, populasjon_kode, enhet_nivaa_kode, enhetsnummer, tiltakskode, innsatsgruppe_kode, "
        "avdeling_navn, person_antall, person_nokkel_nummer, deltakelse_antall, deltakelse_nokkel_nummer "
        "from intermediate.aapne_tall_noklet"
    )
    found = {(Series(*row[1:7]), row[0]): row[7:] for row in rows}
    assert len(found) == len(rows)
    assert found == {
        cell: (len(one.persons), one.key(), len(one.participations), one.key_of_participations())
        for cell, one in built.cells.items()
    }


def test_what_is_shown_is_at_most_four_from_what_is_true(built: Built) -> None:
    """And nothing is shown where nobody is."""
    assert built.shown.keys() <= built.cells.keys()
    assert min(built.shown.values()) > 0
    away = [built.shown.get(cell, 0) - len(one.persons) for cell, one in built.cells.items()]
    assert max(away) == MOST
    assert min(away) == -MOST
