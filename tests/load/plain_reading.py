"""What the files of an extract say, read with the standard library alone, and whether clean tables say the same.

It shares no code with the loader. A table is compared as a set: each row of the file must be found in the clean table,
and each row of that in the file, cell by cell, where a cell that cannot be read is null and named in `uttrekk.feil`.
A topic is compared message by message. Parquet has no reader in the standard library; DuckDB gives its values as
Python's, and what they mean is decided here.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import hmac
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

OSLO = ZoneInfo("Europe/Oslo")
KOMET, EMPLOYERS = "amt.deltaker-ekstern-v1", "arbeidsgiver.tiltak-avtale-hendelse-compact"
VIEW = "amt_tiltak_datastream_amttiltak_deltaker_siste_status_view"

# Each table's columns: the file's, the clean one and what it is.
TABLES: dict[str, list[tuple[str, str, str]]] = {
    "gjennomforing_view": [
        ("id", "id", "id"),
        ("tiltakstype_id", "tiltakstype_id", "id"),
        ("avtale_id", "avtale_id", "id"),
        ("tiltaksnummer", "tiltaksnummer", "code"),
        ("start_dato", "start_dato", "utc_date"),
        ("slutt_dato", "slutt_dato", "utc_date"),
        ("status", "status", "code"),
        ("opprettet_tidspunkt", "opprettet_tidspunkt", "utc"),
        ("oppdatert_tidspunkt", "oppdatert_tidspunkt", "utc"),
        ("avsluttet_tidspunkt", "avsluttet_tidspunkt", "utc"),
    ],
    "tiltakstype_view": [
        ("id", "id", "id"),
        ("navn", "navn", "name"),
        ("tiltakskode", "tiltakskode", "code"),
        ("arena_tiltakskode", "arena_tiltakskode", "code"),
    ],
    "gjennomforing_nav_enhet_view": [
        ("gjennomforing_id", "gjennomforing_id", "id"),
        ("enhetsnummer", "enhetsnummer", "code"),
    ],
    "avtale_view": [
        ("id", "id", "id"),
        ("tiltakstype_id", "tiltakstype_id", "id"),
        ("start_dato", "start_dato", "utc_date"),
        ("slutt_dato", "slutt_dato", "utc_date"),
        ("status", "status", "code"),
        ("avtaletype", "avtaletype", "code"),
        ("opprettet_tidspunkt", "opprettet_tidspunkt", "utc"),
        ("oppdatert_tidspunkt", "oppdatert_tidspunkt", "utc"),
        ("avbrutt_tidspunkt", "avbrutt_tidspunkt", "utc"),
    ],
    VIEW: [
        ("person_ident", "person_id", "person"),
        ("id", "id", "id"),
        ("bruker_id", "bruker_id", "id"),
        ("gjennomforing_id", "gjennomforing_id", "id"),
        ("start_dato", "start_dato", "date"),
        ("slutt_dato", "slutt_dato", "date"),
        ("status", "status", "code"),
    ],
    "vent_person_periode_v": [
        ("person_ident", "person_id", "person"),
        ("periode", "periode_dato", "month"),
        ("innsatsgruppe", "innsatsgruppe", "code"),
        ("nav_kontor", "nav_kontor", "code"),
    ],
    "oppfolgingsbruker": [
        ("person_ident", "person_id", "person"),
        ("enhetsnummer", "enhetsnummer", "code"),
        ("kvalifiseringsgruppe", "kvalifiseringsgruppe", "code"),
        ("diskresjonskode", "diskresjonskode", "code"),
        ("sperret_ansatt", "sperret_ansatt", "flag"),
        ("sist_endret_tidspunkt", "sist_endret_tidspunkt", "time"),
    ],
    "siste_tilordnet_veileder": [
        ("person_ident", "person_id", "person"),
        ("veileder_ident", "veileder_id", "veileder"),
        ("tilordnet_tidspunkt", "tilordnet_tidspunkt", "time"),
    ],
    "veiledergruppe": [
        ("filter_id", "filter_id", "id"),
        ("enhetsnummer", "enhetsnummer", "code"),
        ("filter_navn", "filter_navn", "name"),
        ("veileder_identer", "veileder_identer", "list"),
        ("opprettet_tidspunkt", "opprettet_tidspunkt", "time"),
        ("sist_endret_tidspunkt", "sist_endret_tidspunkt", "time"),
    ],
    "person_ident_historikk": [
        ("person_ident", "person_id", "person"),
        ("gjeldende_person_ident", "gjeldende_person_id", "person"),
    ],
    "veiledergruppe_avdeling": [
        ("enhetsnummer", "enhetsnummer", "code"),
        ("filter_navn", "filter_navn", "name"),
        ("avdeling", "avdeling", "name"),
    ],
    "nav_enhet": [
        ("enhetsnummer", "enhetsnummer", "code"),
        ("navn", "navn", "name"),
        ("type", "type", "code"),
        ("overordnet_enhetsnummer", "overordnet_enhetsnummer", "code"),
        ("status", "status", "code"),
    ],
}
# Each topic's clean table, and its fields: the path, the clean column and what it is.
TOPICS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    KOMET: (
        "amt_deltaker_ekstern_v1",
        [
            ("personIdent", "person_id", "person"),
            ("gjennomforingId", "gjennomforing_id", "id"),
            ("status.type", "status", "message_code"),
            ("status.aarsak.type", "aarsak", "message_code"),
            ("startDato", "start_dato", "date"),
            ("sluttDato", "slutt_dato", "date"),
            ("status.opprettetTidspunkt", "status_opprettet_tidspunkt", "time"),
            ("registrertTidspunkt", "registrert_tidspunkt", "time"),
        ],
    ),
    EMPLOYERS: (
        "arbeidsgiver_tiltak_avtale_hendelse_compact",
        [
            ("deltakerFnr", "person_id", "person"),
            ("avtaleStatus", "avtale_status", "message_code"),
            ("tiltakstype", "tiltakstype", "message_code"),
            ("enhetOppfolging", "enhet_oppfolging", "message_code"),
            ("startDato", "start_dato", "date"),
            ("sluttDato", "slutt_dato", "date"),
            ("avtaleInngått", "avtale_inngatt", "time"),
            ("annullertTidspunkt", "annullert_tidspunkt", "time"),
            ("stillingprosent", "stillingprosent", "percent"),
            ("feilregistrert", "feilregistrert", "true"),
        ],
    ),
}
# Those that `uttrekk` need not say the time of.
OPTIONAL = ["person_ident_historikk", VIEW]
SHARES = [
    ("gyldigFraDato", "gyldig_fra_dato", "date"),
    ("opprettetTidspunkt", "opprettet_tidspunkt", "time"),
    ("deltakelsesprosent", "deltakelsesprosent", "percent"),
]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
HEX = re.compile(r"[0-9a-f]{64}", re.I)
BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")
IDENT = re.compile(r"[0-9]{11}|[0-9]{13}")
NAV_IDENT = re.compile(r"[A-Za-z][0-9]{6}")
# What may be masked where it stands in another text.
MASKED = re.compile(r"\d{11}|[A-Za-z]\d{6}|[0-9A-Fa-f]{64}|[0-9A-Za-z+/]{43}=")
MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d))"
    r"(?:[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?)?"
    r"\s*(?:([Zz]|UTC)|([+-])(\d\d)(?::?(\d\d))?)?\s*(?:\[([^\[\]]+)\])?",
    re.ASCII,
)
SIMPLE_CODE = re.compile(r"[A-ZÆØÅ0-9_]{2,40}")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Unreadable(Exception):
    """The standard library cannot read a file as what its name says: it should have been refused."""


def comparable(text: str) -> str:
    """Return a text with each run of white space as one space, in NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def canonical(key: str) -> str:
    """Return a key in the form that it is compared in."""
    text = comparable(key)
    return text.lower() if UUID.fullmatch(text) else text


