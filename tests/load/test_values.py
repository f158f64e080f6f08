"""How a text in a file becomes a value, kind by kind."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tiltaksstatistikk.load import keys, values

IDENT = "01851012345"
HASH = hashlib.sha256(IDENT.encode()).hexdigest()
PSEUDONYM = hmac.new(keys.SYNTHETIC_KEY.encode(), HASH.encode(), "sha256").hexdigest()


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
    ],
)
def test_dates(text: str | None, expected: date | None) -> None:
    """A day in ISO form, of a year with four digits; the time after it is not read."""
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
        ("message_code", "GJENNOMFØRES", "GJENNOMFØRES"),
        ("message_code", '{"kode": "X"}', "(ugyldig kode)"),
        ("message_code", f"MENTOR_{IDENT}", "(ident)"),
        ("name", f"Gruppen til Z990001, {IDENT}", "Gruppen til (ident), (ident)"),
        ("id", "6f9f1b52-0000-4000-8000-000000000000", "6f9f1b52-0000-4000-8000-000000000000"),
        ("id", IDENT, PSEUDONYM),
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
@pytest.mark.parametrize("ident", [IDENT, HASH, HASH.upper()])
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


def test_without_a_key_a_real_extract_has_no_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pseudonym is made that anyone could make."""
    monkeypatch.setenv("UTTREKK_MAPPE", "et sted")
    with duckdb.connect() as connection:
        keys.set_key(connection)
        assert connection.execute(f"select {values.pseudonym(repr(IDENT))}").fetchone() == (None,)
    with pytest.raises(ValueError, match="PSEUDONYM_NOKKEL"):
        keys.pseudonym(IDENT)
