"""The same project on Spark: the same extracts give the same marts, cell by cell, and what the specification says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from brute_force import World
from make_uttrekk import main as make_uttrekk
from same_marts import assert_same_marts
from small_worlds import small_world
from spark_warehouse import SparkWarehouse
from warehouse import KEY, ROOT, Warehouse, assert_equal, load


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with everything that dbt and Spark write, and the environment of a real run."""
    folder = tmp_path_factory.mktemp("engines")
    environment = {
        "UTTREKK_MAPPE": str(folder / "uttrekk"),
        "PSEUDONYM_NOKKEL": KEY,
        "TILTAK_SPARK": str(folder / "spark"),
        "TILTAK_DUCKDB": str(folder / "tiltak.duckdb"),
        "TILTAK_EKSPORT": str(folder / "eksport"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield folder


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the project for DuckDB."""
    result = dbtRunner().invoke(["--quiet", "parse"])
    assert isinstance(result.result, Manifest), result.exception
    return result.result


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the generator's extracts of two weeks with faults, in different forms."""
    folder = tmp_path_factory.mktemp("two_weeks")
    weeks = [folder / "uke_0", folder / "uke_1"]
    make_uttrekk([str(weeks[0]), "--seed", "41", "--participations", "120", "--faults", "--format", "parquet"])
    make_uttrekk([str(weeks[1]), "--seed", "42", "--previous", str(weeks[0]), "--faults", "--gzip"])
    return weeks


def test_both_engines_give_the_same_marts(workplace: Path, manifest: Manifest, two_weeks: list[Path]) -> None:
    """Two weeks on each. The second is with every data test of the project."""
    duck, spark = Warehouse(workplace / "duckdb", manifest), SparkWarehouse(workplace / "spark_copy")
    for number, folder in enumerate(two_weeks):
        duck.build(folder)
        spark.build(folder, "--exclude-resource-type", "unit_test", tests=number == 1)
        assert_same_marts(duck, spark)
    world = World(key=KEY)
    for folder in two_weeks:
        load(world, folder)
    assert_equal(spark, world)


def test_a_small_world(workplace: Path) -> None:
    """A replay on Spark alone, against the independent reading of the specification."""
    small = small_world(2, changes=True)
    warehouse = SparkWarehouse(workplace / "small_world", small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    for rows in small.uttrekk:
        folder = warehouse.write(rows)
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        assert warehouse.computed() == world.computed()


def test_the_key_is_nowhere(workplace: Path) -> None:
    """Neither the key nor its padded forms are in what dbt and Spark have written."""
    key = KEY.encode().ljust(64, b"\0")
    secrets = [KEY.encode(), *(bytes(byte ^ pad for byte in key).hex().upper().encode() for pad in (0x36, 0x5C))]
    looked_at = 0
    for path in workplace.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            looked_at += 1
            assert not any(secret in content or secret.lower() in content for secret in secrets), path
    assert looked_at > 100
    assert os.environ["PSEUDONYM_NOKKEL"] == KEY
