"""Files that are not what they say stop a load; odd ones that are right are read (specification 2)."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.load.door import KEY, Door
from tests.load.test_checks import refusal
from tests.rules.brute_force import ARBEIDSGIVER_TOPIC, TOPIC, pseudonym
from tests.rules.rows import KARI, OLA, avtale, bruker, gruppe, message, tombstone, uttrekk_rows
from tests.rules.small_worlds import Row

KOMET = "uttrekk.amt_deltaker_ekstern_v1"
LINES = "\n".join([message("d1", 1), message("d2", 2, personIdent=OLA)]) + "\n"
GZIPPED = gzip.compress(LINES.encode(), mtime=0)
HASH = hashlib.sha256(KARI.encode()).digest()


def extract(door: Door, **tables: list[Row]) -> Path:
    """Return an extract with two participations."""
    return door.write(uttrekk_rows("2025-02-03T06:00:00", LINES.splitlines(), **tables))


def as_kcat(line: str) -> str:
    """Return a message as `kcat -J` writes it."""
    found = json.loads(line)
    value = None if found["value"] is None else json.dumps(found["value"])
    own = {"topic": TOPIC, "tstype": "create", "ts": 0, "broker": 1}
    return json.dumps({**own, **{name: found[name] for name in ("partition", "offset", "key")}, "payload": value})


@pytest.mark.parametrize(
    ("ending", "content", "named"),
    [
        (".jsonl", LINES.encode("utf-16"), "UTF-16"),
        (".jsonl", LINES.encode("utf-16-le"), "UTF-16"),
        (".jsonl", LINES.encode("utf-32"), "UTF-32"),
        (".jsonl", GZIPPED, "must be called .jsonl.gz"),
        (".jsonl", b"(\xb5/\xfd" + b"\0" * 40, "Zstandard"),
        (".jsonl", b"PK\x03\x04" + b"\0" * 40, "ZIP"),
        (".jsonl", json.dumps([json.loads(line) for line in LINES.splitlines()]).encode(), "JSON array"),
        (".jsonl", b"[\n" + LINES.replace("}\n{", "},\n{").encode() + b"]\n", "JSON array"),
        (".jsonl", json.dumps(json.loads(message()), indent=2).encode(), "JSON over several lines"),
        (".jsonl", b"<!DOCTYPE html>\n<html>Log in</html>\n", "HTML"),
        (".jsonl", b"person_ident,status\n" + KARI.encode() + b",DELTAR\n", "not one line"),
        (".jsonl", b'{"personIdent": "' + KARI.encode() + b'"}\n', "key, offset and value"),
        (".jsonl", message("", 7).encode(), "not one line"),
        (".jsonl", message("d9", 7).replace('"offset": 7', '"offset": 7.5').encode(), "not one line"),
        (".jsonl", message("d9", 7).replace('"offset": 7', '"offset": "7_0"').encode(), "not one line"),
        (".jsonl", message("d9", 7).replace('"offset": 7', '"offset": true').encode(), "not one line"),
        (".jsonl", b"\xef\xbb\xbf", "it is empty, and so is the topic"),
        (".jsonl", b"\n \n", "it is empty, and so is the topic"),
        (".jsonl", b"", "it is empty, and so is the topic"),
        (".jsonl.gz", b"", "it is empty, and so is the topic"),
        (".jsonl.gz", gzip.compress(b"", mtime=0), "it is empty, and so is the topic"),
        (".jsonl.gz", LINES.encode(), "not compressed with gzip"),
        (".jsonl.gz", GZIPPED + b"\0" * 512, "after the end"),
        (".jsonl.gz", GZIPPED[:-9], "cut off"),
        (".jsonl.gz", GZIPPED[:-8] + b"\1" * 8, "not a whole file"),
        (".jsonl.gz", zlib.compress(LINES.encode()), "not compressed with gzip"),
        (".json", LINES.encode(), "is not read"),
        (".jsonl.zst", LINES.encode(), "is not read"),
        (".JSONL", LINES.encode(), "is not read"),
    ],
)
def test_a_topic_that_is_something_else_is_refused(door: Door, ending: str, content: bytes, named: str) -> None:
    """Alone, and beside a good file but when it is empty; the sentence names the file and what it seems to be."""
    folder = extract(door)
    (good,) = folder.glob(f"{TOPIC}*")
    odd = good.with_name(f"{TOPIC}-2{ending}")
    odd.write_bytes(content)
    if "empty" in named:
        door.load(folder)
        assert door.rows("from uttrekk.feil") == []
    else:
        said = refusal(door, folder)
        assert odd.name in said
        assert named in said
    good.unlink()
    said = refusal(door, folder)
    assert odd.name in said
    assert named in said


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: gzip.compress(text.encode()), "gzip"),
        (lambda _: b'[{"enhetsnummer": "0219"}]', "JSON"),
        (lambda _: b"<html></html>", "HTML"),
        (lambda _: b"", "empty"),
    ],
)
def test_a_table_that_is_something_else_is_refused(door: Door, content: Callable[[str], bytes], named: str) -> None:
    """CSV and Parquet say so too."""
    folder = extract(door)
    path = folder / "nav_enhet.csv"
    path.write_bytes(content(path.read_text(encoding="utf-8")))
    said = refusal(door, folder)
    assert str(path) in said
    assert named in said
    path.rename(path.with_suffix(".parquet"))
    assert "nav_enhet.parquet" in refusal(door, folder)


@pytest.mark.parametrize(
    "name", ["person_ident_historikk.csv.gz", "Person_ident_historikk.CSV", f"{ARBEIDSGIVER_TOPIC}.json"]
)
def test_a_file_that_would_be_left_out_is_refused(door: Door, name: str) -> None:
    """An optional source in a form that is not read would be taken for one that is not there."""
    folder = extract(door)
    (folder / name).write_bytes(b"x")
    assert f"The file {name}" in refusal(door, folder)
    (folder / name).rename(folder / "LES_MEG.txt")
    door.load(folder)


@pytest.mark.parametrize("form", ["kcat", "bom", "members", "double", "surrogate", "blank"])
def test_odd_topics_that_are_right(door: Door, form: str) -> None:
    """They give the participations that the plain file gives."""
    lines = [message("d1", 1), message("d2", 2, personIdent=OLA), tombstone("d3", 3)]
    plain = [line.encode() + b"\n" for line in lines]
    folder = extract(door)
    (good,) = folder.glob(f"{TOPIC}*")
    good.write_bytes(b"".join(plain))
    door.load(folder)
    content = "select * exclude (melding_id) from uttrekk.amt_deltaker_ekstern_v1 order by all"
    before = door.rows(content)
    if form == "kcat":
        good.write_text("".join(as_kcat(line) + "\n" for line in lines), encoding="utf-8")
    elif form == "bom":
        good.write_bytes(b"\xef\xbb\xbf" + b"".join(plain))
    elif form == "members":
        good.unlink()
        (folder / f"{TOPIC}.jsonl.gz").write_bytes(b"".join(map(gzip.compress, plain)))
    elif form == "double":
        good.write_bytes(b"".join(plain).replace(b'"offset": 1,', b'"offset": 1.0,'))
    elif form == "surrogate":
        odd = message("d1", 1, navn="X").replace('"X"', '"\\ud83d"')
        good.write_bytes(odd.encode() + b"\n" + b"".join(plain[1:]))
    else:
        good.write_bytes(b"\n  \n" + b"\n\r\n".join(plain))
    for _ in range(2):
        door.load(folder)
        assert door.rows(content) == before
        assert door.rows("from uttrekk.feil") == []


def test_a_fault_has_the_line_of_the_file(door: Door) -> None:
    """Blank lines are counted, and what a payload is that is no JSON."""
    folder = extract(door)
    (good,) = folder.glob(f"{TOPIC}*")
    text = as_kcat(message("d4", 4)).replace(json.dumps(json.dumps(json.loads(message("d4", 4))["value"])), '"tull"')
    good.write_text(f"\n{LINES}\n\nikke json\n{text}\n", encoding="utf-8")
    door.load(folder)
    assert door.rows("select rad_id, feil_kode from uttrekk.feil") == [(f"{good.name}:6", "UGYLDIG_JSON")]
    assert door.column(f"select verdi_kode from {KOMET} where offset_nummer = 4") == ["UGYLDIG_JSON"]


def test_a_key_in_two_partitions_is_a_fault(door: Door) -> None:
    """The last message stands; in upper and in lower case a UUID is one key."""
    key = "6F9F1B52-0000-4000-8000-00000000000A"
    other = message(key.lower(), 7, sluttDato="2025-01-01").replace('"partition": 0', '"partition": 3')
    rows = uttrekk_rows("2025-02-03T06:00:00", [message(key, 5), other, message("d1", 1)])
    gone = [message(key, 5), tombstone(key.lower(), 8).replace('"partition": 0', '"partition": 2'), message("d1", 1)]
    for lines in (rows, rows, uttrekk_rows("2025-02-10T06:00:00", gone)):
        door.load(lines)
        found = door.rows("select rad_id, kolonne_navn, feil_kode from uttrekk.feil")
        assert found == [(key.lower(), "partition", "NOKKEL_I_FLERE_PARTISJONER")]
    assert door.column(f"select deltakelse_id from {KOMET} where deltakelse_id is not null") == ["d1"]
    door.load(uttrekk_rows("2025-02-17T06:00:00", gone[1:]))
    assert door.rows("from uttrekk.feil") == []


def rewritten(folder: Path, name: str, select: str) -> None:
    """Replace a CSV file by Parquet of a query of it."""
    path = folder / f"{name}.csv"
    duckdb.sql(
        f"copy (select {select} from read_csv('{path}', all_varchar = true)) to '{path.with_suffix('.parquet')}'"
    )
    path.unlink()


def test_a_file_that_was_written_anew_is_read_anew(door: Door) -> None:
    """Also one of the same second and size, which has a column by another name."""
    folder = extract(door, nav_enhet=[{"enhetsnummer": "0219", "navn": "Nav"}])
    rewritten(folder, "nav_enhet", "*")
    path = folder / "nav_enhet.parquet"
    whole = path.read_bytes()
    for content in (whole, whole.replace(b"navn", b"nevn"), whole):
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        if content == whole:
            door.load(folder)
        else:
            assert "The column navn is missing" in refusal(door, folder)


@pytest.mark.parametrize("kind", ["bigint", "double", "decimal(12, 0)"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("oppfolgingsbruker", "person_ident"), ("nav_enhet", "enhetsnummer"), ("nav_enhet", "overordnet_enhetsnummer")],
)
def test_what_has_lost_its_zeros_is_refused(door: Door, table: str, column: str, kind: str) -> None:
    """0219 and 219 would be two units, and a person another one; a column without values may have any type."""
    folder = extract(door, oppfolgingsbruker=[bruker()], nav_enhet=[{"enhetsnummer": "0219", "type": "LOKAL"}])
    path = folder / f"{table}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    assert column in header
    if column == "overordnet_enhetsnummer":
        rewritten(folder, table, f"* replace (cast({column} as {kind}) as {column})")
        door.load(folder)
        return
    rewritten(folder, table, f"* replace (cast({column} as {kind}) as {column})")
    said = refusal(door, folder)
    assert f"The column {column} in {folder}/{table}.parquet is numbers" in said


@pytest.mark.parametrize(
    "ident",
    [f"'{KARI}'", f"'{HASH.hex()}'", f"'{b64encode(HASH).decode()}'", f"unhex('{HASH.hex()}')", f"encode('{KARI}')"],
)
def test_every_form_of_an_ident_is_one_person(door: Door, ident: str) -> None:
    """Its hash in hex, in Base64 and as 32 bytes, and text without the mark of UTF-8."""
    folder = extract(door, oppfolgingsbruker=[bruker()])
    rewritten(folder, "oppfolgingsbruker", f"* replace ({ident} as person_ident)")
    door.load(folder)
    assert door.column("select person_id from uttrekk.oppfolgingsbruker") == [pseudonym(KEY, KARI)]
    assert door.rows("from uttrekk.feil") == []


@pytest.mark.parametrize("ident", ["0185101234", "kari", "018510123456", "Z990001"])
def test_another_form_is_a_person_of_its_own_and_a_fault(door: Door, ident: str) -> None:
    """In a table and in a topic (specification 2)."""
    rows = uttrekk_rows(
        "2025-02-03T06:00:00", [message("d1", 1, personIdent=ident)], oppfolgingsbruker=[bruker(ident), bruker()]
    )
    door.load(rows)
    assert door.column("select count(distinct person_id) from uttrekk.oppfolgingsbruker") == [2]
    assert door.rows("select kilde, kolonne_navn, feil_kode from uttrekk.feil order by all") == [
        (TOPIC, "personIdent", "UGYLDIG_IDENT"),
        ("oppfolgingsbruker", "person_ident", "UGYLDIG_IDENT"),
    ]


def test_types_of_parquet_are_values(door: Door) -> None:
    """Instants, whole numbers held as doubles, numbers that pandas has no value for, and bytes."""
    vent: Row = {"person_ident": KARI, "periode": "202412", "innsatsgruppe": "BATT", "nav_kontor": "0219"}
    groups = [gruppe("7", "G", '["Z1"]', "2025-01-12T23:00:00Z")]
    folder = extract(door, vent_person_periode_v=[vent], veiledergruppe=groups)
    rewritten(folder, "vent_person_periode_v", "* replace (cast(periode as double) as periode)")
    rewritten(
        folder,
        "veiledergruppe",
        "* replace (cast(filter_id as double) as filter_id, encode(filter_navn) as filter_navn, "
        "cast(sist_endret_tidspunkt as timestamptz) as sist_endret_tidspunkt, "
        "[encode('Z1')] as veileder_identer, cast('nan' as double) as opprettet_tidspunkt)",
    )
    door.load(folder)
    assert door.column("select cast(periode_dato as varchar) from uttrekk.vent_person_periode_v") == ["2024-12-01"]
    found = door.rows(
        "select filter_id, filter_navn, cast(sist_endret_tidspunkt as varchar), opprettet_tidspunkt "
        "from uttrekk.veiledergruppe"
    )
    assert found == [("7", "G", "2025-01-13 00:00:00", None)]
    assert door.column("select veileder_id from uttrekk.veiledergruppe_veileder") == [pseudonym(KEY, "Z1")]
    rewritten_again = folder / "veiledergruppe.parquet"
    duckdb.sql(f"copy (select * replace (unhex('ff') as filter_navn) from '{rewritten_again}') to '{folder}/x.parquet'")
    (folder / "x.parquet").rename(rewritten_again)
    assert "The column filter_navn in" in refusal(door, folder)


def test_an_agreement_in_kcat_is_read(door: Door) -> None:
    """The employers' topic has the same door."""
    rows = uttrekk_rows("2025-02-03T06:00:00", LINES.splitlines())
    rows.arbeidsgiver = [[as_kcat(avtale("a", 2, **{"avtaleInngått": "2025-01-12T23:00:00.123456789Z"}))]]
    door.load(rows)
    assert door.rows(
        "select deltakelse_id, cast(avtale_inngatt as varchar) from uttrekk.arbeidsgiver_tiltak_avtale_hendelse_compact"
    ) == [("a", "2025-01-13 00:00:00.123456")]
