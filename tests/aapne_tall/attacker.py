"""What a reader can work out of what is published: the bounds of each suppressed cell, by linear programming.

Written from what the published relations say of themselves, not from how they are made. All that the attacker knows of
a week are its published rows, the tree of `aapen_enhet`, and how numbers of this kind add up:

- a cell that is not there is 0, and one that is suppressed is at least 1 (of capacities, shares: at least 0)
- participations, and those who wait, are additive over types, groups, avdelinger and units
- people are additive over groups and avdelinger; over types and units a total is at least each part and at most the sum
- each person in a cell has a participation in it
- what is not published (types by group in an office, a unit that is not shown) exists, and is not negative
- the participations on an office's places are by its own people or by others', and those of its people on its own
  places or on others'; in the whole country the two are the same
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, inf
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

ALLE = "ALLE"
HIDDEN = "(skjult)"
"""The units of a region, or of no region, that are not shown, taken together."""
EPS = 1e-5
# Numbers of places are rounded to four decimals, so that their sums are.
ROUNDING = 2e-3
GROUPINGS = {
    "KONTOR": ("INGEN", "TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING", "TILTAKSTYPE_AVDELING"),
    "REGION": ("INGEN", "TILTAKSTYPE", "INNSATSGRUPPE", "TILTAKSTYPE_INNSATSGRUPPE"),
    "LAND": ("INGEN", "TILTAKSTYPE", "INNSATSGRUPPE", "TILTAKSTYPE_INNSATSGRUPPE"),
}


class Unit(NamedTuple):
    """A unit at a level: one number may be both an office and a region."""

    level: str
    number: str


class Split(NamedTuple):
    """A cell of a unit: what a number is split by, None where it is not."""

    tiltakskode: str | None = None
    innsatsgruppe_kode: str | None = None
    avdeling_navn: str | None = None


class Target(NamedTuple):
    """A suppressed number: whose, of what, and which of the numbers that are suppressed together."""

    population: str
    unit: Unit
    split: Split
    measure: str


Numbers = dict[tuple[Unit, Split], tuple[float, ...] | None]


@dataclass
class Week:
    """The published rows of a week: by unit and split its numbers, None when they are suppressed."""

    day: date
    width: int
    units: dict[Unit, Unit | None]
    """Each published unit, and the one that it is a part of; None for the country."""
    deltar: Numbers = field(default_factory=dict)
    venter: Numbers = field(default_factory=dict)
    kapasitet: Numbers = field(default_factory=dict)
    bruk: dict[Unit, tuple[float | None, ...]] = field(default_factory=dict)


class Narrow(NamedTuple):
    """A suppressed number of which too much is known."""

    target: Target
    low: float
    high: float


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection with the published relations of a folder of Parquet files."""
    connection = duckdb.connect()
    for path in sorted(folder.glob("aapen_*.parquet")):
        connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
    return connection


def weeks(connection: duckdb.DuckDBPyConnection) -> list[date]:
    """Return the published weeks."""
    return [day for (day,) in connection.execute("select uke_start_dato from aapen_uke order by 1").fetchall()]


def tree(rows: Iterable[tuple[str, str, str | None]]) -> dict[Unit, Unit | None]:
    """Return the units with what they are parts of, from the rows of `aapen_enhet`."""
    land = Unit("LAND", ALLE)
    parents: dict[Unit, Unit | None] = {land: None}
    for level, number, parent in rows:
        if level == "KONTOR" and parent is not None:
            parents[Unit(level, number)] = Unit("REGION", parent)
        elif level != "LAND":
            parents[Unit(level, number)] = land
    return parents


