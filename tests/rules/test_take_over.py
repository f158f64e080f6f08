"""A database from before extracts were loaded before dbt: refused until it has been taken over, and then as it was."""

from __future__ import annotations

from itertools import count

import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import World
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load

# What the logs were: models, which hooks filled.
FORMER = {
    "kjoring": "main.kjoring",
    "uke_beregnet": "intermediate.int_uke_beregnet",
    "uttrekk_lastet": "intermediate.int_uttrekk_lastet",
    "slettet_person": "staging.stg_sletting__person",
}


def put_back(warehouse: Warehouse) -> None:
    """Make the database what it was before: logs as models, staging as tables, and no schema of the loader's."""
    for view in (
        "main.kjoring_avvik",
        "main.kjoring",
        "main.uke_revisjon",
        "main.uke_sammenligning",
        "intermediate.int_uke_forste_publisert",
    ):
        warehouse.execute(f"drop view {view}")
    staging = warehouse.rows("select table_name from information_schema.tables where table_schema = 'staging'")
    for (name,) in staging:
        if name.startswith("stg_drift__"):
            warehouse.execute(f"drop view staging.{name}")
    tables = [name for (name,) in staging if not name.startswith("stg_drift__")]
    for name in tables:
        warehouse.execute(f"create table staging.er_tabell_{name} as from staging.{name}")
    for name in tables:
        warehouse.execute(f"drop view staging.{name}")
        warehouse.execute(f"alter table staging.er_tabell_{name} rename to {name}")
    for name, former in FORMER.items():
        warehouse.execute(f"create table {former} as from drift.{name}")
    # The log of the very first versions did not say what a row was about.
    warehouse.execute("alter table intermediate.int_uke_beregnet drop column relasjon_navn")
    for schema in ("uttrekk", "drift"):
        warehouse.execute(f"drop schema {schema} cascade")


@pytest.mark.long
def test_a_database_from_before_is_taken_over(new_warehouse: NewWarehouse, capfd: pytest.CaptureFixture[str]) -> None:
    """Snapshots, published versions, logs and erased persons are whole, and later runs go on as if nothing was."""
    small = next(world for world in (small_world(seed, max_extracts=2) for seed in count()) if len(world.uttrekk) == 2)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    folders = [warehouse.write(rows) for rows in small.uttrekk]
    warehouse.build(folders[0])
    load(world, folders[0])
    computed = (
        "select * exclude (relasjon_navn) from drift.uke_beregnet where relasjon_navn = 'fak_tiltaksdeltakelse_uke'"
    )
    warehouse.execute("delete from drift.uke_beregnet where relasjon_navn != 'fak_tiltaksdeltakelse_uke'")
    warehouse.execute("insert into drift.slettet_person values ('en person', now()::timestamp)")
    logs = {name: warehouse.rows(f"from drift.{name} order by all") for name in FORMER}
    put_back(warehouse)

    before = warehouse.contents()
    assert not warehouse.dbt(folders[0], "build").success
    assert "ta_over_database once" in "".join(capfd.readouterr())
    assert warehouse.contents() == before
    assert warehouse.dbt(folders[0], "run-operation", "ta_over_database").success
    assert {name: warehouse.rows(f"from drift.{name} order by all") for name in FORMER} == logs
    assert warehouse.rows(computed)
    assert not warehouse.dbt(folders[0], "run-operation", "ta_over_database").success
    assert "has been taken over" in "".join(capfd.readouterr())

    warehouse.build(folders[1])
    load(world, folders[1])
    assert_equal(warehouse, world)