def keyed(text: str, key: str) -> str:
    """Return the pseudonym of an ident or of its unkeyed hash."""
    if HEX.fullmatch(text):
        unkeyed = text.lower()
    elif BASE64.fullmatch(text):
        unkeyed = base64.b64decode(text).hex()
    else:
        text = text.upper() if NAV_IDENT.fullmatch(text) else text
        unkeyed = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return hmac.new(key.encode(), unkeyed.encode(), "sha256").hexdigest()


@lru_cache(maxsize=100_000)
def moments(text: str, zone: str) -> tuple[datetime, ...]:
    """Return what a text may mean as a moment in Oslo: nothing, one, or two where clocks are changed."""
    if re.fullmatch(r"\d{13}", text, re.ASCII):
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return ((epoch + timedelta(milliseconds=int(text))).astimezone(OSLO).replace(tzinfo=None),)
    match = MOMENT.fullmatch(text)
    if not match:
        # Weeks and days of the year: Python knows them since 3.11.
        if not re.match(r"\d{4}-?(W\d\d|\d{3}(?!\d))", text):
            return ()
        try:
            ordinal = re.match(r"(\d{4})-?(\d{3})(?!\d)", text)
            if ordinal:
                first = datetime.strptime(f"{ordinal[1]}{ordinal[2]}", "%Y%j").date()
                text = f"{first.isoformat()}{text[ordinal.end() :]}"
            read = datetime.fromisoformat(text)
        except ValueError:
            return ()
        own = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))
        return (own.astimezone(OSLO).replace(tzinfo=None),)
    year, month, day, month2, day2, hour, minute, second, decimals, utc, sign, ahead, minutes, name = match.groups()
    try:
        moment = datetime(int(year), int(month or month2), int(day or day2))
        if (hour, int(minute or 0), int(second or 0), int(decimals or 0)) == ("24", 0, 0, 0):
            moment += timedelta(days=1)
        else:
            micro = int((decimals or "")[:6].ljust(6, "0"))
            moment = moment.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0))
            moment = moment.replace(microsecond=micro)
        if sign:
            if int(ahead) > 23 or int(minutes or 0) > 59:
                return ()
            offset = timedelta(hours=int(ahead), minutes=int(minutes or 0))
            moment = moment - offset if sign == "+" else moment + offset
            found = moment.replace(tzinfo=UTC).astimezone(OSLO)
        elif utc:
            found = moment.replace(tzinfo=UTC).astimezone(OSLO)
        else:
            place = ZoneInfo(name or zone)
            found = moment.replace(tzinfo=place).astimezone(OSLO)
            skipped = moment.replace(tzinfo=place).astimezone(UTC).astimezone(OSLO)
            other = moment.replace(tzinfo=place, fold=1).astimezone(UTC).astimezone(OSLO)
            naive = {one.replace(tzinfo=None, fold=0) for one in (found, skipped, other)}
            if place.key == OSLO.key:
                naive.add(moment)
            return tuple(naive)
    except (ValueError, OverflowError, KeyError, OSError):
        return ()
    return (found.replace(tzinfo=None, fold=0),)


