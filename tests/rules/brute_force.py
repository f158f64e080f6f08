"""A brute-force reading of the specification, to compare the dbt project's tables with, cell by cell.

It shares no code with the project: it reads an uttrekk with the standard library (Parquet through duckdb,
as strings only), walks over people and weeks one at a time, and keeps the version histories of specification
4 in plain lists. All times are naive Oslo local time. Clarity comes before speed.

Where the specification leaves room, the choice is written beside the code that makes it, as "Choice: ...".
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import hmac
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, groupby, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb

OSLO = ZoneInfo("Europe/Oslo")
UTC = ZoneInfo("UTC")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
KODEVERK = Path(__file__).resolve().parents[2] / "seeds" / "kodeverk"

TOPIC = "amt.deltaker-ekstern-v1"
ARBEIDSGIVER_TOPIC = "arbeidsgiver.tiltak-avtale-hendelse-compact"
KOMET_VIEW = "amt_tiltak_datastream_amttiltak_deltaker_siste_status_view"
SYSTEMER = {TOPIC: "KOMET", KOMET_VIEW: "KOMET", ARBEIDSGIVER_TOPIC: "ARBEIDSGIVER"}
"""The sources of participations, and the system that each is from."""

PERSON_FIELDS = {TOPIC: "personIdent", ARBEIDSGIVER_TOPIC: "deltakerFnr"}
"""The topics, and the field of a message that holds the person."""

ARBEIDSGIVER_ENHET = "ARBEIDSGIVER"
ALLE_KODE = "ALLE"
ALLE_NAVN = "Alle"
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

OMFANG = "omfang"
"""The column of `uttrekk` that may be left out: whether a topic is whole (`full`) or what is new (`endring`)."""

KOMET_VIEW_COLUMNS = ("person_ident", "id", "bruker_id", "gjennomforing_id", "start_dato", "slutt_dato", "status")
"""The columns of the table that an uttrekk may hold instead of Komet's topic."""

IDENT_HISTORIKK = "person_ident_historikk"
IDENT_HISTORIKK_COLUMNS = ("person_ident", "gjeldende_person_ident")
"""The table that may be left out, of idents that have become others (specification 4)."""

PERSON_COLUMNS = ("person_ident", "gjeldende_person_ident")
"""The columns that hold a person, in any table."""

ID_COLUMNS = ("id", "tiltakstype_id", "avtale_id", "gjennomforing_id")
"""The columns that hold a UUID, in any table."""

DATE_COLUMNS = {
    "gjennomforing_view": ("start_dato", "slutt_dato"),
    "avtale_view": ("start_dato", "slutt_dato"),
}
TIME_COLUMNS = {
    "gjennomforing_view": ("opprettet_tidspunkt", "oppdatert_tidspunkt", "avsluttet_tidspunkt"),
    "avtale_view": ("opprettet_tidspunkt", "oppdatert_tidspunkt", "avbrutt_tidspunkt"),
    "oppfolgingsbruker": ("sist_endret_tidspunkt",),
    "siste_tilordnet_veileder": ("tilordnet_tidspunkt",),
    "veiledergruppe": ("opprettet_tidspunkt", "sist_endret_tidspunkt"),
}
"""The columns of a table that are UGYLDIG_TIDSPUNKT when they cannot be read; all in Valp's tables are in UTC."""

MELDING_TIMES = {
    TOPIC: ("registrertTidspunkt", "endretTidspunkt"),
    ARBEIDSGIVER_TOPIC: ("opprettetTidspunkt", "avtaleInngått", "annullertTidspunkt", "sistEndret"),
}
"""The same of a message, but for those of Komet's status and deltakelsesmengder."""

KODER_14A = {"GRADERT_VARIG_TILPASSET_INNSATS": "VARIG", "JOBBE_DELVIS": "VARIG"}
"""The codes of the two vocabularies of §14a that the code list has no column for, and the Arena code of their row."""

AARSAKER_I_GAMLE_MELDINGER = ("FERDIG", "FEILREGISTRERT", "OPPFYLLER_IKKE_KRAVENE")
"""Known aarsaker that are not Komet's. Choice: no list says of any status that they are lawful there, so that they
are ULOVLIG_AARSAK with every status."""

FOR_FORSTE_OBSERVASJON = ("ukjent", "som_forste")

