"""What an attacker makes of numbers with noise, who knows the code, the tables of noise and everything but the keys.

A unit's people are split into parts. In one part, of few people, they stay the same for many weeks; the others, of many
people, change. The attacker has the total and every other part in every week, and takes the average of "the total less
the other parts", and by Bayes' rule all that this and the part's own shown number say of it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.aapne_tall.attacker import Program, Split, Target, Unit
from tests.aapne_tall.stoy_world import PARENTS, Series
from tests.rules.brute_force import KODEVERK

KEYS = 4096
LIMIT = 5
MASKED = -1
MOST = 4
"""The largest noise of both steps."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Noise:
    """The noise by count (0, 1, 2 and more) and key, of the series and of the cells."""

    serie: Ints
    celle: Ints

    @classmethod
    def read(cls) -> Noise:
        """Read the project's own tables."""
        return cls(*(read_table(name) for name in ("serie", "celle")))

    def without(self, step: str) -> Noise:
        """Return the noise with one of its two steps left out."""
        return replace(self, **{step: getattr(self, step) * 0})

    def add(self, number: Ints, serie: Ints, celle: Ints) -> Ints:
        """Return the number with noise of both steps (aapne_tall.md, point 4)."""
        first: Ints = number + self.serie[np.minimum(number, 2), serie]
        second: Ints = first + self.celle[np.minimum(first, 2), celle]
        return second

    def of_many(self, step: str) -> Floats:
        """Return how often the noise of a number of 2 and more is -2, -1, 0, 1 and 2."""
        return np.bincount(getattr(self, step)[2] + 2, minlength=5) / KEYS

    def change(self) -> float:
        """Return the largest probability that a shown change is the true one, whatever change is thought of first."""
        weekly = self.of_many("celle")
        return float(np.convolve(weekly, weekly[::-1]).max())


