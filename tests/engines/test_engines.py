"""The same project on Spark: the same extracts give the same marts, cell by cell, and what the specification says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from brute_force import TOPIC, World
from listening import free_ports
from make_uttrekk import main as make_uttrekk
from same_marts import assert_same_marts
from small_worlds import small_world
from spark_cluster import Cluster, parse
from spark_warehouse import ClusterWarehouse, SparkWarehouse
from warehouse import KEY, ROOT, Warehouse, assert_equal, load
from warehouse import parse as parse_project

# Lines that begin as a message: what follows it, or how it is written, makes them none.
NOT_ONE_MESSAGE = (
    '{"offset": 1, "key": "a", "value": null} x',
    '{"offset": 2, "key": "b", "value": null}}',
    '{"offset": 3, "key": "c", "value": null}]',
    '{"offset": 4, "key": "d", "value": null} {"offset": 5, "key": "e", "value": null}',
    '{"offset": 6, "key": "f", "value": null}, {"offset": 7, "key": "g", "value": null}',
    "{'offset': 8, 'key': 'h', 'value': null}",
    '"offset", "key", "value"',
)


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
def cluster(workplace: Path) -> Iterator[Path]:
    """Start a cluster with two workers, and give the folder with its tables and logs."""
    folder = workplace / "klynge"
    ports = free_ports(2)
    cluster = Cluster(parse([str(folder), "--master-port", str(ports[0]), "--thrift-port", str(ports[1])]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILTAK_THRIFT_PORT", str(ports[1]))
        try:
            cluster.up()
            yield folder
        finally:
            cluster.down()


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the project for DuckDB, without what it alone publishes."""
    return parse_project(publiser=False)


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the generator's extracts of two weeks with faults, in different forms."""
    folder = tmp_path_factory.mktemp("two_weeks")
    weeks = [folder / "uke_0", folder / "uke_1"]
    make_uttrekk([str(weeks[0]), "--seed", "41", "--participations", "120", "--faults", "--format", "parquet"])
    make_uttrekk([str(weeks[1]), "--seed", "42", "--previous", str(weeks[0]), "--faults", "--gzip"])
    with next(weeks[0].glob(f"{TOPIC}*.jsonl")).open("a", encoding="utf-8") as topic:
        topic.writelines(f"{line}\n" for line in NOT_ONE_MESSAGE)
    return weeks


def test_both_engines_give_the_same_marts(workplace: Path, manifest: Manifest, two_weeks: list[Path]) -> None:
    """Two weeks on each. The second is with every data test and unit test of the project."""
    duck, spark = Warehouse(workplace / "duckdb", manifest), SparkWarehouse(workplace / "spark_copy")
    for number, folder in enumerate(two_weeks):
        duck.build(folder)
        spark.build(folder, tests=number == 1)
        assert_same_marts(duck, spark)
    world = World(key=KEY)
    for folder in two_weeks:
        load(world, folder)
    assert_equal(spark, world)


def test_a_cluster_gives_the_same_marts(
    cluster: Path, workplace: Path, manifest: Manifest, two_weeks: list[Path]
) -> None:
    """The same through the Thrift server of a cluster with two workers."""
    duck, spark = Warehouse(workplace / "duckdb_too", manifest), ClusterWarehouse(workplace / "cluster_copy")
    for folder in two_weeks:
        duck.build(folder)
        spark.build(folder)
        assert_same_marts(duck, spark)
    # Two workers have run it, and test_the_key_is_nowhere looks at what they and the server have written.
    assert len(list((cluster / "arbeid").glob("*/*/stderr"))) == 2


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
