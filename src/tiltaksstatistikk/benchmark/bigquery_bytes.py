"""Reckons the bytes that a weekly run would scan on BigQuery, by the sizes that the tables have on DuckDB.

    UTTREKK_MAPPE=... uv run python scripts/bigquery_bytes.py prove.duckdb target/manifest.json

BigQuery bills by the columns that a query names, by their logical size, whatever it stores. Here each model and data
test reads each table it names once, whole and with all columns, which is more than it does: an upper bound. Only the
weekly relations are otherwise: what is replaced is the partitions of the weeks that the last run computed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import duckdb

# The logical size of a value (BigQuery's documentation, "Data type sizes"). A text is two bytes and its UTF-8.
BYTES = {"BIGINT": 8, "INTEGER": 8, "DOUBLE": 8, "DATE": 8, "TIMESTAMP": 8, "BOOLEAN": 1, "DECIMAL": 16}
# One element of a list, such as flytting_liste: a few numbers.
ELEMENT_BYTES = 32
MINIMUM_BYTES = 10 * 2**20


def table_bytes(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the logical size of a table on BigQuery."""
    parts = []
    for name, kind, *_ in connection.execute(f"describe {relation}").fetchall():
        column = f'"{name}"'
        if kind == "VARCHAR":
            parts.append(f"coalesce(sum(2 + strlen({column})), 0)")
        elif kind.endswith("[]"):
            parts.append(f"coalesce(sum(len({column})), 0) * {ELEMENT_BYTES}")
        else:
            parts.append(f"count({column}) * {BYTES[kind.partition('(')[0]]}")
    found = connection.execute(f"select {' + '.join(parts)} from {relation}").fetchone()
    return int(found[0]) if found else 0


def main(arguments: list[str] | None = None) -> None:
    """Print the bytes, by what reads them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="a database of DuckDB, after a weekly run")
    parser.add_argument("manifest", type=Path, help="the manifest of the same project")
    options = parser.parse_args(arguments)
    nodes = json.loads(options.manifest.read_text(encoding="utf-8"))["nodes"]
    with duckdb.connect(str(options.database), read_only=True) as connection:
        stored = [node for node in nodes.values() if node["resource_type"] in ("model", "seed", "snapshot")]
        size = {
            node["unique_id"]: table_bytes(connection, f"{node['schema']}.{node['alias']}")
            for node in stored
            if node["config"]["materialized"] != "view"
        }
        computed = connection.execute(
            "select count(distinct uke_start_dato) from drift.uke_beregnet "
            "where relasjon_navn = 'fak_tiltaksdeltakelse_uke' and kjoring_id = "
            "(select arg_max(kjoring_id, startet_tid) from kjoring)"
        ).fetchone()
        weeks = connection.execute("select count(*) from dim_uke").fetchone()
        rows = connection.execute("select count(*) from fak_tiltaksdeltakelse_uke").fetchone()
        people = connection.execute("select count(*) from intermediate.int_tiltak_deltakelse").fetchone()

    def read_from(name: str) -> int:
        """A view is read from the tables that it reads."""
        if name in size or name not in nodes:
            return size.get(name, 0)
        return sum(read_from(upstream) for upstream in nodes[name]["depends_on"]["nodes"])

    scanned: Counter[str] = Counter()
    for node in nodes.values():
        kind = node["resource_type"]
        # A seed is loaded, and a view is made, without anything being read.
        if kind not in ("model", "snapshot", "test") or node["config"]["materialized"] == "view":
            continue
        read = sum(read_from(name) for name in node["depends_on"]["nodes"])
        if node["config"]["materialized"] in ("incremental", "snapshot"):
            read += size[node["unique_id"]]
        scanned[{"test": "data tests"}.get(kind, f"{node['config']['materialized']}: {node['name']}")] += max(
            read, MINIMUM_BYTES
        )
    print(f"rows of the fact: {rows[0] if rows else 0}, participations: {people[0] if people else 0}")
    weekly = [node for node in stored if node["name"].startswith("fak_") and node["name"].endswith("_uke")]
    for node in weekly:
        print(f"{node['name']}: {size[node['unique_id']] / 1e6:.1f} MB in {weeks[0] if weeks else 0} partitions")
    print(f"weeks that the last run computed: {computed[0] if computed else 0}")
    for name, read in sorted(scanned.items(), key=lambda item: -item[1])[:12]:
        print(f"{read / 1e9:8.2f} GB  {name}")
    models = sum(read for name, read in scanned.items() if name != "data tests")
    print(
        f"{models / 1e9:8.2f} GB  all models and snapshots\n{sum(scanned.values()) / 1e9:8.2f} GB  with the data tests"
    )
