"""A brute-force reading of the specification, to compare the dbt project's tables with, cell by cell.

It shares no code with the project: it reads an uttrekk with the standard library (Parquet through duckdb,
as strings only), walks over people and weeks one at a time, and keeps the version histories of specification
4 in plain lists. All times are naive Oslo local time. Clarity comes before speed.

Where the specification leaves room, the choice is written beside the code that makes it, as "Choice: ...".
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import hmac
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb

OSLO = ZoneInfo("Europe/Oslo")
UTC = ZoneInfo("UTC")
KODEVERK = Path(__file__).resolve().parents[2] / "seeds" / "kodeverk"

TOPIC = "amt.deltaker-ekstern-v1"
UKJENT_KODE = "UKJENT"
UKJENT_NAVN = "Ukjent"
UFORDELT = "Ufordelt"

COLUMNS: dict[str, tuple[str, ...]] = {
    "uttrekk": ("kilde", "uttrekk_tidspunkt"),
    "gjennomforing_view": (
        "id",
        "tiltakstype_id",
        "avtale_id",
        "tiltaksnummer",
        "start_dato",
        "slutt_dato",
        "status",
        "opprettet_tidspunkt",
        "oppdatert_tidspunkt",
        "avsluttet_tidspunkt",
    ),
    "tiltakstype_view": ("id", "navn", "tiltakskode", "arena_tiltakskode"),
    "gjennomforing_nav_enhet_view": ("gjennomforing_id", "enhetsnummer"),
    "avtale_view": (
        "id",
        "tiltakstype_id",
        "start_dato",
        "slutt_dato",
        "status",
        "avtaletype",
        "opprettet_tidspunkt",
        "oppdatert_tidspunkt",
        "avbrutt_tidspunkt",
    ),
    "vent_person_periode_v": ("person_ident", "periode", "innsatsgruppe", "nav_kontor"),
    "oppfolgingsbruker": (
        "person_ident",
        "enhetsnummer",
        "kvalifiseringsgruppe",
        "diskresjonskode",
        "sperret_ansatt",
        "sist_endret_tidspunkt",
    ),
    "siste_tilordnet_veileder": ("person_ident", "veileder_ident", "tilordnet_tidspunkt"),
    "veiledergruppe": (
        "filter_id",
        "enhetsnummer",
        "filter_navn",
        "veileder_identer",
        "opprettet_tidspunkt",
        "sist_endret_tidspunkt",
    ),
    "veiledergruppe_avdeling": ("enhetsnummer", "filter_navn", "avdeling"),
    "nav_enhet": ("enhetsnummer", "navn", "type", "overordnet_enhetsnummer", "status"),
}
"""The tables of an uttrekk and their columns (specification 2); other columns of a file are not read."""

ROW_KEYS: dict[str, tuple[str, ...]] = {
    "gjennomforing_view": ("id",),
    "tiltakstype_view": ("id",),
    "gjennomforing_nav_enhet_view": ("gjennomforing_id", "enhetsnummer"),
    "vent_person_periode_v": ("person_ident", "periode"),
    "oppfolgingsbruker": ("person_ident",),
    "siste_tilordnet_veileder": ("person_ident",),
    "veiledergruppe": ("filter_id",),
    "veiledergruppe_avdeling": ("enhetsnummer", "filter_navn"),
    "nav_enhet": ("enhetsnummer",),
}
"""The columns that name a row; a row where one of them is null is MANGLER_FELT and otherwise ignored."""

OWN_TIMESTAMP: dict[str, str] = {
    "oppfolgingsbruker": "sist_endret_tidspunkt",
    "siste_tilordnet_veileder": "tilordnet_tidspunkt",
    "veiledergruppe": "sist_endret_tidspunkt",
}
"""The three sources with a version history, and the source's own timestamp (specification 4)."""

Row = dict[str, str | None]
Avvik = tuple[str, str, str]


class OlderUttrekk(ValueError):
    """The uttrekk is older than one already loaded or published (specification 4 and 5)."""


class Cell(NamedTuple):
    """One cell of `fak_tiltaksdeltakelse_uke` (specification 5)."""

    uke_start_dato: date
    enhetsnummer: str
    avdeling_navn: str
    veiledergruppe_navn: str
    tiltakskode: str
    tiltakstype_navn: str
    innsatsgruppe_kode: str


class Counts(NamedTuple):
    """The measures of a cell: distinct persons and participations (specification 5)."""

    person_antall: int
    deltakelse_antall: int


class PublishedRow(NamedTuple):
    """One version of one cell: a row of `fak_tiltaksdeltakelse_uke_publisert` (specification 5)."""

    cell: Cell
    counts: Counts
    publisert_fom_tid: datetime
    publisert_til_tid: datetime | None


class Revisjon(NamedTuple):
    """What `uke_revisjon` says of a week and an enhetsnummer: as first published, and now (specification 5).

    `person_avstand_antall` is the sum over cells of how far the number of persons has moved, so that people
    who moved between cells show, though the office's sum is the same.
    """

    forste_publisert_tid: datetime
    forste_person_antall: int
    person_antall: int
    forste_deltakelse_antall: int
    deltakelse_antall: int
    person_avstand_antall: int


class Bidrag(NamedTuple):
    """What one participation contributes to a week: its person, to a cell (specification 5)."""

    key: str
    person_ident: str
    cell: Cell


class UkeAntall(NamedTuple):
    """The grain of the dense view `uke_antall`; `aar` is its column `år` (ISO year)."""

    aar: int
    uke: int
    enhetsnummer: str
    tiltaksnavn: str
    innsatsgruppe: str
    avdeling: str


class UkeAntallAvdeling(NamedTuple):
    """The grain of the dense view `uke_antall_avdeling`; `aar` is its column `år` (ISO year)."""

    aar: int
    uke: int
    enhetsnummer: str
    tiltaksnavn: str
    avdeling: str


class HistoryRow(NamedTuple):
    """One version of one key; `content` is (column, value) pairs in the file's column order."""

    key: str
    gyldig_fom_tid: datetime
    gyldig_til_tid: datetime | None
    content: tuple[tuple[str, str | None], ...]


@dataclass
class Uttrekk:
    """One extract as read from its folder.

    `tables` has each table's distinct rows; `topic` the topic's non-blank lines in no particular order (None
    is a line that is not UTF-8); `tidspunkt` each file's time, the topic's as `amt.deltaker-ekstern-v1`.
    """

    tables: dict[str, list[Row]]
    topic: list[str | None]
    tidspunkt: dict[str, datetime]


# --- values -------------------------------------------------------------------------------------------------

TIME_PATTERN = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?"
)
DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
PERIODE_PATTERN = re.compile(r"\d{4}(0[1-9]|1[0-2])")


