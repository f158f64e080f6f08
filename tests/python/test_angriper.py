"""Plays the attacker against what is published: no suppressed number may be worked out (attacker.py)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from attacker import HIDDEN, Narrow, Reader, Unit, read_week, weeks
from conftest import parse
from rows import MONDAY, bruker, gjennomforing, gruppe, message, uttrekk_rows
from small_worlds import Row, UttrekkRows
from warehouse import Warehouse

TYPES = ["JOBBKLUBB", "ARBEIDSFORBEREDENDE_TRENING", "OPPFOLGING", "AVKLARING", "ARBEIDSRETTET_REHABILITERING"]
GROUPS = ["BATT", "BFORM", "IKVAL", "VARIG"]
REGION = "0200"
ENHETER: list[Row] = [
    {"enhetsnummer": REGION, "navn": "Region", "type": "FYLKE", "overordnet_enhetsnummer": None},
    {"enhetsnummer": "0219", "navn": "Stor", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0220", "navn": "Middels", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0221", "navn": "Liten", "type": "LOKAL", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "0300", "navn": "Annen region", "type": "FYLKE", "overordnet_enhetsnummer": None},
    {"enhetsnummer": "0301", "navn": "Alene", "type": "LOKAL", "overordnet_enhetsnummer": "0300"},
    {"enhetsnummer": "0283", "navn": "Egne ansatte", "type": "KO", "overordnet_enhetsnummer": REGION},
    {"enhetsnummer": "2103", "navn": "Vikafossen", "type": "LOKAL", "overordnet_enhetsnummer": "0300"},
]
SECRET = ("0283", "2103")


class Person(NamedTuple):
    """Where a person is followed up, and what tiltakstyper they are on at which unit's places."""

    enhet: str | None
    group: str | None
    tiltak: tuple[tuple[int, str], ...]


def ident(number: int) -> str:
    """Return a synthetic ident."""
    return f"01{81 + number // 10_000 % 12:02d}85{number % 100_000:05d}"


def extract(people: Sequence[Person], taken: str = "2024-01-09T06:00:00") -> UttrekkRows:
    """Return an extract of people who take part from the first Monday on."""
    lines: list[str] = []
    places = sorted({one for person in people for one in person.tiltak})
    for number, person in enumerate(people):
        for kind, unit in person.tiltak:
            key = f"d{number}-{kind}-{unit}"
            lines.append(
                message(key, len(lines) + 1, personIdent=ident(number), gjennomforingId=f"g{kind}-{unit}")
            )
    return uttrekk_rows(
        taken,
        lines,
        oppfolgingsbruker=[bruker(ident(n), person.enhet, person.group, "2023-01-01T00:00:00") for n, person in enumerate(people)],
        tiltakstype_view=[{"id": f"t{n}", "navn": code.title(), "tiltakskode": code} for n, code in enumerate(TYPES)],
        gjennomforing_view=[gjennomforing(id=f"g{kind}-{unit}", tiltakstype_id=f"t{kind}") for kind, unit in places],
        gjennomforing_nav_enhet_view=[
            {"gjennomforing_id": f"g{kind}-{unit}", "enhetsnummer": unit} for kind, unit in places
        ],
        nav_enhet=ENHETER,
    )


def population(seed: int, sizes: dict[str | None, int], at_others: float = 0.1, two: float = 0.2) -> list[Person]:
    """Draw people: some on two tiltakstyper, some on other units' places, groups and types of uneven size."""
    choose = random.Random(seed)
    offices = [str(unit) for unit in sizes if unit is not None]
    found = []
    for unit, size in sizes.items():
        for _ in range(size):
            kinds = choose.choices(range(len(TYPES)), [8, 6, 3, 1, 0.5], k=2 if choose.random() < two else 1)
            owner = choose.choice(offices) if unit is None or choose.random() < at_others else unit
            group = choose.choices([*GROUPS, None], [6, 4, 2, 1, 1])[0]
            found.append(Person(unit, group, tuple((kind, owner) for kind in sorted(set(kinds)))))
    return found