def odd_moment(text: str) -> bool:
    """Whether a text is near enough to ISO 8601 that nobody can say whether it should be read."""
    return re.fullmatch(r"\d{4}-?(W\d\d.*|\d{3}(?!\d).*)", text) is not None or "[" in text or text.endswith("UTC")


def fits(kind: str, text: str | None, value: Any, faulted: bool, key: str) -> bool:
    """Whether a clean value is what a text in a file says; `faulted` when the cell is named in `uttrekk.feil`."""
    read = comparable(text) if text is not None else ""
    if not read:
        return value is None or (kind == "true" and value is False) or (kind == "list" and not value)
    assert text is not None
    if kind == "person":
        # Another form is a person of its own.
        return bool(value == keyed(read, key)) and (faulted or _is_ident(read))
    if kind == "veileder":
        return bool(value == keyed(read, key))
    if kind == "id":
        return bool(value == canonical(read)) or (MASKED.search(read) is not None and value == keyed(read, key))
    if kind in ("code", "name"):
        return bool(value == read) or (MASKED.search(read) is not None and "(ident)" in str(value))
    if kind == "message_code":
        if value == read and not MASKED.search(read):
            return True
        return value in ("(ident)", "(ugyldig kode)") and (
            SIMPLE_CODE.fullmatch(read) is None or bool(MASKED.search(read))
        )
    if kind in ("time", "utc", "date", "utc_date"):
        found: tuple[Any, ...] = moments(read, "UTC" if kind.startswith("utc") else "Europe/Oslo")
        if kind.endswith("date"):
            found = tuple(one.date() for one in found)
            if re.fullmatch(r"\d{4}-?\d\d-?\d\d", read, re.ASCII):
                found = tuple(date(one.year, one.month, one.day) for one in moments(read, "Europe/Oslo"))
        if value is None:
            return faulted and (not found or odd_moment(read))
        return value in found
    if kind == "month":
        month = None
        if re.fullmatch(r"(?!0000)\d{4}(0[1-9]|1[0-2])", read, re.ASCII):
            month = date(int(read[:4]), int(read[4:]), 1)
        return bool(value == month) and (month is not None or faulted)
    if kind == "flag":
        truth = {"true": True, "false": False}.get(read.lower())
        if truth is not None:
            return value is truth
        loose = {"t": True, "1": True, "yes": True, "y": True, "f": False, "0": False, "no": False, "n": False}
        return (value is None and faulted) or (read.lower() in loose and value is loose[read.lower()])
    if kind == "true":
        return value is (read.lower() == "true") or read.lower() in ("t", "1", "yes", "y")
    if kind == "percent":
        if value is None:
            return faulted and not (NUMBER.fullmatch(read) and abs(Decimal(read)) < 1_000_000)
        return NUMBER.fullmatch(read) is not None and abs(Decimal(read) - value) <= Decimal("0.000000001")
    raise AssertionError(kind)


