"""Hypothesis strategies for small worlds: a few extracts of a few people, each derived from the one before.

A world spans up to some 40 weeks, now and then more than a year, and holds what specification 2 to 9 treat
specially: open ends, people who move, vanish and come back, groups that change, tombstones, superseded and faulty
messages, duplicate rows, moments at the edges of weeks, months, years and of the Oslo and UTC day, waits and
deltakelsesmengder that begin and end at the edges of weeks, places of every kind of unit, employers' tiltak, and
Komet's view instead of the topic. Some of the extracts may hold only what is new of a topic. Times, keys, names and
idents are spelled in many ways, people get other idents, and files have byte order marks, blank lines and `kcat`'s
envelope. A world never holds what the specification leaves undefined: two rows for one key with equally late
timestamps, two messages for one key with one offset, two people on the rows for one id of the view, a local time inside
the hour that a change to or from summer time skips or repeats, or a time that cannot be read where something else
keeps the row or message from being read.

All idents are synthetic: eleven digits with month + 80 (specification 8).
"""

from __future__ import annotations

import base64
import csv
import gzip as gzip_module
import json
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import strategies as st

from tests.rules.brute_force import (
    ARBEIDSGIVER_TOPIC,
    COLUMNS,
    IDENT_HISTORIKK,
    IDENT_HISTORIKK_COLUMNS,
    KOMET_VIEW,
    KOMET_VIEW_COLUMNS,
    OMFANG,
    OWN_TIMESTAMP,
    TOPIC,
    is_ident,
    person_hash,
)

T = TypeVar("T")
Row = dict[str, str | None]

OSLO = ZoneInfo("Europe/Oslo")
UTC = ZoneInfo("UTC")

# Around them: 2020's and 2026's week 53, the weeks of New Year 2022 and 2025, and both changes of the clock.
FIRST_MONDAYS = [
    date(2024, 11, 4),
    date(2022, 1, 3),
    date(2026, 8, 31),
    date(2020, 9, 7),
    date(2025, 2, 3),
    date(2021, 11, 1),
]
# The same for worlds of more than a year; the first has 2020's week 53, of which 2019 had none.
FIRST_MONDAYS_OF_LONG_WORLDS = [date(2019, 12, 9), date(2021, 11, 1), date(2024, 11, 4)]
PERSONS = [f"{day:02d}8{month}8510{day:03d}" for day, month in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]]
VEILEDERE = ["Z100001", "Z100002", "Z100003"]
LOKALE = ["0219", "0220", "0301"]
FILTER_IDER = ["7", "10", "2", "31", "100"]
REGIONER = ["0200", "0300"]
DIREKTORAT = "0001"
UKJENT_ENHET = "9999"
TILTAKSTYPER = [
    ("ARBEIDSFORBEREDENDE_TRENING", "Arbeidsforberedende trening (AFT)", "ARBFORB"),
    ("JOBBKLUBB", "Jobbklubb", "JOBBK"),
    ("GRUPPE_ARBEIDSMARKEDSOPPLAERING", "Arbeidsmarkedsopplæring", "GRUPPEAMO"),
    ("ARBEIDSMARKEDSOPPLAERING", "Arbeidsmarkedsopplæring", "GRUPPEAMO"),
]
# Those that come later: one that employers have too, one with the name of an employers' one, and an unheard-of one.
NYE_TILTAKSTYPER = [
    ("ARBEIDSTRENING", "Arbeidstrening hos Valp", "ARBTREN"),
    ("TILRETTELAGT_ARBEID_ORDINAER", "Varig tilrettelagt arbeid i ordinær virksomhet", None),
    ("HELT_NYTT_TILTAK", "Helt nytt tiltak", "NYTT"),
]
# The §14a codes of each, in their two vocabularies.
KODER_14A = {
    "IKVAL": ["STANDARD_INNSATS", "GODE_MULIGHETER"],
    "BFORM": ["SITUASJONSBESTEMT_INNSATS", "TRENGER_VEILEDNING"],
    "BATT": ["SPESIELT_TILPASSET_INNSATS", "TRENGER_VEILEDNING_NEDSATT_ARBEIDSEVNE"],
    "VARIG": [
        "VARIG_TILPASSET_INNSATS",
        "LITEN_MULIGHET_TIL_A_JOBBE",
        "GRADERT_VARIG_TILPASSET_INNSATS",
        "JOBBE_DELVIS",
    ],
}
ULESELIG = "i går"
CODES = [*["IKVAL", "BFORM", "BATT", "VARIG", "IVURD"] * 2, "KAP11", None, None, "NYKODE"]
STATUSES = [
    *["DELTAR"] * 10,
    *["HAR_SLUTTET"] * 5,
    "FULLFORT",
    "FULLFORT",
    "AVBRUTT",
    "AVBRUTT",
    "VENTER_PA_OPPSTART",
    "VENTER_PA_OPPSTART",
    "VENTELISTE",
    "SOKT_INN",
    "IKKE_AKTUELL",
    "IKKE_AKTUELL",
    "AVBRUTT_UTKAST",
    "FEILREGISTRERT",
    "UTKAST_TIL_PAMELDING",
    "NY_STATUS",
]
HAR_DELTATT = ["HAR_SLUTTET", "FULLFORT", "AVBRUTT"]
MESSAGE_FAULTS = ["person", "gjennomforing", "blank", "status", "start", "slutt", "text"]
# The employers' codes, as the topic and other copies of it spell them.
AVTALE_STATUSES = [
    *["GJENNOMFØRES"] * 4,
    *["GJENNOMFORES"] * 3,
    "GJENNOMFOERES",
    *["AVSLUTTET"] * 5,
    *["KLAR_FOR_OPPSTART"] * 3,
    *["ANNULLERT"] * 3,
    "AVBRUTT",
    "PÅBEGYNT",
    "PAABEGYNT",
    "PABEGYNT",
    "MANGLER_GODKJENNING",
    "NY_STATUS",
]
# The fourth has the name of one of Valp's, the fifth is Valp's own; the two before the last are in no list.
AVTALE_TILTAKSTYPER = [
    *["ARBEIDSTRENING"] * 3,
    *["MIDLERTIDIG_LONNSTILSKUDD"] * 2,
    "VTAO",
    "JOBBKLUBB",
    "MIDLERTIDIG_LONNSTLSKUDD",
    "NYTT_TILTAK",
    None,
]
AVTALE_FAULTS = ["person", "status", "start", "slutt", "text"]
LINE_FAULTS = [
    '{"partition": 0, "offset": 1',
    "[]",
    '{"partition": 0, "offset": 3, "value": null}',
    '{"partition": 0, "key": "uten offset", "value": null}',
]
# From midnight: both sides of it, of UTC's (one or two hours later), and the middle of a day and of a week.
OFFSETS = [
    timedelta(0),
    timedelta(seconds=-1),
    timedelta(seconds=1),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(minutes=-30),
    timedelta(hours=12),
    timedelta(days=2, hours=9, minutes=15),
]


@dataclass
class UttrekkRows:
    """One extract, before it is written: rows by table, and the topics' lines by file; `bom` with a byte order mark.

    Komet's view is among the tables of an extract that has it instead of the topic, which then has no files.
    """

    tables: dict[str, list[Row]]
    topic: list[list[str]]
    arbeidsgiver: list[list[str]] = field(default_factory=list)
    bom: bool = False


@dataclass
class SmallWorld:
    """A sequence of extracts, oldest first.

    A later one may be the very same as the one before, or correct it without a new time.
    """

    fra_uke_dato: date
    uttrekk: list[UttrekkRows]


