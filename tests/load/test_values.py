"""How a text in a file becomes a value, kind by kind."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tiltaksstatistikk.load import keys, values

IDENT = "01851012345"
HASH = hashlib.sha256(IDENT.encode()).hexdigest()
PSEUDONYM = hmac.new(keys.SYNTHETIC_KEY.encode(), HASH.encode(), "sha256").hexdigest()
# "å b" in another form.
OTHER = "a\u030a\u00a0 b"
K990001 = hashlib.sha256(b"K990001").hexdigest()


def value(kind: str, text: str | None) -> Any:
    """Return what a kind makes of a text, trimmed first."""
    with duckdb.connect() as connection:
        values.prepare(connection)
        keys.set_key(connection)
        sql = f"select {values.KINDS[kind].sql('tekst')} from (select {values.trimmed('lest')} as tekst from lest)"
        connection.execute("create table lest as select ?::varchar as lest", [text])
        found = connection.execute(sql).fetchone()
    assert found
    return found[0]


@pytest.fixture(autouse=True)
def without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as the seeds are read, with the public key."""
    monkeypatch.delenv("PSEUDONYM_NOKKEL", raising=False)
    monkeypatch.delenv("UTTREKK_MAPPE", raising=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-02-29T12:00:00", date(2024, 2, 29)),
        (" 2024-02-29\u00a0", date(2024, 2, 29)),
        ("2024-02-31", None),
        ("2024-2-29", None),
        ("20240-1-05", None),
        ("0000-01-01", None),
        ("31.12.2024", None),
        ("infinity", None),
        ("300000-01-01", None),
        ("snart", None),
        ("", None),
        (None, None),
        # One that is held as an instant is its day in Oslo.
        ("2025-01-12T23:00:00Z", date(2025, 1, 13)),
        ("2025-01-13 00:00:00+01", date(2025, 1, 13)),
        ("2025-01-12T23:30:00.000000000+00:00[UTC]", date(2025, 1, 13)),
        ("2025-01-13T00:00:00", date(2025, 1, 13)),
        ("2025-01-13T25:00:00", None),
        ("1736722800000", date(2025, 1, 13)),
        ("20250113", date(2025, 1, 13)),
    ],
)
def test_dates(text: str | None, expected: date | None) -> None:
    """A day in ISO form, of a year with four digits."""
    assert value("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-06-30T22:30:00", datetime(2025, 7, 1, 0, 30)),
        ("2025-01-31 22:30:00.5", datetime(2025, 1, 31, 23, 30, 0, 500000)),
        ("2025-06-30T22:30:00+02:00", datetime(2025, 6, 30, 22, 30)),
        ("2025-06-30T22:30Z", datetime(2025, 7, 1, 0, 30)),
        ("2025-06-30 22:30:00.25 UTC", datetime(2025, 7, 1, 0, 30, 0, 250000)),
        ("2025-06-30T22:30:00+0200", datetime(2025, 6, 30, 22, 30)),
        ("2025-06-30T22:30+02", datetime(2025, 6, 30, 22, 30)),
        ("2025-06-30T16:30:00-04:00", datetime(2025, 6, 30, 22, 30)),
        ("infinity", None),
        ("300000-01-01T00:00:00", None),
        ("i fjor", None),
    ],
)
def test_times_of_valp_are_utc(text: str, expected: datetime | None) -> None:
    """Midnight in Oslo is 22 or 23 UTC. A moment with a zone of its own is read with that."""
    assert value("utc", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-12t23:00:00z", datetime(2025, 1, 13)),
        ("20250112T230000Z", datetime(2025, 1, 13)),
        ("20250112T230000,5+0100", datetime(2025, 1, 12, 23, 0, 0, 500000)),
        ("2025-01-12T23:00:00,123456789Z", datetime(2025, 1, 13, 0, 0, 0, 123456)),
        ("2025-01-12T23:00:00.1+01:00[Europe/Oslo]", datetime(2025, 1, 12, 23, 0, 0, 100000)),
        ("2025-07-12T23:00[Europe/London]", datetime(2025, 7, 13)),
        ("2025-01-12T23:00[Mars]", None),
        ("2025-W02-7T23:00:00", datetime(2025, 1, 12, 23)),
        ("2025-012", datetime(2025, 1, 12)),
        ("1736722800000", datetime(2025, 1, 13)),
        ("173672280000", None),
        ("2025-01-12T24:00:00", datetime(2025, 1, 13)),
        ("2025-01-12T23:00:60Z", None),
        # What was cut off may have been another time.
        ("2025-01-12T23:00:0", None),
        ("2025-01-12T23:0", None),
        ("2025-01-12T230", None),
        ("2025-01-12T23", datetime(2025, 1, 12, 23)),
        ("2025-01-12T2300", datetime(2025, 1, 12, 23)),
        ("2025-02-30T23:00:00Z", None),
        ("2025", None),
        ("12.01.2025 23:00", None),
        ("0000-01-12T23:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_in_every_form(text: str, expected: datetime | None) -> None:
    """ISO 8601 in all its forms, and milliseconds since 1970; what is no moment is none (specification 2)."""
    assert value("time", text) == expected


def test_other_times_are_of_oslo() -> None:
    """Without a zone; with one they are moved."""
    assert value("time", "2025-06-30 22:30:00") == datetime(2025, 6, 30, 22, 30)
    assert value("time", "2025-01-01T23:30:00Z") == datetime(2025, 1, 2, 0, 30)
    assert value("time", "2025-01-01") == datetime(2025, 1, 1)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("month", "202402", date(2024, 2, 1)),
        ("month", "202413", None),
        ("month", "2024-02", None),
        ("month", "20240215", None),
        ("percent", "50.5", Decimal("50.5")),
        ("percent", "halv", None),
        ("flag", "true", True),
        ("flag", "kanskje", None),
        ("true", "TRUE", True),
        ("true", None, False),
        ("code", " 0219 ", "0219"),
        ("code", IDENT, "(ident)"),
        ("code", "Z990001", "(ident)"),
        # The kelvin sign is a K in the form that is stored.
        ("code", "\u212a990001", "(ident)"),
        ("id", "\u212a990001", hmac.new(keys.SYNTHETIC_KEY.encode(), K990001.encode(), "sha256").hexdigest()),
        ("message_code", "GJENNOMFØRES", "GJENNOMFØRES"),
        ("message_code", '{"kode": "X"}', "(ugyldig kode)"),
        ("message_code", f"MENTOR_{IDENT}", "(ident)"),
        ("name", f"Gruppen til Z990001, {IDENT}", "Gruppen til (ident), (ident)"),
        ("id", "6f9f1b52-0000-4000-8000-000000000000", "6f9f1b52-0000-4000-8000-000000000000"),
        ("id", IDENT, PSEUDONYM),
        # Keys are compared in one form.
        ("id", "6F9F1B52-0000-4000-8000-00000000000A", "6f9f1b52-0000-4000-8000-00000000000a"),
        ("id", "GJ-1", "GJ-1"),
        ("name", "Ungdom\u00a0 og\ta\u030a", "Ungdom og å"),
        ("name", "\u2009Ung\u3000", "Ung"),
        ("message_code", "GJENNOMFO\u0308RES", "(ugyldig kode)"),
        ("message_code", "PA\u030aBEGYNT", "PÅBEGYNT"),
        ("month", "202402.0", None),
    ],
)
def test_other_kinds(kind: str, text: str | None, expected: object) -> None:
    """Codes, names and ids never hold an ident; what is no per cent or month is nothing."""
    assert value(kind, text) == expected