def _is_ident(text: str) -> bool:
    return bool(IDENT.fullmatch(text) or HEX.fullmatch(text) or BASE64.fullmatch(text))


# Tables


def _csv_rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        text = content.decode("utf-8-sig")
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
        except csv.Error:
            # White space after a quote: what it says is the same.
            rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(str(error)) from None
    if not rows:
        raise Unreadable("no header")
    # Nothing is lost of empty cells after the last column.
    rows[1:] = [row if any(row[len(rows[0]) :]) else row[: len(rows[0])] for row in rows[1:]]
    if wrong := [row for row in rows if len(row) != len(rows[0])]:
        raise Unreadable(f"{len(wrong)} rows of another length than the header")
    return rows[0], rows[1:]


def _parquet_rows(path: Path) -> tuple[list[str], list[list[Any]]]:
    """Read the values as Python's; a moment as its text in UTC."""
    with duckdb.connect() as connection:
        try:
            source = f"read_parquet('{path}', hive_partitioning = false)"
            described = connection.execute(f"describe from {source}").fetchall()
            columns = [
                f"strftime(\"{name}\" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
                if kind == "TIMESTAMP WITH TIME ZONE"
                else f'"{name}"'
                for name, kind, *_ in described
            ]
            rows = connection.execute(f"select {', '.join(columns)} from {source}").fetchall()
        except duckdb.Error as error:
            raise Unreadable(f"parquet: {type(error).__name__}") from None
    return [name for name, *_ in described], [list(row) for row in rows]


def _text(value: Any) -> str | None:
    """Return a value of Parquet as the text that it stands for."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bytes):
        if len(value) == 32:
            return value.hex()
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(str(error)) from None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, Decimal):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps([_text(one) for one in value])
    return str(value)


def table_rows(folder: Path, name: str) -> list[dict[str, str | None]] | None:
    """Return a table's distinct rows, or None without a file.

    Raises:
        Unreadable: the file is not what it says.
    """
    if (folder / f"{name}.csv").is_file():
        header, rows = _csv_rows((folder / f"{name}.csv").read_bytes())
    elif (folder / f"{name}.parquet").is_file():
        header, rows = _parquet_rows(folder / f"{name}.parquet")
    else:
        return None
    lowered = [comparable(column).lower() for column in header]
    columns = TABLES.get(name, [("kilde", "", ""), ("uttrekk_tidspunkt", "", "")])
    found = []
    for column in dict.fromkeys(column for column, _, _ in columns):
        places = [place for place, one in enumerate(header) if one == column]
        places = places or [place for place, one in enumerate(lowered) if one == column]
        if len(places) != 1:
            raise Unreadable(f"the column {column} is there {len(places)} times")
        found.append((column, places[0]))
    distinct = {tuple((column, _text(row[place])) for column, place in found): None for row in rows}
    return [dict(row) for row in distinct]


@dataclass
class Clean:
    """The clean tables of a database, as rows of dictionaries, and its faults: (row, column) by source."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: dict[str, set[tuple[str, str | None]]] = field(default_factory=lambda: defaultdict(set))