def parse_time(text: str | None, naive_is_utc: bool = False) -> datetime | None:
    """Read an ISO 8601 timestamp as naive Oslo local time (specification 2).

    Args:
        text: The timestamp, with `T` or a space, with or without a zone (`Z`, `+02:00`, `+0200`, `+02`).
        naive_is_utc: Whether a timestamp without a zone is UTC (Team Valp's) instead of Oslo time.

    Returns:
        Oslo local time without a zone, to the microsecond; None for null. Choice: also for unreadable text.
    """
    match = TIME_PATTERN.fullmatch(text) if text else None
    if match is None:
        return None
    day, clock, zone = match.groups()
    try:
        parsed = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{zone or ''}")
        if zone is None and naive_is_utc:
            parsed = parsed.replace(tzinfo=UTC)
        if parsed.tzinfo is not None:
            parsed = parsed.astimezone(OSLO).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return parsed.replace(fold=0)


def parse_date(text: str | None) -> date | None:
    """Read a date `YYYY-MM-DD`; None for null and for anything else (specification 2)."""
    if text is None or DATE_PATTERN.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_periode(text: str) -> date | None:
    """Read a `periode` YYYYMM as the month's first day; None when it is no month (specification 4)."""
    if PERIODE_PATTERN.fullmatch(text) is None or text.startswith("0000"):
        return None
    return date(int(text[:4]), int(text[4:]), 1)


def pseudonym(key: str, ident: str) -> str:
    """Return the keyed hash of an ident: HMAC-SHA256 as lower-case hex (specification 8).

    Args:
        key: The secret, as text (used as UTF-8).
        ident: The person_ident (or veileder_ident) in clear.

    Returns:
        64 hexadecimal digits.
    """
    return hmac.new(key.encode(), ident.encode(), hashlib.sha256).hexdigest()


def json_text(value: object) -> str | None:
    """Return a JSON scalar as trimmed text, None for null and blank; a list or object as its JSON."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.strip() or None


def sort_key(row: Row) -> list[tuple[bool, str]]:
    """Return the alphabetical order of rows by their columns in file order, null last."""
    return [(value is None, value or "") for value in row.values()]


# --- reading ------------------------------------------------------------------------------------------------


def read_table(folder: Path, name: str) -> list[Row]:
    """Read one table of an uttrekk, CSV or Parquet (specification 2).

    Args:
        folder: The uttrekk's folder.
        name: The file's name without its ending, a key of `COLUMNS`.

    Returns:
        Distinct rows in the file's order; every value as trimmed text, empty as None.

    Raises:
        FileNotFoundError: Neither `name.csv` nor `name.parquet` is there.
        ValueError: A column is missing.
    """
    columns = COLUMNS[name]
    raw: list[dict[str, str | None]]
    if (folder / f"{name}.csv").exists():
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = list(reader.fieldnames or [])
            raw = [dict(row) for row in reader]
    elif (folder / f"{name}.parquet").exists():
        with duckdb.connect() as connection:
            relation = connection.read_parquet(str(folder / f"{name}.parquet"))
            header = list(relation.columns)
            # A list column becomes a JSON list, everything else its text.
            fields = [
                f'to_json("{column}")::varchar' if str(kind).endswith("[]") else f'"{column}"::varchar'
                for column, kind in zip(header, relation.types, strict=True)
            ]
            rows = relation.project(", ".join(fields)).fetchall()
            raw = [dict(zip(header, row, strict=True)) for row in rows]
    else:
        raise FileNotFoundError(f"{name}.csv or {name}.parquet is missing")
    missing = [column for column in columns if column not in header]
    if missing:
        raise ValueError(f"{name} lacks column {missing[0]}")
    distinct: dict[tuple[str | None, ...], None] = {}
    for row in raw:
        distinct[tuple((row[column] or "").strip() or None for column in columns)] = None
    return [dict(zip(columns, values, strict=True)) for values in distinct]


def read_topic(folder: Path) -> list[str | None]:
    """Read the lines of the topic's files, plain or gzipped (specification 2).

    Args:
        folder: The uttrekk's folder.

    Returns:
        The non-blank lines of all files, None for one that is not UTF-8.

    Raises:
        FileNotFoundError: There is no such file.
    """
    paths = sorted([*folder.glob(f"{TOPIC}*.jsonl"), *folder.glob(f"{TOPIC}*.jsonl.gz")])
    if not paths:
        raise FileNotFoundError(f"{TOPIC}*.jsonl is missing")
    lines: list[str | None] = []
    for path in paths:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in content.split(b"\n"):
            try:
                text = line.decode("utf-8").strip()
            except UnicodeDecodeError:
                lines.append(None)
                continue
            if text:
                lines.append(text)
    return lines


def read_uttrekk(folder: Path) -> Uttrekk:
    """Read a whole uttrekk (specification 2).

    Args:
        folder: The uttrekk's folder.

    Returns:
        Its tables, topic lines and times.

    Raises:
        FileNotFoundError: A file is missing.
        ValueError: A column is missing, or a file has no readable time in `uttrekk`.
    """
    tables = {name: read_table(folder, name) for name in COLUMNS}
    tidspunkt: dict[str, datetime] = {}
    for row in tables["uttrekk"]:
        kilde, taken = row["kilde"], parse_time(row["uttrekk_tidspunkt"])
        if kilde is None or taken is None:
            raise ValueError("uttrekk: kilde or uttrekk_tidspunkt is missing or unreadable")
        if kilde.startswith(TOPIC):
            kilde = TOPIC
        tidspunkt[kilde] = min(taken, tidspunkt.get(kilde, taken))
    for kilde in [*COLUMNS, TOPIC]:
        if kilde != "uttrekk" and kilde not in tidspunkt:
            raise ValueError(f"uttrekk has no row for {kilde}")
    return Uttrekk(tables, read_topic(folder), tidspunkt)


@dataclass(frozen=True)
class Kodeverk:
    """What the specification asks of the code lists.

    `kategorier` is status to category, `innsatsgrupper` kvalifiseringsgruppe to innsatsgruppe,
    `lovlige_aarsaker` pairs of status and aarsak, `med_deltakelsesmengde` tiltakskoder.
    """

    kategorier: dict[str, str]
    innsatsgrupper: dict[str, str]
    lovlige_aarsaker: set[tuple[str, str]]
    gjennomforing_statuser: set[str]
    med_deltakelsesmengde: set[str]


def read_kodeverk(folder: Path) -> Kodeverk:
    """Read the code lists of a folder in the form of `seeds/kodeverk`.

    Args:
        folder: The folder with `kodeverk_deltakerstatus.csv` and the others.

    Returns:
        The code lists, every value as text.

    Raises:
        FileNotFoundError: A code list is missing.
        KeyError: A column is missing.
    """

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"kodeverk_{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Kodeverk(
        kategorier={row["status_kode"]: row["kategori_kode"] for row in rows("deltakerstatus")},
        innsatsgrupper={
            row["kvalifiseringsgruppe_kode"]: row["innsatsgruppe_kode"] for row in rows("kvalifiseringsgruppe")
        },
        lovlige_aarsaker={(row["status_kode"], row["aarsak_kode"]) for row in rows("lovlig_aarsak")},
        gjennomforing_statuser={row["gjennomforing_status_kode"] for row in rows("gjennomforingstatus")},
        med_deltakelsesmengde={
            row["tiltakskode"] for row in rows("tiltakstype") if row["har_deltakelsesmengde_flagg"].lower() == "true"
        },
    )


# --- histories (specification 4) ----------------------------------------------------------------------------


@dataclass
class Version:
    """One version of one key, valid in the half-open [gyldig_fom_tid, gyldig_til_tid) (specification 4).

    `opprettet` is only used to order veiledergrupper. Choice: it is the value the version came with.
    """

    key: str
    gyldig_fom_tid: datetime
    gyldig_til_tid: datetime | None
    values: Row
    veiledere: frozenset[str]
    opprettet: datetime


def parse_veiledere(text: str | None) -> frozenset[str] | None:
    """Read `veileder_identer`; None when it is no JSON list of strings (choice: so also when it is null)."""
    try:
        parsed = json.loads(text or "")
    except ValueError:
        return None
    if not isinstance(parsed, list) or not all(isinstance(ident, str) for ident in parsed):
        return None
    return frozenset(ident.strip() for ident in parsed)


def effective_time(text: str | None, extract_time: datetime) -> datetime:
    """Return a row's own timestamp; null or after the extract counts as the extract's (specification 4)."""
    own = parse_time(text)
    return extract_time if own is None or own > extract_time else own


def standing_rows(kilde: str, rows: Iterable[Row], extract_time: datetime) -> dict[str, Row]:
    """Choose the row that stands for each key: the one with the latest timestamp (specification 4).

    Args:
        kilde: One of the sources in `OWN_TIMESTAMP`.
        rows: The file's distinct rows, none with a null key.
        extract_time: The file's own uttrekk_tidspunkt.

    Returns:
        Key to row. Choice: a timestamp that counts as the extract's does so here too. A tie, which the
        specification leaves open, goes to the alphabetically first row.
    """
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row[ROW_KEYS[kilde][0]] or ""].append(row)
    standing: dict[str, Row] = {}
    for key, candidates in by_key.items():
        candidates.sort(key=sort_key)
        standing[key] = max(candidates, key=lambda r: effective_time(r[OWN_TIMESTAMP[kilde]], extract_time))
    return standing


@dataclass
class History:
    """All versions of one source's keys, fed with one extract after another (specification 4)."""

    kilde: str
    versions: dict[str, list[Version]] = field(default_factory=dict)

    def load(self, rows: Iterable[Row], extract_time: datetime) -> None:
        """Let a newer extract change the history.

        Args:
            rows: The file's distinct rows, none with a null key.
            extract_time: The file's own uttrekk_tidspunkt, later than that of every extract loaded before.
        """
        standing = standing_rows(self.kilde, rows, extract_time)
        for key, row in standing.items():
            self._load_key(key, row, extract_time)
        for key, versions in self.versions.items():
            if key not in standing and versions[-1].gyldig_til_tid is None:
                versions[-1].gyldig_til_tid = extract_time

    def _load_key(self, key: str, row: Row, extract_time: datetime) -> None:
        own_column = OWN_TIMESTAMP[self.kilde]
        no_content = {ROW_KEYS[self.kilde][0], own_column, "opprettet_tidspunkt", "veileder_identer"}
        values = {column: value for column, value in row.items() if column not in no_content}
        veiledere = parse_veiledere(row.get("veileder_identer")) or frozenset()
        own = effective_time(row[own_column], extract_time)

        versions = self.versions.setdefault(key, [])
        if not versions:
            start = own
        else:
            last = versions[-1]
            if last.gyldig_til_tid is not None:
                start = max(own, last.gyldig_til_tid)
            elif (last.values, last.veiledere) == (values, veiledere):
                return
            else:
                start = own if own > last.gyldig_fom_tid else extract_time
                last.gyldig_til_tid = start
        opprettet = effective_time(row.get("opprettet_tidspunkt"), extract_time)
        versions.append(Version(key, start, None, values, veiledere, opprettet))

    def at(self, key: str, cut: datetime) -> Version | None:
        """Return the version a key had at a cut, if any."""
        for version in self.versions.get(key, []):
            if valid_at(version, cut):
                return version
        return None