def write_uttrekk(
    uttrekk_rows: UttrekkRows, folder: Path, fmt: Literal["csv", "parquet"] = "csv", gzip: bool = False
) -> None:
    """Write an extract as a folder of files (specification 2).

    Args:
        uttrekk_rows: The extract; a table it lacks is written without rows, but Komet's view and
            person_ident_historikk not at all. The column omfang is written where a row has it.
        folder: Where to; made if need be. Files with the same names are replaced, others left alone.
        fmt: The tables' format; Parquet columns are all text.
        gzip: Whether the topics' files are compressed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    optional = {KOMET_VIEW: KOMET_VIEW_COLUMNS, IDENT_HISTORIKK: IDENT_HISTORIKK_COLUMNS}
    tables = COLUMNS | {name: columns for name, columns in optional.items() if name in uttrekk_rows.tables}
    if any(OMFANG in row for row in uttrekk_rows.tables.get("uttrekk", [])):
        tables = {**tables, "uttrekk": (*tables["uttrekk"], OMFANG)}
    for name, columns in tables.items():
        rows = [[row.get(column) for column in columns] for row in uttrekk_rows.tables.get(name, [])]
        if fmt == "csv":
            encoding = "utf-8-sig" if uttrekk_rows.bom else "utf-8"
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(rows)
        else:
            with duckdb.connect() as connection:
                connection.execute(f"create table t ({', '.join(f'{column} varchar' for column in columns)})")
                if rows:
                    connection.executemany(f"insert into t values ({', '.join('?' * len(columns))})", rows)
                connection.execute(f"copy t to '{folder / name}.parquet' (format parquet)")
    for topic, files in ((TOPIC, uttrekk_rows.topic), (ARBEIDSGIVER_TOPIC, uttrekk_rows.arbeidsgiver)):
        for number, lines in enumerate(files):
            suffix = f"-{number}" if len(files) > 1 else ""
            # One without lines stays empty.
            mark = "\ufeff" if uttrekk_rows.bom and lines else ""
            content = f"{mark}{''.join(f'{line}{chr(10)}' for line in lines)}".encode()
            if gzip:
                (folder / f"{topic}{suffix}.jsonl.gz").write_bytes(gzip_module.compress(content, mtime=0))
            else:
                (folder / f"{topic}{suffix}.jsonl").write_bytes(content)


def local_text(moment: datetime, style: int = 0) -> str:
    """Write an Oslo time as ISO 8601.

    Args:
        moment: Naive Oslo local time.
        style: 0 with `T`, 1 with a space, 2 as UTC with `Z`, 3 with `+02:00`, 4 with `+0200`, 5 with `t`, comma and
            decimals, 6 basic, 7 basic in UTC, 8 as UTC with `z` and nine decimals, 9 with a zone's name, 10 in
            milliseconds, 11 with `+02`.

    Returns:
        The text, to the second.
    """
    aware = moment.replace(tzinfo=OSLO)
    utc = aware.astimezone(UTC)
    zone = aware.strftime("%z")
    texts = [
        moment.isoformat(),
        moment.isoformat(sep=" "),
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        aware.isoformat(),
        f"{moment.isoformat()}{zone}",
        f"{moment.isoformat(sep='t')},000",
        moment.strftime("%Y%m%dT%H%M%S"),
        utc.strftime("%Y%m%dT%H%M%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S.000000000z"),
        f"{aware.isoformat()}[Europe/Oslo]",
        str(int(utc.timestamp()) * 1000),
        f"{moment.isoformat(sep=' ')}{zone[:3]}",
    ]
    return texts[style]


STYLES = [0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


def utc_text(moment: datetime, style: int = 0) -> str:
    """Write an Oslo time as Team Valp does: in UTC, usually without a zone (specification 2).

    Args:
        moment: Naive Oslo local time.
        style: 0 to 2 without a zone, other numbers as of `local_text`, but none that has none.
    """
    utc = moment.replace(tzinfo=OSLO).astimezone(UTC)
    forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%dT%H%M%S,0"]
    return utc.strftime(forms[style]) if style < len(forms) else local_text(moment, style)


UTC_STYLES = [0, 0, 0, 0, 1, 2, 3, 4, 7, 8, 9, 10]


def spelled(ident: str | None, spelling: str) -> str | None:
    """Write an ident as it is (`clear`), or as its unkeyed hash in `lower` or `upper` case or in `base64`.

    Blanks and what is no ident are left as they are.
    """
    if spelling == "clear" or ident is None or not is_ident(ident):
        return ident
    if spelling == "base64":
        return base64.b64encode(bytes.fromhex(person_hash(ident))).decode()
    return person_hash(ident) if spelling == "lower" else person_hash(ident).upper()


def veileder_spelled(ident: str | None, spelling: str) -> str | None:
    """Write a Nav ident as it is (`clear`), in lower case (`small`) or as `spelled`."""
    if ident is None or spelling == "clear":
        return ident
    return ident.lower() if spelling == "small" else person_hash(ident)


def uuid(kind: int, number: int) -> str:
    """Return a fixed id with the form of a UUID."""
    return f"{kind:08d}-abcd-4000-8000-{number:012d}"


class _Builder:
    """Draws one world; every list below is the sources' present state, which each extract is a copy of."""

    def __init__(self, choose: Callable[[int, int], int]) -> None:
        """Start with nothing; `choose` draws a whole number from the first to the second, both inclusive."""
        self.choose = choose
        self.long = self.chance(8)
        # Komet's form, throughout or drawn for each extract.
        self.forms = self.pick([["topic"], ["topic"], ["topic"], ["topic", "view"], ["topic"], ["view"]])
        self.form = "topic"
        self.fra = self.pick(FIRST_MONDAYS_OF_LONG_WORLDS if self.long else FIRST_MONDAYS)
        self.midnight = datetime(self.fra.year, self.fra.month, self.fra.day)
        self.before = self.midnight
        self.now = self.midnight
        self.file_time: dict[str, datetime] = {}
        self.persons = PERSONS[: self.choose(3, 5)]
        if self.chance(6):
            self.persons = [*self.persons[:-1], "1000000000001"]
        if self.chance(10):
            self.persons = [*self.persons[:-1], "01858-10"]  # of no form
        # Each person's idents, the newest last, and what person_ident_historikk tells of them, by ident.
        self.idents = {person: [person] for person in self.persons}
        self.told: dict[str, str] = {}
        self.untold: dict[str, str] = {}
        self.in_ring: list[str] = []
        # The ident that each key's latest message has, and whether there is nothing else wrong with that.
        self.ident_of: dict[str, tuple[str, bool]] = {}
        self.correcting = False
        self.vocabulary = self.pick([0, 0, 1, 2])
        self.kcat = self.chance(6)
        self.rows: dict[str, dict[str, Row]] = {
            "oppfolgingsbruker": {},
            "siste_tilordnet_veileder": {},
            "veiledergruppe": {},
        }
        self.moment_of: dict[tuple[str, str], datetime | None] = {}
        self.opprettet: dict[str, str | None] = {}
        self.tiltakstyper: list[Row] = []
        self.gjennomforinger: dict[str, Row] = {}
        self.enheter: dict[str, list[str]] = {}
        self.vent: list[Row] = []
        self.avdelinger: dict[tuple[str, str], str] = {}
        self.overordnet: dict[str, str | None] = {}
        self.messages: dict[str, list[tuple[int, str]]] = {}
        self.avtaler: dict[str, list[tuple[int, str]]] = {}
        self.offset = 0

    # Small draws

    def pick(self, options: Sequence[T]) -> T:
        return options[self.choose(0, len(options) - 1)]

    def chance(self, one_in: int) -> bool:
        return self.choose(1, one_in) == one_in

    def code(self, vocabulary: int) -> str | None:
        """Draw a code of an innsatsgruppe: Arena's, or of the first or second vocabulary of §14a."""
        code = self.pick(CODES)
        return KODER_14A[code][vocabulary - 1] if vocabulary and code in KODER_14A else code

    def cased(self, key: str | None) -> str | None:
        """Write an id, now and then in upper case."""
        return key.upper() if key and self.chance(12) else key

    def named(self, name: str | None) -> str | None:
        """Write a name, now and then with other white space and with letters in parts."""
        if name is None or not self.chance(6):
            return name
        return unicodedata.normalize("NFD", name).replace(" ", self.pick([" ", "\u00a0", "  ", "\u00a0 "]))

    def dated(self, day: date | None) -> str | None:
        """Write a date, now and then basic, or as an instant of that day."""
        if day is None or not self.chance(12):
            return day.isoformat() if day else None
        midnight = datetime.combine(day, time(0))
        return self.pick([day.strftime("%Y%m%d"), local_text(midnight, 2), local_text(midnight, 0)])

    def shown(self, person: str) -> str:
        """Draw which of a person's idents a row has, most often the newest."""
        return self.pick(self.idents[person]) if self.chance(4) else self.idents[person][-1]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Draw a moment near a Monday or a month's start, in [first, last]."""
        weeks = max((last - first).days // 7, 0)
        base = datetime.combine(first.date(), datetime.min.time()) + timedelta(days=7 * self.choose(0, weeks))
        base -= timedelta(days=base.weekday())
        if self.chance(5):
            base = base.replace(day=1)
        return min(max(base + self.pick(OFFSETS), first), last)

    def day(self) -> date:
        """Draw a day near a Monday or a month's start, from four weeks before the span to the present."""
        weeks = (self.now - self.midnight).days // 7
        # The earlier of two draws, so that most participations are there to be counted.
        week = min(self.choose(-4, weeks + 1), self.choose(-4, weeks + 1))
        monday = self.fra + timedelta(days=7 * week)
        if self.chance(6):
            return monday.replace(day=1) + timedelta(days=self.pick([0, -1]))
        return monday + timedelta(days=self.pick([0, 6, -1, 3]))

    def clock_text(self, day: date) -> str:
        """Write a moment of an Oslo day, most often near midnight, in any style."""
        clock = self.pick([time(0), time(0, 30), time(12, 15), time(23, 59, 59)])
        return local_text(datetime.combine(day, clock), self.pick(STYLES))

    def own_timestamp(self, kilde: str, key: str) -> str | None:
        """Draw an own timestamp: since the last extract, old, as before, exactly now, null or future."""
        known = self.moment_of.get((kilde, key))
        kind = self.pick([*["new"] * 5, *["old"] * 5, "same", "same", "now", "null", "future"])
        moment: datetime | None
        if kind == "new":
            moment = self.moment(min(self.before, self.now), self.now)
        elif kind == "old" or (kind == "same" and known is None):
            latest = self.midnight if self.chance(2) else self.now
            moment = self.moment(self.midnight - timedelta(weeks=8), latest)
        elif kind == "same":
            moment = known
        elif kind == "now":
            moment = self.file_time[kilde]
        elif kind == "future":
            moment = self.file_time[kilde] + self.pick([timedelta(seconds=1), timedelta(days=7)])
        else:
            moment = None
        self.moment_of[(kilde, key)] = moment
        return None if moment is None else local_text(moment, self.pick(STYLES))

    # The three sources with a history

    def content(self, kilde: str, key: str) -> Row:
        if kilde == "oppfolgingsbruker":
            return {
                "person_ident": key,
                "enhetsnummer": self.pick([*["0219"] * 6, *["0220"] * 3, REGIONER[0], *[None] * 4, UKJENT_ENHET]),
                "kvalifiseringsgruppe": self.code(self.vocabulary),
                "diskresjonskode": self.pick([None, None, "6", "7"]),
                "sperret_ansatt": self.pick(["false", "true"]),
            }
        if kilde == "siste_tilordnet_veileder":
            return {"person_ident": key, "veileder_ident": self.pick([*VEILEDERE, *VEILEDERE, None])}
        veiledere = [veileder for veileder in VEILEDERE if not self.chance(3)]
        invalid = self.chance(25)
        return {
            "filter_id": key,
            "enhetsnummer": self.pick([*["0219"] * 5, *["0220"] * 4, UKJENT_ENHET]),
            "filter_navn": self.pick([*["Team A", "Team B", "Team Å"] * 3, 'Team A, ung "1"', "Ufordelt"]),
            "veileder_identer": "ikke json" if invalid else json.dumps(veiledere),
            "opprettet_tidspunkt": self.opprettet[key],
        }

    def evolve_history_source(self, kilde: str, keys: Sequence[str], timestamp: str) -> None:
        rows = self.rows[kilde]
        for key in keys:
            if key not in rows:
                if not self.chance(8):
                    rows[key] = {**self.content(kilde, key), timestamp: self.own_timestamp(kilde, key)}
                continue
            action = self.pick([*["keep"] * 4, *["change"] * 2, *["one column"] * 3, "touch", "reorder", "vanish"])
            if action == "change":
                rows[key] = {**self.content(kilde, key), timestamp: self.own_timestamp(kilde, key)}
            elif action == "one column":
                changed = self.content(kilde, key)
                columns = [c for c in changed if c not in ("filter_id", "person_ident")]
                column = self.pick(columns)
                rows[key] = {**rows[key], column: changed[column], timestamp: self.own_timestamp(kilde, key)}
            elif action == "touch":
                rows[key] = {**rows[key], timestamp: self.own_timestamp(kilde, key)}
            elif action == "reorder" and (rows[key].get("veileder_identer") or "").startswith("["):
                reordered = json.loads(rows[key]["veileder_identer"] or "[]")[::-1]
                rows[key] = {
                    **rows[key],
                    "veileder_identer": json.dumps(reordered),
                    timestamp: self.own_timestamp(kilde, key),
                }
            elif action == "vanish":
                del rows[key]

    def effective(self, kilde: str, moment: datetime | None) -> datetime:
        taken = self.file_time[kilde]
        return taken if moment is None or moment > taken else moment

    def history_source_rows(self, kilde: str, timestamp: str) -> list[Row]:
        """Copy the rows, now and then with a duplicate, exact or with another timestamp."""
        rows: list[Row] = []
        for key, row in self.rows[kilde].items():
            if self.chance(30):
                column = self.pick([one for one in row if one.endswith("_tidspunkt")])
                rows.append({**row, column: self.pick([ULESELIG, "2024-13-01T00:00:00", "20240101T2561"])})
                continue
            rows.append(dict(row))
            if self.chance(10):
                rows.append(dict(row))
            if self.chance(8):
                moment = self.moment(self.midnight - timedelta(weeks=8), self.now)
                stands = self.effective(kilde, self.moment_of[(kilde, key)])
                if self.effective(kilde, moment) != stands:
                    duplicate = {**self.content(kilde, key), timestamp: local_text(moment)}
                    rows.insert(self.pick([0, len(rows)]), duplicate)
        strangers = kilde == "siste_tilordnet_veileder" and self.chance(15)
        small = self.chance(8)
        for row in rows:
            if kilde == "veiledergruppe":
                row["filter_navn"] = self.named(row["filter_navn"])
                if small:
                    row["veileder_identer"] = (row["veileder_identer"] or "").replace("Z1", "z1")
            else:
                person = row["person_ident"] or ""
                stranger = f"20000000000{self.persons.index(person):02d}"
                row["person_ident"] = stranger if strangers else self.shown(person)
        return rows[::-1] if self.chance(2) else rows

    # Idents

    def evolve_idents(self, first: bool) -> None:
        """Let people get other idents, which is told at once, later or never, and at first wrongly now and then."""
        if first and self.chance(12):
            self.in_ring = self.persons[:2]
            self.told = dict(zip(self.in_ring, self.in_ring[::-1], strict=True))
        for old in list(self.untold):
            if old in self.told or self.chance(2):
                self.told[old] = self.untold.pop(old)
        for person in self.persons:
            idents = self.idents[person]
            if first or person in self.in_ring or not is_ident(person) or len(idents) > 2 or not self.chance(12):
                continue
            new = f"{PERSONS[self.persons.index(person)][:-3]}{7 + len(idents)}{self.persons.index(person):02d}"
            how = self.pick(["at once", "at once", "at once", "later", "wrongly", "never"])
            if how == "at once":
                self.told[idents[-1]] = new
            elif how in ("later", "wrongly"):
                self.untold[idents[-1]] = new
            if how == "wrongly":
                self.told[idents[-1]] = f"{new[:-3]}7{new[-2:]}"
            idents.append(new)

    # Registers

    def evolve_registers(self, first: bool) -> None:
        if first:
            count = self.choose(3, 4)
            self.tiltakstyper = [
                {"id": uuid(1, n), "navn": navn, "tiltakskode": kode, "arena_tiltakskode": arena}
                for n, (kode, navn, arena) in enumerate(TILTAKSTYPER[:count])
            ]
        elif self.chance(4):
            row = self.pick(self.tiltakstyper)
            row["navn"] = self.pick(
                ["Jobbsøkerkurs", "Jobbklubb", "Arbeidsmarkedsopplæring", "Ukjent", "Arbeidstrening"]
            )
        if self.chance(4):
            number = self.choose(0, len(NYE_TILTAKSTYPER) - 1)
            ny_kode, ny_navn, ny_arena = NYE_TILTAKSTYPER[number]
            if all(row["tiltakskode"] != ny_kode for row in self.tiltakstyper):
                self.tiltakstyper.append(
                    {"id": uuid(1, 10 + number), "navn": ny_navn, "tiltakskode": ny_kode, "arena_tiltakskode": ny_arena}
                )
        if first or self.chance(6):
            # A unit above the regions, in the register or not; now and then a region above itself, or a circle.
            above = self.pick([None, None, DIREKTORAT, DIREKTORAT, UKJENT_ENHET, REGIONER[0]])
            self.overordnet = {REGIONER[0]: above, REGIONER[1]: self.pick([above, None, REGIONER[0]])}
            self.overordnet[DIREKTORAT] = self.pick([None, None, None, DIREKTORAT, REGIONER[1]])
        for number in range(4):
            gjennomforing_id = uuid(2, number)
            if gjennomforing_id not in self.gjennomforinger:
                if not self.chance(8):
                    self.gjennomforinger[gjennomforing_id] = self.gjennomforing(number)
                    self.enheter[gjennomforing_id] = self.drawn_enheter()
            elif self.chance(8):
                self.enheter[gjennomforing_id] = self.drawn_enheter()
            elif self.chance(4):
                changed = self.gjennomforing(number)
                self.gjennomforinger[gjennomforing_id] = {
                    **changed,
                    "tiltakstype_id": self.gjennomforinger[gjennomforing_id]["tiltakstype_id"],
                }
            elif self.chance(15):
                del self.gjennomforinger[gjennomforing_id]
                del self.enheter[gjennomforing_id]
        for enhetsnummer in LOKALE[:2]:
            for navn in ["Team A", "Team B", "Team Å", "Ufordelt"]:
                if first or self.chance(6):
                    avdeling = self.pick(["Avdeling 1", "Avdeling 1", "Avdeling 2", "Avdeling 2", None])
                    self.avdelinger.pop((enhetsnummer, navn), None)
                    if avdeling is not None and (navn != "Ufordelt" or self.chance(4)):
                        self.avdelinger[(enhetsnummer, navn)] = avdeling
        if self.vent and self.chance(4):
            self.vent.remove(self.pick(self.vent))
        for _ in range(self.choose(0, 3)):
            month = self.fra + timedelta(days=30 * self.choose(-2, 7))
            self.vent.append(
                {
                    "person_ident": self.pick(self.persons),
                    "periode": "202413" if self.chance(25) else month.strftime("%Y%m"),
                    "innsatsgruppe": self.code(self.pick([0, 0, 1, 2])),
                    "nav_kontor": self.pick([*LOKALE, None, UKJENT_ENHET]),
                }
            )

    def drawn_enheter(self) -> list[str]:
        """Draw a gjennomføring's units: of every kind, only regions, only one that nobody knows, or none."""
        every = [*LOKALE, *LOKALE, *REGIONER, UKJENT_ENHET]
        options = self.pick([every, every, every, LOKALE, REGIONER, [UKJENT_ENHET]])
        return sorted({self.pick(options) for _ in range(self.choose(0, 4))})

    def gjennomforing(self, number: int) -> Row:
        status = self.pick([*["GJENNOMFORES"] * 6, "AVBRUTT", "AVBRUTT", "AVBRUTT", "AVSLUTTET", "AVLYST"])
        start: date | None = None if self.chance(8) else self.fra + timedelta(days=self.pick([0, 0, 0, 7, -14]))
        slutt = None if self.chance(2) else max(self.day(), self.day(), self.day())
        if start is not None and self.chance(12):
            slutt = start - timedelta(days=1)
        avsluttet = None
        if start is not None and status == "AVBRUTT" and self.chance(3):
            # What came from Arena, at midnight in Oslo or in UTC.
            avsluttet = self.pick([utc_text(datetime.combine(start, time(0))), start.isoformat()])
        elif status != "GJENNOMFORES" and not self.chance(4):
            avsluttet = utc_text(self.moment(max(self.midnight, self.before), self.now), self.pick(UTC_STYLES))
        changed = self.moment(self.midnight, self.now)
        typer = [row["id"] for row in self.tiltakstyper]
        return {
            "id": uuid(2, number),
            "tiltakstype_id": uuid(1, 99) if self.chance(12) else self.pick(typer),
            "avtale_id": None,
            "tiltaksnummer": f"{self.fra.year}#{1000 + number}",
            "start_dato": self.dated(start),
            "slutt_dato": self.dated(slutt),
            "status": "NY_STATUS" if self.chance(30) else status,
            "opprettet_tidspunkt": utc_text(self.midnight, self.pick(UTC_STYLES)),
            "oppdatert_tidspunkt": utc_text(changed),
            "avsluttet_tidspunkt": avsluttet,
        }

    def gjennomforing_rows(self) -> list[Row]:
        rows: list[Row] = []
        for number, row in enumerate(self.gjennomforinger.values()):
            rows.append(dict(row))
            stands = datetime.fromisoformat(row["oppdatert_tidspunkt"] or "")
            if self.chance(12):
                # Another row for the key, an hour older or newer.
                other = self.gjennomforing(number)
                hour = timedelta(hours=self.pick([-1, 1]))
                rows.append({**other, "id": row["id"], "oppdatert_tidspunkt": (stands + hour).isoformat()})
            elif self.chance(12):
                names = ["start_dato", "slutt_dato", "slutt_dato", "opprettet", "oppdatert", "avsluttet"]
                name = self.pick(names)
                rows[-1][name if name.endswith("dato") else f"{name}_tidspunkt"] = "snart"
            elif self.chance(4):
                moment = stands.replace(tzinfo=UTC).astimezone(OSLO).replace(tzinfo=None)
                rows[-1]["oppdatert_tidspunkt"] = utc_text(moment, self.pick(UTC_STYLES))
        for row in rows:
            row["id"], row["tiltakstype_id"] = self.cased(row["id"]), self.cased(row["tiltakstype_id"])
        return rows[::-1] if self.chance(2) else rows

    def avtale_rows(self) -> list[Row]:
        """Draw up to two avtaler; nothing is counted by them."""
        rows: list[Row] = []
        for number in range(self.choose(0, 2)):
            row: Row = {
                "id": self.cased(uuid(5, number)),
                "tiltakstype_id": self.tiltakstyper[0]["id"],
                "start_dato": self.dated(self.fra),
                "slutt_dato": None,
                "status": "AKTIV",
                "avtaletype": "AVTALE",
                "opprettet_tidspunkt": utc_text(self.midnight, self.pick(UTC_STYLES)),
                "oppdatert_tidspunkt": utc_text(self.midnight, self.pick(UTC_STYLES)),
                "avbrutt_tidspunkt": None,
            }
            if self.chance(8):
                row[self.pick(["start_dato", "slutt_dato", "oppdatert_tidspunkt", "avbrutt_tidspunkt"])] = ULESELIG
            rows.append(row)
        return rows

    def nav_enhet_rows(self) -> list[Row]:
        rows: list[Row] = [
            {
                "enhetsnummer": number,
                "navn": f"Nav {number}",
                "type": "LOKAL",
                "overordnet_enhetsnummer": f"{number[:2]}00",
                "status": "AKTIV",
            }
            for number in LOKALE
        ]
        rows += [
            {
                "enhetsnummer": number,
                "navn": f"Nav region {number}",
                "type": "FYLKE",
                "overordnet_enhetsnummer": self.overordnet[number],
                "status": "AKTIV",
            }
            for number in REGIONER
        ]
        if DIREKTORAT in self.overordnet.values():
            rows.append(
                {
                    "enhetsnummer": DIREKTORAT,
                    "navn": "Arbeids- og velferdsdirektoratet",
                    "type": "DIR",
                    "overordnet_enhetsnummer": self.overordnet[DIREKTORAT],
                    "status": "AKTIV",
                }
            )
        if self.chance(10):
            old = {"navn": "Nav gammelt navn", "overordnet_enhetsnummer": REGIONER[0], "status": "NEDLAGT"}
            rows.append({**rows[2], **old})
        if self.chance(6):
            rows.insert(0, {**rows[0], "navn": "A", "type": self.pick(["TILTAK", "FYLKE"]), "status": "NEDLAGT"})
        elif self.chance(15):
            rows.append({**rows[1], "navn": "Nav det samme"})
        return rows

    def avdeling_rows(self) -> list[Row]:
        rows: list[Row] = [
            {"enhetsnummer": enhetsnummer, "filter_navn": self.named(navn), "avdeling": self.named(avdeling)}
            for (enhetsnummer, navn), avdeling in self.avdelinger.items()
        ]
        if rows and self.chance(12):
            rows.append({**rows[0], "avdeling": "Avdeling 0"})
        if self.chance(12):
            rows.append({"enhetsnummer": UKJENT_ENHET, "filter_navn": "Team A", "avdeling": "Avdeling 1"})
        return rows

    # The topics

    def message(self, key: str, number: int) -> object:
        """Draw the value of a message of Komet's; mostly about the same person as the key's other messages."""
        status = self.pick(STATUSES)
        fault = self.pick(MESSAGE_FAULTS) if self.chance(20) else "none"
        readable = fault == "none" and status != "NY_STATUS"
        start: date | None = None if self.chance(15) else self.day()
        slutt: date | None = None
        if self.chance(3) or (status in HAR_DELTATT and not self.chance(8)):
            days = self.pick([0, 6, 7, 13, 21, 45, 60, 75, 100, -1])
            slutt = (start or self.day()) + timedelta(days=days)
        registrert = (start or self.day()) - timedelta(days=self.pick([0, 1, 7, 8, 14, 45, -1]))
        avklart = registrert + timedelta(days=self.pick([0, 1, 6, 7, 20, 60, -1]))
        gjennomforing_id = uuid(2, 9) if self.chance(12) else uuid(2, self.choose(0, 3))
        aarsaker = [*[None] * 6, "SYK", "SYK", "KURS_FULLT", "KURS_FULLT", "FATT_JOBB", "FATT_JOBB", "HELT_NY_AARSAK"]
        if status in ("DELTAR", "VENTELISTE", "SOKT_INN"):
            aarsaker += ["FERDIG", "FEILREGISTRERT", "OPPFYLLER_IKKE_KRAVENE"]
        value: dict[str, object] = {
            "id": key,
            "gjennomforingId": self.cased(gjennomforing_id),
            "personIdent": self.person(key, number, readable),
            "startDato": self.dated(start),
            "sluttDato": self.dated(slutt),
            "status": {
                "type": status,
                "tekst": status.capitalize(),
                "aarsak": {"type": self.pick(aarsaker), "beskrivelse": None},
                "opprettetTidspunkt": self.when(avklart, 10, readable),
            },
            "registrertTidspunkt": self.when(registrert, 12, readable),
            "endretTidspunkt": ULESELIG if readable and self.chance(30) else "2024-01-01T12:00:00.123456",
            "kilde": "KOMET",
            "innhold": None,
            "deltakelsesmengder": [],
        }
        if not self.chance(3):
            office = self.pick([*LOKALE, REGIONER[0], UKJENT_ENHET, None])
            value["navVeileder"] = self.pick([None, {"enhetsnummer": office, "navIdent": self.pick(VEILEDERE)}])
        if self.chance(3):
            value["deltakelsesmengder"] = self.mengder(start or self.fra, readable)
        elif self.chance(20):
            value["deltakelsesmengder"] = self.pick([None, "alle", {}])
        if fault == "person":
            del value["personIdent"]
        elif fault == "gjennomforing":
            value["gjennomforingId"] = None
        elif fault == "blank":
            value["personIdent"] = "  "
        elif fault == "status":
            value["status"] = None
        elif fault == "start":
            value["startDato"] = "2024-02-30"
        elif fault == "slutt":
            value["sluttDato"] = "31.12.2024"
        elif fault == "text":
            return "ikke et objekt"
        return value

    def when(self, day: date, one_in: int, readable: bool) -> str | None:
        """Write a moment of a day as `clock_text`; now and then nothing, or what cannot be read."""
        return self.pick([None, ULESELIG if readable else None]) if self.chance(one_in) else self.clock_text(day)

    def person(self, key: str, number: int, readable: bool) -> str | None:
        """Draw who the message of a key and its number is about, now and then by the unkeyed hash.

        It has another ident than the key's latest message only when both can be read, and not in a correction.
        """
        person = self.pick(self.persons) if self.chance(8) else self.persons[number % len(self.persons)]
        ident = self.shown(person)
        known, known_readable = self.ident_of.get(key, (ident, True))
        if self.correcting or not (readable and known_readable):
            ident = known
        self.ident_of[key] = (ident, readable)
        return spelled(ident, self.pick(["lower", "upper", "base64"]) if self.chance(10) else "clear")

    def mengder(self, start: date, readable: bool) -> list[object]:
        """Draw deltakelsesmengder: some from the same day, most from the edge of a week, now and then faulty."""
        mengder: list[object] = []
        for _ in range(self.choose(1, 4)):
            from_monday = start - timedelta(days=start.weekday()) + timedelta(days=self.pick([6, 7, 13, 14]))
            mengde: dict[str, object] = {
                "deltakelsesprosent": self.pick([50.0, 100.0, 33.3, 20, 0.5, 0, -1, 150, "60", None]),
                "dagerPerUke": None,
                "gyldigFraDato": self.dated(self.pick([start, from_monday, start + timedelta(days=40)])),
                "opprettetTidspunkt": self.pick(["2024-01-01T12:00:00", "2024-01-01t11:00:01,0z", None]),
            }
            if readable and self.chance(25):
                mengde |= self.pick(
                    [{"gyldigFraDato": "snart", "deltakelsesprosent": 50}, {"opprettetTidspunkt": ULESELIG}]
                )
            elif self.chance(25):
                mengde["deltakelsesprosent"] = "halv"
            mengder.append("halv" if self.chance(50) else mengde)
        return mengder

    def avtale(self, key: str, number: int) -> object:
        """Draw the value of an employer's message."""
        status = self.pick(AVTALE_STATUSES)
        fault = self.pick(AVTALE_FAULTS) if self.chance(12) else "none"
        readable = fault == "none" and status != "NY_STATUS"
        start: date | None = None if self.chance(12) else self.day()
        slutt: date | None = None
        if self.chance(3) or (status == "AVSLUTTET" and not self.chance(6)):
            slutt = (start or self.day()) + timedelta(days=self.pick([0, 6, 7, 13, 45, 100, -1]))
        inngatt = (start or self.day()) - timedelta(days=self.pick([0, 1, 7, 8, 30, -1]))
        annullert = (start or self.day()) + timedelta(days=self.pick([-20, -1, 0, 1]))
        value: dict[str, object] = {
            "avtaleId": key,
            "avtaleStatus": unicodedata.normalize("NFD", status) if self.chance(8) else status,
            "deltakerFnr": self.person(key, number, readable),
            "deltakerFornavn": "Donald",
            "bedriftNr": "999999999",
            "tiltakstype": self.pick(AVTALE_TILTAKSTYPER),
            "opprettetTidspunkt": ULESELIG if readable and self.chance(30) else "2024-01-01T12:00:00.123456789Z",
            "avtaleInngått": self.when(inngatt, 8, readable),
            "startDato": self.dated(start),
            "sluttDato": self.dated(slutt),
            "stillingprosent": self.pick([100, 50, 80.5, 33.3, "60", None, 0]),
            "enhetOppfolging": self.pick([*LOKALE, REGIONER[0], UKJENT_ENHET, None]),
            "kvalifiseringsgruppe": "BATT",
            "feilregistrert": self.pick([*[False] * 8, None, True]),
            "annullertTidspunkt": None,
            "veilederNavIdent": self.pick(VEILEDERE),
            "sistEndret": "2024-01-01T12:00:00.123456Z",
        }
        if status == "ANNULLERT" and not self.chance(6):
            value["annullertTidspunkt"] = self.when(annullert, 12, readable)
        if self.chance(20):
            value["stillingprosent"] = "halv"
        if self.chance(10):
            del value["stillingprosent"], value["feilregistrert"]
        if fault == "person":
            del value["deltakerFnr"]
        elif fault == "status":
            value["avtaleStatus"] = self.pick([None, " "])
        elif fault == "start":
            value["startDato"] = "2024-02-30"
        elif fault == "slutt":
            value["sluttDato"] = "31.12.2024"
        elif fault == "text":
            return ["ikke et objekt"]
        return value

    def send(self, sent: dict[str, list[tuple[int, str]]], key: str, number: int, value: object) -> None:
        """Send a message on the topic whose messages `sent` holds by key."""
        self.offset += self.pick([1, 1, 7])
        partition = (number + self.chance(30)) % 2
        ascii_only = number % 3 == 0
        envelope: dict[str, object] = {"partition": partition, "offset": self.offset}
        if self.kcat or self.chance(30):
            payload = None if value is None else json.dumps(value, ensure_ascii=ascii_only)
            topic = TOPIC if sent is self.messages else ARBEIDSGIVER_TOPIC
            envelope = {"topic": topic, **envelope, "tstype": "create", "ts": 1704106800000 + self.offset, "broker": 1}
            envelope |= {"key": self.cased(key), "payload": payload}
        else:
            envelope |= {"timestamp": 1704106800000 + self.offset, "key": self.cased(key), "value": value}
        line = json.dumps(envelope, ensure_ascii=ascii_only)
        sent.setdefault(key, []).append((self.offset, line))

    def evolve_topics(self) -> None:
        for number in range(14):
            self.evolve_key(self.messages, uuid(3, number), number, self.message)
        for number in range(7):
            self.evolve_key(self.avtaler, uuid(4, number), number, self.avtale)

    def evolve_key(
        self,
        sent: dict[str, list[tuple[int, str]]],
        key: str,
        number: int,
        draw: Callable[[str, int], object],
    ) -> None:
        if key not in sent:
            if self.chance(6):
                return
            actions = ["message", "message"] if self.chance(4) else ["message"]
        else:
            actions = [self.pick(["none", "none", "none", "none", "message", "message", "tombstone"])]
        for action in actions:
            if action != "none":
                self.send(sent, key, number, None if action == "tombstone" else draw(key, number))

    def topic_files(self, sent: dict[str, list[tuple[int, str]]]) -> list[list[str]]:
        lines: list[str] = []
        for key, messages in sent.items():
            if self.chance(15):
                continue  # compacted away, or lost until a later extract
            lines += [line for _, line in messages[:-1] if self.chance(2)]
            lines.append(messages[-1][1])
            if self.chance(15):
                lines.append(messages[-1][1])
            if self.chance(30):
                lines.append(json.dumps({"partition": 0, "offset": self.offset + 1000, "key": key}))
        if self.chance(2):
            lines.reverse()
        middle = len(lines) // 2
        files = [lines[middle:], lines[:middle]] if self.chance(3) else [lines]
        if self.chance(10) and files[0]:
            # Not last: a file that ends in the middle of a message was cut off, and stops the run.
            files[0].insert(self.choose(0, len(files[0]) - 1), self.pick(LINE_FAULTS))
        for file in files:
            if file and self.chance(10):
                file.insert(self.choose(0, len(file)), self.pick(["", "  "]))
        return files

    def view_rows(self) -> list[Row]:
        """Return what Komet's messages say as rows of the view, now and then with a duplicate or without an id."""
        rows: list[Row] = []
        for key, messages in self.messages.items():
            value = message_value(messages[-1][1])
            if not isinstance(value, dict) or self.chance(15):
                continue
            row: Row = {
                "person_ident": value.get("personIdent"),
                "id": key,
                "bruker_id": f"bruker-{key}",
                "gjennomforing_id": value["gjennomforingId"],
                "start_dato": value["startDato"],
                "slutt_dato": value["sluttDato"],
                "status": (value["status"] or {}).get("type"),
            }
            rows.append(row)
            if self.chance(15):
                rows.append(dict(row))
            if self.chance(12):
                column, other = self.pick(
                    [
                        ("gjennomforing_id", uuid(2, self.choose(0, 3))),
                        ("start_dato", self.day().isoformat()),
                        ("status", self.pick(STATUSES[:-1])),
                    ]
                )
                rows.append({**row, column: other})
            if self.chance(30):
                rows.append({**row, "id": None})
        for row in rows:
            row["id"] = self.cased(row["id"])
        return rows[::-1] if self.chance(2) else rows

    # Extracts

    def set_clock(self, first: bool) -> None:
        """Draw when the extract and each of its files is taken, later than every file before."""
        self.before = self.now
        weeks = self.choose(58, 64) if first and self.long else self.choose(8, 20)
        if not first:
            weeks = self.pick([1, 1, 2, 3, 5, 6])
        monday = self.now - timedelta(days=self.now.weekday())
        monday = datetime(monday.year, monday.month, monday.day) + timedelta(days=7 * weeks)
        # A Sunday's last second, the Monday's first, and the ordinary Monday morning and Thursday.
        offsets = [timedelta(hours=6), timedelta(0), timedelta(seconds=-1), timedelta(days=3, hours=4)]
        self.now = monday + self.pick(offsets)
        if self.now - self.before < timedelta(days=3):
            self.now += timedelta(days=7)
        self.form = self.pick(self.forms)
        kilder = [*COLUMNS, TOPIC if self.form == "topic" else KOMET_VIEW]
        if not self.chance(6):
            kilder.append(ARBEIDSGIVER_TOPIC)
        self.file_time = {}
        for kilde in kilder:
            if kilde != "uttrekk":
                jitter = self.pick(
                    [timedelta(0)] * 12 + [timedelta(seconds=-1), timedelta(hours=-1), timedelta(days=-1)]
                )
                self.file_time[kilde] = self.now + jitter

    def uttrekk(self, first: bool) -> UttrekkRows:
        self.set_clock(first)
        self.evolve_idents(first)
        self.evolve_registers(first)
        self.evolve_history_source("oppfolgingsbruker", self.persons, "sist_endret_tidspunkt")
        self.evolve_history_source("siste_tilordnet_veileder", self.persons, "tilordnet_tidspunkt")
        for filter_id in FILTER_IDER:
            if filter_id not in self.opprettet:
                created = self.midnight + timedelta(days=self.pick([0, 0, -30]))
                self.opprettet[filter_id] = None if self.chance(10) else local_text(created)
        self.evolve_history_source("veiledergruppe", FILTER_IDER, "sist_endret_tidspunkt")
        self.evolve_topics()
        tables: dict[str, list[Row]] = {
            "uttrekk": [
                {"kilde": kilde, "uttrekk_tidspunkt": local_text(taken, self.pick([0, 0, 0, 1, 3, 5, 6, 8]))}
                for kilde, taken in self.file_time.items()
            ],
            "oppfolgingsbruker": self.history_source_rows("oppfolgingsbruker", "sist_endret_tidspunkt"),
            "siste_tilordnet_veileder": self.history_source_rows("siste_tilordnet_veileder", "tilordnet_tidspunkt"),
            "veiledergruppe": self.history_source_rows("veiledergruppe", "sist_endret_tidspunkt"),
            **self.register_tables(),
        }
        for row in tables["oppfolgingsbruker"] if self.chance(12) else []:
            row["person_ident"] = spelled(row["person_ident"], "upper")
        for row in tables["siste_tilordnet_veileder"] if self.chance(6) else []:
            row["veileder_ident"] = veileder_spelled(row["veileder_ident"], self.pick(["clear", "small", "hash"]))
        if self.told and not self.chance(3):
            tables[IDENT_HISTORIKK] = [
                {"person_ident": old, "gjeldende_person_ident": new} for old, new in self.told.items()
            ]
            if self.chance(2):
                tables["uttrekk"].append({"kilde": IDENT_HISTORIKK, "uttrekk_tidspunkt": local_text(self.now)})
        return self.with_participations(tables)

    def corrected(self, before: UttrekkRows) -> UttrekkRows:
        """Draw the extract before over again, with other registers and another topic, but not a new time."""
        self.evolve_registers(first=False)
        self.correcting = True
        self.evolve_topics()
        self.correcting = False
        names = ["uttrekk", *OWN_TIMESTAMP, IDENT_HISTORIKK]
        kept = {name: before.tables[name] for name in names if name in before.tables}
        return self.with_participations({**kept, **self.register_tables()})

    def with_participations(self, tables: dict[str, list[Row]]) -> UttrekkRows:
        """Return an extract of tables and what the sources of participations hold, in the forms drawn for it."""
        arbeidsgiver = self.topic_files(self.avtaler) if ARBEIDSGIVER_TOPIC in self.file_time else []
        if self.form == "topic":
            return UttrekkRows(tables, self.topic_files(self.messages), arbeidsgiver, self.chance(6))
        spelling = self.pick(["clear", "lower", "upper", "base64"])
        rows = [{**row, "person_ident": spelled(row["person_ident"], spelling)} for row in self.view_rows()]
        return UttrekkRows({**tables, KOMET_VIEW: rows}, [], arbeidsgiver, self.chance(6))

    def register_tables(self) -> dict[str, list[Row]]:
        spelling = self.pick(["clear", "clear", "clear", "lower", "upper", "base64"])
        links: list[Row] = [
            {"gjennomforing_id": self.cased(gjennomforing_id), "enhetsnummer": enhetsnummer}
            for gjennomforing_id, enheter in self.enheter.items()
            for enhetsnummer in enheter
        ]
        if self.chance(12):
            links.append({"gjennomforing_id": uuid(2, 9), "enhetsnummer": self.pick(LOKALE)})
        return {
            "gjennomforing_view": self.gjennomforing_rows(),
            "tiltakstype_view": [
                {**row, "id": self.cased(row["id"]), "navn": self.named(row["navn"])}
                for row in self.tiltakstyper
                if not self.chance(30)
            ],
            "gjennomforing_nav_enhet_view": links,
            "avtale_view": self.avtale_rows(),
            "vent_person_periode_v": [
                {**row, "person_ident": spelled(self.shown(row["person_ident"] or ""), spelling)} for row in self.vent
            ],
            "veiledergruppe_avdeling": self.avdeling_rows(),
            "nav_enhet": self.nav_enhet_rows(),
        }


def message_value(line: str) -> object:
    """Return the value of a line that can be placed at a key, in our envelope or kcat's."""
    parsed = json.loads(line)
    if "payload" not in parsed:
        return parsed["value"]
    return None if parsed["payload"] is None else json.loads(parsed["payload"])


@dataclass(frozen=True)
class _Sent:
    """A line of an extract that can be placed at a key, with the offset it has in the world of whole topics."""

    key: str
    offset: int
    line: str


def _sent(line: str) -> _Sent | None:
    """Read a line; None when it cannot be placed at a key."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return None
    if (
        not isinstance(parsed, dict)
        or not {"key", "offset"} <= parsed.keys()
        or not {"value", "payload"} & parsed.keys()
    ):
        return None
    return _Sent(parsed["key"].lower(), parsed["offset"], line)


class _Changes:
    """Writes one topic of a world again, each extract of it whole (`full`) or as what is new in it (`endring`).

    A key that has vanished from the whole topic is deleted by a tombstone. When it comes back, its messages must have
    offsets after that, so that each key has a shift, which every offset of it is moved by. An extract of the same
    time as the one before, which it takes the place of, has everything that is new since the one before both, and
    whatever the first of them told.
    """

    SHIFT = 1_000_000
    """More than every offset of a world; half of it is from a key's last message to its tombstone."""

    def __init__(self, choose: Callable[[int, int], int]) -> None:
        """Start before the first extract."""
        self.choose = choose
        # What stood in the whole topic, by key, at the latest extract and at the last one of another time.
        self.stood: dict[str, _Sent] = {}
        self.stood_before: dict[str, _Sent] = {}
        # The keys that the extracts of the latest time told something of, and by key the tombstone that ended it.
        self.told: dict[str, _Sent] = {}
        self.ended: dict[str, str] = {}
        self.shift: dict[str, int] = {}
        self.moved = 0

    def chance(self, one_in: int) -> bool:
        return self.choose(1, one_in) == one_in

    def offset(self, sent: _Sent) -> int:
        return sent.offset + self.moved + self.SHIFT * self.shift.get(sent.key, 0)

    def text(self, sent: _Sent | str) -> str:
        """Return a line with its offset moved; one that cannot be placed as it is."""
        if isinstance(sent, str):
            return sent
        return sent.line.replace(f'"offset": {sent.offset},', f'"offset": {self.offset(sent)},', 1)

    def absent(self) -> None:
        """Let an extract go by that does not have the topic: nothing is known of it then."""
        self.stood, self.told, self.ended = {}, {}, {}

    def write(self, files: list[list[str]], endring: bool, again: bool) -> list[list[str]]:
        """Write one extract of the topic.

        Args:
            files: The whole topic's lines, by file.
            endring: Whether to write what is new.
            again: Whether the extract has the time of the one before.

        Returns:
            The lines by file. Those that cannot be placed at a key are there in either form.
        """
        if not again:
            self.stood_before, self.told = self.stood, {}
        lines = [(line, _sent(line)) for file in files for line in file if line.strip()]
        placed = [sent for _, sent in lines if sent is not None]
        self.stood = {}
        for sent in placed:
            if sent.key not in self.stood or sent.offset > self.stood[sent.key].offset:
                self.stood[sent.key] = sent
        if not endring and not again and self.chance(4):
            # The topic is made anew: the same offsets are other messages now.
            self.moved, self.shift, self.ended = self.choose(0, 3), {}, {}
        for key in self.ended.keys() & self.stood.keys():
            self.shift[key] = self.shift.get(key, 0) + 1
            del self.ended[key]
        if not endring:
            self.told = {}
            return [[self.text(_sent(line) or line) for line in file] for file in files]
        chosen = self.new_lines(placed)
        if not chosen and self.stood:
            # A topic without a line stops the run.
            chosen = [self.text(next(iter(self.stood.values())))]
        if self.chance(2):
            chosen.reverse()
        # Not last: a file that ends in the middle of a message was cut off, and stops the run.
        unplaced = [line for line, sent in lines if sent is None]
        if unplaced and not chosen:
            unplaced = [line for line in unplaced if line != LINE_FAULTS[0]]
        middle = self.choose(0, len(chosen)) if self.chance(3) else 0
        return [[*unplaced, *chosen[middle:]], chosen[:middle]] if 0 < middle < len(chosen) else [[*unplaced, *chosen]]

    def new_lines(self, placed: list[_Sent]) -> list[str]:
        """Return the placed lines of an extract of what is new, some of them more than once."""
        chosen: list[str] = []
        for key, sent in self.stood.items():
            before = self.stood_before.get(key)
            older = [one for one in placed if one.key == key and one.offset < sent.offset]
            if before is None or before.line != sent.line or key in self.told:
                # What was superseded before is now and then there again.
                again = self.chance(3)
                chosen += [self.text(one) for one in older if again or before is None or one.offset > before.offset]
                chosen += [self.text(sent)] * (2 if self.chance(8) else 1)
                self.told[key] = sent
            elif self.chance(10):
                # Nothing new, but it is there again, or only what it superseded is.
                chosen += [self.text(one) for one in older]
                chosen += [self.text(sent)] if self.chance(2) else []
        for key, last in {**self.stood_before, **self.told}.items():
            if key in self.stood:
                continue
            if key not in self.ended:
                envelope = {"partition": json.loads(last.line)["partition"]}
                envelope |= {"offset": self.offset(last) + self.SHIFT // 2, "timestamp": 1704106800000}
                self.ended[key] = json.dumps({**envelope, "key": key, "value": None})
            self.told[key] = last
            chosen.append(self.ended[key])
        return chosen


def with_changes(world: SmallWorld, choose: Callable[[int, int], int]) -> SmallWorld:
    """Return a world whose extracts hold, of some of their topics, only what is new (`endring`).

    The participations are those of the world, after every extract: what is new leads to the same as the whole. Now
    and then a whole topic is made anew, with other offsets.

    Args:
        world: A world of whole topics.
        choose: Draws a whole number from the first to the second, both inclusive.

    Returns:
        The world; an extract that is the same as the one before still is. A topic is `endring` only where the extract
        before had it, and a correction only where it corrects one that was.
    """
    topics = {TOPIC: _Changes(choose), ARBEIDSGIVER_TOPIC: _Changes(choose)}
    # The topics that the extract before had, and whether it was only what is new.
    had: dict[str, bool] = {}
    written: list[UttrekkRows] = []
    for number, rows in enumerate(world.uttrekk):
        before = world.uttrekk[number - 1] if number else None
        if rows is before:
            written.append(written[-1])
            continue
        again = before is not None and rows.tables["uttrekk"] == before.tables["uttrekk"]
        files = {TOPIC: rows.topic, ARBEIDSGIVER_TOPIC: rows.arbeidsgiver}
        for topic, changes in topics.items():
            if not files[topic]:
                changes.absent()
                had.pop(topic, None)
                continue
            endring = topic in had and choose(1, 4) > 1 and (had[topic] or not again)
            files[topic] = changes.write(files[topic], endring, again)
            had[topic] = endring
        changed = {topic for topic, endring in had.items() if endring}
        # The column may be left out, or empty, where everything is whole.
        whole = [None, "full"][choose(0, 1)]
        times = rows.tables["uttrekk"]
        if changed or choose(1, 4) == 1:
            times = [{**row, OMFANG: "endring" if row["kilde"] in changed else whole} for row in times]
        tables = {**rows.tables, "uttrekk": times}
        written.append(UttrekkRows(tables, files[TOPIC], files[ARBEIDSGIVER_TOPIC], rows.bom))
    return SmallWorld(world.fra_uke_dato, written)


def _build(choose: Callable[[int, int], int], max_extracts: int, changes: bool) -> SmallWorld:
    builder = _Builder(choose)
    uttrekk = [builder.uttrekk(first=True)]
    for _ in range(choose(0, max_extracts - 1)):
        if builder.chance(10):
            uttrekk.append(uttrekk[-1])
        elif builder.chance(8):
            uttrekk.append(builder.corrected(uttrekk[-1]))
        else:
            uttrekk.append(builder.uttrekk(first=False))
    world = SmallWorld(builder.fra, uttrekk)
    return with_changes(world, choose) if changes else world


@st.composite
def small_worlds(draw: st.DrawFn, max_extracts: int = 4, changes: bool = False) -> SmallWorld:
    """Draw a small world: a first Monday and 1 to `max_extracts` extracts (specification 2 to 4).

    Args:
        draw: Given by Hypothesis.
        max_extracts: The longest sequence of extracts.
        changes: Whether some of the extracts hold only what is new of a topic (`with_changes`).

    Returns:
        The world. An extract may be an exact repetition of the one before (the same extract again), or a
        correction of it: other registers and another topic, but the same rows of the three sources with a
        history, and the same time of every file.
    """
    return _build(lambda low, high: draw(st.integers(low, high)), max_extracts, changes)


def small_world(seed: int, max_extracts: int = 4, changes: bool = False) -> SmallWorld:
    """Return the small world of a seed: like `small_worlds`, but evenly drawn, and never shrunk.

    Hypothesis tries many worlds that differ in one draw; where each world costs a build, unlike ones are
    better.

    Args:
        seed: Any number; the same seed gives the same world.
        max_extracts: The longest sequence of extracts.
        changes: As of `small_worlds`; the world is else that of the seed without.

    Returns:
        The world, as `small_worlds` draws it.
    """
    return _build(random.Random(seed).randint, max_extracts, changes)