ROW_KEYS: dict[str, tuple[str, ...]] = {
    IDENT_HISTORIKK: IDENT_HISTORIKK_COLUMNS,
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

UTFALL = (
    "TELLES",
    "VENTER",
    "UTKAST",
    "DELTOK_IKKE",
    "UGYLDIG_JSON",
    "MANGLER_FELT",
    "UGYLDIG_VERDI",
    "UKJENT_STATUS",
    "START_DATO_MANGLER",
    "SLUTT_DATO_MANGLER",
    "GJENNOMFORING_AVLYST",
    "SLUTT_FOR_START",
    "AVTALE_IKKE_INNGATT",
    "AVTALE_AVBRUTT",
    "AVTALE_ANNULLERT",
)
"""What may become of a message or row that stands (specification 7)."""

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
    """What one participation contributes to a week: its person, to a cell (specification 5).

    `key` is the system's and the participation's own, so that Komet's topic and view say the same.
    """

    key: tuple[str, str]
    person_ident: str
    cell: Cell


class Kobling(NamedTuple):
    """The grain of `kobling_gjennomforing_enhet` (specification 6)."""

    gjennomforing_id: str
    kapasitet_enhetsnummer: str


class KapasitetCell(NamedTuple):
    """The grain of `fak_kapasitet_uke` (specification 6)."""

    uke_start_dato: date
    kapasitet_enhetsnummer: str
    oppfolging_enhetsnummer: str
    tiltakskode: str
    tiltakstype_navn: str


class Kapasitet(NamedTuple):
    """The measures of `fak_kapasitet_uke`, exact (specification 6)."""

    deltakelse_antall: Fraction
    plass_antall: Fraction


class KapasitetEnhetCell(NamedTuple):
    """The grain of the view `obt_kapasitet_uke` (specification 6)."""

    uke_start_dato: date
    enhetsnummer: str
    tiltakskode: str


class KapasitetEnhet(NamedTuple):
    """The measures of `obt_kapasitet_uke`: places of a unit and those below it, and who uses them.

    `_fra_andre` is of the unit's own places those used by people followed up elsewhere, `_hos_andre` the places
    elsewhere that the unit's own people use.
    """

    deltakelse_antall: Fraction
    deltakelse_fra_andre_antall: Fraction
    deltakelse_hos_andre_antall: Fraction
    plass_antall: Fraction
    plass_fra_andre_antall: Fraction
    plass_hos_andre_antall: Fraction


class VenteCell(NamedTuple):
    """The grain of `fak_venteliste_uke` (specification 5)."""

    uke_start_dato: date
    enhetsnummer: str
    avdeling_navn: str
    tiltakskode: str
    tiltakstype_navn: str
    innsatsgruppe_kode: str


class Venting(NamedTuple):
    """The measures of `fak_venteliste_uke`; the median is over participations (specification 5)."""

    person_antall: int
    deltakelse_antall: int
    ventedager_median: float


class VentetTotal(NamedTuple):
    """The measures of `obt_venteliste_uke`: distinct people, and days of the longest wait of each (specification 5)."""

    person_antall: int
    ventedager_median: float
    ventedager_p90: int
    ventedager_maks: int


class Ventetid(NamedTuple):
    """The measures of `obt_ventetid_maaned`: participations that started, and the days that they had waited."""

    deltakelse_antall: int
    ventedager_median: float
    ventedager_p90: int
    ventedager_maks: int


class Ventende(NamedTuple):
    """One participation that is waited for in a week, and the days waited so far."""

    key: tuple[str, str]
    person_ident: str
    cell: VenteCell
    dager: int


class TotalCell(NamedTuple):
    """The grain of `obt_deltakelse_uke_totaler`: ALLE and Alle where the grouping does not split."""

    uke_start_dato: date
    enhet_nivaa_kode: str
    gruppering_kode: str
    enhetsnummer: str
    tiltaksgruppe_kode: str
    tiltakskode: str
    innsatsgruppe_kode: str
    avdeling_navn: str


class SammenligningCell(NamedTuple):
    """The grain of the view `uke_sammenligning`."""

    uke_start_dato: date
    enhetsnummer: str
    avdeling_navn: str
    tiltakskode: str
    innsatsgruppe_kode: str


class Sammenligning(NamedTuple):
    """What `uke_sammenligning` says of a cell; None where the compared week is outside the statistics."""

    person_antall: int
    publisert_person_antall: int
    forrige_uke_person_antall: int | None
    forrige_uke_publisert_person_antall: int | None
    fjoraar_person_antall: int | None
    fjoraar_publisert_person_antall: int | None


class Bevegelse(NamedTuple):
    """What `obt_bevegelse_uke` says of a `SammenligningCell`: who was there, who came and went, who is there."""

    forrige_uke_person_antall: int
    begynte_antall: int
    inn_kontor_antall: int
    inn_avdeling_antall: int
    inn_innsatsgruppe_antall: int
    sluttet_antall: int
    ut_kontor_antall: int
    ut_avdeling_antall: int
    ut_innsatsgruppe_antall: int
    person_antall: int


class EtterTiltak(NamedTuple):
    """The grain of the view `obt_etter_tiltak_uke`."""

    uke_start_dato: date
    enhetsnummer: str
    tiltakskode: str
    innen_uker_antall: int
    etterpaa_kode: str
    neste_tiltakskode: str


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

    `tables` has each table's distinct rows, among them Komet's view where that is instead of the topic; `topic`
    the topic's non-blank lines in no particular order (None is a line that is not UTF-8), and `arbeidsgiver`
    those of the employers' topic; `tidspunkt` each file's time, a topic's under its name without an ending;
    `endring` the topics that hold only the messages since the extract before; `ugyldige_identer`, once the tables name
    people by `person_hash`, those that came from no form of an ident.
    """

    tables: dict[str, list[Row]]
    topic: list[str | None]
    tidspunkt: dict[str, datetime]
    arbeidsgiver: list[str | None] = field(default_factory=list)
    endring: frozenset[str] = frozenset()
    ugyldige_identer: frozenset[str] = frozenset()


# --- values -------------------------------------------------------------------------------------------------

DATE_FORM = r"(\d{4})(?:-(\d{2})-(\d{2})|(\d{2})(\d{2}))"
CLOCK_FORM = r"(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?"
ZONE_FORM = r"([Zz]|[+-]\d{2}(?::?\d{2})?)"
TIME_PATTERN = re.compile(rf"{DATE_FORM}(?:[Tt ]{CLOCK_FORM})?\s*{ZONE_FORM}?\s*((?:\[[^\[\]]+\])*)", re.ASCII)
MILLISECONDS_PATTERN = re.compile(r"\d{13}", re.ASCII)
DATE_PATTERN = re.compile(DATE_FORM, re.ASCII)
HASH_PATTERN = re.compile(r"[0-9a-fA-F]{64}")
BASE64_HASH_PATTERN = re.compile(r"[A-Za-z0-9+/]{43}=")
IDENT_PATTERN = re.compile(r"\d{11}|\d{13}", re.ASCII)
NAV_IDENT_PATTERN = re.compile(r"[A-Za-z]\d{6}", re.ASCII)
UUID_PATTERN = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NUMBER_PATTERN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
PERIODE_PATTERN = re.compile(r"\d{4}(0[1-9]|1[0-2])")


def parse_time(text: str | None, naive_is_utc: bool = False) -> datetime | None:
    """Read an ISO 8601 timestamp as naive Oslo local time (specification 2).

    Choice: a calendar date alone is its midnight, and a clock may end with the hour or the minute; decimals are of
    the second, and those after the microsecond are cut off; 24:00 is the next day's midnight. Weeks and days of the
    year are no timestamps. A zone's name in brackets says nothing where there is an offset, and without one the name
    is the zone.

    Args:
        text: The timestamp, or 13 digits, which are milliseconds since 1970 in UTC.
        naive_is_utc: Whether a timestamp without a zone is UTC (Team Valp's) instead of Oslo time.

    Returns:
        Oslo local time without a zone, to the microsecond; None for null and for what cannot be read.
    """
    if text is None:
        return None
    if MILLISECONDS_PATTERN.fullmatch(text):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
        return moment.astimezone(OSLO).replace(tzinfo=None, fold=0)
    match = TIME_PATTERN.fullmatch(text)
    if match is None:
        return None
    year, month, day, basic_month, basic_day, hour, minute, second, decimals, zone, names = match.groups()
    microsecond = int((decimals or "0")[:6].ljust(6, "0"))
    clock = (int(hour or 0), int(minute or 0), int(second or 0), microsecond)
    midnight_after = clock == (24, 0, 0, 0)
    try:
        parsed = datetime(int(year), int(month or basic_month), int(day or basic_day))
        if midnight_after:
            parsed += timedelta(days=1)
        else:
            parsed = parsed.replace(hour=clock[0], minute=clock[1], second=clock[2], microsecond=clock[3])
        if zone is not None:
            parsed = (parsed - zone_offset(zone)).replace(tzinfo=UTC)
        elif names:
            parsed = parsed.replace(tzinfo=ZoneInfo(names[1:].split("]")[0]))
        elif naive_is_utc:
            parsed = parsed.replace(tzinfo=UTC)
        if parsed.tzinfo is not None:
            parsed = parsed.astimezone(OSLO).replace(tzinfo=None)
    except (ValueError, OverflowError, KeyError, OSError):
        return None
    return parsed.replace(fold=0)


def zone_offset(zone: str) -> timedelta:
    """Read `Z`, `+02`, `+0200` or `+02:00` as the time by which clocks there are ahead of UTC.

    Raises:
        ValueError: There is no such offset.
    """
    if zone in ("Z", "z"):
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or "0")
    if hours > 23 or minutes > 59:
        raise ValueError(f"{zone} is no offset")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def parse_date(text: str | None, naive_is_utc: bool = False) -> date | None:
    """Read a date, extended or basic, or the Oslo date of an instant (specification 2).

    Args:
        text: The date.
        naive_is_utc: As of `parse_time`.

    Returns:
        The date; None for null and for anything else.
    """
    match = DATE_PATTERN.fullmatch(text) if text else None
    if match is None:
        moment = parse_time(text, naive_is_utc)
        return moment.date() if moment else None
    year, month, day, basic_month, basic_day = match.groups()
    try:
        return date(int(year), int(month or basic_month), int(day or basic_day))
    except ValueError:
        return None


def is_unreadable(text: str | None) -> bool:
    """Whether a time or a date is there, but cannot be read (specification 2)."""
    return text is not None and parse_time(text) is None


def comparable(text: str) -> str:
    """Return a text in the one form that texts are compared and shown in (specification 2)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def comparable_id(text: str) -> str:
    """Return a UUID in lower case. Choice: any other id is a text."""
    return text.lower() if UUID_PATTERN.fullmatch(text) else text


def comparable_nav_ident(text: str) -> str:
    """Return a Nav ident, a letter and six digits, in upper case. Choice: any other is a text."""
    return text.upper() if NAV_IDENT_PATTERN.fullmatch(text) else text


def parse_periode(text: str) -> date | None:
    """Read a `periode` YYYYMM as the month's first day; None when it is no month (specification 4)."""
    if PERIODE_PATTERN.fullmatch(text) is None or text.startswith("0000"):
        return None
    return date(int(text[:4]), int(text[4:]), 1)


def is_ident(ident: str) -> bool:
    """Whether an ident has one of the forms of specification 2; any other is UGYLDIG_IDENT."""
    return any(form.fullmatch(ident) for form in (IDENT_PATTERN, HASH_PATTERN, BASE64_HASH_PATTERN))


def person_hash(ident: str) -> str:
    """Return the SHA-256 of an ident as lower-case hex, by which a person is one in every file.

    Args:
        ident: The ident in clear, or 64 hexadecimal digits or the Base64 of 32 bytes, which are taken for that hash.

    Returns:
        64 hexadecimal digits.
    """
    if HASH_PATTERN.fullmatch(ident):
        return ident.lower()
    if BASE64_HASH_PATTERN.fullmatch(ident):
        return base64.b64decode(ident).hex()
    return hashlib.sha256(ident.encode("utf-8", "surrogatepass")).hexdigest()


def veileder_hash(ident: str) -> str:
    """Return the same of a veileder. Choice: a veileder's may be spelled in hex, but not in Base64."""
    text = comparable_nav_ident(comparable(ident))
    return text.lower() if HASH_PATTERN.fullmatch(text) else hashlib.sha256(text.encode()).hexdigest()


def pseudonym(key: str, ident: str) -> str:
    """Return the keyed hash of an ident: HMAC-SHA256 of its `person_hash` (specification 8).

    Args:
        key: The secret, as text (used as UTF-8).
        ident: The person_ident (or veileder_ident) in clear, or its unkeyed hash.

    Returns:
        64 hexadecimal digits.
    """
    return hmac.new(key.encode(), person_hash(ident).encode(), hashlib.sha256).hexdigest()


def json_text(value: object) -> str | None:
    """Return a JSON scalar as comparable text, None for null and blank; a list or object as its JSON."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return comparable(text) or None


def json_id(value: object) -> str | None:
    """Return a JSON scalar as `json_text` does, a UUID in lower case."""
    text = json_text(value)
    return None if text is None else comparable_id(text)


def parse_number(text: str | None) -> Fraction | None:
    """Read a decimal number, exactly; None for null and for anything else.

    Choice: a JSON string with a number in it is that number, as a date is; `true`, `NaN` and `50 %` are none.
    """
    return Fraction(text) if text is not None and NUMBER_PATTERN.fullmatch(text) else None


def parse_day(value: object) -> date | None:
    """Read a JSON value as the Oslo date of a timestamp (or as a date); None when it is neither."""
    moment = parse_time(json_text(value))
    return moment.date() if moment else None


def why_moved(place: tuple[str, str, str], others: set[tuple[str, str, str]]) -> str:
    """Return why a person moved between a place and others: the first of office, avdeling and innsatsgruppe."""
    there = [other for other in others if other[0] == place[0]]
    if not there:
        return "kontor_antall"
    return "innsatsgruppe_antall" if all(other[1] == place[1] for other in there) else "avdeling_antall"


def sort_key(row: Row) -> list[tuple[bool, str]]:
    """Return the alphabetical order of rows by their columns in file order, null last."""
    return [(value is None, value or "") for value in row.values()]


# --- reading ------------------------------------------------------------------------------------------------


def read_table(folder: Path, name: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[Row]:
    """Read one table of an uttrekk, CSV or Parquet (specification 2).

    Args:
        folder: The uttrekk's folder.
        name: The file's name without its ending.
        columns: The columns to read.
        optional: More columns, null throughout where the file lacks them.

    Returns:
        Distinct rows in the file's order; every value as text in the form that it is compared in, empty as None.
        Choice: `veileder_identer` is JSON, and only trimmed.

    Raises:
        FileNotFoundError: Neither `name.csv` nor `name.parquet` is there.
        ValueError: A column is missing.
    """
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
            # A list column becomes a JSON list, what is bytes or has decimals is read below, everything else its text.
            fields = [
                f'"{column}"'
                if str(kind) in ("BLOB", "DOUBLE", "FLOAT") or str(kind).startswith("DECIMAL")
                else f'to_json("{column}")::varchar'
                if str(kind).endswith("[]")
                else f'"{column}"::varchar'
                for column, kind in zip(header, relation.types, strict=True)
            ]
            rows = relation.project(", ".join(fields)).fetchall()
            raw = [
                {column: parquet_text(column, value) for column, value in zip(header, row, strict=True)} for row in rows
            ]
    else:
        raise FileNotFoundError(f"{name}.csv or {name}.parquet is missing")
    missing = [column for column in columns if column not in header]
    if missing:
        raise ValueError(f"{name} lacks column {missing[0]}")
    wanted = (*columns, *optional)
    return distinct_rows({column: comparable_value(column, row.get(column)) for column in wanted} for row in raw)


def parquet_text(column: str, value: object) -> str | None:
    """Return a Parquet value as text (specification 2). Choice: NaN is null, as pandas writes it."""
    if isinstance(value, bytes):
        return value.hex() if column in PERSON_COLUMNS and len(value) == 32 else value.decode("utf-8", "replace")
    if value is None or value != value:
        return None
    if isinstance(value, float | Decimal):
        return str(int(value)) if value == value // 1 else str(value)
    return str(value)


def comparable_value(column: str, value: str | None) -> str | None:
    """Return a column's value in the form that it is compared in, None for a blank one (specification 2)."""
    text = (value or "").strip() if column == "veileder_identer" else comparable(value or "")
    if column in ID_COLUMNS:
        text = comparable_id(text)
    return text or None


def distinct_rows(rows: Iterable[Row]) -> list[Row]:
    """Return rows of the same columns in their order, an exact duplicate once (specification 2)."""
    return list({tuple(row.values()): row for row in rows}.values())


def topic_paths(folder: Path, topic: str) -> list[Path]:
    """Return the files of a topic, plain or gzipped (specification 2)."""
    return sorted([*folder.glob(f"{topic}*.jsonl"), *folder.glob(f"{topic}*.jsonl.gz")])


def read_topic(folder: Path, topic: str) -> list[str | None]:
    """Read the lines of a topic's files (specification 2).

    Args:
        folder: The uttrekk's folder.
        topic: What the files' names begin with.

    Returns:
        The non-blank lines of all files, None for one that is not UTF-8; none if there is no file.
    """
    lines: list[str | None] = []
    for path in topic_paths(folder, topic):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in content.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
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
        FileNotFoundError: A file is missing, among them that Komet has neither topic nor view.
        ValueError: A column is missing, a file has no readable time in `uttrekk`, Komet has both forms, or an
            omfang makes no sense. Choice: the files that may be left out need no time there.
    """
    tables = {
        name: read_table(folder, name, columns, (OMFANG,) if name == "uttrekk" else ())
        for name, columns in COLUMNS.items()
    }
    has_topic = bool(topic_paths(folder, TOPIC))
    if any((folder / f"{KOMET_VIEW}.{ending}").exists() for ending in ("csv", "parquet")):
        if has_topic:
            raise ValueError(f"both {TOPIC} and {KOMET_VIEW} are there")
        tables[KOMET_VIEW] = read_table(folder, KOMET_VIEW, KOMET_VIEW_COLUMNS)
    elif not has_topic:
        raise FileNotFoundError(f"{TOPIC}*.jsonl is missing, and so is {KOMET_VIEW}")
    if any((folder / f"{IDENT_HISTORIKK}.{ending}").exists() for ending in ("csv", "parquet")):
        tables[IDENT_HISTORIKK] = read_table(folder, IDENT_HISTORIKK, IDENT_HISTORIKK_COLUMNS)
    tidspunkt: dict[str, datetime] = {}
    omfang: dict[str, set[str]] = defaultdict(set)
    for row in tables["uttrekk"]:
        kilde, taken = row["kilde"], parse_time(row["uttrekk_tidspunkt"])
        if kilde is None or taken is None:
            raise ValueError("uttrekk: kilde or uttrekk_tidspunkt is missing or unreadable")
        kilde = next((topic for topic in (TOPIC, ARBEIDSGIVER_TOPIC) if kilde.startswith(topic)), kilde)
        tidspunkt[kilde] = min(taken, tidspunkt.get(kilde, taken))
        omfang[kilde].add(row[OMFANG] or "full")
    for kilde in [*COLUMNS, TOPIC] if has_topic else COLUMNS:
        if kilde != "uttrekk" and kilde not in tidspunkt:
            raise ValueError(f"uttrekk has no row for {kilde}")
    for kilde, found in omfang.items():
        # Choice: two rows of one topic that disagree make no sense either.
        if found not in ({"full"}, {"endring"}) or (found == {"endring"} and kilde not in PERSON_FIELDS):
            raise ValueError(f"uttrekk: omfang of {kilde} is {', '.join(sorted(found))}")
    return Uttrekk(
        tables,
        read_topic(folder, TOPIC),
        tidspunkt,
        read_topic(folder, ARBEIDSGIVER_TOPIC),
        frozenset(kilde for kilde, found in omfang.items() if found == {"endring"}),
    )


def with_hashed_idents(uttrekk: Uttrekk) -> Uttrekk:
    """Return an uttrekk whose tables name people and veiledere by `person_hash`.

    Choice: rows that are equal then are exact duplicates, also where one had the ident and the other its hash.
    """

    def hashed(row: Row) -> Row:
        of_people = {column: person_hash(row[column] or "") for column in PERSON_COLUMNS if row.get(column) is not None}
        veileder = row.get("veileder_ident")
        return {**row, **of_people, **({} if veileder is None else {"veileder_ident": veileder_hash(veileder)})}

    tables = {name: distinct_rows(hashed(row) for row in rows) for name, rows in uttrekk.tables.items()}
    texts = {row.get(column) for rows in uttrekk.tables.values() for row in rows for column in PERSON_COLUMNS} - {None}
    ugyldige = frozenset(person_hash(text or "") for text in texts if not is_ident(text or ""))
    return replace(uttrekk, tables=tables, ugyldige_identer=ugyldige)


@dataclass(frozen=True)
class Kodeverk:
    """What the specification asks of the code lists.

    `kategorier` is Komet's status to category and `avtale_kategorier` the employers', `innsatsgrupper`
    kvalifiseringsgruppe to innsatsgruppe, `koder_14a` the codes of §14a to kvalifiseringsgruppe, `lovlige_aarsaker`
    pairs of status and aarsak, `aarsaker` those that are known, `avtale_tiltakstyper` the employers' code of a
    tiltakstype to its tiltakskode and name, `tiltaksgrupper` a tiltakskode to its group.
    """

    kategorier: dict[str, str]
    avtale_kategorier: dict[str, str]
    innsatsgrupper: dict[str, str]
    koder_14a: dict[str, str]
    lovlige_aarsaker: set[tuple[str, str]]
    aarsaker: set[str]
    gjennomforing_statuser: set[str]
    avtale_tiltakstyper: dict[str, tuple[str, str]]
    tiltaksgrupper: dict[str, str]

    def arena_kode(self, code: str) -> str:
        """Return the Arena code that a code of §14a is read as, and any other code as it is (specification 4)."""
        return self.koder_14a.get(code, code)


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

    lovlige_aarsaker = {(row["status_kode"], row["aarsak_kode"]) for row in rows("lovlig_aarsak")}
    return Kodeverk(
        kategorier={row["status_kode"]: row["kategori_kode"] for row in rows("deltakerstatus")},
        avtale_kategorier={row["topic_status_kode"]: row["kategori_kode"] for row in rows("avtalestatus")},
        innsatsgrupper={
            row["kvalifiseringsgruppe_kode"]: row["innsatsgruppe_kode"] for row in rows("kvalifiseringsgruppe")
        },
        koder_14a=KODER_14A
        | {
            code: row[f"{name}_kode"]
            for name in ("innsatsgruppe", "kvalifiseringsgruppe")
            for row in rows(name)
            for column, code in row.items()
            if "14a" in column and "navn" not in column and code
        },
        lovlige_aarsaker=lovlige_aarsaker,
        aarsaker={
            *(aarsak for _, aarsak in lovlige_aarsaker),
            *(row["aarsak_kode"] for row in rows("deltakeraarsak")),
            *AARSAKER_I_GAMLE_MELDINGER,
        },
        gjennomforing_statuser={row["gjennomforing_status_kode"] for row in rows("gjennomforingstatus")},
        avtale_tiltakstyper={
            row["tiltakshistorikk_kode"]: (row["tiltakskode"], row["tiltakstype_navn"]) for row in rows("tiltakstype")
        },
        tiltaksgrupper={row["tiltakskode"]: row["tiltaksgruppe_kode"] for row in rows("tiltakstype")},
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
    """Read `veileder_identer` as hashes; None when it is no JSON list of strings (choice: also when null)."""
    try:
        parsed = json.loads(text or "")
    except ValueError:
        return None
    if not isinstance(parsed, list) or not all(isinstance(ident, str) for ident in parsed):
        return None
    return frozenset(veileder_hash(ident) for ident in parsed)


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

    def before_first(self, key: str, cut: datetime) -> Version | None:
        """Return the first version of a key at a cut that no version of it began before, else None."""
        versions = self.versions.get(key, [])
        return versions[0] if versions and versions[0].gyldig_fom_tid >= cut else None


def valid_at(version: Version, cut: datetime) -> bool:
    """Whether a version is the one at the end of the Sunday before `cut`, a Monday (specification 4)."""
    return version.gyldig_fom_tid < cut and (version.gyldig_til_tid is None or version.gyldig_til_tid >= cut)


# --- participations (specification 3, 7 and 9) ----------------------------------------------------------------


@dataclass(frozen=True)
class Envelope:
    """A message of a topic; `readable` is false when its value is neither an object nor null."""

    key: str
    partition: str | None
    offset: int
    value: dict[str, object] | None
    readable: bool


class Line(NamedTuple):
    """A line of a topic that can be placed at a key; lines with the same text are one line (specification 2)."""

    text: str
    envelope: Envelope


@dataclass
class TopicState:
    """What is known of a topic, from one extract to the next.

    `known` is the newest message of each key after the latest load, tombstones among them. `lines` are the distinct
    lines that the topic is at the latest load: that extract's, and what it left standing of what was known. `faulty`
    is the number of its lines that belong to no key, by avvikstype.
    """

    known: dict[str, Line] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    faulty: Counter[str] = field(default_factory=Counter)

    def load(self, lines: Iterable[str | None], endring: bool) -> None:
        """Let an extract change what is known (specification 3).

        Args:
            lines: The lines of the extract's files, in any order.
            endring: Whether the files hold only what is new, so that what was known is still so. Choice: that a
                message has been sent is not unsaid by a correction of the extract that it was in.
        """
        placed, self.faulty = place(lines)
        older = list(self.known.values()) if endring else []
        self.known = newest([*older, *placed])
        standing = [line for line in older if self.known[line.envelope.key] is line]
        self.lines = list({line.text: line for line in [*standing, *placed]}.values())

    def forget(self, is_about: Callable[[Line], bool]) -> None:
        """Erase every known message that is about a person."""
        self.known = {key: line for key, line in self.known.items() if not is_about(line)}


class Mengde(NamedTuple):
    """How much of a place a participation takes from a day on; the greatest of several is the one that holds."""

    gyldig_fra: date
    opprettet: datetime
    prosent: Fraction


@dataclass(frozen=True)
class Deltakelse:
    """A current participation whose message could be read, from any source (None is open, unset or not held).

    `person_ident` is the `person_hash` of the ident it has; `registrert` the day it may wait from and `status_satt` the
    day its status was set; `faults` the avvikstyper of what in it could not be used, but does not keep it from
    counting; `enhet` the office that it names itself. `gjennomforing_id` and `aarsak` are Komet's, `tiltakstype` and
    `inngatt` the employers'.
    """

    kilde: str
    key: str
    person_ident: str
    status: str
    kategori: str
    start: date | None
    slutt: date | None
    registrert: date | None
    status_satt: date | None
    feilregistrert: bool
    mengder: tuple[Mengde, ...]
    faults: frozenset[str]
    gjennomforing_id: str | None = None
    aarsak: str | None = None
    tiltakstype: str | None = None
    enhet: str | None = None
    inngatt: bool = True

    @property
    def hos_arbeidsgiver(self) -> bool:
        """Whether it is arranged by an employer (specification 9)."""
        return self.kilde == ARBEIDSGIVER_TOPIC


@dataclass
class Kilde:
    """What one source of participations holds (specification 7).

    `lest` is the number of distinct lines or rows, and of lines that cannot be placed, each by itself; those that
    could be placed at a key are superseded (`erstattet`), or stand and are deleted by a tombstone (`slettet`), about
    an erased person (`slettet_person`), or `standing`: key to the participation, or to the avvikstype of the first
    reason not to read it. `nevnt` are the gjennomføringer, or for
    employers the codes of tiltakstyper, that those standing name, also those that cannot be read, and `personer` their
    people by key, as the `person_hash` of the ident that is there.
    """

    navn: str
    lest: int
    uten_plass: int = 0
    erstattet: int = 0
    slettet: int = 0
    slettet_person: int = 0
    standing: dict[str, Deltakelse | str] = field(default_factory=dict)
    nevnt: set[str] = field(default_factory=set)
    personer: dict[str, str] = field(default_factory=dict)


def read_envelope(line: str | None) -> Envelope | str:
    """Read one line of the topic, in our envelope or that of `kcat -J` (specification 2).

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
    key = json_id(parsed.get("key"))
    offset = json_text(parsed.get("offset"))
    value = parsed.get("value")
    if "value" not in parsed and "payload" in parsed:
        value = read_payload(parsed["payload"])
    readable = value is None or isinstance(value, dict)
    has_value = "value" in parsed or "payload" in parsed
    if key is None or offset is None or re.fullmatch(r"-?\d+", offset) is None or not has_value:
        return "MANGLER_FELT" if readable else "UGYLDIG_JSON"
    partition = json_text(parsed.get("partition"))
    return Envelope(key, partition, int(offset), value if isinstance(value, dict) else None, readable)


def read_payload(payload: object) -> object:
    """Read the payload of `kcat -J`, JSON text or null, as the value it is of.

    Choice: one that is no text is the value itself, and a text that is no JSON cannot be read.
    """
    if not isinstance(payload, str):
        return payload
    try:
        value: object = json.loads(payload)
    except ValueError:
        return payload
    return value


def place(lines: Iterable[str | None]) -> tuple[list[Line], Counter[str]]:
    """Place the lines of a topic at their keys.

    Args:
        lines: The topic's lines, in any order.

    Returns:
        The lines that can be placed, and the number of those that cannot, by avvikstype.
    """
    placed: list[Line] = []
    faulty: Counter[str] = Counter()
    for text in lines:
        envelope = read_envelope(text)
        if text is None or isinstance(envelope, str):
            faulty[str(envelope)] += 1
        else:
            placed.append(Line(text, envelope))
    return placed, faulty


def newest(lines: Iterable[Line]) -> dict[str, Line]:
    """Compact a topic: for each key the message with the highest offset, of equal ones the last (specification 3)."""
    current: dict[str, Line] = {}
    for line in lines:
        key = line.envelope.key
        if key not in current or line.envelope.offset >= current[key].envelope.offset:
            current[key] = line
    return current


def read_mengder(value: object) -> tuple[tuple[Mengde, ...], set[str]]:
    """Read `deltakelsesmengder` (specification 6).

    Args:
        value: The field's JSON value.

    Returns:
        The entries with a date, and the avvikstyper of the list. A deltakelsesprosent that is null is 100, and so is
        one that is not over 0 and at most 100, which is an avvik; an opprettetTidspunkt that is null or unreadable is
        the earliest. Choice: a deltakelsesprosent that is no number is not over 0 and at most 100, also of an entry
        that is left out. An entry where gyldigFraDato is null is left out too, and is UGYLDIG_VERDI, as is a list that
        is none, and an entry that is no object.
    """
    if value is None:
        return (), set()
    if not isinstance(value, list):
        return (), {"UGYLDIG_VERDI"}
    mengder: list[Mengde] = []
    faults: set[str] = set()
    for entry in value:
        if not isinstance(entry, dict):
            faults.add("UGYLDIG_VERDI")
            continue
        fra_text = json_text(entry.get("gyldigFraDato"))
        opprettet_text = json_text(entry.get("opprettetTidspunkt"))
        gyldig_fra = parse_date(fra_text)
        if is_unreadable(fra_text) or is_unreadable(opprettet_text):
            faults.add("UGYLDIG_TIDSPUNKT")
        if fra_text is None:
            faults.add("UGYLDIG_VERDI")
        prosent_text = json_text(entry.get("deltakelsesprosent"))
        prosent = Fraction(100) if prosent_text is None else parse_number(prosent_text)
        if prosent is None or not 0 < prosent <= 100:
            faults.add("UGYLDIG_DELTAKELSESMENGDE")
            prosent = Fraction(100)
        if gyldig_fra is not None:
            mengder.append(Mengde(gyldig_fra, parse_time(opprettet_text) or datetime.min, prosent))
    return tuple(mengder), faults


def melding_faults(kilde: str, value: Mapping[str, object], ident: str, times: Iterable[object] = ()) -> set[str]:
    """Return what else than its mengder is faulty in a message that can be read: its ident and its times.

    Args:
        kilde: The source of the message.
        value: The message.
        ident: Its person.
        times: More of its times.
    """
    faults = set() if is_ident(ident) else {"UGYLDIG_IDENT"}
    texts = [json_text(one) for one in [*(value.get(name) for name in MELDING_TIMES.get(kilde, ())), *times]]
    return faults | ({"UGYLDIG_TIDSPUNKT"} if any(is_unreadable(text) for text in texts) else set())


def read_dates(value: Mapping[str, object]) -> tuple[date | None, date | None] | None:
    """Read startDato and sluttDato of a message; None when one is there that cannot be read."""
    texts = [json_text(value.get(name)) for name in ("startDato", "sluttDato")]
    start, slutt = [parse_date(text) for text in texts]
    faulty = any(text is not None and day is None for text, day in zip(texts, (start, slutt), strict=True))
    return None if faulty else (start, slutt)


def read_deltakelse(kilde: str, key: str, value: Mapping[str, object], kodeverk: Kodeverk) -> Deltakelse | str:
    """Read a participation of Komet's.

    Args:
        kilde: Komet's topic or view.
        key: The message's key.
        value: The message, or a row of the view in its form.
        kodeverk: The code lists.

    Returns:
        The participation, or the avvikstype of the first reason to leave it out (specification 7).
    """
    status_object = value.get("status")
    status_fields = status_object if isinstance(status_object, dict) else {}
    person_ident = json_text(value.get("personIdent"))
    gjennomforing_id = json_id(value.get("gjennomforingId"))
    status = json_text(status_fields.get("type"))
    if person_ident is None or gjennomforing_id is None or status is None:
        return "MANGLER_FELT"
    dates = read_dates(value)
    if dates is None:
        return "UGYLDIG_VERDI"
    if status not in kodeverk.kategorier:
        return "UKJENT_STATUS"
    aarsak_object = status_fields.get("aarsak")
    mengder, faults = read_mengder(value.get("deltakelsesmengder"))
    faults |= melding_faults(kilde, value, person_ident, [status_fields.get("opprettetTidspunkt")])
    veileder = value.get("navVeileder")
    return Deltakelse(
        kilde=kilde,
        key=key,
        person_ident=person_hash(person_ident),
        status=status,
        kategori=kodeverk.kategorier[status],
        start=dates[0],
        slutt=dates[1],
        registrert=parse_day(value.get("registrertTidspunkt")),
        status_satt=parse_day(status_fields.get("opprettetTidspunkt")),
        feilregistrert=status == "FEILREGISTRERT",
        mengder=mengder,
        faults=frozenset(faults),
        gjennomforing_id=gjennomforing_id,
        aarsak=json_text(aarsak_object.get("type")) if isinstance(aarsak_object, dict) else None,
        enhet=json_text(veileder.get("enhetsnummer")) if isinstance(veileder, dict) else None,
    )


def view_message(row: Row) -> dict[str, object]:
    """Return a row of Komet's view in the form of a message, with what the view holds."""
    return {
        "personIdent": row["person_ident"],
        "gjennomforingId": row["gjennomforing_id"],
        "startDato": row["start_dato"],
        "sluttDato": row["slutt_dato"],
        "status": {"type": row["status"]},
    }


def read_avtale(key: str, value: Mapping[str, object], kodeverk: Kodeverk) -> Deltakelse | str:
    """Read a participation arranged by an employer (specification 9).

    Args:
        key: The message's key.
        value: The message.
        kodeverk: The code lists.

    Returns:
        The participation, or the avvikstype of the first reason to leave it out (specification 7). An avtaleInngått
        that cannot be read is missing (specification 2).
    """
    person_ident = json_text(value.get("deltakerFnr"))
    status = json_text(value.get("avtaleStatus"))
    if person_ident is None or status is None:
        return "MANGLER_FELT"
    dates = read_dates(value)
    if dates is None:
        return "UGYLDIG_VERDI"
    if status not in kodeverk.avtale_kategorier:
        return "UKJENT_STATUS"
    prosent_text = json_text(value.get("stillingprosent"))
    prosent = parse_number(prosent_text)
    faults = melding_faults(ARBEIDSGIVER_TOPIC, value, person_ident)
    if prosent_text is not None and prosent is None:
        faults.add("UGYLDIG_VERDI")
    inngatt = parse_day(value.get("avtaleInngått"))
    return Deltakelse(
        kilde=ARBEIDSGIVER_TOPIC,
        key=key,
        person_ident=person_hash(person_ident),
        status=status,
        kategori=kodeverk.avtale_kategorier[status],
        start=dates[0],
        slutt=dates[1],
        registrert=inngatt,
        status_satt=parse_day(value.get("annullertTidspunkt")),
        feilregistrert=json_text(value.get("feilregistrert")) == "true",
        mengder=() if prosent is None else (Mengde(date.min, datetime.min, prosent),),
        faults=frozenset(faults),
        tiltakstype=json_text(value.get("tiltakstype")),
        enhet=json_text(value.get("enhetOppfolging")),
        inngatt=inngatt is not None,
    )


# --- the world ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gjennomforing:
    """A row of `gjennomforing_view` that stands; `end` is its end by specification 3."""

    tiltakstype_id: str | None
    status: str | None
    end: date | None


@dataclass(frozen=True)
class Enhet:
    """A row of `nav_enhet` that stands."""

    type: str | None
    overordnet: str | None


@dataclass(frozen=True)
class Rolle:
    """What a person is in a week (specification 4)."""

    enhetsnummer: str
    avdeling: str
    veiledergruppe: str
    innsatsgruppe: str


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
    """The state that a sequence of extracts leads to, and the tables it gives (specification 3-7 and 9)."""

    def __init__(
        self, fra_uke_dato: date = date(2022, 1, 3), key: str = "", for_forste_observasjon: str = "ukjent"
    ) -> None:
        """Start with nothing loaded.

        Args:
            fra_uke_dato: The first week's Monday (the dbt var of that name).
            key: The secret of the keyed hash, used in the objekt_id of avvik and the keys of histories.
            for_forste_observasjon: What a person or group is before the first version: `ukjent`, or `som_forste` as
                in that version (the dbt var of that name).

        Raises:
            ValueError: `fra_uke_dato` is not a Monday, or for_forste_observasjon neither of the two.
        """
        if fra_uke_dato.weekday() != 0:
            raise ValueError("fra_uke_dato is not a Monday")
        if for_forste_observasjon not in FOR_FORSTE_OBSERVASJON:
            raise ValueError(f"for_forste_observasjon is {for_forste_observasjon}")
        self.som_forste = for_forste_observasjon == "som_forste"
        self.forste_uttrekk: datetime | None = None
        self.fra_uke_dato = fra_uke_dato
        self.key = key
        self.tidspunkt: dict[str, datetime] = {}
        # Every file that has been observed of the sources with a history, with the idents as they were in it.
        self.observert: dict[str, list[tuple[datetime, list[Row]]]] = {kilde: [] for kilde in OWN_TIMESTAMP}
        self.history = {kilde: History(kilde) for kilde in OWN_TIMESTAMP}
        # What has been told of idents that have become others.
        self.gjeldende: dict[str, str] = {}
        # The people of the participations, at the latest load and at the latest of the extract before.
        self.personer: dict[tuple[str, str], str] = {}
        self.personer_before: dict[tuple[str, str], str] = {}
        self.uttrekk: Uttrekk | None = None
        self.topics = {navn: TopicState() for navn in PERSON_FIELDS}
        self.partitions: dict[str, dict[str, set[str]]] = {}
        self.kodeverk = read_kodeverk(KODEVERK)
        self.erased: set[str] = set()
        # What each of the weeks holds, at the latest load and at the one before.
        self.bidrag: dict[date, set[Bidrag]] = {}
        self.bidrag_before: dict[date, set[Bidrag]] = {}
        self.ventende: set[Ventende] = set()
        self.publications: dict[datetime, Publication] = {}
        self.published_extract = datetime.min

    # Loading

    def load(self, uttrekk: Uttrekk, kodeverk: Path | None = None) -> None:
        """Load an extract: the histories change, everything else is as in this extract (specification 4).

        Of a topic that is `endring` in it the newest message known of each key stays, unless a line of the extract
        is newer, or as new (specification 3). Choice: an extract that has Komet's view, or nothing of the employers,
        leaves nothing known of that topic, unless the latter is `endring`: then nothing is new.

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
        uttrekk = with_hashed_idents(uttrekk)
        # Choice: of several rows of a file for one ident, the one with the first current ident's hash stands.
        for row in sorted(rows_with_key(uttrekk, IDENT_HISTORIKK), key=sort_key, reverse=True):
            self.gjeldende[row["person_ident"] or ""] = row["gjeldende_person_ident"] or ""
        uttrekk = self._without_erased(uttrekk)
        taken = earliest_time(uttrekk)
        again = bool(self.publications) and taken == self.published_extract
        for kilde, observed in self.observert.items():
            if self.tidspunkt.get(kilde) != uttrekk.tidspunkt[kilde]:
                observed.append((uttrekk.tidspunkt[kilde], rows_with_key(uttrekk, kilde)))
            self.history[kilde] = self._derive_history(kilde)
        for navn, topic in self.topics.items():
            lines = uttrekk.topic if navn == TOPIC else uttrekk.arbeidsgiver
            by_view = navn == TOPIC and KOMET_VIEW in uttrekk.tables
            topic.load(lines, navn in uttrekk.endring and not by_view)
        self.tidspunkt.update(uttrekk.tidspunkt)
        self.uttrekk = uttrekk
        self.forste_uttrekk = self.forste_uttrekk or taken
        self._index(uttrekk)
        if not again:
            self.personer_before = self.personer
        self.personer = {
            (SYSTEMER[kilde.navn], key): person for kilde in self.kilder for key, person in kilde.personer.items()
        }
        self.bidrag_before = self.bidrag
        self.bidrag = self._find_bidrag()
        self.ventende = self._find_ventende()
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

        Their versions in the histories are gone at once, and so are their messages that are known: an extract of
        changes alone does not count them, until it has a line of their key again. Every later load ignores their
        rows, and each key of a topic or of Komet's view whose standing message or row is about them: it counts for
        nothing and gives no avvik. The tables follow at the next load, also when that is of the same extract. What
        is published stays: it is counts.

        Args:
            ident: The person_ident in clear, or its unkeyed hash; blanks around it are no part of it.
        """
        person = person_hash(comparable(ident))
        self.erased.add(person)
        for kilde in ("oppfolgingsbruker", "siste_tilordnet_veileder"):
            self.history[kilde].versions.pop(self._current(person), None)
        self.personer = {key: one for key, one in self.personer.items() if not self._is_erased(one)}
        self.personer_before = {key: one for key, one in self.personer_before.items() if not self._is_erased(one)}
        for navn, topic in self.topics.items():

            def is_about(line: Line, field: str = PERSON_FIELDS[navn]) -> bool:
                return self._is_erased(json_text((line.envelope.value or {}).get(field)))

            topic.forget(is_about)

    def _is_erased(self, person_ident: str | None) -> bool:
        """Whether a person is erased. Choice: so are their other idents."""
        erased = {self._current(person) for person in self.erased}
        return person_ident is not None and self._current(person_hash(person_ident)) in erased

    def _chain(self, person: str) -> list[str]:
        """Return a `person_hash` and what it is told to have become, until one that nothing is told of, or again."""
        chain = [person]
        while chain[-1] in self.gjeldende and self.gjeldende[chain[-1]] not in chain:
            chain.append(self.gjeldende[chain[-1]])
        return chain

    def _current(self, person: str) -> str:
        """Follow a `person_hash` to its current one (specification 4).

        The members of a ring stay as they are. Choice: so does one that leads into a ring; an ident that is told to be
        its own current one is no ring.
        """
        end = self._chain(person)[-1]
        return end if self.gjeldende.get(end, end) == end else person

    def _in_ring(self, person: str) -> bool:
        chain = self._chain(person)
        return len(chain) > 1 and self.gjeldende.get(chain[-1]) == person

    def _followed(self, row: Row) -> Row:
        """Return a row with its person's current ident."""
        ident = row.get("person_ident")
        return row if ident is None else {**row, "person_ident": self._current(ident)}

    def _derive_history(self, kilde: str) -> History:
        """Return the history that what has been observed of a source leads to, by what is now told of idents."""
        history = History(kilde)
        for taken, rows in self.observert[kilde]:
            standing = [row for row in rows if not self._is_erased(row.get("person_ident"))]
            history.load(distinct_rows(self._followed(row) for row in standing), taken)
        return history

    def _without_erased(self, uttrekk: Uttrekk) -> Uttrekk:
        """Return an extract without the table rows of erased people, but for participations: see `_read_kilder`."""
        tables = {
            kilde: [row for row in rows if kilde == KOMET_VIEW or not self._is_erased(row.get("person_ident"))]
            for kilde, rows in uttrekk.tables.items()
        }
        return replace(uttrekk, tables=tables)

    def _index(self, uttrekk: Uttrekk) -> None:
        """Put the latest extract's current state in dictionaries; its people are followed here."""
        self.table_avvik: set[Avvik] = set()
        self.line_faults: Counter[str] = Counter()
        for kilde, columns in ROW_KEYS.items():
            without_key = [r for r in uttrekk.tables.get(kilde, []) if any(r[column] is None for column in columns)]
            if without_key:
                self.line_faults["MANGLER_FELT"] += len(without_key)
        self.roller: dict[tuple[str, str | None, date], Rolle] = {}
        self._check_idents(uttrekk)
        self.kilder = self._read_kilder(uttrekk)
        followed = {
            kilde: distinct_rows(self._followed(row) for row in rows)
            for kilde, rows in uttrekk.tables.items()
            if kilde not in (KOMET_VIEW, IDENT_HISTORIKK)
        }
        uttrekk = replace(uttrekk, tables=followed)
        self._check_known_people(uttrekk)
        for row in uttrekk.tables["avtale_view"]:
            if row["id"] is not None:
                self._check_times("avtale_view", row["id"], row)
        standing = [one for kilde in self.kilder for one in kilde.standing.values()]
        self.deltakelser = [one for one in standing if isinstance(one, Deltakelse)]
        self.nav_enheter = self._read_nav_enhet(rows_with_key(uttrekk, "nav_enhet"))
        for enhetsnummer, enhet in self.nav_enheter.items():
            self._check_enhet("nav_enhet", enhetsnummer, enhet.overordnet)
        self.gjennomforinger = self._read_gjennomforinger(rows_with_key(uttrekk, "gjennomforing_view"))
        self.tiltakskoder = self._read_tiltakstyper(rows_with_key(uttrekk, "tiltakstype_view"))
        self.enheter = self._read_enheter(rows_with_key(uttrekk, "gjennomforing_nav_enhet_view"))
        self.vent = self._read_vent(rows_with_key(uttrekk, "vent_person_periode_v"))
        self.avdelinger = self._read_avdelinger(rows_with_key(uttrekk, "veiledergruppe_avdeling"))
        for kilde in OWN_TIMESTAMP:
            self._check_history_source(kilde, rows_with_key(uttrekk, kilde), uttrekk.tidspunkt[kilde])
        # Each veileder's groups in each office; which versions are valid is asked week by week.
        self.grupper: dict[tuple[str, str], list[Version]] = defaultdict(list)
        for versions in self.history["veiledergruppe"].versions.values():
            for version in versions:
                for veileder in version.veiledere:
                    self.grupper[(version.values["enhetsnummer"] or "", veileder)].append(version)

    def _check_idents(self, uttrekk: Uttrekk) -> None:
        """Find the avvik that go by the idents as they are, and not by the current ones."""
        for kilde in (*OWN_TIMESTAMP, "vent_person_periode_v", IDENT_HISTORIKK):
            rows = rows_with_key(uttrekk, kilde)
            of_key = Counter(row[ROW_KEYS[kilde][0]] for row in rows)
            for row in rows:
                key = row[ROW_KEYS[kilde][0]] or ""
                objekt_id = key if kilde == "veiledergruppe" else pseudonym(self.key, self._current(key))
                if kilde in OWN_TIMESTAMP and of_key[key] > 1:
                    self.table_avvik.add((kilde, objekt_id, "DUPLIKAT_NOKKEL"))
                if kilde == "vent_person_periode_v":
                    objekt_id = f"{objekt_id}/{row['periode']}"
                if any(row.get(column) in uttrekk.ugyldige_identer for column in PERSON_COLUMNS):
                    self.table_avvik.add((kilde, objekt_id, "UGYLDIG_IDENT"))
        # Choice: a ring that has once been told is one for as long as it holds, also when the file is gone.
        for person in self.gjeldende:
            if self._in_ring(person) and not self._is_erased(person):
                self.table_avvik.add((IDENT_HISTORIKK, pseudonym(self.key, person), "IDENT_I_RING"))

    def _check_known_people(self, uttrekk: Uttrekk) -> None:
        """Veiledere of people of whom under half are in any other source are an avvik (specification 2).

        Choice: `person_ident_historikk` is no other source, and a person is there with an ident of any form.
        """
        kilde = "siste_tilordnet_veileder"
        people = {row["person_ident"] for row in rows_with_key(uttrekk, kilde)}
        others = {
            row["person_ident"]
            for name in ("oppfolgingsbruker", "vent_person_periode_v")
            for row in uttrekk.tables[name]
        }
        others |= {self._current(person) for one in self.kilder for person in one.personer.values()}
        if 2 * len(people & others) < len(people):
            self.table_avvik.add((kilde, kilde, "UKJENTE_PERSONER"))

    def _check_enhet(self, kilde: str, objekt_id: str, enhetsnummer: str | None) -> None:
        """An enhetsnummer that is set, but not in the register, is an avvik (specification 7)."""
        if enhetsnummer is not None and enhetsnummer not in self.nav_enheter:
            self.table_avvik.add((kilde, objekt_id, "UKJENT_ENHET"))

    def _check_times(self, kilde: str, objekt_id: str, row: Row) -> None:
        """A time or a date that is set, but cannot be read, is an avvik (specification 2).

        Choice: of several rows for one key, it is of the one that stands.
        """
        columns = (*DATE_COLUMNS.get(kilde, ()), *TIME_COLUMNS.get(kilde, ()))
        if any(is_unreadable(row[column]) for column in columns):
            self.table_avvik.add((kilde, objekt_id, "UGYLDIG_TIDSPUNKT"))

    def _group(self, kilde: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
        """Group rows by their one-column key, alphabetically; several rows for one key are an avvik."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=sort_key):
            grouped[row[ROW_KEYS[kilde][0]] or ""].append(row)
        for key, candidates in grouped.items():
            if len(candidates) > 1:
                self.table_avvik.add((kilde, key, "DUPLIKAT_NOKKEL"))
        return grouped

    def _read_nav_enhet(self, rows: list[Row]) -> dict[str, Enhet]:
        """Read the register of units; of several rows the one that is not NEDLAGT stands.

        Choice: else, of those that are not NEDLAGT, or of all when all are, the alphabetically first; an avvik.
        """
        alive = {row["enhetsnummer"] for row in rows if (row["status"] or "").upper() != "NEDLAGT"}
        standing = [
            row for row in rows if (row["status"] or "").upper() != "NEDLAGT" or row["enhetsnummer"] not in alive
        ]
        grouped = self._group("nav_enhet", standing)
        return {
            enhetsnummer: Enhet(candidates[0]["type"], candidates[0]["overordnet_enhetsnummer"])
            for enhetsnummer, candidates in grouped.items()
        }

    def _read_gjennomforinger(self, rows: list[Row]) -> dict[str, Gjennomforing]:
        """Read the gjennomføringer; of several rows the latest oppdatert_tidspunkt stands (null: oldest)."""
        kilde = "gjennomforing_view"
        found: dict[str, Gjennomforing] = {}
        for key, candidates in self._group(kilde, rows).items():
            row = max(candidates, key=lambda r: parse_time(r["oppdatert_tidspunkt"], True) or datetime.min)
            start, slutt = parse_date(row["start_dato"], True), parse_date(row["slutt_dato"], True)
            avsluttet = parse_date(row["avsluttet_tidspunkt"], True)
            if row["status"] is not None and row["status"] not in self.kodeverk.gjennomforing_statuser:
                self.table_avvik.add((kilde, key, "UKJENT_STATUS"))
            end: date | None = None
            if slutt is not None and start is not None and slutt < start:
                self.table_avvik.add((kilde, key, "GJENNOMFORING_SLUTT_FOR_START"))
                slutt = None
            elif slutt is not None:
                end = slutt
            elif row["status"] == "AVBRUTT" and avsluttet is not None and (start is None or start < avsluttet):
                end = avsluttet
            found[key] = Gjennomforing(row["tiltakstype_id"], row["status"], end)
            self._check_times(kilde, key, row)
        return found

    def _read_tiltakstyper(self, rows: list[Row]) -> dict[str, str]:
        """Read tiltakstype id to tiltakskode, and find each tiltakskode's name (specification 5).

        A row without tiltakskode is as if missing. Choice: where two ids have one tiltakskode, its name is
        the alphabetically first; a tiltakskode without a name is called by its code. A tiltakskode that only
        employers have has its name from the code list, when a standing message names it (specification 9).
        """
        with_code = [row for row in rows if row["tiltakskode"] is not None]
        koder: dict[str, str] = {}
        navn: dict[str, str] = {UKJENT_KODE: UKJENT_NAVN}
        for key, candidates in self._group("tiltakstype_view", with_code).items():
            kode = candidates[0]["tiltakskode"] or ""
            kode_navn = candidates[0]["navn"] or kode
            koder[key] = kode
            navn[kode] = min(kode_navn, navn.get(kode, kode_navn))
        for nevnt in self._nevnt(ARBEIDSGIVER_TOPIC):
            if nevnt in self.kodeverk.avtale_tiltakstyper:
                kode, kode_navn = self.kodeverk.avtale_tiltakstyper[nevnt]
                navn.setdefault(kode, kode_navn)
        used = Counter(navn.values())
        told_apart = {f"{name} ({kode})" for kode, name in navn.items()}
        self.tiltakstype_navn = {
            kode: f"{name} ({kode})" if used[name] > 1 or name in told_apart else name for kode, name in navn.items()
        }
        return koder

    def _read_enheter(self, rows: list[Row]) -> dict[str, set[str]]:
        """Read gjennomføring id to its enhetsnumre."""
        enheter: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            gjennomforing_id, enhetsnummer = row["gjennomforing_id"] or "", row["enhetsnummer"] or ""
            enheter[gjennomforing_id].add(enhetsnummer)
            objekt_id = f"{gjennomforing_id}/{enhetsnummer}"
            self._check_enhet("gjennomforing_nav_enhet_view", objekt_id, enhetsnummer)
            if gjennomforing_id not in self.gjennomforinger:
                self.table_avvik.add(("gjennomforing_nav_enhet_view", objekt_id, "UKJENT_GJENNOMFORING"))
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
            codes = {
                self.kodeverk.arena_kode(row["innsatsgruppe"]) for row in candidates if row["innsatsgruppe"] is not None
            }
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
        # Choice: a group is known also when only the past weeks have it. `Ufordelt` is no group.
        grupper = {
            (version.values["enhetsnummer"], version.values["filter_navn"])
            for versions in self.history["veiledergruppe"].versions.values()
            for version in versions
        }
        for (enhetsnummer, filter_navn), candidates in grouped.items():
            objekt_id = f"{enhetsnummer}/{filter_navn}"
            if (enhetsnummer, filter_navn) not in grupper:
                self.table_avvik.add((kilde, objekt_id, "UKJENT_VEILEDERGRUPPE"))
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

        for key, row in standing_rows(kilde, rows, extract_time).items():
            self._check_enhet(kilde, objekt_id(key), row.get("enhetsnummer"))
            self._check_times(kilde, objekt_id(key), row)
            code = row.get("kvalifiseringsgruppe")
            if code is not None and self.kodeverk.arena_kode(code) not in self.kodeverk.innsatsgrupper:
                self.table_avvik.add((kilde, objekt_id(key), "UKJENT_INNSATSGRUPPE"))
            if kilde == "veiledergruppe" and parse_veiledere(row["veileder_identer"]) is None:
                self.table_avvik.add((kilde, objekt_id(key), "UGYLDIG_JSON"))

    def _read_kilder(self, uttrekk: Uttrekk) -> list[Kilde]:
        """Read the sources of participations; a message or row that cannot be used is one avvik (specification 7)."""

        def read_komet(key: str, value: Mapping[str, object]) -> Deltakelse | str:
            return read_deltakelse(TOPIC, key, value, self.kodeverk)

        def read_arbeidsgiver(key: str, value: Mapping[str, object]) -> Deltakelse | str:
            return read_avtale(key, value, self.kodeverk)

        kilder = [
            self._read_view(uttrekk.tables[KOMET_VIEW], uttrekk.ugyldige_identer)
            if KOMET_VIEW in uttrekk.tables
            else self._read_messages(TOPIC, "gjennomforingId", read_komet, uttrekk.endring),
            self._read_messages(ARBEIDSGIVER_TOPIC, "tiltakstype", read_arbeidsgiver, uttrekk.endring),
        ]
        for kilde in kilder:
            for key, standing in kilde.standing.items():
                if isinstance(standing, str):
                    self.table_avvik.add((kilde.navn, key, standing))
        return kilder

    def _read_messages(
        self,
        navn: str,
        nevnt_field: str,
        read: Callable[[str, Mapping[str, object]], Deltakelse | str],
        endring: frozenset[str],
    ) -> Kilde:
        """Read a topic; `nevnt_field` is that of the message that holds what `Kilde.nevnt` is of."""
        topic = self.topics[navn]
        self.line_faults += topic.faulty
        uten_plass = topic.faulty.total()
        kilde = Kilde(navn, lest=len(topic.lines) + uten_plass, uten_plass=uten_plass)
        kilde.erstattet = len(topic.lines) - len(topic.known)
        # Choice: what is new is added to what is known, also of a message that it replaces.
        partitions = self.partitions[navn] = (
            self.partitions.get(navn, defaultdict(set)) if navn in endring else defaultdict(set)
        )
        for line in topic.lines:
            if line.envelope.partition is not None:
                partitions[line.envelope.key].add(line.envelope.partition)
        for key, (_, envelope) in topic.known.items():
            person = json_text((envelope.value or {}).get(PERSON_FIELDS[navn]))
            # Choice: also of a key that is deleted by its source, but not of one about an erased person.
            if len(partitions[key]) > 1 and not self._is_erased(person):
                self.table_avvik.add((navn, key, "NOKKEL_I_FLERE_PARTISJONER"))
            if not envelope.readable:
                kilde.standing[key] = "UGYLDIG_JSON"
            elif envelope.value is None:
                kilde.slettet += 1
            elif self._is_erased(person):
                kilde.slettet_person += 1
            else:
                kilde.standing[key] = self._with_current(read(key, envelope.value))
                kilde.nevnt |= {json_id(envelope.value.get(nevnt_field)) or ""} - {""}
                if person is not None:
                    kilde.personer[key] = person_hash(person)
        return kilde

    def _with_current(self, read: Deltakelse | str) -> Deltakelse | str:
        """Return a participation with its person's current ident."""
        return read if isinstance(read, str) else replace(read, person_ident=self._current(read.person_ident))

    def _read_view(self, rows: list[Row], ugyldige_identer: frozenset[str]) -> Kilde:
        """Read Komet's view; of several rows for one id the alphabetically first stands."""
        kilde = Kilde(KOMET_VIEW, lest=len(rows))
        by_id: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["id"] is not None:
                by_id[row["id"]].append(row)
                continue
            kilde.uten_plass += 1
            # Choice: an erased person's row without id is counted as read, but is nobody's avvik.
            if not self._is_erased(row["person_ident"]):
                self.line_faults["MANGLER_FELT"] += 1
        for key, candidates in by_id.items():
            kilde.erstattet += len(candidates) - 1
            stands = min(candidates, key=sort_key)
            if self._is_erased(stands["person_ident"]):
                kilde.slettet_person += 1
                continue
            if len(candidates) > 1:
                self.table_avvik.add((KOMET_VIEW, key, "DUPLIKAT_NOKKEL"))
            read = read_deltakelse(KOMET_VIEW, key, view_message(stands), self.kodeverk)
            if isinstance(read, Deltakelse) and read.person_ident in ugyldige_identer:
                read = replace(read, faults=read.faults | {"UGYLDIG_IDENT"})
            kilde.standing[key] = self._with_current(read)
            if stands["person_ident"] is not None:
                kilde.personer[key] = stands["person_ident"]
            kilde.nevnt |= {stands["gjennomforing_id"] or ""} - {""}
        return kilde

    def _nevnt(self, *navn: str) -> set[str]:
        """Return the codes or ids that the standing messages and rows of some sources name."""
        return {nevnt for kilde in self.kilder if kilde.navn in navn for nevnt in kilde.nevnt}

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

    def for_forste_uttrekk(self) -> dict[date, bool]:
        """Return `for_forste_uttrekk_flagg` of `dim_uke` (specification 4).

        Returns:
            Monday to whether the week was over at the time of the first extract that was ever loaded.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        return {monday: week_cut(monday) <= (self.forste_uttrekk or datetime.min) for monday in self.weeks()}

    def _weeks_of(self, first: date, last: date | None) -> list[date]:
        """Return the statistics' weeks that share at least one day with a period (specification 3)."""
        return [
            monday
            for monday in self.weeks()
            if first <= monday + timedelta(days=6) and (last is None or last >= monday)
        ]

    # Specification 3 and 9

    def _gjennomforing(self, deltakelse: Deltakelse) -> Gjennomforing | None:
        return self.gjennomforinger.get(deltakelse.gjennomforing_id or "")

    def _end(self, deltakelse: Deltakelse) -> date | None:
        """Return the participation's last day, None when it is open."""
        gjennomforing = self._gjennomforing(deltakelse)
        ends = [deltakelse.slutt]
        if gjennomforing is not None:
            ends.append(gjennomforing.end)
        return min((end for end in ends if end is not None), default=None)

    def _utfall(self, deltakelse: Deltakelse) -> str:
        """Return what becomes of a participation whose message could be read: the first of `UTFALL` that applies."""
        kategori, start = deltakelse.kategori, deltakelse.start
        gjennomforing, end = self._gjennomforing(deltakelse), self._end(deltakelse)
        if deltakelse.feilregistrert:
            return "DELTOK_IKKE"
        if kategori in ("venter", "utkast", "avtale_avbrutt"):
            return kategori.upper()
        if kategori == "deltok_ikke":
            annullert = deltakelse.status_satt if deltakelse.hos_arbeidsgiver else None
            return "AVTALE_ANNULLERT" if annullert and start and annullert >= start else "DELTOK_IKKE"
        if not deltakelse.inngatt:
            return "AVTALE_IKKE_INNGATT"
        if start is None:
            return "START_DATO_MANGLER"
        if kategori == "har_deltatt" and deltakelse.slutt is None and not deltakelse.hos_arbeidsgiver:
            return "SLUTT_DATO_MANGLER"
        if gjennomforing is not None and gjennomforing.status == "AVLYST":
            return "GJENNOMFORING_AVLYST"
        return "SLUTT_FOR_START" if end is not None and end < start else "TELLES"

    def _counted(self) -> list[tuple[Deltakelse, date, date | None]]:
        """Return the participations that count, with their first and last day (None is open)."""
        return [
            (deltakelse, deltakelse.start, self._end(deltakelse))
            for deltakelse in self.deltakelser
            if deltakelse.start is not None and self._utfall(deltakelse) == "TELLES"
        ]

    def _waits(self) -> list[tuple[Deltakelse, date, date | None]]:
        """Return the participations that wait or have waited, with the wait's first and last day (None is open).

        Who counts waited until the day before they started, who never took part until the day before that was set.
        """
        waits: list[tuple[Deltakelse, date, date | None]] = []
        for deltakelse in self.deltakelser:
            utfall, first = self._utfall(deltakelse), deltakelse.registrert
            over = {"TELLES": deltakelse.start, "DELTOK_IKKE": deltakelse.status_satt}.get(utfall)
            if first is None or deltakelse.feilregistrert:
                continue
            if utfall == "VENTER":
                waits.append((deltakelse, first, None))
            elif over is not None and over > first:
                waits.append((deltakelse, first, over - timedelta(days=1)))
        return waits

    def utfall(self) -> dict[tuple[str, str], str]:
        """Return what becomes of every message or row that stands (specification 7).

        Returns:
            (kilde, key) to one of `UTFALL`; not tombstones, nor what is about erased people.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        return {
            (kilde.navn, key): standing if isinstance(standing, str) else self._utfall(standing)
            for kilde in self.kilder
            for key, standing in kilde.standing.items()
        }

    def _tiltakskode(self, deltakelse: Deltakelse) -> str:
        if deltakelse.hos_arbeidsgiver:
            return self.kodeverk.avtale_tiltakstyper.get(deltakelse.tiltakstype or "", (UKJENT_KODE, ""))[0]
        gjennomforing = self._gjennomforing(deltakelse)
        if gjennomforing is None or gjennomforing.tiltakstype_id is None:
            return UKJENT_KODE
        return self.tiltakskoder.get(gjennomforing.tiltakstype_id, UKJENT_KODE)

    # Specification 4

    def _vent_at(self, ident: str, sunday: date) -> VentPeriode | None:
        """Return the person's latest month whose first day is not after the Sunday."""
        months = [month for month in self.vent.get(ident, []) if month.first_day <= sunday]
        return max(months, key=lambda month: month.first_day, default=None)

    def _version(self, kilde: str, ident: str, monday: date) -> Version | None:
        """Return the person's version in a week.

        With `som_forste` it is the first one in every week before that, where `vent_person_periode_v` says nothing of
        the person. Choice: a row of it says something also when a column is null, and of the veileder too.
        """
        cut = week_cut(monday)
        version = self.history[kilde].at(ident, cut)
        if version is None and self.som_forste and self._vent_at(ident, monday + timedelta(days=6)) is None:
            return self.history[kilde].before_first(ident, cut)
        return version

    def _holds(self, gruppe: Version, cut: datetime) -> bool:
        """Whether a version of a group is the one at a cut; with `som_forste` the first is from its opprettet on."""
        first = self.history["veiledergruppe"].before_first(gruppe.key, cut)
        return valid_at(gruppe, cut) or (self.som_forste and gruppe is first and gruppe.opprettet < cut)

    def _innsatsgruppe(self, ident: str, monday: date) -> str:
        version = self._version("oppfolgingsbruker", ident, monday)
        code = version.values["kvalifiseringsgruppe"] if version else None
        if code is None:
            vent = self._vent_at(ident, monday + timedelta(days=6))
            code = vent.innsatsgruppe if vent else None
        return self.kodeverk.innsatsgrupper.get(self.kodeverk.arena_kode(code or ""), UKJENT_KODE)

    def _enhetsnummer(self, ident: str, office: str | None, monday: date) -> str:
        version = self._version("oppfolgingsbruker", ident, monday)
        if version and version.values["enhetsnummer"] is not None:
            return version.values["enhetsnummer"]
        vent = self._vent_at(ident, monday + timedelta(days=6))
        if vent and vent.nav_kontor is not None:
            return vent.nav_kontor
        return office or UKJENT_KODE

    def _lokale(self, gjennomforing_id: str) -> list[str]:
        """Return a gjennomføring's offices. Choice: they count also when gjennomforing_view lacks it."""
        enheter = self.enheter.get(gjennomforing_id, set())
        return [number for number in enheter if number in self.nav_enheter and self.nav_enheter[number].type == "LOKAL"]

    def _office(self, deltakelse: Deltakelse) -> str | None:
        """Return the office that the participation tells of: its gjennomføring's only one, else the one it names."""
        lokale = [] if deltakelse.hos_arbeidsgiver else self._lokale(deltakelse.gjennomforing_id or "")
        return lokale[0] if len(lokale) == 1 else deltakelse.enhet

    def _veiledergruppe(self, ident: str, enhetsnummer: str, monday: date) -> str:
        cut = week_cut(monday)
        version = self._version("siste_tilordnet_veileder", ident, monday)
        if version is None:
            return UKJENT_NAVN
        veileder = version.values["veileder_ident"]
        if veileder is None:
            return UFORDELT
        grupper = [g for g in self.grupper.get((enhetsnummer, veileder), []) if self._holds(g, cut)]
        if not grupper:
            return UKJENT_NAVN
        first = min(grupper, key=lambda g: (g.opprettet, filter_id_order(g.key)))
        return first.values["filter_navn"] or UKJENT_NAVN

    def _avdeling(self, enhetsnummer: str, veiledergruppe: str) -> str:
        fallback = UFORDELT if veiledergruppe == UFORDELT else UKJENT_NAVN
        return self.avdelinger.get((enhetsnummer, veiledergruppe), fallback)

    def _rolle(self, deltakelse: Deltakelse, monday: date) -> Rolle:
        """Return what the participation's person is in a week, found once for each office it may tell of."""
        ident, office = deltakelse.person_ident, self._office(deltakelse)
        asked = (ident, office, monday)
        if asked not in self.roller:
            enhetsnummer = self._enhetsnummer(ident, office, monday)
            gruppe = self._veiledergruppe(ident, enhetsnummer, monday)
            avdeling = self._avdeling(enhetsnummer, gruppe)
            self.roller[asked] = Rolle(enhetsnummer, avdeling, gruppe, self._innsatsgruppe(ident, monday))
        return self.roller[asked]

    # Specification 5

    def _key(self, deltakelse: Deltakelse) -> tuple[str, str]:
        return SYSTEMER[deltakelse.kilde], deltakelse.key

    def _find_bidrag(self) -> dict[date, set[Bidrag]]:
        """Return what the counted participations contribute to each week that they are active in."""
        bidrag: dict[date, set[Bidrag]] = {monday: set() for monday in self.weeks()}
        for deltakelse, start, end in self._counted():
            kode = self._tiltakskode(deltakelse)
            navn = self.tiltakstype_navn[kode]
            for monday in self._weeks_of(start, end):
                rolle = self._rolle(deltakelse, monday)
                cell = Cell(
                    monday, rolle.enhetsnummer, rolle.avdeling, rolle.veiledergruppe, kode, navn, rolle.innsatsgruppe
                )
                bidrag[monday].add(Bidrag(self._key(deltakelse), deltakelse.person_ident, cell))
        return bidrag

    def _find_ventende(self) -> set[Ventende]:
        """Return who waits in each week, and for how many days until its Sunday or the wait's last day."""
        ventende: set[Ventende] = set()
        for deltakelse, first, last in self._waits():
            kode = self._tiltakskode(deltakelse)
            navn = self.tiltakstype_navn[kode]
            for monday in self._weeks_of(first, last):
                rolle = self._rolle(deltakelse, monday)
                cell = VenteCell(monday, rolle.enhetsnummer, rolle.avdeling, kode, navn, rolle.innsatsgruppe)
                dager = (last_day_in(monday, last) - first).days + 1
                ventende.add(Ventende(self._key(deltakelse), deltakelse.person_ident, cell, dager))
        return ventende

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
            forste_tid = self._first_published(monday)
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

    # Specification 5, totals and comparison

    def totaler(self) -> dict[TotalCell, Counts]:
        """Return `obt_deltakelse_uke_totaler`: distinct people, however they are grouped (decision 9).

        Returns:
            Counts for each level, for each of the twelve ways to split or not by tiltaksgruppe or tiltakstype,
            innsatsgruppe and avdeling, and for what is split; only where somebody was.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        found: dict[TotalCell, list[Bidrag]] = defaultdict(list)
        for of_week in self.bidrag.values():
            for one in of_week:
                for total in self._totals_of(one.cell):
                    found[total].append(one)
        return {
            total: Counts(len({one.person_ident for one in members}), len({one.key for one in members}))
            for total, members in found.items()
        }

    def venteliste_totaler(self) -> dict[TotalCell, VentetTotal]:
        """Return `obt_venteliste_uke`: who waits and for how long, by the levels and groupings of the totals.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        found: dict[TotalCell, dict[str, int]] = defaultdict(dict)
        for one in self.ventende:
            for total in self._totals_of(one.cell):
                waited = found[total]
                waited[one.person_ident] = max(one.dager, waited.get(one.person_ident, 0))
        totals = {}
        for total, waited in found.items():
            days = sorted(waited.values())
            totals[total] = VentetTotal(len(days), float(median(days)), days[-(-9 * len(days) // 10) - 1], days[-1])
        return totals

    def ventetider(self) -> dict[tuple[date, str], Ventetid]:
        """Return `obt_ventetid_maaned`: how long those waited who started, by month of the start and tiltakskode.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        weeks = self.weeks()
        found: dict[tuple[date, str], list[int]] = defaultdict(list)
        for deltakelse, first, last in self._waits():
            start = deltakelse.start
            if last is None or start is None or self._utfall(deltakelse) != "TELLES" or not weeks:
                continue
            if weeks[0] <= start <= weeks[-1] + timedelta(days=6):
                found[start.replace(day=1), self._tiltakskode(deltakelse)].append((start - first).days)
        return {
            key: Ventetid(len(days), float(median(days)), sorted(days)[-(-9 * len(days) // 10) - 1], max(days))
            for key, days in found.items()
        }

    def _totals_of(self, cell: Cell | VenteCell) -> Iterator[TotalCell]:
        """Yield every level and grouping that a cell of the fact, or of who waits, is in."""
        dimensions = ("TILTAKSTYPE", "INNSATSGRUPPE", "AVDELING")
        groupings = [split for size in range(len(dimensions) + 1) for split in combinations(dimensions, size)]
        groupings += [("TILTAKSGRUPPE", *split[1:]) for split in groupings if "TILTAKSTYPE" in split]
        regioner = {
            enhet.overordnet
            for number, enhet in self.nav_enheter.items()
            if enhet.overordnet is not None and enhet.overordnet != number
        }
        enheter = [("KONTOR", cell.enhetsnummer), ("LAND", ALLE_KODE)]
        enheter += [("REGION", number) for number in self._above(cell.enhetsnummer) & regioner]
        gruppe = self.kodeverk.tiltaksgrupper.get(cell.tiltakskode, "UKJENT")
        for nivaa, enhetsnummer in enheter:
            for split in groupings:
                yield TotalCell(
                    cell.uke_start_dato,
                    nivaa,
                    "_".join(split) or "INGEN",
                    enhetsnummer,
                    gruppe if "TILTAKSGRUPPE" in split else ALLE_KODE,
                    cell.tiltakskode if "TILTAKSTYPE" in split else ALLE_KODE,
                    cell.innsatsgruppe_kode if "INNSATSGRUPPE" in split else ALLE_KODE,
                    cell.avdeling_navn if "AVDELING" in split else ALLE_NAVN,
                )

    def sammenligning(self) -> dict[SammenligningCell, Sammenligning]:
        """Return `uke_sammenligning`: each week beside the week before and the same week last year (decision 9).

        Returns:
            What is said of every cell and week where at least one of the numbers is above 0.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        weeks = self.weeks()
        now, forste = self._people_without_gruppe(weeks)
        by_iso = {monday.isocalendar()[:2]: monday for monday in weeks}
        found: dict[SammenligningCell, Sammenligning] = {}
        for monday in weeks:
            aar, uke, _ = monday.isocalendar()
            forrige = monday - timedelta(days=7) if monday > weeks[0] else None
            fjoraar = by_iso.get((aar - 1, uke))
            compared = [now[monday], forste[monday]]
            for other in (forrige, fjoraar):
                compared += [now[other], forste[other]] if other is not None else []
            for cell in {cell for counts in compared for cell in counts}:
                found[SammenligningCell(monday, *cell)] = Sammenligning(
                    now[monday][cell],
                    forste[monday][cell],
                    None if forrige is None else now[forrige][cell],
                    None if forrige is None else forste[forrige][cell],
                    None if fjoraar is None else now[fjoraar][cell],
                    None if fjoraar is None else forste[fjoraar][cell],
                )
        return found

    def _people_without_gruppe(
        self, weeks: list[date]
    ) -> tuple[dict[date, Counter[tuple[str, str, str, str]]], dict[date, Counter[tuple[str, str, str, str]]]]:
        """Return the number of people now and as first published, by week and the rest of a `SammenligningCell`."""

        def of_week(fact: dict[Cell, Counts], monday: date) -> Counter[tuple[str, str, str, str]]:
            people: Counter[tuple[str, str, str, str]] = Counter()
            for cell, counts in fact.items():
                if cell.uke_start_dato == monday:
                    rest = (cell.enhetsnummer, cell.avdeling_navn, cell.tiltakskode, cell.innsatsgruppe_kode)
                    people[rest] += counts.person_antall
            return people

        fact = self.fact()
        now = {monday: of_week(fact, monday) for monday in weeks}
        forste = {monday: of_week(self.publications[self._first_published(monday)].fact, monday) for monday in weeks}
        return now, forste

    def _first_published(self, monday: date) -> datetime:
        """Return when a week was first published: the first publication that covers it, whoever was in it."""
        return min(taken for taken, publication in self.publications.items() if monday in publication.weeks)

    # Who came and went

    def _places(self) -> dict[date, dict[tuple[str, str], set[tuple[str, str, str]]]]:
        """Return where each person is on each tiltakstype: office, avdeling and innsatsgruppe, by week."""
        places: dict[date, dict[tuple[str, str], set[tuple[str, str, str]]]] = {}
        for monday in self.weeks():
            places[monday] = defaultdict(set)
            for one in self.bidrag[monday]:
                cell = one.cell
                place = (cell.enhetsnummer, cell.avdeling_navn, cell.innsatsgruppe_kode)
                places[monday][one.person_ident, cell.tiltakskode].add(place)
        return places

    def bevegelser(self) -> dict[SammenligningCell, Bevegelse]:
        """Return `obt_bevegelse_uke`: for each week but the first, who came into each cell and who left it.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        places = self._places()
        found: dict[SammenligningCell, Counter[str]] = defaultdict(Counter)
        for before, monday in pairwise(self.weeks()):
            for person, kode in {*places[before], *places[monday]}:
                was, now = places[before].get((person, kode), set()), places[monday].get((person, kode), set())
                for place in was | now:
                    measures = found[SammenligningCell(monday, place[0], place[1], kode, place[2])]
                    measures["forrige_uke_person_antall"] += place in was
                    measures["person_antall"] += place in now
                    if place not in was:
                        measures["inn_" + why_moved(place, was) if was else "begynte_antall"] += 1
                    if place not in now:
                        measures["ut_" + why_moved(place, now) if now else "sluttet_antall"] += 1
        return {
            cell: Bevegelse(**{name: measures[name] for name in Bevegelse._fields}) for cell, measures in found.items()
        }

    def etter_tiltak(self) -> dict[EtterTiltak, int]:
        """Return `obt_etter_tiltak_uke`: what those who ended did in the 4 and in the 13 weeks after.

        Returns:
            The number of people, where all those weeks are over.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        places, weeks = self._places(), self.weeks()
        waiting = {(one.cell.uke_start_dato, one.person_ident) for one in self.ventende}
        found: Counter[EtterTiltak] = Counter()
        for number, monday in enumerate(weeks[1:], start=1):
            for (person, kode), was in places[weeks[number - 1]].items():
                for size in (4, 13):
                    after = weeks[number : number + size]
                    if (person, kode) in places[monday] or len(after) < size:
                        continue
                    nexts = (
                        min((other == kode, other) for one, other in places[week] if one == person)
                        for week in after
                        if any(one == person for one, _ in places[week])
                    )
                    same, neste = next(nexts, (False, "INGEN"))
                    waits = any((week, person) in waiting for week in after)
                    etterpaa = "SAMME_TILTAK" if same else "ANNET_TILTAK"
                    if neste == "INGEN":
                        etterpaa = "VENTER" if waits else "INGENTING"
                    for enhetsnummer in {place[0] for place in was}:
                        found[EtterTiltak(monday, enhetsnummer, kode, size, etterpaa, neste)] += 1
        return dict(found)

    # Specification 6

    def _above(self, enhetsnummer: str) -> set[str]:
        """Return a unit and all units above it; in a circle each is above all."""
        above: set[str] = set()
        number: str | None = enhetsnummer
        while number is not None and number not in above:
            above.add(number)
            number = self.nav_enheter[number].overordnet if number in self.nav_enheter else None
        return above

    def _andeler(self, gjennomforing_id: str) -> dict[str, Fraction]:
        """Return the shares of a gjennomføring's places by unit: its offices', else its other units'."""
        enheter = self._lokale(gjennomforing_id) or self.enheter.get(gjennomforing_id) or [UKJENT_KODE]
        return {number: Fraction(1, len(enheter)) for number in enheter}

    def koblinger(self) -> dict[Kobling, Fraction]:
        """Return `kobling_gjennomforing_enhet`: whose the places of each gjennomføring are (specification 6).

        Returns:
            plass_andel of each gjennomføring and unit, for the gjennomføringer that `gjennomforing_view` or
            `gjennomforing_nav_enhet_view` has or that a participation names. Choice: a standing message or row
            that cannot be read names it too, but not one about an erased person.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        return {
            Kobling(gjennomforing_id, number): andel
            for gjennomforing_id in {*self.gjennomforinger, *self.enheter, *self._nevnt(TOPIC, KOMET_VIEW)}
            for number, andel in self._andeler(gjennomforing_id).items()
        }

    def kapasitet(self) -> dict[KapasitetCell, Kapasitet]:
        """Return `fak_kapasitet_uke`: whose places people use, and who follows them up (specification 6).

        Returns:
            Participations and places for every cell where somebody was, in exact shares.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        found: dict[KapasitetCell, list[tuple[Fraction, Fraction]]] = defaultdict(list)
        for deltakelse, start, end in self._counted():
            kode = self._tiltakskode(deltakelse)
            navn = self.tiltakstype_navn[kode]
            if deltakelse.hos_arbeidsgiver:
                andeler = {ARBEIDSGIVER_ENHET: Fraction(1)}
            else:
                andeler = self._andeler(deltakelse.gjennomforing_id or "")
            for monday in self._weeks_of(start, end):
                prosent = prosent_at(deltakelse.mengder, last_day_in(monday, end))
                enhetsnummer = self._rolle(deltakelse, monday).enhetsnummer
                for number, andel in andeler.items():
                    cell = KapasitetCell(monday, number, enhetsnummer, kode, navn)
                    found[cell].append((andel, andel * prosent / 100))
        return {
            cell: Kapasitet(sum((one[0] for one in shares), Fraction()), sum((one[1] for one in shares), Fraction()))
            for cell, shares in found.items()
        }

    def kapasitet_enhet(self) -> dict[KapasitetEnhetCell, KapasitetEnhet]:
        """Return `obt_kapasitet_uke`: each unit's places with those below it, and people across its border.

        Returns:
            The measures of every unit that is, or is above, a unit with a row of `fak_kapasitet_uke` that week
            and tiltakskode.

        Raises:
            ValueError: Nothing is loaded.
        """
        found: dict[KapasitetEnhetCell, list[Fraction]] = defaultdict(
            lambda: [Fraction()] * len(KapasitetEnhet._fields)
        )
        for cell, antall in self.kapasitet().items():
            places = self._above(cell.kapasitet_enhetsnummer)
            people = self._above(cell.oppfolging_enhetsnummer)
            for number in places | people:
                used = (number in places, number in places - people, number in people - places)
                measures = [
                    *(antall.deltakelse_antall * one for one in used),
                    *(antall.plass_antall * one for one in used),
                ]
                unit = KapasitetEnhetCell(cell.uke_start_dato, number, cell.tiltakskode)
                found[unit] = [before + more for before, more in zip(found[unit], measures, strict=True)]
        return {unit: KapasitetEnhet(*measures) for unit, measures in found.items()}

    # Waiting

    def venteliste(self) -> dict[VenteCell, Venting]:
        """Return `fak_venteliste_uke`: who waits in each week, and how long they have waited (decision 8).

        Returns:
            Every cell where somebody waits.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        found: dict[VenteCell, list[Ventende]] = defaultdict(list)
        for one in self.ventende:
            found[one.cell].append(one)
        return {
            cell: Venting(
                len({one.person_ident for one in waiting}), len(waiting), float(median(one.dager for one in waiting))
            )
            for cell, waiting in found.items()
        }

    # Specification 7

    def avstemming(self) -> dict[str, int]:
        """Return `avstemming`: the number at each step from line to count (specification 7, decision 9).

        Returns:
            steg_kode to antall, also where it is 0.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        steg: dict[str, int] = {}
        for kilde in self.kilder:
            steg |= self._kilde_steg(kilde)

        counted = [(deltakelse, self._weeks_of(start, end)) for deltakelse, start, end in self._counted()]
        active = [deltakelse for deltakelse, weeks in counted if weeks]
        steg["DELTAKELSE_TELLES"] = len(counted)
        steg["DELTAKELSE_I_UKENE"] = len(active)
        steg["DELTAKELSE_UTENFOR_UKENE"] = len(counted) - len(active)

        in_fact = sum(counts.deltakelse_antall for counts in self.fact().values())
        steg["DELTAKELSEUKE_ETTER_DATO"] = sum(len(weeks) for _, weeks in counted)
        steg["DELTAKELSEUKE_I_FAKTA"] = in_fact
        steg["KAPASITETSUKE_I_FAKTA"] = in_fact
        steg["KAPASITETSUKE_I_KAPASITET"] = round(sum(antall.deltakelse_antall for antall in self.kapasitet().values()))

        steg["VENTEUKE_ETTER_DATO"] = sum(len(self._weeks_of(first, last)) for _, first, last in self._waits())
        steg["VENTEUKE_I_FAKTA"] = sum(antall.deltakelse_antall for antall in self.venteliste().values())

        where = {
            (
                deltakelse.person_ident,
                monday,
                self._tiltakskode(deltakelse),
                self._rolle(deltakelse, monday).enhetsnummer,
            )
            for deltakelse, weeks in counted
            for monday in weeks
        }
        people = len({(ident, monday) for ident, monday, _, _ in where})
        people_and_types = len({(ident, monday, kode) for ident, monday, kode, _ in where})
        steg["PERSONUKE"] = people
        steg["PERSONUKE_FLERE_TILTAKSTYPER"] = people_and_types - people
        steg["PERSONUKE_FLERE_ENHETER"] = len(where) - people_and_types
        steg["PERSONUKE_I_FAKTA"] = sum(counts.person_antall for counts in self.fact().values())
        steg["TOTALUKE_ETTER_DATO"] = steg["PERSONUKE"]
        steg["TOTALUKE_I_TOTALER"] = sum(
            counts.person_antall
            for cell, counts in self.totaler().items()
            if (cell.enhet_nivaa_kode, cell.gruppering_kode) == ("LAND", "INGEN")
        )
        return steg

    def _kilde_steg(self, kilde: Kilde) -> dict[str, int]:
        """Return the steps of one system: everything read, and the one place where each line or row ends."""
        utfall = Counter(
            standing if isinstance(standing, str) else self._utfall(standing) for standing in kilde.standing.values()
        )
        steg = {
            "LEST": kilde.lest,
            "UTEN_PLASS": kilde.uten_plass,
            "ERSTATTET": kilde.erstattet,
            "SLETTET": kilde.slettet,
            "SLETTET_PERSON": kilde.slettet_person,
            **{kode: utfall[kode] for kode in UTFALL},
        }
        return {f"{SYSTEMER[kilde.navn]}_{kode}": antall for kode, antall in steg.items()}

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
                found.add((deltakelse.kilde, deltakelse.key, avvikstype))
        return found

    def _deltakelse_avvik(self, deltakelse: Deltakelse) -> set[str]:
        """Return every avvikstype of a participation whose message could be read."""
        found = self._avtale_avvik(deltakelse) if deltakelse.hos_arbeidsgiver else self._komet_avvik(deltakelse)
        found |= deltakelse.faults
        before = self.personer_before.get(self._key(deltakelse))
        if before is not None and self._current(before) != deltakelse.person_ident:
            found.add("ENDRET_PERSON")
        if deltakelse.enhet is not None and deltakelse.enhet not in self.nav_enheter:
            found.add("UKJENT_ENHET")
        if (
            deltakelse.kategori == "venter"
            and not deltakelse.feilregistrert
            and deltakelse.registrert is None
            and deltakelse.kilde != KOMET_VIEW
        ):
            found.add("VENTESTART_MANGLER")
        if deltakelse.kategori in ("deltar", "har_deltatt") and not deltakelse.feilregistrert and deltakelse.inngatt:
            end = self._end(deltakelse)
            if deltakelse.start is None:
                found.add("START_DATO_MANGLER")
            elif end is not None and end < deltakelse.start:
                found.add("SLUTT_FOR_START")
            if deltakelse.kategori == "har_deltatt" and deltakelse.slutt is None:
                found.add("SLUTT_DATO_MANGLER")
        return found

    def _avtale_avvik(self, deltakelse: Deltakelse) -> set[str]:
        """Return the avvikstyper that only an employer's participation can have (specification 9)."""
        found: set[str] = set()
        if deltakelse.tiltakstype not in self.kodeverk.avtale_tiltakstyper:
            found.add("UKJENT_TILTAKSTYPE")
        if (
            deltakelse.kategori in ("deltar", "har_deltatt")
            and not deltakelse.feilregistrert
            and not deltakelse.inngatt
        ):
            found.add("AVTALE_IKKE_INNGATT")
        return found

    def _komet_avvik(self, deltakelse: Deltakelse) -> set[str]:
        """Return the avvikstyper that only a participation on a gjennomføring can have."""
        found: set[str] = set()
        gjennomforing = self._gjennomforing(deltakelse)
        if gjennomforing is None:
            found.add("UKJENT_GJENNOMFORING")
        elif gjennomforing.tiltakstype_id not in self.tiltakskoder:
            found.add("UKJENT_TILTAKSTYPE")
        if deltakelse.aarsak is not None and deltakelse.aarsak not in self.kodeverk.aarsaker:
            found.add("UKJENT_AARSAK")
        elif deltakelse.aarsak is not None:
            pair = (deltakelse.status, deltakelse.aarsak)
            if pair not in self.kodeverk.lovlige_aarsaker:
                found.add("ULOVLIG_AARSAK")
        if deltakelse.kategori in ("deltar", "har_deltatt") and gjennomforing is not None:
            if gjennomforing.status == "AVLYST":
                found.add("GJENNOMFORING_AVLYST")
            if gjennomforing.end is not None and deltakelse.slutt is not None and deltakelse.slutt > gjennomforing.end:
                found.add("SLUTT_ETTER_GJENNOMFORING")
        return found

    def faulty_lines(self) -> Counter[str]:
        """Return the number of rows and topic lines of the latest extract that belong to no key.

        Returns:
            Avvikstype (MANGLER_FELT, UGYLDIG_JSON) to number. Choice: every line of a topic is its own
            object; of a table, distinct rows.

        Raises:
            ValueError: Nothing is loaded.
        """
        self._loaded()
        return Counter(self.line_faults)

    def histories(self) -> dict[str, list[HistoryRow]]:
        """Return the versions of the three sources with a history (specification 4).

        Returns:
            Source to its versions, by key and start. The key is person_id or filter_id; the content has
            veiledere by their `person_hash`, `veileder_identer` as a JSON list in alphabetical order.
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
    return [row for row in uttrekk.tables.get(kilde, []) if all(row[column] is not None for column in columns)]


def earliest_time(uttrekk: Uttrekk) -> datetime:
    """Return the extract's time, the earliest of its files' (specification 2)."""
    return min(uttrekk.tidspunkt.values())


def last_day_in(monday: date, last: date | None) -> date:
    """Return a week's Sunday, or the last day of a period that ends before it."""
    sunday = monday + timedelta(days=6)
    return sunday if last is None else min(sunday, last)


def week_cut(monday: date) -> datetime:
    """Return the end of the week's Sunday: the next Monday 00:00, Oslo (specification 4)."""
    following = monday + timedelta(days=7)
    return datetime(following.year, following.month, following.day)


def one_or_ukjent(values: set[str]) -> str | None:
    """Return the only value, None if there is none, UKJENT if they disagree (specification 4)."""
    if not values:
        return None
    return next(iter(values)) if len(values) == 1 else UKJENT_KODE


def prosent_at(mengder: Iterable[Mengde], day: date) -> Fraction:
    """Return how much of a place a participation takes on a day, 100 without an entry (specification 6)."""
    begun = [mengde for mengde in mengder if mengde.gyldig_fra <= day]
    return max(begun).prosent if begun else Fraction(100)


def filter_id_order(filter_id: str) -> tuple[int, int, str]:
    """Order a filter_id as a number (specification 4). Choice: what is no number comes last."""
    return (0, int(filter_id), filter_id) if filter_id.isdecimal() else (1, 0, filter_id)