def valid_at(version: Version, cut: datetime) -> bool:
    """Whether a version is the one at the end of the Sunday before `cut`, a Monday (specification 4)."""
    return version.gyldig_fom_tid < cut and (version.gyldig_til_tid is None or version.gyldig_til_tid >= cut)


# --- the topic (specification 3 and 7) ----------------------------------------------------------------------


@dataclass(frozen=True)
class Envelope:
    """A message of the topic; `readable` is false when its value is neither an object nor null."""

    key: str
    offset: int
    value: dict[str, object] | None
    readable: bool


@dataclass(frozen=True)
class Deltakelse:
    """A current participation whose message could be read (dates as dates, None is open or unset)."""

    key: str
    person_ident: str
    gjennomforing_id: str
    status: str
    kategori: str
    start: date | None
    slutt: date | None
    aarsak: str | None
    has_mengder: bool


def read_envelope(line: str | None) -> Envelope | str:
    """Read one line of the topic.

    Args:
        line: The line's text, None when it is not UTF-8.

    Returns:
        The message, or the avvikstype of a line that cannot be placed at a key: UGYLDIG_JSON or MANGLER_FELT
        (specification 7).
    """
    try:
        parsed = json.loads(line or "")
    except ValueError:
        return "UGYLDIG_JSON"
    if not isinstance(parsed, dict):
        return "UGYLDIG_JSON"
    key = json_text(parsed.get("key"))
    offset = json_text(parsed.get("offset"))
    value = parsed.get("value")
    readable = value is None or isinstance(value, dict)
    if key is None or offset is None or re.fullmatch(r"-?\d+", offset) is None or "value" not in parsed:
        return "MANGLER_FELT" if readable else "UGYLDIG_JSON"
    return Envelope(key, int(offset), value if isinstance(value, dict) else None, readable)


def compact(lines: Iterable[str | None]) -> tuple[dict[str, Envelope], Counter[str]]:
    """Compact the topic: for each key the message with the highest offset (specification 3).

    Args:
        lines: The topic's lines, in any order.

    Returns:
        Key to message, and the number of lines that belong to no key, by avvikstype.
    """
    current: dict[str, Envelope] = {}
    faulty: Counter[str] = Counter()
    for line in lines:
        envelope = read_envelope(line)
        if isinstance(envelope, str):
            faulty[envelope] += 1
        elif envelope.key not in current or envelope.offset > current[envelope.key].offset:
            current[envelope.key] = envelope
    return current, faulty


