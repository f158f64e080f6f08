"""Hypothesis strategies for small worlds: a few extracts of a few people, each derived from the one before.

A world spans up to some 40 weeks, now and then more than a year, and holds what specification 2 to 9 treat
specially: open ends, people who move, vanish and come back, groups that change, tombstones, superseded and faulty
messages, duplicate rows, moments at the edges of weeks, months, years and of the Oslo and UTC day, waits and
deltakelsesmengder that begin and end at the edges of weeks, places of every kind of unit, employers' tiltak, and
Komet's view instead of the topic. Some of the extracts may hold only what is new of a topic. A world never holds what
the specification leaves undefined: two rows for one key with equally late timestamps, two messages for one key with one
offset, two people on the rows for one id of the view, or a local time inside the hour that a change to or from summer
time skips or repeats.

All idents are synthetic: eleven digits with month + 80 (specification 8).
"""

from __future__ import annotations

import csv
import gzip as gzip_module
import json
import random
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
    """One extract, before it is written: rows by table, and the topics' lines by file.

    Komet's view is among the tables of an extract that has it instead of the topic, which then has no files.
    """

    tables: dict[str, list[Row]]
    topic: list[list[str]]
    arbeidsgiver: list[list[str]] = field(default_factory=list)


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
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
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
            content = "".join(f"{line}\n" for line in lines).encode()
            if gzip:
                (folder / f"{topic}{suffix}.jsonl.gz").write_bytes(gzip_module.compress(content, mtime=0))
            else:
                (folder / f"{topic}{suffix}.jsonl").write_bytes(content)


def local_text(moment: datetime, style: int = 0) -> str:
    """Write an Oslo time as ISO 8601.

    Args:
        moment: Naive Oslo local time.
        style: 0 with `T`, 1 with a space, 2 as UTC with `Z`, 3 with `+02:00`, 4 with `+0200`.

    Returns:
        The text, to the second.
    """
    if style == 2:
        return moment.replace(tzinfo=OSLO).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if style == 3:
        return moment.replace(tzinfo=OSLO).isoformat()
    if style == 4:
        return moment.replace(tzinfo=OSLO).strftime("%Y-%m-%dT%H:%M:%S%z")
    return moment.isoformat(sep=" " if style == 1 else "T")


def utc_text(moment: datetime, with_zone: bool = False) -> str:
    """Write an Oslo time as Team Valp does: in UTC, usually without a zone (specification 2)."""
    text = moment.replace(tzinfo=OSLO).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}Z" if with_zone else text


def spelled(ident: str | None, spelling: str) -> str | None:
    """Write an ident as it is (`clear`), or as its unkeyed hash in `lower` or `upper` case; blanks as they are."""
    if spelling == "clear" or ident is None or not ident.strip():
        return ident
    return person_hash(ident) if spelling == "lower" else person_hash(ident).upper()