def clean_tables(contents: dict[str, list[tuple[Any, ...]]], columns: dict[str, list[str]]) -> Clean:
    """Return what is in a database, from `Door.contents` and the names of each table's columns."""
    clean = Clean()
    for name, rows in contents.items():
        schema, table = name.split(".", 1)
        if schema == "uttrekk":
            clean.tables[table] = [dict(zip(columns[name], row, strict=True)) for row in rows]
    for row in clean.tables["feil"]:
        clean.faults[row["kilde"]].add((row["rad_id"], row["kolonne_navn"]))
    members = defaultdict(set)
    for row in clean.tables["veiledergruppe_veileder"]:
        members[row["rad_nummer"]].add(row["veileder_id"])
    for row in clean.tables["veiledergruppe"]:
        row["veileder_identer"] = members.get(row["rad_nummer"], set())
    return clean


def _fits_list(text: str | None, value: set[str], faulted: bool, key: str) -> bool:
    if text is None or not comparable(text):
        return not value
    try:
        # White space that JSON does not know is none to others.
        read = json.loads(text.strip())
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, list) or any(isinstance(one, (list, dict)) for one in read):
        return faulted
    texts = [comparable(one if isinstance(one, str) else json.dumps(one)) for one in read if one is not None]
    return value == {keyed(one, key) for one in texts if one}


def table_differences(folder: Path, name: str, clean: Clean, key: str) -> Iterator[str]:
    """Yield what a clean table says that its file does not, and the other way round."""
    try:
        rows = table_rows(folder, name)
    except Unreadable as error:
        yield f"{name}: loaded, but it cannot be read: {error}"
        return
    actual = clean.tables[name]
    if rows is None:
        if actual:
            yield f"{name}: {len(actual)} rows without a file"
        return

    def same(row: dict[str, str | None], found: dict[str, Any]) -> bool:
        rad = str(found["rad_nummer"])
        for column, to, kind in TABLES[name]:
            faulted = (rad, column) in clean.faults[name]
            text = row[column]
            if kind == "list":
                if not _fits_list(text, found[to], faulted, key):
                    return False
            elif not fits(kind, text, found[to], faulted, key):
                return False
        return True

    for row in rows:
        if not any(same(row, found) for found in actual):
            yield f"{name}: in the file, not in the table: {row}"
    for found in actual:
        if not any(same(row, found) for row in rows):
            rad = str(found["rad_nummer"])
            named = [column for place, column in clean.faults[name] if place == rad]
            yield f"{name}: in the table, not in the file: {found}, faults {named}"


# Topics


@dataclass
class Message:
    """A message that has a place: its standing content is None for a tombstone."""

    offset: int
    partition: Any
    value: Any


@dataclass
class Topic:
    """The lines of a topic, by what becomes of them.

    `loose` has the lines of which the specification does not say whether they have a place, with the offset and key
    that they may have.
    """

    messages: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    unplaced: set[str] = field(default_factory=set)
    loose: dict[str, tuple[Any, Any]] = field(default_factory=dict)


BAD_PAYLOAD = object()


def topic(folder: Path, name: str) -> Topic | None:
    """Return a topic as it is in the files, or None without a file.

    Raises:
        Unreadable: a file is not what it says.
    """
    found = Topic()
    paths = [path for path in sorted(folder.glob(f"{name}*")) if path.name.endswith((".jsonl", ".jsonl.gz"))]
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".gz" and content:
            try:
                content = gzip.decompress(content)
            except Exception as error:
                raise Unreadable(f"{path.name}: {type(error).__name__}") from None
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
            _place(line, f"{path.name.removesuffix('.gz')}:{number}", found)
    return found if paths else None


def read_json(text: str) -> Any:
    """Return what a text of JSON says: of two equal names the first counts, and a number may be as long as it likes.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is deeper than Python reads.
    """

    def whole(digits: str) -> int | str:
        # Python makes no number of more digits.
        return int(digits) if len(digits) <= 4300 else digits

    return json.loads(text, object_pairs_hook=first_of_each, parse_int=whole)


def has_a_last_comma(text: str) -> bool:
    """Whether a comma follows the last of a list or an object: that is no JSON, and nothing is lost when it is read."""
    return re.search(r",\s*[}\]]", text) is not None


