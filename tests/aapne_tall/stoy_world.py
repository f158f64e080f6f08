"""A world whose open numbers are made by noise, with who is in each cell and what keys they have.

Who is where is from the brute-force reading of the extract (tests/rules/brute_force.py), and the keys are from what the
messages say and `PSEUDONYM_NOKKEL`: nothing here is from the SQL that is tested.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from tests.aapne_tall.test_angriper import ENHETER, SECRET, TYPES, ident
from tests.rules.brute_force import World, pseudonym
from tests.rules.rows import MONDAY, bruker, gjennomforing, gruppe, message, uttrekk_rows
from tests.rules.small_worlds import Row, UttrekkRows
from tests.rules.warehouse import KEY

WEEKS = 30
MANY = [f"03{number}" for number in range(50, 60)]
"""Offices of one innsatsgruppe, and those who stay."""
SIZES: dict[str | None, int] = {
    "0219": 200, "0220": 120, "0221": 20, "0301": 100, "0302": 12, "0283": 9, "2103": 6, None: 30,
    **dict.fromkeys(MANY, 40),
}  # fmt: skip
UNITS: list[Row] = [*ENHETER]
UNITS += [{"enhetsnummer": one, "navn": one, "type": "LOKAL", "overordnet_enhetsnummer": "0300"} for one in MANY]
AVDELINGER = {"0219": ["Øst", "Vest"], "0220": ["Nord", "Sør"], "0301": ["Én"]}
NOBODYS = ""
"""Places of no unit: who is on them, and has no office, is in none that is known."""
SHARED = "0219+0220"
STEADY = "VARIG"
"""The innsatsgruppe of those who stay, and of nobody else."""
MODULUS = 2**32


class Stay(NamedTuple):
    """A participation from the start of one week until the start of another, after weeks of waiting, or none."""

    kind: int
    places: str
    first: int
    last: int
    waits: int
    part: int


@dataclass
class Follower:
    """A person: the office that follows them up, if any, their innsatsgruppe, their veileder and what they are on."""

    office: str | None
    group: str
    veileder: str | None
    stays: list[Stay] = field(default_factory=list)


def draw(seed: int) -> list[Follower]:
    """Draw people. One in 25 stays all the weeks, in a group of few that nobody else is in; the rest come and leave."""
    choose = random.Random(seed)
    places = [*(unit for unit in SIZES if unit), NOBODYS, SHARED]
    found = []
    for office, size in SIZES.items():
        for number in range(size):
            steady = number % 25 == 0
            group = STEADY if steady else choose.choice(["BATT", "BFORM", "IKVAL"][: 1 if office in MANY else 3])
            one = Follower(office, group, choose.choice([*(f"Z{office or '0219'}0{n}" for n in range(3)), None]))
            for _ in range(choose.choices([1, 2, 3], [5, 3, 1])[0] if office else 3):
                kind = choose.choices(range(len(TYPES)), [9, 6, 1, 0.3, 0.2])[0]
                elsewhere = office is None or choose.random() < 0.1
                first = choose.randrange(-4, WEEKS)
                length, waits, part = choose.randrange(2, 30), choose.choice([0, 0, 3, 8]), choose.choice([100, 60])
                stay = Stay(kind, choose.choice(places) if elsewhere else office or "", first, 0, waits, part)
                last = WEEKS + 9 if steady else first + length
                one.stays.append(stay._replace(first=-1 if steady else first, last=last))
            found.append(one)
    for group in ("BATT", "IKVAL"):
        # They have no office, and wait for one tiltakstype in two.
        both = [Stay(0, places, WEEKS - 2, WEEKS + 9, 9, 100) for places in ("0219", "0301")]
        found.append(Follower(None, group, None, both))
    return found


def monday(week: int) -> date:
    """Return the Monday of a week by its number."""
    return MONDAY + timedelta(weeks=week)


def extract(people: list[Follower], weeks: int = WEEKS, seed: int = 0) -> UttrekkRows:
    """Return an extract that is taken after some weeks; the seed is of the order of the topic."""
    lines: list[dict[str, object]] = []
    for number, one in enumerate(people):
        for which, stay in enumerate(one.stays):
            registered = monday(stay.first - stay.waits)
            if registered >= monday(weeks):
                continue
            start = str(monday(stay.first))
            lines.append({
                "key": f"d{number}-{which}",
                "personIdent": ident(number),
                "gjennomforingId": f"g{stay.kind}-{stay.places}",
                "startDato": start,
                "sluttDato": str(monday(stay.last) - timedelta(days=1)),
                "status": "DELTAR" if stay.first < weeks else "VENTELISTE",
                "registrertTidspunkt": f"{registered}T10:00:00",
                "deltakelsesmengder": [{
                    "deltakelsesprosent": stay.part, "dagerPerUke": None, "gyldigFraDato": start,
                    "opprettetTidspunkt": f"{start}T10:00:00",
                }],
            })  # fmt: skip
    random.Random(seed).shuffle(lines)
    places = sorted({(stay.kind, stay.places) for one in people for stay in one.stays})
    grupper: list[Row] = []
    avdelinger: list[Row] = []
    for office, names in AVDELINGER.items():
        for number, navn in enumerate(names):
            grupper.append(gruppe(f"{office}{number}", navn, f'["Z{office}0{number}"]', "2023-01-01", enhet=office))
            avdelinger.append({"enhetsnummer": office, "filter_navn": navn, "avdeling": navn})
    return uttrekk_rows(
        f"{monday(weeks)}T06:00:00",
        [message(offset=offset, **line) for offset, line in enumerate(lines, 1)],  # type: ignore[arg-type]
        oppfolgingsbruker=[
            bruker(ident(number), one.office, one.group, "2023-01-01T00:00:00") for number, one in enumerate(people)
        ],
        siste_tilordnet_veileder=[
            {"person_ident": ident(n), "veileder_ident": one.veileder, "tilordnet_tidspunkt": "2023-01-01T00:00:00"}
            for n, one in enumerate(people)
        ],
        veiledergruppe=grupper,
        veiledergruppe_avdeling=avdelinger,
        tiltakstype_view=[{"id": f"t{n}", "navn": code.title(), "tiltakskode": code} for n, code in enumerate(TYPES)],
        gjennomforing_view=[gjennomforing(id=f"g{kind}-{units}", tiltakstype_id=f"t{kind}") for kind, units in places],
        gjennomforing_nav_enhet_view=[
            {"gjennomforing_id": f"g{kind}-{units}", "enhetsnummer": unit}
            for kind, units in places
            for unit in units.split("+")
            if unit
        ],
        nav_enhet=UNITS,
    )


def otherwise(people: Iterable[Follower], seed: int) -> list[Follower]:
    """Return the people as a later extract has them: of those that come and leave, some leave before they came."""
    choose = random.Random(seed)
    return [
        one if one.group == STEADY else Follower(one.office, one.group, one.veileder, [
            stay._replace(last=stay.first + 1 if choose.random() < 0.05 else stay.last) for stay in one.stays
        ])
        for one in people
    ]  # fmt: skip


class Series(NamedTuple):
    """What noise of its own is for; None where it is summed over."""

    populasjon_kode: str
    enhet_nivaa_kode: str
    enhetsnummer: str
    tiltakskode: str | None = None
    innsatsgruppe_kode: str | None = None
    avdeling_navn: str | None = None
    tiltaksgruppe_kode: str | None = None


@dataclass
class Members:
    """Who is in a series in a week: persons (those who wait with the tiltakstype), and participations with whose.

    `offices` is the persons with the offices they are in: few are in two, none of which is their own.
    """

    persons: set[tuple[str, str]] = field(default_factory=set)
    participations: set[tuple[tuple[str, str], str]] = field(default_factory=set)
    offices: set[tuple[str, str, str]] = field(default_factory=set)

    def key(self) -> int:
        """Return the sum of the persons' record keys."""
        return sum(record_key(person) for person, _ in self.persons)

    def key_of_participations(self) -> int:
        """Return the sum of the record keys of the participations' persons."""
        return sum(record_key(person) for _, person in self.participations)


