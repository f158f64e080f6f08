"""The same project on an emulator of BigQuery: the same marts, cell by cell, and no ident is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.contracts.graph.manifest import Manifest

from tests.engines.bigquery_warehouse import BigQueryWarehouse
from tests.engines.same_marts import assert_exported, assert_near, assert_same_marts
from tests.engines.secrets import assert_no_ident, assert_no_key
from tests.rules.brute_force import World
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load
from tiltaksstatistikk.engines.bigquery_emulator import emulator
from tiltaksstatistikk.engines.export import export
from tiltaksstatistikk.load.checks import Refused

# Their rows are written in DuckDB's words.
UNIT_TESTS_OF_DUCKDB = (
    "bare_celler_som_er_endret_blir_publisert_paa_nytt",
    "hver_status_har_sitt_utfall",
    "hvert_avvik_ved_en_rad_i_et_register",
    "ulike_personer_paa_hvert_nivaa",
    "ventedager_er_den_lengste_ventetiden_til_hver_person",
)


@pytest.fixture(scope="module")
def address(workplace: Path) -> Iterator[str]:
    """Start an emulator for all the tests, and stop it after them."""
    with emulator(workplace / "emulator.log") as found:
        yield found


@pytest.fixture(scope="module")
def built(
    workplace: Path, manifest: Manifest, address: str, two_weeks: list[Path]
) -> tuple[Warehouse, BigQueryWarehouse]:
    """Build two weeks on each. The second is with every data test of the project."""
    duck, bigquery = Warehouse(workplace / "duckdb", manifest), BigQueryWarehouse(workplace / "toveker", address)
    for number, folder in enumerate(two_weeks):
        duck.build(folder)
        bigquery.build(folder, "--exclude-resource-type", "unit_test", tests=number == 1)
        assert_same_marts(duck, bigquery)
    return duck, bigquery


def test_both_engines_give_the_same_marts(built: tuple[Warehouse, BigQueryWarehouse], two_weeks: list[Path]) -> None:
    """Each week's marts have been compared. They are also what the specification says."""
    world = World(key=KEY)
    for folder in two_weeks:
        load(world, folder)
    assert_equal(built[1], world)


def test_unit_tests(built: tuple[Warehouse, BigQueryWarehouse], two_weeks: list[Path]) -> None:
    """The models' unit tests, but those whose rows are in DuckDB's words."""
    warehouse = built[1]
    result = warehouse.dbt(two_weeks[1], "test", "--select", "test_type:unit", "--exclude", *UNIT_TESTS_OF_DUCKDB)
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
        assert_near(warehouse)


def test_what_is_not_loaded_is_not_built(workplace: Path, address: str, two_weeks: list[Path]) -> None:
    """An extract that is older is not loaded, with or without memory. What was not loaded whole is not built."""
    warehouse = BigQueryWarehouse(workplace / "avbrutt", address)
    warehouse.deliver(two_weeks[1])
    (warehouse.folder / "lastet.duckdb").unlink()
    with pytest.raises(Refused, match="older than one already loaded"):
        warehouse.deliver(two_weeks[0])
    warehouse.assert_not_built(two_weeks[1])


def test_the_open_numbers_are_exported(
    built: tuple[Warehouse, BigQueryWarehouse], workplace: Path, two_weeks: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they are, with the page and the files that a run on DuckDB makes."""
    built[1].point_to(two_weeks[1])
    monkeypatch.setenv("TILTAK_EKSPORT", str(workplace / "eksport_bigquery"))
    export("bigquery")
    assert_exported(built[1], workplace / "eksport_bigquery")


def test_no_ident_is_sent(built: tuple[Warehouse, BigQueryWarehouse], two_weeks: list[Path]) -> None:
    """Neither in clear nor unkeyed, and no key."""
    assert_no_ident(built[1], two_weeks[1])


def test_the_key_is_nowhere(built: tuple[Warehouse, BigQueryWarehouse], workplace: Path) -> None:
    """Neither the key nor its padded forms are in what dbt, the loader and the emulator have written."""
    assert_no_key(workplace)
    assert os.environ["PSEUDONYM_NOKKEL"] == KEY