def first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the first value of each name."""
    return dict(reversed(pairs))


def _place(line: bytes, at: str, found: Topic) -> None:
    if not line.strip(b" \t\r"):
        return
    try:
        # Files that were put together have marks inside, and white space that JSON does not know is none to others.
        text = line.decode().strip("\ufeff\x0b\x0c\r\t ")
        if not text.strip():
            found.loose[at] = (None, None)
            return
        # Choice: of two equal names the first counts, and half a surrogate pair is its number.
        read = read_json(text)
        whole = json.dumps(read, ensure_ascii=False).encode(errors="xmlcharrefreplace").decode()
        read = read_json(whole)
    except RecursionError:
        # Deeper than Python reads: nobody says that others must not.
        found.loose[at] = (None, None)
        return
    except ValueError:
        if has_a_last_comma(line.decode("utf-8", "replace")):
            found.loose[at] = (None, None)
        else:
            found.unplaced.add(at)
        return
    if not isinstance(read, dict):
        found.unplaced.add(at)
        return
    value_there = "value" in read
    value = read.get("value")
    if not value_there and "payload" in read:
        value_there, value = True, read["payload"]
        if isinstance(value, str):
            try:
                value = read_json(value)
            except (ValueError, RecursionError):
                if has_a_last_comma(value):
                    found.loose[at] = (read.get("offset"), read.get("key"))
                    return
                value = BAD_PAYLOAD
        elif value is not None:
            found.loose[at] = (read.get("offset"), read.get("key"))
            return
    key, offset = read.get("key"), read.get("offset")
    part = isinstance(offset, float) and not offset.is_integer()
    if key is None or offset is None or not value_there or part:
        found.unplaced.add(at)
        return
    plain = isinstance(key, str) and comparable(key) and isinstance(offset, int) and not isinstance(offset, bool)
    plain = plain and abs(offset) < 2**63
    if not plain or ("payload" in read and "value" in read):
        found.loose[at] = (offset, key)
        return
    found.messages[canonical(key)].append(Message(offset, read.get("partition"), value))


def _field(value: Any, path: str) -> tuple[str | None, bool]:
    """Return a field as text, and whether it was one in the message."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value, True
    return json.dumps(value, ensure_ascii=False), False


def _fits_field(value: Any, path: str, kind: str, clean: Any, faults: set[str | None], key: str) -> bool:
    text, is_text = _field(value, path)
    faulted = any(name and (path.endswith(name) or name.endswith(path)) for name in faults)
    faulted = faulted or ("deltakelsesmengder" in faults and path in [share for share, _, _ in SHARES])
    if not is_text and (faulted or kind == "message_code"):
        return True
    return fits(kind, text, clean, faulted, key)


def topic_differences(folder: Path, name: str, clean: Clean, key: str) -> Iterator[str]:
    """Yield what a topic's clean table says that its files do not, and the other way round."""
    table, _ = TOPICS[name]
    rows = clean.tables[table]
    try:
        read = topic(folder, name)
    except Unreadable as error:
        yield f"{name}: loaded, but it cannot be read: {error}"
        return
    if read is None:
        if rows:
            yield f"{name}: {len(rows)} rows without a file"
        return
    named = {str(rad).replace(".jsonl.gz:", ".jsonl:") for rad, _ in clean.faults[name]}
    if lost := sorted(at for at in read.unplaced if at not in named):
        yield f"{name}: lines without a place and without a fault: {lost}"
    places = {at for at in named if re.search(r"\.jsonl:\d+$", at)}
    if invented := sorted(places - read.unplaced - set(read.loose)):
        yield f"{name}: lines that Python reads are faults: {invented}"
    placed = [row for row in rows if row["linje_id"] is None]
    loose_offsets = {offset for at, (offset, _) in read.loose.items() if at not in named}
    expected: dict[int, set[str]] = defaultdict(set)
    for one, messages in read.messages.items():
        for message in messages:
            expected[message.offset].add(one)
    actual: dict[int, set[Any]] = defaultdict(set)
    for row in placed:
        actual[row["offset_nummer"]].add(row["key_nokkel"])
    for offset in sorted(expected.keys() | actual.keys(), key=str):
        if len(expected[offset]) != len(actual[offset]) and not loose_offsets:
            many, few = len(expected[offset]), len(actual[offset])
            yield f"{name}: offset {offset} has {many} keys in files, {few} in the table"
    if loose_offsets:
        return
    standing = {row["deltakelse_id"]: row for row in placed if row["deltakelse_id"] is not None}
    seen = set()
    for one, messages in read.messages.items():
        last = max(message.offset for message in messages)
        values = [message.value for message in messages if message.offset == last]
        if any(json.dumps(value, default=str) != json.dumps(values[0], default=str) for value in values):
            seen |= {one, keyed(one, key)}
            continue
        found = standing.get(one) or standing.get(keyed(one, key))
        value = values[0]
        if value is None or not isinstance(value, dict):
            at_offset = {row["verdi_kode"] for row in placed if row["offset_nummer"] == last}
            wanted = "SLETTET" if value is None else "UGYLDIG_JSON"
            if wanted not in at_offset:
                yield f"{name}: {one} at {last} should be {wanted}, is {at_offset}"
            seen |= {one, keyed(one, key)}
            continue
        if found is None:
            yield f"{name}: {one} at {last} stands, and is not in the table"
            continue
        seen.add(found["deltakelse_id"])
        yield from _message_differences(name, one, value, found, clean, key)
        if found["offset_nummer"] != last:
            yield f"{name}: {one} stands at {last}, the table has {found['offset_nummer']}"
    if more := standing.keys() - seen:
        yield f"{name}: in the table, not in a file: {sorted(more)}"