def read_week(connection: duckdb.DuckDBPyConnection, day: date, width: int | None = None) -> Week:
    """Read what is published of a week.

    Args:
        connection: where the `aapen_*` are.
        day: the week's Monday.
        width: how wide each interval is to be, None for the `prikkegrense` that is published.
    """
    if width is None:
        ((width,),) = connection.execute("select prikkegrense from aapen_om_tallene").fetchall()
    units = connection.execute("select enhet_nivaa_kode, enhetsnummer, overordnet_enhetsnummer from aapen_enhet")
    week = Week(day, int(width or 0), tree(units.fetchall()))
    for relation, measures, numbers in (
        ("aapen_deltakelse_uke", "person_antall, deltakelse_antall", week.deltar),
        ("aapen_venteliste_uke", "vent_antall", week.venter),
        ("aapen_kapasitet_uke", "deltakelse_antall, plass_antall", week.kapasitet),
    ):
        finer = "null, null" if relation == "aapen_kapasitet_uke" else "innsatsgruppe_kode, avdeling_navn"
        found = connection.execute(
            f"select enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, {finer}, prikket_flagg, {measures} "
            f"from {relation} where uke_start_dato = ?",
            [day],
        ).fetchall()
        for level, number, grouping, tiltakskode, innsatsgruppe, avdeling, suppressed, *values in found:
            split = Split(
                tiltakskode if "TILTAKSTYPE" in grouping else None,
                innsatsgruppe if "INNSATSGRUPPE" in grouping else None,
                avdeling if "AVDELING" in grouping else None,
            )
            assert suppressed == all(value is None for value in values), (relation, day, number, split)
            numbers[Unit(level, number), split] = None if suppressed else tuple(float(value) for value in values)
    for number, *values in connection.execute(
        "select enhetsnummer, egne_antall, fra_andre_antall, hos_andre_antall "
        "from aapen_kapasitet_uke "
        "where uke_start_dato = ? and gruppering_kode = 'INGEN' and enhet_nivaa_kode = 'KONTOR'",
        [day],
    ).fetchall():
        week.bruk[Unit("KONTOR", number)] = tuple(values)
    return week