RECORD_KEYS: dict[str, int] = {}
OPEN_KEY = hmac.new(KEY.encode(), b"aapne_tall", hashlib.sha256).hexdigest()


def record_key(unkeyed: str) -> int:
    """Return r(p) of a person by the unkeyed hash of the ident (aapne_tall.md, point 1)."""
    if unkeyed not in RECORD_KEYS:
        text = f"person|{pseudonym(KEY, unkeyed)}"
        RECORD_KEYS[unkeyed] = int.from_bytes(hmac.new(OPEN_KEY.encode(), text.encode(), hashlib.sha256).digest()[:4])
    return RECORD_KEYS[unkeyed]


def cell_key(key: int) -> int:
    """Return which of the 4096 keys a sum of record keys is (aapne_tall.md, point 2)."""
    return key % MODULUS >> 20


PARENTS = {str(row["enhetsnummer"]): row["overordnet_enhetsnummer"] for row in UNITS}


def units(office: str) -> Iterator[tuple[str, str]]:
    """Return where an office is counted: by itself, in its region, and in the country (aapne_tall.md, point 7)."""
    yield "LAND", "ALLE"
    if office not in SECRET:
        yield "KONTOR", office
        if parent := PARENTS.get(office):
            yield "REGION", parent


def members(world: World) -> dict[tuple[Series, date], Members]:
    """Return who is in each series in each week."""
    found: dict[tuple[Series, date], Members] = defaultdict(Members)
    told = [("DELTAR", one.cell, one.person_ident, one.key) for week in world.bidrag.values() for one in week]
    told += [("VENTER", one.cell, one.person_ident, one.key) for one in world.ventende]  # type: ignore[misc]
    for population, cell, person, key in told:
        codes = cell.tiltakskode, cell.innsatsgruppe_kode, cell.avdeling_navn
        for level, unit in units(cell.enhetsnummer):
            for split in product((False, True), (False, True), (False, True) if level == "KONTOR" else (False,)):
                one = Series(
                    population, level, unit, *(code if kept else None for code, kept in zip(codes, split, strict=True))
                )
                of_group = one._replace(
                    tiltakskode=None, tiltaksgruppe_kode=world.kodeverk.tiltaksgrupper.get(cell.tiltakskode, "UKJENT")
                )
                waits_for = cell.tiltakskode if population == "VENTER" else ""
                for series in [one, of_group] if one.tiltakskode else [one]:
                    here = found[series, cell.uke_start_dato]
                    here.persons.add((person, waits_for))
                    here.offices.add((person, waits_for, cell.enhetsnummer))
                    here.participations.add((key, person))
    return found
