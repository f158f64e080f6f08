"""The form that an extract may lie on a disk in: it loads as what it was made of, and has no ident in it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.load.door import KEY, Door
from tests.load.mangling import VALUES
from tests.rules.rows import bruker, message, uttrekk_rows
from tiltaksstatistikk.load import keys, safe, values
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import KOMET

IDENT = "01851012345"
HASH = hashlib.sha256(IDENT.encode()).hexdigest()
# Texts that a field of any kind may have, those with an ident in them among them.
TEXTS = [
    *VALUES, *(b64encode(bytes.fromhex(HASH)).decode(), HASH, HASH.upper(), "2001851012345", "\u212a990001"),
    "Ring Kari på 99887766", f"{IDENT}@nav.no", "Z990001_Z990002_Z990003", "2025-01-12T23:00:00.01851012345Z",
    "20250112T230000.01851012345", "100.00000000000", f"2025-{IDENT}", f'["Z990001", "{IDENT}", null, " "]', "1e300",
    "(ugyldig kode)", "2025-01-12T23:00:00.123456+01:00[Europe/Oslo]", "-01851012345", "0001-01-01T00:00:00Z",
    "pseudonym:abcdefgh:ident:" + "a" * 64, "2025-10-26T02:30:00+01:00", "1735689600000",
]  # fmt: skip
# What names a person, wherever it stands: an ident, a hash of one, a veileder's.
NAMES_A_PERSON = re.compile(rf"{IDENT}|\b[zZKk]99000\d|\u212a99|{HASH}|{b64encode(bytes.fromhex(HASH)).decode()}", re.I)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """Give a database with the key, and the texts in the table `lest`."""
    monkeypatch.setenv("PSEUDONYM_NOKKEL", KEY)
    found = duckdb.connect()
    values.prepare(found)
    keys.set_key(found)
    found.execute("create table lest as select unnest(?) as tekst", [[text.replace("\0", "") for text in TEXTS]])
    return found


def loaded(kind: str, text: str) -> str:
    """Return the SQL of what the loader makes of a text."""
    if kind in ("person", "veileder"):
        return f"{values.pseudonym(text)} || {values.is_person_ident(text)}"
    if kind == "list":
        each = values.pseudonym(values.trimmed("ident"))
        return f"list_transform({values.KINDS[kind].sql(text)}, lambda ident: {each})"
    return values.KINDS[kind].sql(text)


@pytest.mark.parametrize("kind", [kind for kind in values.KINDS if kind != "text"])
def test_it_loads_as_what_it_was(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Every kind gives the same value, or the same fault, for every text; made safe twice, it stays as it is."""
    rows = connection.execute(
        f"""
        select tekst, {loaded(kind, "tekst")}, {loaded(kind, "trygg")}, trygg, {safe.safe_text(kind, "trygg")},
            tekst is null, trygg is null
        from (select tekst, {safe.safe_text(kind, "tekst")} as trygg
            from (select {values.trimmed("tekst")} as tekst from lest))
        """
    ).fetchall()
    for text, expected, found, trygg, again, nothing, still_nothing in rows:
        assert found == expected, text
        assert again == trygg, text
        # What is false when it is not there may as well not be there.
        assert nothing == still_nothing or kind == "true", text
        assert not NAMES_A_PERSON.search(trygg or ""), (text, trygg)


def lines(connection: duckdb.DuckDBPyConnection, value: Any) -> Any:
    """Return the safe line of a message."""
    connection.execute("drop table if exists melding")
    connection.execute(
        "create table melding as select {'partition': 1, 'offset': 7, 'timestamp': 5} as sted, ? as nokkel, ? as verdi",
        [IDENT, None if value is None else json.dumps(value)],
    )
    ((line,),) = connection.execute(safe.safe_lines(KOMET, "from melding")).fetchall()
    return json.loads(line)


def test_a_message_has_the_fields_of_the_contract_alone(connection: duckdb.DuckDBPyConnection) -> None:
    """Whatever stands beside them, at any depth, is not there; nor is an ident in one of them."""
    secret = {"navn": "Kari Nordmann", "telefon": "99887766", "ident": IDENT}
    line = lines(
        connection,
        {
            "personIdent": {"oppgitt": IDENT}, "personalia": secret, "startDato": "2025-01-01", "sluttDato": IDENT,
            "status": {"type": "DELTAR", "aarsak": {"type": "ANNET", "beskrivelse": "Kari Nordmann"}, **secret},
            "deltakelsesmengder": [{"deltakelsesprosent": 50, "gyldigFraDato": IDENT, **secret}, IDENT, [secret]],
            "navVeileder": {"enhetsnummer": "0219", **secret},
        },
    )  # fmt: skip
    assert line["value"]["startDato"] == "2025-01-01"
    assert line["value"]["status"]["aarsak"] == {"type": "ANNET"}
    assert [set(one) for one in line["value"]["deltakelsesmengder"]] == [set(safe.SHARE_FIELDS)] * 3
    text = json.dumps(line)
    assert not any(word in text for word in (IDENT, "Kari", "Nordmann", "99887766", "navn", "telefon"))


@pytest.mark.parametrize(("value", "expected"), [(None, None), ("null", "(ikke et objekt)"), ([1], "(ikke et objekt)")])
def test_a_tombstone_is_one_and_nothing_else_is(
    connection: duckdb.DuckDBPyConnection, value: Any, expected: str | None
) -> None:
    """What is no object has a fault, and keeps its place."""
    line = lines(connection, value)
    assert (line["partition"], line["offset"], line["value"]) == (1, 7, expected)
    assert line["key"].startswith(keys.mark() + "ident:")


def test_an_extract_with_pseudonyms_needs_their_key(door: Door) -> None:
    """It is refused with another one. A mark of another key is no pseudonym."""
    folder = door.write(uttrekk_rows("2025-02-03T06:00:00", [message()], oppfolgingsbruker=[bruker()]))
    with duckdb.connect() as connection:
        keys.set_key(connection)
        values.prepare(connection)
        hidden = connection.execute(
            f"select {values.marked('ident')} from (select '{bruker()['person_ident']}' as ident)"
        )
        ((marked,),) = hidden.fetchall()
    say_fingerprint(folder, keys.file_fingerprint())
    path = folder / "oppfolgingsbruker.csv"
    text = path.read_text(encoding="utf-8")
    door.load(folder)
    expected = door.rows("select person_id from uttrekk.oppfolgingsbruker")
    path.write_text(text.replace(str(bruker()["person_ident"]), marked), encoding="utf-8")
    door.load(folder)
    assert door.rows("select person_id from uttrekk.oppfolgingsbruker") == expected
    assert door.rows("select * from uttrekk.feil where feil_kode = 'UGYLDIG_IDENT'") == []
    say_fingerprint(folder, "en annen")
    with pytest.raises(Refused, match=r"nokkel_avtrykk in .*uttrekk\.csv says .* another PSEUDONYM_NOKKEL"):
        door.load(folder)


def say_fingerprint(folder: Path, fingerprint: str) -> None:
    """Write into `uttrekk` which key its idents are pseudonyms with."""
    path = folder / "uttrekk.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*(name for name in rows[0] if name != "nokkel_avtrykk"), "nokkel_avtrykk"])
        writer.writeheader()
        writer.writerows({**row, "nokkel_avtrykk": fingerprint} for row in rows)
