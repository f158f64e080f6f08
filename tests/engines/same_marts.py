"""Whether two warehouses have the same marts, cell by cell."""

from __future__ import annotations

from typing import Any

from tests.rules.warehouse import Warehouse

# Which run did what, and fingerprints, which each engine makes in its own way.
OWN_COLUMNS = ("kjoring_id", "startet_tid", "sekund_antall", "fingeravtrykk")


def contents(warehouse: Warehouse, relation: str, but: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a relation in a fixed order, numbers to nine decimals, without some columns."""
    schema, _, name = relation.rpartition(".")
    columns = warehouse.rows(
        "select column_name, data_type from information_schema.columns "
        f"where table_schema = '{schema}' and table_name = '{name}' and column_name not in {(*but, '')} order by 1"
    )
    selected = [
        f'cast(round("{column}", 9) as decimal(38, 9))' if kind == "DOUBLE" else f'"{column}"'
        for column, kind in columns
    ]
    return sorted(warehouse.rows(f"select {', '.join(selected)} from {relation}"), key=repr)


def assert_same_marts(one: Warehouse, other: Warehouse) -> None:
    """Compare every mart.

    Raises:
        AssertionError: a relation is missing, or a cell differs.
    """
    query = "select table_name from information_schema.tables where table_schema = 'main' order by 1"
    relations = [name for (name,) in one.rows(query)]
    assert relations
    assert [name for (name,) in other.rows(query)] == relations
    for relation in relations:
        expected, found = (contents(warehouse, f"main.{relation}", OWN_COLUMNS) for warehouse in (one, other))
        assert found == expected, relation