def uuid(kind: int, number: int) -> str:
    """Return a fixed id with the form of a UUID."""
    return f"{kind:08d}-0000-4000-8000-{number:012d}"


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
        return local_text(datetime.combine(day, clock), self.pick([0, 0, 1, 2, 3, 4]))

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
        return None if moment is None else local_text(moment, self.pick([0, 1, 2, 3, 4]))

    # The three sources with a history

    def content(self, kilde: str, key: str) -> Row:
        if kilde == "oppfolgingsbruker":
            return {
                "person_ident": key,
                "enhetsnummer": self.pick([*["0219"] * 6, *["0220"] * 3, REGIONER[0], *[None] * 4, UKJENT_ENHET]),
                "kvalifiseringsgruppe": self.pick(CODES),
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
            "filter_navn": self.pick([*["Team A", "Team B"] * 4, 'Team A, ung "1"', "Ufordelt"]),
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
            rows.append(dict(row))
            if self.chance(10):
                rows.append(dict(row))
            if self.chance(8):
                moment = self.moment(self.midnight - timedelta(weeks=8), self.now)
                stands = self.effective(kilde, self.moment_of[(kilde, key)])
                if self.effective(kilde, moment) != stands:
                    duplicate = {**self.content(kilde, key), timestamp: local_text(moment)}
                    rows.insert(self.pick([0, len(rows)]), duplicate)
        return rows[::-1] if self.chance(2) else rows

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
            for navn in ["Team A", "Team B", "Ufordelt"]:
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
                    "innsatsgruppe": self.pick(CODES),
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
        slutt = None if self.chance(2) else max(self.day(), self.day(), self.day()).isoformat()
        avsluttet = None
        if status != "GJENNOMFORES" and not self.chance(4):
            avsluttet = utc_text(self.moment(max(self.midnight, self.before), self.now), self.chance(3))
        changed = self.moment(self.midnight, self.now)
        typer = [row["id"] for row in self.tiltakstyper]
        return {
            "id": uuid(2, number),
            "tiltakstype_id": uuid(1, 99) if self.chance(12) else self.pick(typer),
            "avtale_id": None,
            "tiltaksnummer": f"{self.fra.year}#{1000 + number}",
            "start_dato": self.fra.isoformat(),
            "slutt_dato": "snart" if self.chance(30) else slutt,
            "status": "NY_STATUS" if self.chance(30) else status,
            "opprettet_tidspunkt": utc_text(self.midnight),
            "oppdatert_tidspunkt": utc_text(changed),
            "avsluttet_tidspunkt": avsluttet,
        }

    def gjennomforing_rows(self) -> list[Row]:
        rows: list[Row] = []
        for number, row in enumerate(self.gjennomforinger.values()):
            rows.append(dict(row))
            if self.chance(12):
                # Another row for the key, an hour older or newer.
                other = self.gjennomforing(number)
                stands = datetime.fromisoformat(row["oppdatert_tidspunkt"] or "")
                hour = timedelta(hours=self.pick([-1, 1]))
                rows.append({**other, "id": row["id"], "oppdatert_tidspunkt": (stands + hour).isoformat()})
        return rows[::-1] if self.chance(2) else rows

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
        return rows

    def avdeling_rows(self) -> list[Row]:
        rows: list[Row] = [
            {"enhetsnummer": enhetsnummer, "filter_navn": navn, "avdeling": avdeling}
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
        start: date | None = None if self.chance(15) else self.day()
        slutt: date | None = None
        if self.chance(3) or (status in HAR_DELTATT and not self.chance(8)):
            days = self.pick([0, 6, 7, 13, 21, 45, 60, 75, 100, -1])
            slutt = (start or self.day()) + timedelta(days=days)
        registrert = (start or self.day()) - timedelta(days=self.pick([0, 1, 7, 8, 14, 45, -1]))
        avklart = registrert + timedelta(days=self.pick([0, 1, 6, 7, 20, 60, -1]))
        avklart_text = self.pick([None, "i går"]) if self.chance(10) else self.clock_text(avklart)
        gjennomforing_id = uuid(2, 9) if self.chance(12) else uuid(2, self.choose(0, 3))
        aarsak = self.pick([None, None, "SYK", "KURS_FULLT", "FATT_JOBB"])
        value: dict[str, object] = {
            "id": key,
            "gjennomforingId": gjennomforing_id,
            "personIdent": self.person(number),
            "startDato": start.isoformat() if start else None,
            "sluttDato": slutt.isoformat() if slutt else None,
            "status": {
                "type": status,
                "tekst": status.capitalize(),
                "aarsak": {"type": aarsak, "beskrivelse": None},
                "opprettetTidspunkt": avklart_text,
            },
            "registrertTidspunkt": self.pick([None, "i går"]) if self.chance(12) else self.clock_text(registrert),
            "endretTidspunkt": "2024-01-01T12:00:00.123456",
            "kilde": "KOMET",
            "innhold": None,
            "deltakelsesmengder": [],
        }
        if self.chance(3):
            value["deltakelsesmengder"] = self.mengder(start or self.fra)
        elif self.chance(20):
            value["deltakelsesmengder"] = self.pick([None, "alle", {}])
        fault = self.pick(MESSAGE_FAULTS) if self.chance(20) else "none"
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

    def person(self, number: int) -> str | None:
        """Draw who the message of a number is about, now and then by the unkeyed hash."""
        person = self.pick(self.persons) if self.chance(8) else self.persons[number % len(self.persons)]
        return spelled(person, self.pick(["lower", "upper"]) if self.chance(12) else "clear")

    def mengder(self, start: date) -> list[object]:
        """Draw deltakelsesmengder: some from the same day, most from the edge of a week, now and then faulty."""
        mengder: list[object] = []
        for _ in range(self.choose(1, 4)):
            from_monday = start - timedelta(days=start.weekday()) + timedelta(days=self.pick([6, 7, 13, 14]))
            mengde: dict[str, object] = {
                "deltakelsesprosent": self.pick([50.0, 100.0, 33.3, 20, 0, 150, "60", None]),
                "dagerPerUke": None,
                "gyldigFraDato": self.pick([start, from_monday, start + timedelta(days=40)]).isoformat(),
                "opprettetTidspunkt": self.pick(["2024-01-01T12:00:00", "2024-01-01T11:00:01Z", None]),
            }
            if self.chance(25):
                name, fault = self.pick(
                    [("deltakelsesprosent", "halv"), ("gyldigFraDato", "snart"), ("gyldigFraDato", None)]
                )
                mengde[name] = fault
            mengder.append("halv" if self.chance(50) else mengde)
        return mengder

    def avtale(self, key: str, number: int) -> object:
        """Draw the value of an employer's message."""
        status = self.pick(AVTALE_STATUSES)
        start: date | None = None if self.chance(12) else self.day()
        slutt: date | None = None
        if self.chance(3) or (status == "AVSLUTTET" and not self.chance(6)):
            slutt = (start or self.day()) + timedelta(days=self.pick([0, 6, 7, 13, 45, 100, -1]))
        inngatt = (start or self.day()) - timedelta(days=self.pick([0, 1, 7, 8, 30, -1]))
        annullert = (start or self.day()) + timedelta(days=self.pick([-20, -1, 0, 1]))
        value: dict[str, object] = {
            "avtaleId": key,
            "avtaleStatus": status,
            "deltakerFnr": self.person(number),
            "deltakerFornavn": "Donald",
            "bedriftNr": "999999999",
            "tiltakstype": self.pick(AVTALE_TILTAKSTYPER),
            "opprettetTidspunkt": "2024-01-01T12:00:00",
            "avtaleInngått": self.pick([None, None, "i går"]) if self.chance(8) else self.clock_text(inngatt),
            "startDato": start.isoformat() if start else None,
            "sluttDato": slutt.isoformat() if slutt else None,
            "stillingprosent": self.pick([100, 50, 80.5, 33.3, "60", None, 0]),
            "enhetOppfolging": self.pick([*LOKALE, REGIONER[0], UKJENT_ENHET, None]),
            "kvalifiseringsgruppe": "BATT",
            "feilregistrert": self.pick([*[False] * 8, None, True]),
            "annullertTidspunkt": None,
            "veilederNavIdent": self.pick(VEILEDERE),
            "sistEndret": "2024-01-01T12:00:00.123456Z",
        }
        if status == "ANNULLERT" and not self.chance(6):
            value["annullertTidspunkt"] = self.clock_text(annullert)
        if self.chance(20):
            value["stillingprosent"] = "halv"
        if self.chance(10):
            del value["stillingprosent"], value["feilregistrert"]
        fault = self.pick(AVTALE_FAULTS) if self.chance(12) else "none"
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
        line = json.dumps(
            {
                "partition": number % 2,
                "offset": self.offset,
                "timestamp": 1704106800000 + self.offset,
                "key": key,
                "value": value,
            },
            ensure_ascii=number % 3 == 0,
        )
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
        return files

    def view_rows(self) -> list[Row]:
        """Return what Komet's messages say as rows of the view, now and then with a duplicate or without an id."""
        rows: list[Row] = []
        for key, messages in self.messages.items():
            value = json.loads(messages[-1][1])["value"]
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
                        ("status", self.pick(STATUSES)),
                    ]
                )
                rows.append({**row, column: other})
            if self.chance(30):
                rows.append({**row, "id": None})
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
                {"kilde": kilde, "uttrekk_tidspunkt": local_text(taken, self.pick([0, 0, 1]))}
                for kilde, taken in self.file_time.items()
            ],
            "oppfolgingsbruker": self.history_source_rows("oppfolgingsbruker", "sist_endret_tidspunkt"),
            "siste_tilordnet_veileder": self.history_source_rows("siste_tilordnet_veileder", "tilordnet_tidspunkt"),
            "veiledergruppe": self.history_source_rows("veiledergruppe", "sist_endret_tidspunkt"),
            **self.register_tables(),
        }
        for row in tables["oppfolgingsbruker"] if self.chance(12) else []:
            row["person_ident"] = spelled(row["person_ident"], "upper")
        for row in tables["siste_tilordnet_veileder"] if self.chance(12) else []:
            row["veileder_ident"] = spelled(row["veileder_ident"], "lower")
        return self.with_participations(tables)

    def corrected(self, before: UttrekkRows) -> UttrekkRows:
        """Draw the extract before over again, with other registers and another topic, but not a new time."""
        self.evolve_registers(first=False)
        self.evolve_topics()
        kept = {name: before.tables[name] for name in ["uttrekk", *OWN_TIMESTAMP]}
        return self.with_participations({**kept, **self.register_tables()})

    def with_participations(self, tables: dict[str, list[Row]]) -> UttrekkRows:
        """Return an extract of tables and what the sources of participations hold, in the forms drawn for it."""
        arbeidsgiver = self.topic_files(self.avtaler) if ARBEIDSGIVER_TOPIC in self.file_time else []
        if self.form == "topic":
            return UttrekkRows(tables, self.topic_files(self.messages), arbeidsgiver)
        spelling = self.pick(["clear", "lower", "upper"])
        rows = [{**row, "person_ident": spelled(row["person_ident"], spelling)} for row in self.view_rows()]
        return UttrekkRows({**tables, KOMET_VIEW: rows}, [], arbeidsgiver)

    def register_tables(self) -> dict[str, list[Row]]:
        spelling = self.pick(["clear", "clear", "clear", "lower", "upper"])
        return {
            "gjennomforing_view": self.gjennomforing_rows(),
            "tiltakstype_view": [dict(row) for row in self.tiltakstyper if not self.chance(30)],
            "gjennomforing_nav_enhet_view": [
                {"gjennomforing_id": gjennomforing_id, "enhetsnummer": enhetsnummer}
                for gjennomforing_id, enheter in self.enheter.items()
                for enhetsnummer in enheter
            ],
            "avtale_view": [],
            "vent_person_periode_v": [
                {**row, "person_ident": spelled(row["person_ident"], spelling)} for row in self.vent
            ],
            "veiledergruppe_avdeling": self.avdeling_rows(),
            "nav_enhet": self.nav_enhet_rows(),
        }


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
    if not isinstance(parsed, dict) or not {"key", "offset", "value"} <= parsed.keys():
        return None
    return _Sent(parsed["key"], parsed["offset"], line)


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
        lines = [(line, _sent(line)) for file in files for line in file]
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
        written.append(UttrekkRows(tables, files[TOPIC], files[ARBEIDSGIVER_TOPIC]))
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
