"""What must be nowhere on an engine, nor in what dbt and it write: the idents of an extract, and the key."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from tests.engines.engine_warehouse import EngineWarehouse
from tests.rules.brute_force import read_uttrekk
from tests.rules.warehouse import KEY


def idents_of(uttrekk: Path) -> set[str]:
    """Return the idents in an extract whose topics are gzipped, and their unkeyed hashes."""
    tables = read_uttrekk(uttrekk).tables
    idents = {
        str(row[column])
        for table, column in [
            ("oppfolgingsbruker", "person_ident"),
            ("siste_tilordnet_veileder", "veileder_ident"),
            ("vent_person_periode_v", "person_ident"),
        ]
        for row in tables[table]
        if row[column]
    }
    for group in tables["veiledergruppe"]:
        idents |= set(re.findall(r'"([^"]+)"', str(group["veileder_identer"])))
    for path in uttrekk.glob("*.jsonl.gz"):
        found = re.findall(
            r'"(?:personIdent|deltakerFnr|veilederNavIdent)": *"([^"]+)"', gzip.decompress(path.read_bytes()).decode()
        )
        assert found, path
        idents |= set(found)
    idents = {ident for ident in idents if re.search(r"\d{6}", ident)}
    assert len(idents) > 200
    return idents | {hashlib.sha256(ident.encode()).hexdigest() for ident in idents}


def key_texts() -> list[str]:
    """Return the key, and the two padded keys in hex."""
    key = KEY.encode().ljust(64, b"\0")
    return [KEY, *(bytes(byte ^ pad for byte in key).hex() for pad in (0x36, 0x5C))]


def assert_no_ident(warehouse: EngineWarehouse, uttrekk: Path) -> None:
    """Look for idents and the key in every table that an engine has.

    Raises:
        AssertionError: one of them is there, or the engine has no clean tables.
    """
    words = idents_of(uttrekk) | set(key_texts())
    clean = 0
    for schema, name in warehouse.rows("select table_schema, table_name from information_schema.tables"):
        clean += schema == "uttrekk"
        for row in warehouse.rows(f'select * from {schema}."{name}"'):
            text = repr(row)
            assert not any(word in text for word in words), f"{schema}.{name}"
    assert clean > 10


def assert_no_key(folder: Path) -> None:
    """Look for the key in every file that has been written.

    Raises:
        AssertionError: it is there, or next to nothing was written.
    """
    secrets = [text.encode().lower() for text in key_texts()]
    looked_at = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes().lower()
            looked_at += 1
            assert not any(secret in content for secret in secrets), path
    assert looked_at > 100
