"""A restore, rehearsed: after it, the database is the one that was copied, and the next run makes what it made."""

from __future__ import annotations

from tests.conftest import NewWarehouse
from tests.rules.small_worlds import small_world
from tiltaksstatistikk.deliver.backup import restore, take
from tiltaksstatistikk.deliver.place import Place


def test_a_restored_database_goes_on(new_warehouse: NewWarehouse) -> None:
    """Every relation, snapshots and what was published among them."""
    small = small_world(2, changes=True)
    warehouse = new_warehouse(small.fra_uke_dato)
    folders = [warehouse.write(rows) for rows in small.uttrekk[:2]]
    place = Place(str(warehouse.folder / "kopier"))
    warehouse.build(folders[0])
    first = warehouse.contents()
    take(warehouse.path, place)
    warehouse.build(folders[1])
    second = warehouse.contents()
    assert second != first
    restore(place, warehouse.path)
    assert warehouse.contents() == first
    warehouse.build(folders[1])
    assert warehouse.contents() == second