def read_table(name: str) -> Ints:
    """Return a table of noise by count and key; a key that it has not, or twice, is an error."""
    table = np.zeros((3, KEYS), dtype=np.int64)
    times = np.zeros((3, KEYS), dtype=np.int64)
    with (KODEVERK / f"kodeverk_stoy_{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = int(row["antall"]), slice(int(row["fra_nokkel_nummer"]), int(row["til_nokkel_nummer"]) + 1)
            table[at] = int(row["stoy_antall"])
            times[at] += 1
    assert (times[1:] == 1).all(), name
    return table


def masked(shown: Ints) -> Ints:
    """Return what is shown, with `MASKED` for small numbers."""
    return np.where((shown > 0) & (shown < LIMIT), MASKED, shown)


class Game(NamedTuple):
    """What there is to be seen.

    `others` is the number of parts beside the small one, `copies` in how many series each number stands (a unit with
    one avdeling has each number twice), `fresh` whether the series' noise is drawn anew each week, and `top` how many
    people there may be in the small part: before anything is shown, each number from 1 on is as likely.
    """

    others: int = 1
    weeks: int = 10
    copies: int = 1
    fresh: bool = False
    top: int = LIMIT - 1 + MOST
    cells: int = 40_000


class Outcome(NamedTuple):
    """How near the average is (where the small part is masked), and how sure the attacker is of the number."""

    rmse: float
    posterior: Floats
    guessed: float

    def surest(self) -> float:
        """Return the largest posterior of all cells."""
        return float(self.posterior.max())

    def sure(self) -> float:
        """Return the share of the cells whose number the attacker is more than 95 % sure of."""
        return float((self.posterior.max(axis=1) > 0.95).mean())


def play(noise: Noise, game: Game, seed: int = 0) -> Outcome:
    """Draw keys for many small parts, and attack those that are masked."""
    draw = np.random.default_rng(seed)
    number = draw.integers(1, game.top + 1, game.cells)
    keys = draw.integers(0, KEYS, (game.cells, game.copies)), draw.integers(0, KEYS, (game.cells, 1))
    own = masked(noise.add(np.repeat(number[:, None], game.copies, axis=1), *keys))
    drawn = game.weeks if game.fresh else 1
    # By number, cell, copy and week: of a total, what it is beyond the other parts; of those, their noise alone.
    seen = np.array(
        [
            noise.serie[2, draw.integers(0, KEYS, (game.cells, game.copies, drawn))]
            + noise.celle[2, draw.integers(0, KEYS, (game.cells, 1, game.weeks))]
            for _ in range(game.others + 1)
        ]
    )
    seen[0] += number[:, None, None]
    attacked = own[:, 0] == MASKED
    number, own, seen = number[attacked], own[attacked], seen[:, attacked]
    average = (seen[0] - seen[1:].sum(axis=0)).mean(axis=(1, 2))
    posterior = own_likelihood(noise, own, game.top) * rest_likelihood(noise, seen, game)
    posterior /= posterior.sum(axis=1, keepdims=True)
    rmse = float(np.sqrt(np.square(average - number).mean()))
    return Outcome(rmse, posterior, float((posterior.argmax(axis=1) + 1 == number).mean()))


def own_likelihood(noise: Noise, own: Ints, top: int) -> Floats:
    """Return how likely it is that a part of 1, 2, ... people is shown as it is in each of its series."""
    serie, celle = np.arange(KEYS)[:, None], np.arange(KEYS)
    steps = [0, *(np.flatnonzero((np.diff(noise.celle, axis=1) != 0).any(axis=0)) + 1)]
    weights = np.diff([*steps, KEYS]) / KEYS
    found = np.zeros((len(own), top))
    for number in range(1, top + 1):
        shown = masked(noise.add(np.full((KEYS, len(steps)), number), serie, celle[steps]))
        for column, weight in zip(shown.T, weights, strict=True):
            # By what is shown, from MASKED on.
            chance = np.bincount(column - MASKED, minlength=top + 2 * MOST + 2) / KEYS
            found[:, number - 1] += weight * chance[own - MASKED].prod(axis=1)
    return found


def rest_likelihood(noise: Noise, seen: Ints, game: Game) -> Floats:
    """Return how likely "the total less the other parts" is in all the weeks for 1, 2, ... people, to a factor."""
    cells = seen.shape[1]
    serie, weekly = noise.of_many("serie"), noise.of_many("celle")
    lasting: Floats = np.ones((cells, 1))
    every_week: NDArray[Any] = np.ones(1)
    for at, numbers in enumerate(seen):
        # In each series of a number the noise of the cells is the same: they tell their own noise apart.
        apart = numbers[:, :, 0] - numbers[:, :1, 0]
        values = np.arange(5)[None, :, None] + apart[:, None, :]
        inside = (values >= 0) & (values < 5)
        of_first = np.where(inside, serie[np.clip(values, 0, 4)], 0.0).prod(axis=2)
        sign = 1 if at == 0 else -1
        wider = np.zeros((cells, lasting.shape[1] + 4))
        for shift, chance in enumerate(of_first[:, ::sign].T):
            wider[:, shift : shift + lasting.shape[1]] += chance[:, None] * lasting
        lasting = wider
        every_week = np.convolve(every_week, weekly[::sign])
        if game.fresh:
            every_week = np.convolve(every_week, serie[::sign])
    if game.fresh:
        lasting = np.ones((cells, 1))
    rest = seen[0, :, 0] - seen[1:, :, 0].sum(axis=0)
    half, reach = len(every_week) // 2, lasting.shape[1] // 2
    levels = np.arange(1 - reach, game.top + reach + 1)
    away = rest[:, None, :] - levels[None, :, None] + half
    inside = (away >= 0) & (away < len(every_week))
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(inside, every_week[np.clip(away, 0, len(every_week) - 1)], 0.0)).sum(axis=2)
        logs -= logs.max(axis=1, keepdims=True)
    of_level = np.exp(logs)
    return np.stack(
        [(lasting * of_level[:, number : number + 2 * reach + 1]).sum(axis=1) for number in range(game.top)], axis=1
    )


def every_way(noise: Noise, shape: tuple[int, ...], weeks: int = 10, tables: int = 3000, seed: int = 0) -> float:
    """Return the root mean square error of the best linear estimate of a part, from all the other numbers of a table.

    Args:
        noise: what is added.
        shape: how many parts the table has in each dimension; the total over each is shown too.
        weeks: how many, in each of which the other people are new.
        tables: how many to draw.
        seed: of what is drawn.
    """
    sums: NDArray[Any] = np.ones((1, 1))
    for size in shape:
        sums = np.kron(sums, np.vstack([np.eye(size), np.ones((1, size))]))
    # What has no other people than the part is masked, as it is.
    sums = sums[~((sums[:, 0] == 1) & (sums.sum(axis=1) == 1))]
    weights = np.linalg.pinv(sums)[0]
    draw = np.random.default_rng(seed)
    lasting = noise.serie[2, draw.integers(0, KEYS, (tables, len(sums)))]
    weekly = noise.celle[2, draw.integers(0, KEYS, (tables, len(sums), weeks))].mean(axis=2)
    return float(np.sqrt(np.square((lasting + weekly) @ weights).mean()))


