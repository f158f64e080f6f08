"""How a text in a file becomes a value: DuckDB's SQL for each kind of column (specification 2 and 8).

A function takes the SQL of a text and returns the SQL of the value. `trimmed` comes first, in a query of its own; the
others expect what it has made. A value that cannot be read is null, and a row of `uttrekk.feil`.
"""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from dateutil.parser import isoparse

# White space around a value, or between its words, in any of Unicode's forms.
SPACE = r"[\s\x0b\x1c-\x1f\x{85}\p{Z}]+"
UNKEYED_HASH = "[0-9A-Fa-f]{64}"
UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
# The forms of a person_ident: fødselsnummer or D-number, aktør-id, and the SHA-256 of one, in hex or Base64.
PERSON_IDENT = r"\d{11}|\d{13}"
BASE64_HASH = "[0-9A-Za-z+/]{43}="
NAV_IDENT = r"[A-Za-z]\d{6}"
# Anything that may be the ident of a person, a veileder's, or an unkeyed hash, somewhere in a text.
IDENT = rf"\d{{11,}}|(\b|_){NAV_IDENT}(\b|_)|{UNKEYED_HASH}|{BASE64_HASH}"
OSLO = "Europe/Oslo"
DAY = r"\d{4}-\d\d-\d\d"
# As most sources write a time. Other forms of ISO 8601 are for `read_time`.
PLAIN_TIME = rf"{DAY}([T ]\d\d:\d\d:\d\d(\.\d{{1,6}})?)?"
ZONED_TIME = rf"{DAY}[T ]\d\d:\d\d:\d\d(\.\d{{1,6}})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
# The Python function below, as DuckDB knows it.
READ_TIME = "les_tidspunkt"
# A pseudonym in a file: the mark of the key, whether the text was an ident in form, and the pseudonym in letters alone,
# so that nobody who searches for idents or hashes finds one in it.
MARK, MARK_FORM = "getvariable('pseudonym_merke')", "(ident|annet):[a-p]{64}"
DIGITS, LETTERS = "0123456789", "ghijklmnop"