class Program:
    """A linear program: variables with bounds, and sums of them that lie between two numbers."""

    def __init__(self) -> None:
        """Start without any."""
        self.bounds: list[tuple[float, float]] = []
        self.integer: list[bool] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.targets: dict[Target, int] = {}
        self.known: dict[tuple[str, Unit, Split], tuple[int, ...]] = {}
        self._matrix: Any = None

    def variable(self, low: float, high: float = inf, integer: bool = True) -> int:
        """Add a variable and return its number."""
        self.bounds.append((low, high))
        self.integer.append(integer)
        return len(self.bounds) - 1

    def between(self, low: float, terms: Iterable[tuple[int, float]], high: float) -> None:
        """Demand that a sum lies between two numbers, both inclusive."""
        row: dict[int, float] = defaultdict(float)
        for number, factor in terms:
            row[number] += factor
        self.rows.append((row, low, high))

    def total(self, whole: int, parts: Iterable[int], rounding: float = 0.0) -> None:
        """Demand that a number is the sum of others."""
        self.between(-rounding, [(whole, 1.0), *((part, -1.0) for part in parts)], rounding)

    def union(self, whole: int, parts: Iterable[int]) -> None:
        """Demand that a number is at least each of others, and at most their sum."""
        parts = list(parts)
        self.between(-inf, [(whole, 1.0), *((part, -1.0) for part in parts)], 0.0)
        for part in parts:
            self.at_most(part, whole)

    def at_most(self, one: int, other: int, rounding: float = 0.0) -> None:
        """Demand that a number is at most another."""
        self.between(-inf, [(one, 1.0), (other, -1.0)], rounding)

    def matrix(self) -> tuple[Any, Any, Any, Any]:
        """Return the sums as linprog takes them: A_ub, b_ub, A_eq, b_eq."""
        if self._matrix is None:
            upper: list[tuple[dict[int, float], float]] = []
            equal: list[tuple[dict[int, float], float]] = []
            for row, low, high in self.rows:
                if low == high:
                    equal.append((row, low))
                    continue
                if high < inf:
                    upper.append((row, high))
                if low > -inf:
                    upper.append(({number: -factor for number, factor in row.items()}, -low))
            self._matrix = (*self._sparse(upper), *self._sparse(equal))
        return self._matrix  # type: ignore[no-any-return]

    def _sparse(self, rows: list[tuple[dict[int, float], float]]) -> tuple[Any, Any]:
        entries = [(at, number, factor) for at, (row, _) in enumerate(rows) for number, factor in row.items()]
        if not rows:
            return None, None
        at, number, factor = (np.array(column) for column in zip(*entries, strict=True))
        return csr_matrix((factor, (at, number)), (len(rows), len(self.bounds))), np.array([b for _, b in rows])

    def extreme(self, objective: Any) -> Any:
        """Return the point where an objective is smallest; where it is unbounded, one with numbers up to a million."""
        a_ub, b_ub, a_eq, b_eq = self.matrix()
        bounds = [(low, min(high, 1e6)) for low, high in self.bounds]
        found = linprog(objective, a_ub, b_ub, a_eq, b_eq, bounds, method="highs")
        assert found.status == 0, f"What is published contradicts itself: {found.message}"
        return found.x

    def _tight(self, variable: int, low: float, high: float) -> tuple[float, float]:
        return (float(ceil(low - EPS)), float(floor(high + EPS))) if self.integer[variable] else (low, high)

    def narrow(self, width: float, seed: int = 0) -> list[Narrow]:
        """Return the suppressed numbers whose interval is narrower than `width`.

        A point where one number is smallest says of every other that it can be that, so a few points settle most of
        them, and only the others are asked for one by one.
        """
        targets = list(self.targets)
        at = np.array([self.targets[target] for target in targets], dtype=int)
        if not targets:
            return []
        whole = np.array([self.integer[number] for number in at])
        low, high = np.full(len(at), inf), np.full(len(at), -inf)

        def solve(objective: Any) -> None:
            point = self.extreme(objective)[at]
            np.minimum(low, point, out=low)
            np.maximum(high, point, out=high)

        def open_ones() -> Any:
            span = np.where(whole, np.floor(high + EPS) - np.ceil(low - EPS), high - low)
            return np.flatnonzero(span < width - EPS)

        choose = random.Random(seed)
        for attempt in range(16):
            unsettled = open_ones() if attempt else np.arange(len(at))
            if len(unsettled) < 8:
                break
            objective = np.zeros(len(self.bounds))
            for number in unsettled:
                sign = (1.0, -1.0)[attempt] if attempt < 2 else choose.choice((-1.0, 1.0))
                objective[at[number]] += sign * choose.uniform(0.5, 1.5)
            solve(objective)
        found: list[Narrow] = []
        for number, target in enumerate(targets):
            if not np.isfinite(low[number]) or number in open_ones():
                ends = []
                for sign in (-1.0, 1.0):
                    objective = np.zeros(len(self.bounds))
                    objective[at[number]] = sign
                    point = self.extreme(objective)
                    ends.append(float(point[at[number]]))
                    np.minimum(low, point[at], out=low)
                    np.maximum(high, point[at], out=high)
                least, most = self._tight(int(at[number]), ends[1], ends[0])
                if most - least < width - EPS:
                    found.append(Narrow(target, least, most))
        return found

    def reach(self, target: Target, width: float) -> float:
        """Return how far above its least a suppressed number may be, at most `width`, where counts are whole."""
        a_ub, b_ub, a_eq, b_eq = self.matrix()
        rows = [LinearConstraint(a_ub, -inf, b_ub), LinearConstraint(a_eq, b_eq, b_eq)]
        low, high = (np.array(ends) for ends in zip(*self.bounds, strict=True))
        at = self.targets[target]

        def extreme(sign: float) -> float:
            objective = np.zeros(len(self.bounds))
            objective[at] = sign
            bounds, whole = Bounds(low, high), np.array(self.integer, dtype=int)
            found = milp(objective, integrality=whole, bounds=bounds, constraints=rows)
            assert found.status == 0, found.message
            return float(found.x[at])

        lowest = extreme(1.0)
        high[at] = lowest + width
        return extreme(-1.0) - lowest