def limits(noise: Noise) -> dict[int, tuple[int, int]]:
    """Return the least and the most that there may be of what is shown as 0, masked, 5, 6, ...."""
    keys = np.arange(KEYS)
    found: dict[int, tuple[int, int]] = {0: (0, 0)}
    for number in range(1, LIMIT + 2 * MOST):
        for first in {int(one) for one in number + noise.serie[min(number, 2), keys]}:
            for one in {int(one) for one in masked(first + noise.celle[min(first, 2), keys])}:
                low, high = found.get(one, (number, number))
                found[one] = min(low, number), max(high, number)
    return {shown: found[shown] for shown in (MASKED, *range(LIMIT + MOST)) if shown in found}


class Solver:
    """A week's numbers of a population as a linear program, with what everyone knows of how people are counted.

    People are additive over innsatsgrupper and avdelinger. Over units, and who takes part over tiltakstyper, a total is
    at least each part and at most the sum: some are in two of them.

    Args:
        population: DELTAR or VENTER.
        shown: what is shown of the week, `MASKED` where it is masked. What is not there is shown as 0.
        known: what is shown in any week: where there are no people in this one, there may be some that are shown as 0.
        noise: the tables of noise.
    """

    def __init__(self, population: str, shown: Mapping[Series, int], known: Iterable[Series], noise: Noise) -> None:
        """Set up the program."""
        self.program = Program()
        self.population, self.shown, self.limits = population, shown, limits(noise)
        known = sorted(known, key=str)
        self.types = sorted({one.tiltakskode for one in known if one.tiltakskode})
        self.groups = sorted({one.innsatsgruppe_kode for one in known if one.innsatsgruppe_kode})
        self.avdelinger: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in known:
            self.avdelinger[one.enhet_nivaa_kode, one.enhetsnummer] |= (
                {one.avdeling_navn} if one.avdeling_navn else set()
            )
        children: dict[tuple[str, str], list[dict[Split, int]]] = defaultdict(list)
        land = "LAND", "ALLE"
        found = {unit: self.unit(*unit) for unit in self.avdelinger if unit != land}
        for (level, number), variables in found.items():
            parent = PARENTS.get(number) if level == "KONTOR" else None
            children[("REGION", parent) if parent else land].append(variables)
        found[land] = self.unit(*land)
        for unit, parts in children.items():
            for split, whole in found[unit].items():
                of_parts = [part[split] for part in parts]
                # The units that reveal by themselves are in the country alone, and nothing is shown of them.
                self.program.union(whole, [*of_parts, self.program.variable(0.0)] if unit == land else of_parts)

    def bounds(self, series: Series) -> tuple[float, float]:
        """Return the least and the most that a number may be by itself."""
        shown = self.shown.get(series, 0)
        return self.limits.get(shown, (shown - MOST, shown + MOST))

    def unit(self, level: str, number: str) -> dict[Split, int]:
        """Set up a unit, and return the variables of its numbers."""
        avdelinger = sorted(self.avdelinger[level, number])
        keys = [*self.types, None], [*self.groups, None], [*avdelinger, None]
        variables = {}
        for split in (Split(*one) for one in product(*keys)):
            series = Series(self.population, level, number, *split)
            variables[split] = self.program.variable(*self.bounds(series))
            if self.shown.get(series) == MASKED:
                target = Target(self.population, Unit(level, number), split, "person_antall")
                self.program.targets[target] = variables[split]
        over_types = self.program.union if self.population == "DELTAR" else self.program.total
        for split, whole in variables.items():
            if split.tiltakskode is None:
                over_types(whole, [variables[split._replace(tiltakskode=one)] for one in self.types])
            if split.innsatsgruppe_kode is None:
                self.program.total(whole, [variables[split._replace(innsatsgruppe_kode=one)] for one in self.groups])
            if split.avdeling_navn is None and avdelinger:
                self.program.total(whole, [variables[split._replace(avdeling_navn=one)] for one in avdelinger])
        return variables