def read_deltakelse(key: str, value: dict[str, object], kategorier: dict[str, str]) -> Deltakelse | str:
    """Read the value of a current message.

    Args:
        key: The message's key.
        value: The message.
        kategorier: Status code to category (kodeverk_deltakerstatus).

    Returns:
        The participation, or the avvikstype of the first reason to leave it out (specification 7).
    """
    status_object = value.get("status")
    status_fields = status_object if isinstance(status_object, dict) else {}
    person_ident = json_text(value.get("personIdent"))
    gjennomforing_id = json_text(value.get("gjennomforingId"))
    status = json_text(status_fields.get("type"))
    if person_ident is None or gjennomforing_id is None or status is None:
        return "MANGLER_FELT"
    start_text, slutt_text = json_text(value.get("startDato")), json_text(value.get("sluttDato"))
    start, slutt = parse_date(start_text), parse_date(slutt_text)
    if (start_text is not None and start is None) or (slutt_text is not None and slutt is None):
        return "UGYLDIG_VERDI"
    if status not in kategorier:
        return "UKJENT_STATUS"
    aarsak_object = status_fields.get("aarsak")
    aarsak = json_text(aarsak_object.get("type")) if isinstance(aarsak_object, dict) else None
    mengder = value.get("deltakelsesmengder")
    return Deltakelse(
        key,
        person_ident,
        gjennomforing_id,
        status,
        kategorier[status],
        start,
        slutt,
        aarsak,
        isinstance(mengder, list) and len(mengder) > 0,
    )


# --- the world ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gjennomforing:
    """A row of `gjennomforing_view` that stands; `avsluttet` is the Oslo date of avsluttet_tidspunkt."""

    tiltakstype_id: str | None
    status: str | None
    slutt: date | None
    avsluttet: date | None


@dataclass(frozen=True)
class VentPeriode:
    """What `vent_person_periode_v` says of a person from one month on: UKJENT where rows disagree."""

    first_day: date
    innsatsgruppe: str | None
    nav_kontor: str | None


@dataclass(frozen=True)
class Publication:
    """The whole fact as it was published at one time, and the weeks that it covers (specification 5)."""

    weeks: list[date]
    fact: dict[Cell, Counts]