def _message_differences(
    name: str, one: str, value: dict[str, Any], found: dict[str, Any], clean: Clean, key: str
) -> Iterator[str]:
    table, fields = TOPICS[name]
    faults = {column for rad, column in clean.faults[name] if rad == str(found["melding_id"])}
    for path, to, kind in fields:
        if not _fits_field(value, path, kind, found[to], faults, key):
            yield f"{name}: {one}.{path} is {_field(value, path)[0]!r}, the table has {found[to]!r}, faults {faults}"
    if name != KOMET:
        return
    rows = [row for row in clean.tables[f"{table}_deltakelsesmengde"] if row["melding_id"] == found["melding_id"]]
    shares = value.get("deltakelsesmengder")
    if not isinstance(shares, list):
        if shares not in (None, "") and not faults:
            yield f"{name}: {one}.deltakelsesmengder is no list, and no fault"
        return
    for share in shares:
        if not isinstance(share, dict):
            continue
        if not any(all(_fits_field(share, p, k, row[to], faults, key) for p, to, k in SHARES) for row in rows):
            yield f"{name}: {one} lacks the mengde {share}, has {rows}, faults {faults}"
    for row in rows:
        others = [share for share in shares if isinstance(share, dict)] + [{}] * any(
            not isinstance(share, dict) for share in shares
        )
        if not any(all(_fits_field(share, p, k, row[to], faults, key) for p, to, k in SHARES) for share in others):
            yield f"{name}: {one} has a mengde {row} that is not in the file"


def time_differences(folder: Path, clean: Clean) -> Iterator[str]:
    """Yield each source whose time is none that its rows of `uttrekk` say."""
    try:
        rows = table_rows(folder, "uttrekk") or []
    except Unreadable as error:
        yield f"uttrekk: loaded, but it cannot be read: {error}"
        return
    named = {fil["kilde"] for fil in clean.tables["fil"]}
    for path in folder.iterdir():
        # Choice: a topic without a row was taken when the extract was.
        source = next((name for name in TABLES if path.name.startswith((f"{name}.", f"{name}-"))), None)
        if source in OPTIONAL:
            continue
        if source and path.name.endswith((".csv", ".parquet", ".jsonl", ".jsonl.gz")) and source not in named:
            yield f"uttrekk: nobody says when {path.name} was taken, and it is loaded"
    for fil in clean.tables["fil"]:
        said = [
            moments(comparable(row["uttrekk_tidspunkt"] or ""), "Europe/Oslo")
            for row in rows
            if comparable(row["kilde"] or "").startswith(comparable(fil["kilde"]))
        ]
        if not any(fil["uttrekk_tidspunkt"] in found for found in said):
            yield f"uttrekk: {fil} is in no row"


def differences(folder: Path, clean: Clean, key: str) -> list[str]:
    """Return every difference between an extract's files and the clean tables."""
    found = list(time_differences(folder, clean))
    for name in TABLES:
        found += table_differences(folder, name, clean, key)
    for name in TOPICS:
        found += topic_differences(folder, name, clean, key)
    return found
