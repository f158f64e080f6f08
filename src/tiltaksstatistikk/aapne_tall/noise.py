"""Makes the tables of noise for the open numbers: for each small count, which keys add what.

The distributions have the largest entropy of those with mean 0, a variance and limits (Fraser and Wooton 2005; the
handbook of R's `ptable`): each is `exp(a * x + b * x**2)`. A key is one of 4096, so that each probability is a whole
number of keys, and the mean is exactly 0.
"""

import csv
import math
from pathlib import Path
from typing import NamedTuple

from tiltaksstatistikk.project import ROOT

KEYS = 4096
FOLDER = ROOT / "seeds" / "kodeverk"
HEADER = ("antall", "fra_nokkel_nummer", "til_nokkel_nummer", "stoy_antall")


class Noise(NamedTuple):
    """What is added to a count.

    Attributes:
        values: what may be added, in order.
        variance: of what is added; None where the values leave only one distribution of mean 0.
    """

    values: tuple[int, ...]
    variance: float | None


#: For the count 1, and for 2 and more; nothing is added to 0, and nothing takes a count below 0. The first table is
#: drawn by the series and is the same in all weeks, so that an average over weeks keeps it; the second by the persons.
TABLES = {
    "kodeverk_stoy_serie": (Noise((-1, 2), None), Noise((-2, -1, 0, 1, 2), 2.0)),
    "kodeverk_stoy_celle": (Noise((-1, 0, 1, 2), 1.5), Noise((-2, -1, 0, 1, 2), 1.5)),
}


def distribution(noise: Noise) -> list[float]:
    """Return the probability of each value."""
    if noise.variance is None:
        least, most = noise.values
        return [most / (most - least), -least / (most - least)]

    def with_mean_0(b: float) -> list[float]:
        low, high = -50.0, 50.0
        for _ in range(200):
            a = (low + high) / 2
            weights = [math.exp(a * x + b * x * x) for x in noise.values]
            if sum(x * weight for x, weight in zip(noise.values, weights, strict=True)) > 0:
                high = a
            else:
                low = a
        return [weight / sum(weights) for weight in weights]

    low, high = -20.0, 20.0
    for _ in range(200):
        b = (low + high) / 2
        found = with_mean_0(b)
        if sum(x * x * p for x, p in zip(noise.values, found, strict=True)) > noise.variance:
            high = b
        else:
            low = b
    return found


def keys_of(noise: Noise) -> list[int]:
    """Return how many of the keys add each value: near the probabilities, KEYS together, and of mean 0."""
    wanted = [p * KEYS for p in distribution(noise)]
    values = noise.values if 0 in noise.values else tuple(sorted((*noise.values, 0)))
    near = dict.fromkeys(values, 0) | {x: round(count) for x, count in zip(noise.values, wanted, strict=True)}
    # A key more or less for two of the values makes the mean 0, and 0 takes what is left.
    best = min(
        (
            {**near, x: near[x] + more, y: near[y] + other}
            for x in values
            for y in values
            for more in range(-3, 4)
            for other in range(-3, 4)
            if x < y and 0 not in (x, y)
        ),
        key=lambda counts: (
            abs(sum(x * count for x, count in counts.items())),
            sum(abs(counts[x] - near[x]) for x in values),
        ),
    )
    best[0] = KEYS - sum(count for x, count in best.items() if x)
    return [best[x] for x in values]


def rows(table: str) -> list[tuple[int, int, int, int]]:
    """Return the rows of a table of noise: count, first key, last key, and what is added."""
    found = []
    for count, noise in enumerate(TABLES[table], start=1):
        values = noise.values if 0 in noise.values else tuple(sorted((*noise.values, 0)))
        first = 0
        for value, keys in zip(values, keys_of(noise), strict=True):
            found.append((count, first, first + keys - 1, value))
            first += keys
    return found


def main() -> None:
    """Write the seeds."""
    for table in TABLES:
        write(FOLDER / f"{table}.csv", rows(table))


def write(path: Path, found: list[tuple[int, int, int, int]]) -> None:
    """Write a table of noise."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEADER, *found])