class World:
    """The state that a sequence of extracts leads to, and the tables it gives (specification 3-5 and 7)."""

    def __init__(self, fra_uke_dato: date = date(2022, 1, 3), key: str = "") -> None:
        """Start with nothing loaded.

        Args:
            fra_uke_dato: The first week's Monday (the dbt var of that name).
            key: The secret of the keyed hash, used in the objekt_id of avvik and the keys of histories.

        Raises:
            ValueError: `fra_uke_dato` is not a Monday.
        """
        if fra_uke_dato.weekday() != 0:
            raise ValueError("fra_uke_dato is not a Monday")
        self.fra_uke_dato = fra_uke_dato
        self.key = key
        self.tidspunkt: dict[str, datetime] = {}
        self.history = {kilde: History(kilde) for kilde in OWN_TIMESTAMP}
        self.uttrekk: Uttrekk | None = None
        self.kodeverk = read_kodeverk(KODEVERK)
        self.erased: set[str] = set()
        # What each of the weeks holds, at the latest load and at the one before.
        self.bidrag: dict[date, set[Bidrag]] = {}
        self.bidrag_before: dict[date, set[Bidrag]] = {}
        self.publications: dict[datetime, Publication] = {}
        self.published_extract = datetime.min

    # Loading

    def load(self, uttrekk: Uttrekk, kodeverk: Path | None = None) -> None:
        """Load an extract: the histories change, everything else is as in this extract (specification 4).

        The fact is then published at the extract's time, the earliest of its files' (specification 5). Choice: loading
        an extract of the same time again publishes a microsecond later, so that what was published is never rewritten.

        Args:
            uttrekk: The extract. Choice: a file with the same time as the one loaded before is the same file,
                so that it changes no history.
            kodeverk: A folder with the code lists for this load and later ones, in the form of
                `seeds/kodeverk`; None for those of the load before, at first the project's own.

        Raises:
            OlderUttrekk: A file is older than the one loaded before, or the earliest of them older than what
                is published; then nothing has changed.
            FileNotFoundError: A code list is missing; then nothing has changed.
            KeyError: A column of a code list is missing; then nothing has changed.
        """
        self._refuse_older(uttrekk)
        if kodeverk is not None:
            self.kodeverk = read_kodeverk(kodeverk)
        uttrekk = self._without_erased(uttrekk)
        for kilde, history in self.history.items():
            taken = uttrekk.tidspunkt[kilde]
            if self.tidspunkt.get(kilde) != taken:
                history.load(rows_with_key(uttrekk, kilde), taken)
        self.tidspunkt.update(uttrekk.tidspunkt)
        self.uttrekk = uttrekk
        self._index(uttrekk)
        self.bidrag_before = self.bidrag
        self.bidrag = self._find_bidrag()
        taken = earliest_time(uttrekk)
        again = bool(self.publications) and taken == self.published_extract
        time = max(self.publications) + timedelta(microseconds=1) if again else taken
        self.publications[time] = Publication(self.weeks(), self.fact())
        self.published_extract = taken

    def _refuse_older(self, uttrekk: Uttrekk) -> None:
        for kilde, taken in uttrekk.tidspunkt.items():
            if kilde in self.tidspunkt and taken < self.tidspunkt[kilde]:
                raise OlderUttrekk(f"{kilde} is from {taken}, but {self.tidspunkt[kilde]} is already loaded")
        # The times of the files above never go back, so this takes a file that no extract before had.
        taken = earliest_time(uttrekk)
        if taken < self.published_extract:
            raise OlderUttrekk(f"the extract is from {taken}, but {self.published_extract} is already published")

    def erase(self, ident: str) -> None:
        """Erase a person: nothing about them is kept from now on.

        Their versions in the histories are gone at once. Every later load ignores their rows, and each key of
        the topic whose standing message is about them: it counts for nothing and gives no avvik. The fact and
        the avvik follow at the next load, also when that is of the same extract. What is published stays: it
        is counts.

        Args:
            ident: The person_ident in clear; blanks around it are no part of it.
        """
        self.erased.add(ident.strip())
        for kilde in ("oppfolgingsbruker", "siste_tilordnet_veileder"):
            self.history[kilde].versions.pop(ident.strip(), None)

    def _without_erased(self, uttrekk: Uttrekk) -> Uttrekk:
        """Return an extract without the table rows of erased people; for its topic, see `_read_deltakelser`."""
        tables = {
            kilde: [row for row in rows if row.get("person_ident") not in self.erased]
            for kilde, rows in uttrekk.tables.items()
        }
        return Uttrekk(tables, uttrekk.topic, uttrekk.tidspunkt)

    def _index(self, uttrekk: Uttrekk) -> None:
        """Put the latest extract's current state in dictionaries."""
        self.table_avvik: set[Avvik] = set()
        self.line_faults: Counter[str] = Counter()
        for kilde, columns in ROW_KEYS.items():
            without_key = [r for r in uttrekk.tables[kilde] if any(r[column] is None for column in columns)]
            if without_key:
                self.line_faults["MANGLER_FELT"] += len(without_key)
        self.enhet_typer = self._read_nav_enhet(rows_with_key(uttrekk, "nav_enhet"))
        self.gjennomforinger = self._read_gjennomforinger(rows_with_key(uttrekk, "gjennomforing_view"))
        self.tiltakskoder = self._read_tiltakstyper(rows_with_key(uttrekk, "tiltakstype_view"))
        self.enheter = self._read_enheter(rows_with_key(uttrekk, "gjennomforing_nav_enhet_view"))
        self.vent = self._read_vent(rows_with_key(uttrekk, "vent_person_periode_v"))
        self.avdelinger = self._read_avdelinger(rows_with_key(uttrekk, "veiledergruppe_avdeling"))
        for kilde in OWN_TIMESTAMP:
            self._check_history_source(kilde, rows_with_key(uttrekk, kilde), uttrekk.tidspunkt[kilde])
        self.deltakelser = self._read_deltakelser(uttrekk.topic)
        # Each veileder's groups in each office; which versions are valid is asked week by week.
        self.grupper: dict[tuple[str, str], list[Version]] = defaultdict(list)
        for versions in self.history["veiledergruppe"].versions.values():
            for version in versions:
                for veileder in version.veiledere:
                    self.grupper[(version.values["enhetsnummer"] or "", veileder)].append(version)

    def _check_enhet(self, kilde: str, objekt_id: str, enhetsnummer: str | None) -> None:
        """An enhetsnummer that is set, but not in the register, is an avvik (specification 7)."""
        if enhetsnummer is not None and enhetsnummer not in self.enhet_typer:
            self.table_avvik.add((kilde, objekt_id, "UKJENT_ENHET"))

    def _group(self, kilde: str, rows: Iterable[Row], report: bool = True) -> dict[str, list[Row]]:
        """Group rows by their one-column key, alphabetically; several rows for one key are an avvik."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=sort_key):
            grouped[row[ROW_KEYS[kilde][0]] or ""].append(row)
        for key, candidates in grouped.items():
            if report and len(candidates) > 1:
                self.table_avvik.add((kilde, key, "DUPLIKAT_NOKKEL"))
        return grouped

    def _read_nav_enhet(self, rows: list[Row]) -> dict[str, str | None]:
        """Read enhetsnummer to type; of several rows the alphabetically first stands."""
        grouped = self._group("nav_enhet", rows)
        return {enhetsnummer: candidates[0]["type"] for enhetsnummer, candidates in grouped.items()}

    def _read_gjennomforinger(self, rows: list[Row]) -> dict[str, Gjennomforing]:
        """Read the gjennomføringer; of several rows the latest oppdatert_tidspunkt stands (null: oldest)."""
        kilde = "gjennomforing_view"
        found: dict[str, Gjennomforing] = {}
        for key, candidates in self._group(kilde, rows).items():
            row = max(candidates, key=lambda r: parse_time(r["oppdatert_tidspunkt"], True) or datetime.min)
            slutt = parse_date(row["slutt_dato"])
            avsluttet = parse_time(row["avsluttet_tidspunkt"], naive_is_utc=True)
            if row["status"] is not None and row["status"] not in self.kodeverk.gjennomforing_statuser:
                self.table_avvik.add((kilde, key, "UKJENT_STATUS"))
            # Choice: an unreadable avsluttet_tidspunkt is treated as an unreadable slutt_dato is.
            if (row["slutt_dato"] is not None and slutt is None) or (
                row["avsluttet_tidspunkt"] is not None and avsluttet is None
            ):
                self.table_avvik.add((kilde, key, "UGYLDIG_VERDI"))
            found[key] = Gjennomforing(
                row["tiltakstype_id"], row["status"], slutt, avsluttet.date() if avsluttet else None
            )
        return found

    def _read_tiltakstyper(self, rows: list[Row]) -> dict[str, str]:
        """Read tiltakstype id to tiltakskode, and find each tiltakskode's name (specification 5).

        A row without tiltakskode is as if missing. Choice: where two ids have one tiltakskode, its name is
        the alphabetically first; a tiltakskode without a name is called by its code.
        """
        with_code = [row for row in rows if row["tiltakskode"] is not None]
        koder: dict[str, str] = {}
        navn: dict[str, str] = {UKJENT_KODE: UKJENT_NAVN}
        for key, candidates in self._group("tiltakstype_view", with_code).items():
            kode = candidates[0]["tiltakskode"] or ""
            kode_navn = candidates[0]["navn"] or kode
            koder[key] = kode
            navn[kode] = min(kode_navn, navn.get(kode, kode_navn))
        used = Counter(navn.values())
        self.tiltakstype_navn = {kode: f"{name} ({kode})" if used[name] > 1 else name for kode, name in navn.items()}
        return koder

    def _read_enheter(self, rows: list[Row]) -> dict[str, set[str]]:
        """Read gjennomføring id to its enhetsnumre."""
        enheter: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            gjennomforing_id, enhetsnummer = row["gjennomforing_id"] or "", row["enhetsnummer"] or ""
            enheter[gjennomforing_id].add(enhetsnummer)
            self._check_enhet("gjennomforing_nav_enhet_view", f"{gjennomforing_id}/{enhetsnummer}", enhetsnummer)
        return enheter

    def _read_vent(self, rows: list[Row]) -> dict[str, list[VentPeriode]]:
        """Read each person's months; what disagrees is UKJENT and an avvik (specification 4)."""
        kilde = "vent_person_periode_v"
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            grouped[(row["person_ident"] or "", row["periode"] or "")].append(row)
        vent: dict[str, list[VentPeriode]] = defaultdict(list)
        for (ident, periode), candidates in grouped.items():
            objekt_id = f"{pseudonym(self.key, ident)}/{periode}"
            first_day = parse_periode(periode)
            if first_day is None:
                self.table_avvik.add((kilde, objekt_id, "UGYLDIG_VERDI"))
                continue
            codes = {row["innsatsgruppe"] for row in candidates if row["innsatsgruppe"] is not None}
            offices = {row["nav_kontor"] for row in candidates if row["nav_kontor"] is not None}
            for code in codes:
                if code not in self.kodeverk.innsatsgrupper:
                    self.table_avvik.add((kilde, objekt_id, "UKJENT_INNSATSGRUPPE"))
            for office in offices:
                self._check_enhet(kilde, objekt_id, office)
            if len(codes) > 1:
                self.table_avvik.add((kilde, objekt_id, "MOTSTRIDENDE_INNSATSGRUPPE"))
            if len(offices) > 1:
                self.table_avvik.add((kilde, objekt_id, "MOTSTRIDENDE_ENHET"))
            vent[ident].append(VentPeriode(first_day, one_or_ukjent(codes), one_or_ukjent(offices)))
        return vent

    def _read_avdelinger(self, rows: list[Row]) -> dict[tuple[str, str], str]:
        """Read (enhetsnummer, group name) to avdeling; of several the alphabetically first stands."""
        kilde = "veiledergruppe_avdeling"
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in sorted(rows, key=sort_key):
            grouped[(row["enhetsnummer"] or "", row["filter_navn"] or "")].append(row)
        found: dict[tuple[str, str], str] = {}
        for (enhetsnummer, filter_navn), candidates in grouped.items():
            objekt_id = f"{enhetsnummer}/{filter_navn}"
            self._check_enhet(kilde, objekt_id, enhetsnummer)
            if len(candidates) > 1:
                self.table_avvik.add((kilde, objekt_id, "DUPLIKAT_NOKKEL"))
            avdeling = candidates[0]["avdeling"]
            if avdeling is not None:
                found[(enhetsnummer, filter_navn)] = avdeling
        return found

    def _check_history_source(self, kilde: str, rows: list[Row], extract_time: datetime) -> None:
        """Find the avvik of a source with a history, judged on the rows that stand in the latest extract."""

        def objekt_id(key: str) -> str:
            return key if kilde == "veiledergruppe" else pseudonym(self.key, key)

        for key, candidates in self._group(kilde, rows, report=False).items():
            if len(candidates) > 1:
                self.table_avvik.add((kilde, objekt_id(key), "DUPLIKAT_NOKKEL"))
        for key, row in standing_rows(kilde, rows, extract_time).items():
            self._check_enhet(kilde, objekt_id(key), row.get("enhetsnummer"))
            code = row.get("kvalifiseringsgruppe")
            if code is not None and code not in self.kodeverk.innsatsgrupper:
                self.table_avvik.add((kilde, objekt_id(key), "UKJENT_INNSATSGRUPPE"))
            if kilde == "veiledergruppe" and parse_veiledere(row["veileder_identer"]) is None:
                self.table_avvik.add((kilde, objekt_id(key), "UGYLDIG_JSON"))

    def _read_deltakelser(self, lines: list[str | None]) -> list[Deltakelse]:
        """Read the current participations; a message that cannot be used is one avvik (specification 7)."""
        current, faulty = compact(lines)
        self.line_faults += faulty
        deltakelser: list[Deltakelse] = []
        for key, envelope in current.items():
            if not envelope.readable:
                self.table_avvik.add((TOPIC, key, "UGYLDIG_JSON"))
            elif envelope.value is not None and json_text(envelope.value.get("personIdent")) not in self.erased:
                read = read_deltakelse(key, envelope.value, self.kodeverk.kategorier)
                if isinstance(read, str):
                    self.table_avvik.add((TOPIC, key, read))
                else:
                    deltakelser.append(read)
        return deltakelser

    # Weeks

    def _loaded(self) -> Uttrekk:
        if self.uttrekk is None:
            raise ValueError("no uttrekk is loaded")
        return self.uttrekk

    def weeks(self) -> list[date]:
        """Return the Mondays from `fra_uke_dato` to the last complete week (specification 2).

        Returns:
            Mondays, ascending; a week is complete when its Sunday is before the date of the extract's
            earliest uttrekk_tidspunkt.

        Raises:
            ValueError: Nothing is loaded.
        """
        uttrekk_dato = earliest_time(self._loaded()).date()
        mondays: list[date] = []
        monday = self.fra_uke_dato
        while monday + timedelta(days=6) < uttrekk_dato:
            mondays.append(monday)
            monday += timedelta(days=7)
        return mondays

    # Specification 3

    def _end(self, deltakelse: Deltakelse) -> date | None:
        """Return the participation's last day, None when it is open."""
        gjennomforing = self.gjennomforinger.get(deltakelse.gjennomforing_id)
        ends = [deltakelse.slutt]
        if gjennomforing is not None:
            ends.append(gjennomforing.slutt)
            if gjennomforing.status == "AVBRUTT":
                ends.append(gjennomforing.avsluttet)
        return min((end for end in ends if end is not None), default=None)

    def _counts(self, deltakelse: Deltakelse) -> bool:
        """Whether the participation counts in the weeks it is active in."""
        if deltakelse.kategori not in ("deltar", "har_deltatt") or deltakelse.start is None:
            return False
        if deltakelse.kategori == "har_deltatt" and deltakelse.slutt is None:
            return False
        gjennomforing = self.gjennomforinger.get(deltakelse.gjennomforing_id)
        if gjennomforing is not None and gjennomforing.status == "AVLYST":
            return False
        end = self._end(deltakelse)
        return end is None or end >= deltakelse.start

    def _tiltakskode(self, deltakelse: Deltakelse) -> str:
        gjennomforing = self.gjennomforinger.get(deltakelse.gjennomforing_id)
        if gjennomforing is None or gjennomforing.tiltakstype_id is None:
            return UKJENT_KODE
        return self.tiltakskoder.get(gjennomforing.tiltakstype_id, UKJENT_KODE)

    # Specification 4

    def _vent_at(self, ident: str, sunday: date) -> VentPeriode | None:
        """Return the person's latest month whose first day is not after the Sunday."""
        months = [month for month in self.vent.get(ident, []) if month.first_day <= sunday]
        return max(months, key=lambda month: month.first_day, default=None)

    def _innsatsgruppe(self, ident: str, monday: date) -> str:
        version = self.history["oppfolgingsbruker"].at(ident, week_cut(monday))
        code = version.values["kvalifiseringsgruppe"] if version else None
        if code is None:
            vent = self._vent_at(ident, monday + timedelta(days=6))
            code = vent.innsatsgruppe if vent else None
        return self.kodeverk.innsatsgrupper.get(code or "", UKJENT_KODE)

    def _enhetsnummer(self, ident: str, gjennomforing_id: str, monday: date) -> str:
        version = self.history["oppfolgingsbruker"].at(ident, week_cut(monday))
        if version and version.values["enhetsnummer"] is not None:
            return version.values["enhetsnummer"]
        vent = self._vent_at(ident, monday + timedelta(days=6))
        if vent and vent.nav_kontor is not None:
            return vent.nav_kontor
        # Choice: the enheter of a gjennomføring count also when gjennomforing_view lacks it.
        enheter = self.enheter.get(gjennomforing_id, set())
        lokale = [number for number in enheter if self.enhet_typer.get(number) == "LOKAL"]
        return lokale[0] if len(lokale) == 1 else UKJENT_KODE

    def _veiledergruppe(self, ident: str, enhetsnummer: str, monday: date) -> str:
        cut = week_cut(monday)
        version = self.history["siste_tilordnet_veileder"].at(ident, cut)
        if version is None:
            return UKJENT_NAVN
        veileder = version.values["veileder_ident"]
        if veileder is None:
            return UFORDELT
        grupper = [g for g in self.grupper.get((enhetsnummer, veileder), []) if valid_at(g, cut)]
        if not grupper:
            return UKJENT_NAVN
        first = min(grupper, key=lambda g: (g.opprettet, filter_id_order(g.key)))
        return first.values["filter_navn"] or UKJENT_NAVN

    def _avdeling(self, enhetsnummer: str, veiledergruppe: str) -> str:
        fallback = UFORDELT if veiledergruppe == UFORDELT else UKJENT_NAVN
        return self.avdelinger.get((enhetsnummer, veiledergruppe), fallback)

    # Specification 5

    def _find_bidrag(self) -> dict[date, set[Bidrag]]:
        """Return what the counted participations contribute to each week that they are active in."""
        bidrag: dict[date, set[Bidrag]] = {monday: set() for monday in self.weeks()}
        counted = [deltakelse for deltakelse in self.deltakelser if self._counts(deltakelse)]
        # What a person is in a week is asked once for each gjennomføring of theirs.
        known: dict[tuple[str, str, date], tuple[str, str, str, str]] = {}
        for deltakelse in counted:
            end = self._end(deltakelse)
            kode = self._tiltakskode(deltakelse)
            ident = deltakelse.person_ident
            for monday in bidrag:
                started = deltakelse.start is not None and deltakelse.start <= monday + timedelta(days=6)
                if not started or (end is not None and end < monday):
                    continue
                asked = (ident, deltakelse.gjennomforing_id, monday)
                if asked not in known:
                    enhetsnummer = self._enhetsnummer(ident, deltakelse.gjennomforing_id, monday)
                    gruppe = self._veiledergruppe(ident, enhetsnummer, monday)
                    avdeling = self._avdeling(enhetsnummer, gruppe)
                    known[asked] = (enhetsnummer, avdeling, gruppe, self._innsatsgruppe(ident, monday))
                enhetsnummer, avdeling, gruppe, innsatsgruppe = known[asked]
                navn = self.tiltakstype_navn[kode]
                cell = Cell(monday, enhetsnummer, avdeling, gruppe, kode, navn, innsatsgruppe)
                bidrag[monday].add(Bidrag(deltakelse.key, ident, cell))
        return bidrag

    def _people(self) -> dict[Cell, set[str]]:
        """Return each cell's people."""
        self._loaded()
        people: dict[Cell, set[str]] = defaultdict(set)
        for of_week in self.bidrag.values():
            for one in of_week:
                people[one.cell].add(one.person_ident)
        return people

    def fact(self) -> dict[Cell, Counts]:
        """Return `fak_tiltaksdeltakelse_uke` after the latest load (specification 5).

        Returns:
            Every cell where somebody was, with its number of distinct persons and of participations.

        Raises:
            ValueError: Nothing is loaded.
        """
        deltakelse_antall = Counter(one.cell for of_week in self.bidrag.values() for one in of_week)
        return {cell: Counts(len(idents), deltakelse_antall[cell]) for cell, idents in self._people().items()}

    def computed(self) -> dict[date, str]:
        """Return which weeks the latest load computes, and why (specification 5, "Weekly run").

        Returns:
            Monday to NY (not among the weeks of the load before) or ENDRET (what participations contribute to
            the week is not what it was at the load before); the other weeks are absent.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        reasons: dict[date, str] = {}
        for monday, bidrag in self.bidrag.items():
            if monday not in self.bidrag_before:
                reasons[monday] = "NY"
            elif bidrag != self.bidrag_before[monday]:
                reasons[monday] = "ENDRET"
        return reasons

    # Specification 5, "What we said then"

    def published(self) -> set[PublishedRow]:
        """Return `fak_tiltaksdeltakelse_uke_publisert`: every version of every cell (specification 5).

        Returns:
            The versions: for each cell, the longest stretches of publications that showed the same counts.
            One that ends with the latest publication has no publisert_til_tid.
        """
        times = sorted(self.publications)
        following = dict(pairwise(times))
        rows: set[PublishedRow] = set()
        for cell in {cell for publication in self.publications.values() for cell in publication.fact}:
            for counts, same in groupby(times, key=lambda taken: self.publications[taken].fact.get(cell)):
                stretch = list(same)
                if counts is not None:
                    rows.add(PublishedRow(cell, counts, stretch[0], following.get(stretch[-1])))
        return rows

    def published_as_of(self, moment: datetime) -> dict[Cell, Counts]:
        """Return the fact as it stood at a moment (specification 5).

        Args:
            moment: Oslo local time without a zone. At the very time of a publication, that publication stands.

        Returns:
            The whole fact, with every week that was there; nothing before the first publication.
        """
        times = [taken for taken in self.publications if taken <= moment]
        return dict(self.publications[max(times)].fact) if times else {}

    def uke_revisjon(self) -> dict[tuple[date, str], Revisjon]:
        """Return `uke_revisjon`: each week as it was first published, and as it is now (specification 5).

        Returns:
            Week and enhetsnummer to what is said of them, for those that have a cell at the week's first
            publication or at the latest one. The first publication of a week is the first that covers it,
            whether or not anybody was in it.
        """
        revisjoner: dict[tuple[date, str], Revisjon] = {}
        if not self.publications:
            return revisjoner
        latest = self.publications[max(self.publications)]
        for monday in latest.weeks:
            forste_tid = min(taken for taken, publication in self.publications.items() if monday in publication.weeks)
            forste_fact = self.publications[forste_tid].fact
            of_week = {cell for cell in [*forste_fact, *latest.fact] if cell.uke_start_dato == monday}
            for enhetsnummer in {cell.enhetsnummer for cell in of_week}:
                cells = [cell for cell in of_week if cell.enhetsnummer == enhetsnummer]
                forste = [forste_fact.get(cell, Counts(0, 0)) for cell in cells]
                naa = [latest.fact.get(cell, Counts(0, 0)) for cell in cells]
                revisjoner[monday, enhetsnummer] = Revisjon(
                    forste_publisert_tid=forste_tid,
                    forste_person_antall=sum(counts.person_antall for counts in forste),
                    person_antall=sum(counts.person_antall for counts in naa),
                    forste_deltakelse_antall=sum(counts.deltakelse_antall for counts in forste),
                    deltakelse_antall=sum(counts.deltakelse_antall for counts in naa),
                    person_avstand_antall=sum(
                        abs(now.person_antall - first.person_antall) for first, now in zip(forste, naa, strict=True)
                    ),
                )
        return revisjoner

    # Specification 5, the dense views

    def uke_antall(self) -> dict[UkeAntall, int]:
        """Return the dense view `uke_antall` (specification 5).

        Returns:
            Distinct persons per ISO week, enhetsnummer, tiltaksnavn, innsatsgruppe (code) and avdeling, 0
            where nobody was, for the combinations that occur for the enhetsnummer.

        Raises:
            ValueError: Nothing is loaded.
        """
        people = self._people()
        found: dict[UkeAntall, set[str]] = defaultdict(set)
        for cell, idents in people.items():
            aar, uke, _ = cell.uke_start_dato.isocalendar()
            navn, innsatsgruppe = cell.tiltakstype_navn, cell.innsatsgruppe_kode
            found[UkeAntall(aar, uke, cell.enhetsnummer, navn, innsatsgruppe, cell.avdeling_navn)] |= idents
        dense: dict[UkeAntall, int] = {}
        for enhetsnummer in {cell.enhetsnummer for cell in people}:
            cells = [cell for cell in people if cell.enhetsnummer == enhetsnummer]
            alle_navn = {cell.tiltakstype_navn for cell in cells}
            innsatsgrupper = {cell.innsatsgruppe_kode for cell in cells}
            avdelinger = {cell.avdeling_navn for cell in cells}
            for monday in self.weeks():
                aar, uke, _ = monday.isocalendar()
                for navn in alle_navn:
                    for innsatsgruppe in innsatsgrupper:
                        for avdeling in avdelinger:
                            row = UkeAntall(aar, uke, enhetsnummer, navn, innsatsgruppe, avdeling)
                            dense[row] = len(found.get(row, set()))
        return dense

    def uke_antall_avdeling(self) -> dict[UkeAntallAvdeling, int]:
        """Return the dense view `uke_antall_avdeling` (specification 5).

        Returns:
            Distinct persons per ISO week, enhetsnummer, tiltaksnavn and avdeling, 0 where nobody was, for the
            combinations that occur for the enhetsnummer.

        Raises:
            ValueError: Nothing is loaded.
        """
        people = self._people()
        found: dict[UkeAntallAvdeling, set[str]] = defaultdict(set)
        for cell, idents in people.items():
            aar, uke, _ = cell.uke_start_dato.isocalendar()
            navn = cell.tiltakstype_navn
            found[UkeAntallAvdeling(aar, uke, cell.enhetsnummer, navn, cell.avdeling_navn)] |= idents
        dense: dict[UkeAntallAvdeling, int] = {}
        for enhetsnummer in {cell.enhetsnummer for cell in people}:
            cells = [cell for cell in people if cell.enhetsnummer == enhetsnummer]
            alle_navn = {cell.tiltakstype_navn for cell in cells}
            avdelinger = {cell.avdeling_navn for cell in cells}
            for monday in self.weeks():
                aar, uke, _ = monday.isocalendar()
                for navn in alle_navn:
                    for avdeling in avdelinger:
                        row = UkeAntallAvdeling(aar, uke, enhetsnummer, navn, avdeling)
                        dense[row] = len(found.get(row, set()))
        return dense

    # Specification 7

    def avvik(self) -> set[Avvik]:
        """Return the avvik of the latest extract as (kilde, objekt_id, avvikstype_kode) (specification 7).

        Returns:
            Every avvik whose object can be named; see `faulty_lines` for the others. People are person_id.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        found = set(self.table_avvik)
        for deltakelse in self.deltakelser:
            for avvikstype in self._deltakelse_avvik(deltakelse):
                found.add((TOPIC, deltakelse.key, avvikstype))
        return found

    def _deltakelse_avvik(self, deltakelse: Deltakelse) -> set[str]:
        """Return every avvikstype of a participation whose message could be read."""
        found: set[str] = set()
        gjennomforing = self.gjennomforinger.get(deltakelse.gjennomforing_id)
        kode = self._tiltakskode(deltakelse)
        if gjennomforing is None:
            found.add("UKJENT_GJENNOMFORING")
        elif gjennomforing.tiltakstype_id not in self.tiltakskoder:
            found.add("UKJENT_TILTAKSTYPE")
        elif deltakelse.has_mengder and kode not in self.kodeverk.med_deltakelsesmengde:
            found.add("DELTAKELSESMENGDE_PA_ANNET_TILTAK")
        if deltakelse.aarsak is not None:
            pair = (deltakelse.status, deltakelse.aarsak)
            if pair not in self.kodeverk.lovlige_aarsaker:
                found.add("ULOVLIG_AARSAK")
        if deltakelse.kategori in ("deltar", "har_deltatt"):
            end = self._end(deltakelse)
            if deltakelse.start is None:
                found.add("START_DATO_MANGLER")
            elif end is not None and end < deltakelse.start:
                found.add("SLUTT_FOR_START")
            if deltakelse.kategori == "har_deltatt" and deltakelse.slutt is None:
                found.add("SLUTT_DATO_MANGLER")
            if gjennomforing is not None and gjennomforing.status == "AVLYST":
                found.add("GJENNOMFORING_AVLYST")
            if (
                gjennomforing is not None
                and gjennomforing.slutt is not None
                and deltakelse.slutt is not None
                and deltakelse.slutt > gjennomforing.slutt
            ):
                found.add("SLUTT_ETTER_GJENNOMFORING")
        return found

    def faulty_lines(self) -> Counter[str]:
        """Return the number of rows and topic lines of the latest extract that belong to no key.

        Returns:
            Avvikstype (MANGLER_FELT, UGYLDIG_JSON) to number. Choice: every line of the topic is its own
            object; of a table, distinct rows.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        return Counter(self.line_faults)

    def histories(self) -> dict[str, list[HistoryRow]]:
        """Return the versions of the three sources with a history (specification 4).

        Returns:
            Source to its versions, by key and start. The key is person_id or filter_id; the content is in
            clear, `veileder_identer` as a JSON list in alphabetical order.
        """
        rows: dict[str, list[HistoryRow]] = {}
        for kilde, history in self.history.items():
            rows[kilde] = []
            for key, versions in history.versions.items():
                shown_key = key if kilde == "veiledergruppe" else pseudonym(self.key, key)
                for version in versions:
                    content = list(version.values.items())
                    if kilde == "veiledergruppe":
                        content.append(("veileder_identer", json.dumps(sorted(version.veiledere))))
                    rows[kilde].append(
                        HistoryRow(shown_key, version.gyldig_fom_tid, version.gyldig_til_tid, tuple(content))
                    )
            rows[kilde].sort(key=lambda row: (row.key, row.gyldig_fom_tid))
        return rows


def rows_with_key(uttrekk: Uttrekk, kilde: str) -> list[Row]:
    """Return a table's rows without those where a key column is null."""
    columns = ROW_KEYS[kilde]
    return [row for row in uttrekk.tables[kilde] if all(row[column] is not None for column in columns)]


def earliest_time(uttrekk: Uttrekk) -> datetime:
    """Return the extract's time, the earliest of its files' (specification 2)."""
    return min(uttrekk.tidspunkt.values())


def week_cut(monday: date) -> datetime:
    """Return the end of the week's Sunday: the next Monday 00:00, Oslo (specification 4)."""
    following = monday + timedelta(days=7)
    return datetime(following.year, following.month, following.day)


def one_or_ukjent(values: set[str]) -> str | None:
    """Return the only value, None if there is none, UKJENT if they disagree (specification 4)."""
    if not values:
        return None
    return next(iter(values)) if len(values) == 1 else UKJENT_KODE


def filter_id_order(filter_id: str) -> tuple[int, int, str]:
    """Order a filter_id as a number (specification 4). Choice: what is no number comes last."""
    return (0, int(filter_id), filter_id) if filter_id.isdecimal() else (1, 0, filter_id)