class Reader:
    """Sets up what a reader knows of a week as a linear program.

    Args:
        week: what is published of it.
        hidden: the regions (or the country) with units that are not shown; None for all of them. Which offices Nav has
            is public, so a reader knows.
    """

    def __init__(self, week: Week, hidden: Iterable[Unit] | None = None) -> None:
        """Set up the programs: of participations with capacities, and of who waits."""
        self.week = week
        parents = {parent for parent in week.units.values() if parent is not None} | {Unit("LAND", ALLE)}
        self.hidden = set(parents if hidden is None else hidden)
        self.children: dict[Unit, list[Unit]] = defaultdict(list)
        for unit, parent in week.units.items():
            if parent is not None:
                self.children[parent].append(unit)
        for parent in self.hidden:
            self.children[parent].append(Unit(HIDDEN, parent.number))
        self.deltar, self.venter = Program(), Program()
        people = self._cells(self.deltar, "DELTAR", week.deltar, ("person_antall", "deltakelse_antall"))
        self._capacities(people)
        self._cells(self.venter, "VENTER", week.venter, ("vent_antall",))

    def narrow(self) -> list[Narrow]:
        """Return every suppressed number whose interval is narrower than it is to be."""
        return [*self.deltar.narrow(self.week.width), *self.venter.narrow(self.week.width)]

    def all_units(self) -> list[Unit]:
        """Return the units, with those that are not shown."""
        return [*self.week.units, *(Unit(HIDDEN, parent.number) for parent in self.hidden)]

    def _number(
        self, program: Program, population: str, numbers: Numbers, measures: tuple[str, ...], unit: Unit, split: Split
    ) -> tuple[int, ...]:
        """Add the variables of a cell: one for each of its numbers."""
        whole = population != "KAPASITET"
        grouping = "_".join(
            name
            for name, key in zip(("TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING"), split, strict=True)
            if key is not None
        )
        if unit.level == HIDDEN or (grouping or "INGEN") not in GROUPINGS[unit.level]:
            variables = tuple(program.variable(0.0, integer=whole) for _ in measures)
            if unit.level == HIDDEN:
                for measure, variable in zip(measures, variables, strict=True):
                    if measure != "plass_antall":
                        program.targets[Target(population, unit, split, measure)] = variable
            return variables
        if (unit, split) not in numbers:
            return tuple(program.variable(0.0, 0.0, whole) for _ in measures)
        values = numbers[unit, split]
        if values is not None:
            return tuple(program.variable(value, value, whole) for value in values)
        variables = tuple(program.variable(1.0 if whole else 0.0, integer=whole) for _ in measures)
        for measure, variable in zip(measures, variables, strict=True):
            if measure != "plass_antall":
                program.targets[Target(population, unit, split, measure)] = variable
        return variables

    def _cells(
        self, program: Program, population: str, numbers: Numbers, measures: tuple[str, ...]
    ) -> dict[tuple[Unit, Split], tuple[int, ...]]:
        types = sorted({split.tiltakskode for _, split in numbers if split.tiltakskode is not None})
        groups = sorted({split.innsatsgruppe_kode for _, split in numbers if split.innsatsgruppe_kode is not None})
        variables: dict[tuple[Unit, Split], tuple[int, ...]] = {}
        additive = len(measures) - 1
        common = [
            Split(),
            *(Split(one) for one in types),
            *(Split(None, one) for one in groups),
            *(Split(one, other) for one in types for other in groups),
        ]
        for unit in self.all_units():
            avdelinger = sorted({split.avdeling_navn for of, split in numbers if of == unit and split.avdeling_navn})
            own = [Split(None, None, one) for one in avdelinger]
            own += [Split(one, None, other) for one in types for other in avdelinger]
            for split in common + own:
                variables[unit, split] = self._number(program, population, numbers, measures, unit, split)

            def parts(splits: Iterable[Split], measure: int, unit: Unit = unit) -> list[int]:
                return [variables[unit, split][measure] for split in splits]

            for measure in range(len(measures)):
                whole = {split: variables[unit, split][measure] for split in common + own}
                over_types = program.total if measure == additive else program.union
                over_types(whole[Split()], parts((Split(one) for one in types), measure))
                program.total(whole[Split()], parts((Split(None, one) for one in groups), measure))
                for one in types:
                    program.total(whole[Split(one)], parts((Split(one, other) for other in groups), measure))
                for other in groups:
                    over_types(whole[Split(None, other)], parts((Split(one, other) for one in types), measure))
                if avdelinger:
                    program.total(whole[Split()], parts(own[: len(avdelinger)], measure))
                    for one in types:
                        program.total(whole[Split(one)], parts((Split(one, None, a) for a in avdelinger), measure))
                    for a in avdelinger:
                        over_types(whole[Split(None, None, a)], parts((Split(one, None, a) for one in types), measure))
            if additive:
                for split in common + own:
                    program.at_most(*variables[unit, split])
        for parent, children in self.children.items():
            for split in common:
                for measure in range(len(measures)):
                    over_units = program.total if measure == additive else program.union
                    over_units(
                        variables[parent, split][measure], [variables[child, split][measure] for child in children]
                    )
        return variables

    def _capacities(self, people: dict[tuple[Unit, Split], tuple[int, ...]]) -> None:
        program, numbers = self.deltar, self.week.kapasitet
        measures = ("deltakelse_antall", "plass_antall")
        types = sorted({split.tiltakskode for _, split in numbers if split.tiltakskode is not None})
        splits = [Split(), *(Split(one) for one in types)]
        places: dict[tuple[Unit, Split], tuple[int, ...]] = {}
        for unit in self.all_units():
            for split in splits:
                places[unit, split] = self._number(program, "KAPASITET", numbers, measures, unit, split)
            for measure in (0, 1):
                program.total(
                    places[unit, Split()][measure],
                    [places[unit, split][measure] for split in splits[1:]],
                    ROUNDING,
                )
            for split in splits:
                program.at_most(places[unit, split][1], places[unit, split][0], ROUNDING)
            if unit.level in ("KONTOR", HIDDEN):
                self._use(unit, people, places, types)
        for parent, children in self.children.items():
            for split in splits:
                for measure in (0, 1):
                    program.total(
                        places[parent, split][measure], [places[child, split][measure] for child in children], ROUNDING
                    )
        land = Unit("LAND", ALLE)
        for split in splits:
            if (land, split) in people:
                program.total(people[land, split][1], [places[land, split][0]], ROUNDING)

    def _use(
        self,
        unit: Unit,
        people: dict[tuple[Unit, Split], tuple[int, ...]],
        places: dict[tuple[Unit, Split], tuple[int, ...]],
        types: list[str],
    ) -> None:
        """Set up who uses an office's places, and which places its people use."""
        program = self.deltar
        names = ("egne_antall", "fra_andre_antall", "hos_andre_antall")
        shown = self.week.bruk.get(unit, (None, None, None))
        own, by_others, elsewhere = use = [
            program.variable(value or 0.0, inf if value is None else value, integer=False) for value in shown
        ]
        if unit in self.week.bruk:
            for name, value, variable in zip(names, shown, use, strict=True):
                if value is None:
                    program.targets[Target("KAPASITET", unit, Split(), name)] = variable
        program.total(places[unit, Split()][0], [own, by_others], ROUNDING)
        program.total(people[unit, Split()][1], [own, elsewhere], ROUNDING)
        by_type = []
        for one in types:
            part = program.variable(0.0, integer=False)
            by_type.append(part)
            program.at_most(part, places[unit, Split(one)][0], ROUNDING)
            if (unit, Split(one)) in people:
                program.at_most(part, people[unit, Split(one)][1], ROUNDING)
            else:
                program.between(0.0, [(part, 1.0)], ROUNDING)
        program.total(own, by_type, ROUNDING)