def sql_text(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def trimmed(text: str) -> str:
    """Without white space at its ends; nothing is null. To look at the ends costs a fifth of a trim."""
    clean = " and ".join(f"ord({end}) between 33 and 126" for end in (text, f"right({text}, 1)"))
    return f"case when {clean} then {text} else nullif(regexp_replace({text}, '^{SPACE}|{SPACE}$', '', 'g'), '') end"


def composed(text: str) -> str:
    """In Unicode's composed form (NFC), which two texts are compared in."""
    return f"case when strlen({text}) = length({text}) then {text} else nfc_normalize({text}) end"


def plain(text: str) -> str:
    """In the form that two texts are compared in: NFC, and each run of white space is one blank."""
    return f"regexp_replace({composed(text)}, '{SPACE}', ' ', 'g')"


def whole_number(text: str) -> str:
    """A whole number, also as a double; one with decimals is none, where DuckDB would round it."""
    is_double = rf"regexp_full_match({text}, '-?\d{{1,15}}\.0+')"
    return (
        f"case when cast(try_cast({text} as bigint) as varchar) = {text} or {is_double} "
        f"then try_cast({text} as bigint) end"
    )


def pseudonym(ident: str) -> str:
    """HMAC-SHA256 of an ident's SHA-256, which a source may have in its place (specification 2 and 8).

    Two texts that are compared as one have one pseudonym. A text that is one already, with this key's mark, keeps it.
    """
    unkeyed = (
        f"case when {is_unkeyed_hash(ident)} then lower({ident}) "
        f"when regexp_full_match({ident}, '{BASE64_HASH}') then lower(hex(from_base64({ident}))) "
        f"when regexp_full_match({ident}, '{NAV_IDENT}') then sha256(upper({ident})) "
        f"else sha256({plain(ident)}) end"
    )
    keyed = f"sha256(getvariable('hmac_ytre') || unhex(sha256(getvariable('hmac_indre') || encode({unkeyed}))))"
    return f"case when {is_marked(ident)} then translate(right({ident}, 64), '{LETTERS}', '{DIGITS}') else {keyed} end"


def marked(text: str) -> str:
    """A text's pseudonym as a file may have it: `pseudonym` reads it, and `is_person_ident` knows what the text was."""
    form = f"case when {is_person_ident(text)} then 'ident:' else 'annet:' end"
    return f"({MARK} || {form} || translate({pseudonym(text)}, '{DIGITS}', '{LETTERS}'))"


def is_marked(text: str) -> str:
    """Whether a text is a pseudonym that was made with this key before the loader met it."""
    # The mark is as long with every key (`keys.mark`).
    return f"starts_with({text}, {MARK}) and regexp_full_match(substr({text}, length({MARK}) + 1), '{MARK_FORM}')"


def record_key(person: str) -> str:
    """A whole number of 32 bits that the noise in the open numbers is drawn from: HMAC of the pseudonym."""
    text = f"encode('person|' || {person})"
    mac = f"sha256(getvariable('aapne_tall_ytre') || unhex(sha256(getvariable('aapne_tall_indre') || {text})))"
    return f"cast('0x' || left({mac}, 8) as bigint)"


def is_person_ident(text: str) -> str:
    """Whether a text has one of the forms of a person_ident, or had before it became a pseudonym."""
    was = f"coalesce({is_marked(text)} and contains({text}, ':ident:'), false)"
    return f"(regexp_full_match({text}, '{PERSON_IDENT}|{UNKEYED_HASH}|{BASE64_HASH}') or {was})"


def keyed_checksum(text: str) -> str:
    """A whole number that a text is known by, of which nobody can try texts without the key: 63 bits of keyed MD5."""
    return f"cast(md5_number_lower(getvariable('hmac_ytre') || encode({text})) >> 1 as bigint)"


def person_number(person: str) -> str:
    """Return the SQL of a number that a person is known by."""
    return f"case when {person} is not null then cast(hash({person}) >> 1 as bigint) end"


def is_unkeyed_hash(text: str) -> str:
    """Whether a text has the form of a SHA-256 in hex."""
    return f"regexp_full_match({text}, '{UNKEYED_HASH}')"


def has_ident(text: str) -> str:
    """Whether there may be an ident in a text, in the form that it is stored in: the kelvin sign is a K there."""
    return f"regexp_matches({composed(text)}, '{IDENT}')"


def identifier(text: str, hidden: Callable[[str], str] = pseudonym) -> str:
    """An id. One with what may be an ident in it is stored under pseudonym, and two of them are still two.

    Args:
        text: the id.
        hidden: what makes the SQL of the pseudonym.
    """
    is_uuid = f"length({text}) = 36 and regexp_full_match({text}, '{UUID}')"
    is_hidden = f"coalesce({has_ident(text)} or {is_marked(text)}, false)"
    return f"case when {is_uuid} then lower({text}) when {is_hidden} then {hidden(text)} else {plain(text)} end"


def code(text: str) -> str:
    """A code. One with an ident in it is no code."""
    return f"case when {has_ident(text)} then '(ident)' else {plain(text)} end"


def message_code(text: str) -> str:
    """A code in a message, where what stands in its place may be an object or a sentence."""
    return (
        f"case when {text} is null or {text} = '(ident)' "
        f"or regexp_full_match({composed(text)}, '[0-9A-Za-zÆØÅæøå_-]{{1,60}}') "
        f"then {code(text)} else '(ugyldig kode)' end"
    )


def name(text: str) -> str:
    """A name, each run of white space as one blank, without the idents that somebody may have written in it."""
    # Of two that share the sign between them, the first takes it away from the second.
    once = f"regexp_replace({plain(text)}, '{IDENT}', '(ident)', 'g')"
    return f"regexp_replace({once}, '{IDENT}', '(ident)', 'g')"


def read_time(text: str | None, zone: str) -> datetime | None:
    """Return a moment in Oslo without a zone, from any form of ISO 8601; None when it is none.

    Args:
        text: the moment. A whole number of 13 digits is milliseconds since 1970 in UTC. DuckDB asks about null too
            where a file has its texts in a dictionary.
        zone: the zone of a moment without one of its own.
    """
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{13}", text):
            found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
        else:
            # Java adds the zone's name in brackets, BigQuery writes UTC as a word. Hours, minutes and seconds have two
            # digits each: a time that was cut off is none.
            form = re.fullmatch(
                r"(\d{4}-?(?:\d\d-?\d\d|[Ww]\d\d-?\d|\d{3}))(?:[Tt ](\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?))?"
                r" ?([Zz]|UTC|[+-]\d\d(?::?\d\d)?)?(?:\[([\w/+-]+)\])?",
                text,
            )
            if not form:
                return None
            day, clock, offset, named = form.groups()
            offset = "Z" if offset in ("z", "UTC") else offset or ""
            found = isoparse(f"{day.upper()}T{clock or '00:00'}{offset}")
            if found.tzinfo is None:
                found = found.replace(tzinfo=ZoneInfo(named or zone))
        return found.astimezone(ZoneInfo(OSLO)).replace(tzinfo=None, fold=0)
    except (ValueError, OverflowError, KeyError, OSError):
        # The last two are of a zone that there is no file of.
        return None


def time(text: str, zone: str = OSLO) -> str:
    """A moment in Oslo, without a zone, from ISO 8601. Without a zone of its own it is one of `zone`."""
    unzoned = f"try_cast({text} as timestamp)"
    if zone != OSLO:
        unzoned = f"timezone('{OSLO}', timezone('{zone}', {unzoned}))"
    zoned = f"timezone('{OSLO}', try_cast({text} as timestamptz))"
    return (
        f"case when {text} > '0002' and regexp_full_match({text}, '{PLAIN_TIME}') then {unzoned} "
        f"when {text} between '0002' and '9999-12-31' and regexp_full_match({text}, '{ZONED_TIME}') then {zoned} "
        f"when {text} is not null then {READ_TIME}({text}, '{zone}') end"
    )


def utc(text: str) -> str:
    """A moment in Oslo, from a source that writes UTC without saying so."""
    return time(text, "UTC")


def date(text: str, zone: str = OSLO) -> str:
    """A day in ISO form. One that is held as an instant is its day in Oslo."""
    as_a_rule = f"length({text}) = 10 and cast(try_cast({text} as date) as varchar) = {text} and {text} >= '0001'"
    return f"case when {as_a_rule} then try_cast({text} as date) else cast({time(text, zone)} as date) end"


def utc_date(text: str) -> str:
    """A day, from a source whose instants are in UTC."""
    return date(text, "UTC")


def month(text: str) -> str:
    """The first day of a month written YYYYMM."""
    day = f"(substring({text}, 1, 4) || '-' || substring({text}, 5, 2) || '-01')"
    return f"case when regexp_full_match({text}, '\\d{{6}}') then {date(day)} end"


def percent(text: str) -> str:
    """A per cent, with nine decimals."""
    return f"try_cast(try_cast({text} as double) as decimal(18, 9))"


def flag(text: str) -> str:
    """True or false, or neither."""
    return f"try_cast({text} as boolean)"


def true(text: str) -> str:
    """True when it says so; anything else, and nothing, is false."""
    return f"lower(coalesce({text}, '')) = 'true'"


def text_list(text: str) -> str:
    """The texts of a JSON list."""
    of_texts = f"len(list_filter(json_type({text}, '$[*]'), lambda kind: kind not in ('VARCHAR', 'NULL'))) = 0"
    is_list = f"json_valid({text}) and json_type({text}) = 'ARRAY'"
    return f"case when {is_list} then case when {of_texts} then from_json({text}, '[\"VARCHAR\"]') end end"


def prepare(cursor: Any) -> None:
    """Make a cursor read times as those of Oslo, know `read_time`, and read every file anew.

    DuckDB keeps the end of a Parquet file, which says where its columns are. A file that was written anew in the same
    second is the same one to it.
    """
    cursor.execute(f"set TimeZone = '{OSLO}'")
    cursor.execute("set enable_external_file_cache = false")
    # The function is the database's: another cursor may have made it.
    with contextlib.suppress(duckdb.CatalogException):
        cursor.create_function(READ_TIME, read_time, ["VARCHAR", "VARCHAR"], "TIMESTAMP", null_handling="special")


@dataclass(frozen=True)
class Kind:
    """A kind of column.

    Attributes:
        sql: what makes the value of the trimmed text.
        type: its type in the clean table.
        fault: the avvik when there is a text and no value, and of a person when it has not the form of an ident; None
            when every text is a value.
        required: whether nothing at all is a fault too.
        comparable: whether the value is a text in one form, so that two rows are the same when it is.
    """

    sql: Callable[[str], str]
    type: str
    fault: str | None = None
    required: bool = False
    comparable: bool = False


# A person is found in the table of those that this run has met: each ident is hashed once (`workplace.py`).
KINDS = {
    "text": Kind(lambda text: text, "varchar"),
    "person": Kind(lambda text: text, "varchar", "UGYLDIG_IDENT", comparable=True),
    "veileder": Kind(lambda text: text, "varchar", comparable=True),
    "id": Kind(identifier, "varchar", comparable=True),
    "code": Kind(code, "varchar", comparable=True),
    "message_code": Kind(message_code, "varchar", comparable=True),
    "name": Kind(name, "varchar", comparable=True),
    # A unit: a code that has lost its zeros when a file has it as a number.
    "enhet": Kind(code, "varchar", comparable=True),
    # Of a participation itself: with an open end it would be counted for ever.
    "date": Kind(date, "date", "UGYLDIG_VERDI"),
    "utc_date": Kind(utc_date, "date", "UGYLDIG_TIDSPUNKT"),
    "month": Kind(month, "date", "UGYLDIG_VERDI"),
    "time": Kind(time, "timestamp", "UGYLDIG_TIDSPUNKT"),
    "utc": Kind(utc, "timestamp", "UGYLDIG_TIDSPUNKT"),
    "percent": Kind(percent, "decimal(18, 9)", "UGYLDIG_VERDI"),
    "flag": Kind(flag, "boolean", "UGYLDIG_FLAGG"),
    "true": Kind(true, "boolean"),
    "list": Kind(text_list, "varchar[]", "UGYLDIG_JSON", required=True),
}
