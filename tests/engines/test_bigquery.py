"""The same project on an emulator of BigQuery: the same marts, cell by cell, and no ident is sent."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.contracts.graph.manifest import Manifest

from tests.engines.bigquery_warehouse import BigQueryWarehouse
from tests.engines.same_marts import assert_same_marts
from tests.rules.brute_force import World, read_uttrekk
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load
from tiltaksstatistikk.engines.bigquery_emulator import emulator

# Their rows are written in DuckDB's words.
UNIT_TESTS_OF_DUCKDB = (
    "bare_celler_som_er_endret_blir_publisert_paa_nytt",
    "hver_status_har_sitt_utfall",
    "hvert_avvik_ved_en_rad_i_et_register",
    "ulike_personer_paa_hvert_nivaa",
)


@pytest.fixture(scope="module")
def address(workplace: Path) -> Iterator[str]:
    """Start an emulator for all the tests, and stop it after them."""
    with emulator(workplace / "emulator.log") as found:
        yield found


@pytest.fixture(scope="module")
def built(workplace: Path, manifest: Manifest, address: str, two_weeks: list[Path]) -> tuple[Warehouse, Warehouse]:
    """Build two weeks on each. The second is with every data test of the project."""
    duck, bigquery = Warehouse(workplace / "duckdb", manifest), BigQueryWarehouse(workplace / "toveker", address)
    for number, folder in enumerate(two_weeks):
        duck.build(folder)
        bigquery.build(folder, "--exclude-resource-type", "unit_test", tests=number == 1)
        assert_same_marts(duck, bigquery)
    return duck, bigquery


def test_both_engines_give_the_same_marts(built: tuple[Warehouse, Warehouse], two_weeks: list[Path]) -> None:
    """Each week's marts have been compared. They are also what the specification says."""
    world = World(key=KEY)
    for folder in two_weeks:
        load(world, folder)
    assert_equal(built[1], world)


def test_unit_tests(built: tuple[Warehouse, Warehouse], two_weeks: list[Path]) -> None:
    """The models' unit tests, but those of the models that read files, which DuckDB does for BigQuery."""
    warehouse = built[1]
    assert isinstance(warehouse, BigQueryWarehouse)
    result = warehouse.dbt(
        two_weeks[1], "test", "--select", "test_type:unit", "--exclude", "path:models/staging", *UNIT_TESTS_OF_DUCKDB
    )
    assert result.success, result.exception or result.result
    assert isinstance(result.result, RunExecutionResult)
    assert len([node for node in result.result if node.status == "pass"]) > 25


def test_a_small_world(workplace: Path, address: str) -> None:
    """A replay on BigQuery alone, against the independent reading of the specification."""
    small = small_world(2, changes=True)
    warehouse = BigQueryWarehouse(workplace / "litenverden", address, small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    for rows in small.uttrekk:
        folder = warehouse.write(rows)
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        assert warehouse.computed() == world.computed()


def test_no_ident_is_sent(built: tuple[Warehouse, Warehouse], two_weeks: list[Path]) -> None:
    """Not in what is kept, nor in what a run has sent and not yet dropped: neither in clear nor unkeyed, and no key."""
    warehouse = built[1]
    tables = read_uttrekk(two_weeks[1]).tables
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
    for path in two_weeks[1].glob("*.jsonl.gz"):
        found = re.findall(
            r'"(?:personIdent|deltakerFnr|veilederNavIdent)": *"([^"]+)"', gzip.decompress(path.read_bytes()).decode()
        )
        assert found, path
        idents |= set(found)
    idents = {ident for ident in idents if re.search(r"\d{6}", ident)}
    assert len(idents) > 200
    words = idents | {hashlib.sha256(ident.encode()).hexdigest() for ident in idents} | set(key_texts())
    assert warehouse.dbt(two_weeks[1], "run", "--select", "path:models/staging").success
    sent = 0
    for schema, name in warehouse.rows("select table_schema, table_name from information_schema.tables"):
        sent += schema == "uttrekk"
        for row in warehouse.rows(f'select * from {schema}."{name}"'):
            text = repr(row)
            assert not any(word in text for word in words), f"{schema}.{name}"
    assert sent > 10


def key_texts() -> list[str]:
    """Return the key, and the two padded keys in hex."""
    key = KEY.encode().ljust(64, b"\0")
    return [KEY, *(bytes(byte ^ pad for byte in key).hex() for pad in (0x36, 0x5C))]


def test_the_key_is_nowhere(built: tuple[Warehouse, Warehouse], workplace: Path) -> None:
    """Neither the key nor its padded forms are in what dbt and the emulator have written."""
    secrets = [text.encode() for text in key_texts()]
    looked_at = 0
    for path in workplace.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes().lower()
            looked_at += 1
            assert not any(secret.lower() in content for secret in secrets), path
    assert looked_at > 100
    assert os.environ["PSEUDONYM_NOKKEL"] == KEY
