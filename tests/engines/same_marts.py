"""Whether two warehouses have the same marts, cell by cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

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


def assert_near(warehouse: Warehouse) -> None:
    """Compare the open numbers of people with the exact ones: at most four apart, and nobody where nobody is.

    Regions have units in the exact numbers that are in the country's open ones alone.

    Raises:
        AssertionError: a number is further away, or next to nothing is compared.
    """
    keys = "uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltaksgruppe_kode, tiltakskode, "
    keys += "innsatsgruppe_kode, avdeling_navn"
    rows = warehouse.rows(
        f"select coalesce(eksakt.person_antall, 0), coalesce(stoy.antall, 0) from (select {keys}, antall "
        "from intermediate.aapne_tall_stoy where populasjon_kode = 'DELTAR') as stoy "
        f"full join (select {keys}, person_antall from main.obt_deltakelse_uke_totaler) as eksakt using ({keys}) "
        "where enhet_nivaa_kode != 'REGION' and (enhet_nivaa_kode = 'KONTOR' or avdeling_navn = 'Alle') "
        "and coalesce(eksakt.person_antall, 0) != coalesce(stoy.antall, 0)"
    )
    assert len(rows) > 100
    assert max(abs(shown - true) for true, shown in rows) <= 4
    assert min(true for true, _ in rows) > 0


def assert_exported(warehouse: Warehouse, export: Path) -> None:
    """Look for each open relation, the page, and a file of each office.

    Raises:
        AssertionError: something is missing, or a row differs.
    """
    folder = export / "aapent"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["relasjoner"]) == len(list(folder.glob("aapen_*.csv"))) == 9
    for relation in manifest["relasjoner"]:
        with duckdb.connect() as connection:
            rows = connection.read_parquet(str(folder / relation["fil"])).fetchall()
        expected = warehouse.rows(f"select * from main.{relation['navn']}")
        assert sorted(rows, key=repr) == sorted(expected, key=repr), relation["navn"]
    ((offices,),) = warehouse.rows("select count(*) from main.aapen_enhet where enhet_nivaa_kode = 'KONTOR'")
    assert len(list((folder / "ukeAntall").iterdir())) == offices > 0
    assert (folder / "tiltaksstatistikk.html").is_file()
