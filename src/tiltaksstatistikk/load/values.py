"""How a text in a file becomes a value: DuckDB's SQL for each kind of column (specification 2 and 8).

A function takes the SQL of a text and returns the SQL of the value. `trimmed` comes first, in a query of its own; the
others expect what it has made. What cannot be read is null, and a row of `uttrekk.feil`.
"""

from collections.abc import Callable
from dataclasses import dataclass

# What stands around a value and is no part of it, the unbreakable space (160) too.
SPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
UNKEYED_HASH = "[0-9A-Fa-f]{64}"
# Anything that may be the ident of a person, a veileder's, or an unkeyed hash, somewhere in a text.
IDENT = rf"\d{{11,}}|(\b|_)[A-Za-z]\d{{6}}(\b|_)|{UNKEYED_HASH}"
OSLO = "Europe/Oslo"


def sql_text(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def trimmed(text: str) -> str:
    """Without white space at its ends; nothing is null. To look at the ends costs a fifth of a trim."""
    clean = " and ".join(f"ord({end}) > 32 and ord({end}) != 160" for end in (text, f"right({text}, 1)"))
    return f"case when {clean} then {text} else nullif(trim(both {SPACE} from {text}), '') end"


def pseudonym(ident: str) -> str:
    """HMAC-SHA256 of an ident's SHA-256, which a source may have in its place (specification 8)."""
    unkeyed = f"case when {is_unkeyed_hash(ident)} then lower({ident}) else sha256({ident}) end"
    return f"sha256(getvariable('hmac_ytre') || unhex(sha256(getvariable('hmac_indre') || encode({unkeyed}))))"


def keyed_checksum(text: str) -> str:
    """A whole number that a text is known by, of which nobody can try texts without the key: 63 bits of keyed MD5."""
    return f"cast(md5_number_lower(getvariable('hmac_ytre') || encode({text})) >> 1 as bigint)"


def is_unkeyed_hash(text: str) -> str:
    """Whether a text has the form of a SHA-256 in hex."""
    return f"regexp_full_match({text}, '{UNKEYED_HASH}')"


def identifier(text: str) -> str:
    """An id. One of an ident's length and form is stored under pseudonym, and two of them are still two."""
    like_ident = rf"length({text}) in (11, 13, 64) and (regexp_full_match({text}, '\d+') or {is_unkeyed_hash(text)})"
    return f"case when {like_ident} then {pseudonym(text)} else {text} end"


def code(text: str) -> str:
    """A code. One with an ident in it is no code."""
    return rf"case when regexp_matches({text}, '{IDENT}') then '(ident)' else {text} end"


def message_code(text: str) -> str:
    """A code in a message, where what stands in its place may be an object or a sentence."""
    return (
        f"case when {text} is null or regexp_full_match({text}, '[0-9A-Za-zÆØÅæøå_-]{{1,60}}') then {code(text)} "
        "else '(ugyldig kode)' end"
    )


def name(text: str) -> str:
    """A name, without the idents that somebody may have written in it."""
    return f"regexp_replace({text}, '{IDENT}', '(ident)', 'g')"


def date(text: str) -> str:
    """A day in ISO form, with or without a time after it. Year 0 is none."""
    as_a_rule = f"cast(try_cast({text} as date) as varchar) = {text} and length({text}) = 10"
    otherwise = (
        rf"case when regexp_full_match({text}, '\d{{4}}-\d\d-\d\d([T ].*)?') and substring({text}, 1, 4) != '0000' "
        f"then try_cast(substring({text}, 1, 10) as date) end"
    )
    return f"case when {as_a_rule} then try_cast({text} as date) else {otherwise} end"


def month(text: str) -> str:
    """The first day of a month written YYYYMM."""
    day = f"(substring({text}, 1, 4) || '-' || substring({text}, 5, 2) || '-01')"
    return f"case when length({text}) = 6 then {date(day)} end"


def time(text: str, zone: str = OSLO) -> str:
    """A moment in Oslo, without a zone, from ISO 8601. Without a zone of its own it is one of `zone`."""
    # Java leaves out seconds that are zero, BigQuery writes UTC as a word.
    without_space = rf"regexp_replace({text}, ' ?(Z|z|UTC|[+-]\d\d(:?\d\d)?)$', '\1', 'g')"
    with_seconds = rf"regexp_replace({without_space}, '([T ]\d\d:\d\d)(Z|z|UTC|[+-])', '\1:00\2', 'g')"
    zoned = f"try_cast(regexp_replace({with_seconds}, '(z|UTC)$', 'Z', 'g') as timestamptz)"
    naive = f"try_cast({text} as timestamp)"
    if zone != OSLO:
        naive = f"timezone('{OSLO}', timezone('{zone}', {naive}))"
    return (
        rf"case when not regexp_matches({text}, '^\d{{4}}-\d\d-\d\d') then null "
        rf"when regexp_matches({text}, ':\d\d.*(Z|z|UTC|[+-]\d\d(:?\d\d)?)$') then timezone('{OSLO}', {zoned}) "
        f"else {naive} end"
    )


def utc(text: str) -> str:
    """A moment in Oslo, from a source that writes UTC without saying so."""
    return time(text, "UTC")


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
    return f"case when json_valid({text}) and json_type({text}) = 'ARRAY' then from_json({text}, '[\"VARCHAR\"]') end"


@dataclass(frozen=True)
class Kind:
    """What a column is.

    Attributes:
        sql: what makes the value of the trimmed text.
        type: its type in the clean table.
        fault: the avvik when there is a text and no value; None when every text is a value.
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
    "person": Kind(lambda text: text, "varchar", comparable=True),
    "id": Kind(identifier, "varchar", comparable=True),
    "code": Kind(code, "varchar", comparable=True),
    "message_code": Kind(message_code, "varchar", comparable=True),
    "name": Kind(name, "varchar", comparable=True),
    "date": Kind(date, "date", "UGYLDIG_VERDI"),
    "month": Kind(month, "date", "UGYLDIG_VERDI"),
    "time": Kind(time, "timestamp", "UGYLDIG_TIDSPUNKT"),
    "utc": Kind(utc, "timestamp", "UGYLDIG_TIDSPUNKT"),
    "percent": Kind(percent, "decimal(18, 9)", "UGYLDIG_VERDI"),
    "flag": Kind(flag, "boolean"),
    "true": Kind(true, "boolean"),
    "list": Kind(text_list, "varchar[]", "UGYLDIG_JSON", required=True),
}