@pytest.mark.parametrize("text", ['"Z1"', "[Z1", '["Z1"] x', '["Z1"], ["Z2"]', '["Z1"]]', "['Z1']", '{"a": "Z1"}'])
def test_what_is_no_list_is_none(text: str) -> None:
    """Nor is a list with something after it."""
    assert value("list", text) is None


def test_lists() -> None:
    """The texts of a JSON list, with nothing where it has null."""
    assert value("list", ' ["Z1", null] ') == ["Z1", None]
    assert value("list", "[]") == []


@pytest.mark.parametrize("key", ["kort", "en nøkkel med æøå", "x" * 64, "lengre enn en blokk " * 5])
@pytest.mark.parametrize("ident", [IDENT, HASH, HASH.upper(), b64encode(bytes.fromhex(HASH)).decode()])
def test_pseudonyms_are_hmac(key: str, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 2104, for keys of every length, in SQL and in Python; an ident and its hash are the same person."""
    monkeypatch.setenv("PSEUDONYM_NOKKEL", key)
    expected = hmac.new(key.encode(), HASH.encode(), "sha256").hexdigest()
    with duckdb.connect() as connection:
        keys.set_key(connection)
        assert connection.execute(f"select {values.pseudonym('?')}".replace("?", f"'{ident}'")).fetchone() == (
            expected,
        )
    assert keys.pseudonym(f" {ident}\u00a0") == expected


def test_a_nav_ident_is_one_in_upper_and_in_lower_case() -> None:
    """Of a veileder, in SQL and in Python."""
    assert keys.pseudonym("z990001") == keys.pseudonym("Z990001")
    with duckdb.connect() as connection:
        keys.set_key(connection)
        assert connection.execute(f"select {values.pseudonym(repr('z990001'))}").fetchone() == (
            keys.pseudonym("Z990001"),
        )


def test_texts_that_are_compared_as_one_have_one_pseudonym() -> None:
    """Unicode's composed form, with each run of white space as one, in SQL and in Python."""
    with duckdb.connect() as connection:
        keys.set_key(connection)
        found = connection.execute(f"select {values.pseudonym('lest')} from (select 'å b' as lest)").fetchone()
        other = connection.execute(f"select {values.pseudonym('lest')} from (select ? as lest)", [OTHER]).fetchone()
    assert found == other
    assert found == (keys.pseudonym("å b"),) == (keys.pseudonym(OTHER),)


def test_without_a_key_a_real_extract_has_no_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pseudonym is made that anyone could make."""
    monkeypatch.setenv("UTTREKK_MAPPE", "et sted")
    with duckdb.connect() as connection:
        keys.set_key(connection)
        assert connection.execute(f"select {values.pseudonym(repr(IDENT))}").fetchone() == (None,)
    with pytest.raises(ValueError, match="PSEUDONYM_NOKKEL"):
        keys.pseudonym(IDENT)
