"""The same project on Spark: the same extracts give the same marts, cell by cell, and what the specification says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.engines.same_marts import assert_exported, assert_near, assert_same_marts
from tests.engines.secrets import assert_no_ident, assert_no_key
from tests.engines.spark_warehouse import ClusterWarehouse, SparkWarehouse
from tests.rules.brute_force import World
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load
from tiltaksstatistikk.engines.export import export
from tiltaksstatistikk.engines.listening import free_ports
from tiltaksstatistikk.engines.spark_cluster import Cluster, parse
from tiltaksstatistikk.load.checks import Refused


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
def built(workplace: Path, manifest: Manifest, two_weeks: list[Path]) -> SparkWarehouse:
    """Build two weeks on each. The second is with every data test and unit test of the project."""
    duck, spark = Warehouse(workplace / "duckdb", manifest), SparkWarehouse(workplace / "spark_copy")
    for number, folder in enumerate(two_weeks):
        duck.build(folder)
        spark.build(folder, tests=number == 1)
        assert_same_marts(duck, spark)
    return spark


def test_both_engines_give_the_same_marts(built: SparkWarehouse, two_weeks: list[Path]) -> None:
    """Each week's marts have been compared. They are also what the specification says."""
    world = World(key=KEY)
    for folder in two_weeks:
        load(world, folder)
    assert_equal(built, world)


def test_the_open_numbers_are_exported(
    built: SparkWarehouse, workplace: Path, two_weeks: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they are, with the page and the files that a run on DuckDB makes."""
    built.point_to(two_weeks[1])
    monkeypatch.setenv("TILTAK_EKSPORT", str(workplace / "eksport_spark"))
    export("spark")
    assert_exported(built, workplace / "eksport_spark")


def test_no_ident_is_on_spark(built: SparkWarehouse, two_weeks: list[Path]) -> None:
    """Neither in clear nor unkeyed, and no key."""
    assert_no_ident(built, two_weeks[1])


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


def test_what_is_not_loaded_is_not_built(cluster: Path, workplace: Path, two_weeks: list[Path]) -> None:
    """An extract that is older is not loaded, and what was not loaded whole is not built."""
    warehouse = ClusterWarehouse(workplace / "cluster_copy_too")
    warehouse.deliver(two_weeks[1])
    with pytest.raises(Refused, match="older than one already loaded"):
        warehouse.deliver(two_weeks[0])
    warehouse.assert_not_built(two_weeks[1])


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
        assert_near(warehouse)


def test_the_key_is_nowhere(workplace: Path) -> None:
    """Neither the key nor its padded forms are in what dbt, the loader and Spark have written."""
    assert_no_key(workplace)
    assert os.environ["PSEUDONYM_NOKKEL"] == KEY
