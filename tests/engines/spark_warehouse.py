"""A warehouse on Spark."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from pyhive import hive
from pyspark import SparkContext
from pyspark.sql import SparkSession

from tests.engines.engine_warehouse import SCHEMAS, EngineWarehouse


class SparkWarehouse(EngineWarehouse):
    """Spark's tables, and a copy of them.

    There is one Spark in a process, and it has one folder: a new warehouse empties it.

    Args:
        folder: an empty folder for the copy, the extracts and what dbt writes.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    target = "spark"

    def __init__(self, folder: Path, fra_uke_dato: date | None = None) -> None:
        """Make the folder, and forget what was in Spark."""
        super().__init__(folder, fra_uke_dato)
        if self.is_open():
            for schema in SCHEMAS:
                self.tell(f"drop schema if exists {schema} cascade")

    def is_open(self) -> bool:
        """Whether there is a Spark to ask. dbt starts the one of this process."""
        return SparkContext._active_spark_context is not None

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what Spark answers."""
        # A session is active in the thread that made it, which is one of dbt's.
        return [tuple(row) for row in SparkSession.builder.getOrCreate().sql(sql).collect()]

    def tell(self, sql: str) -> None:
        """Have Spark do what has no answer."""
        self.ask(sql)

    def copy(self) -> None:
        """Copy every table and view from Spark to the DuckDB file, when there is a Spark."""
        if not self.is_open():
            return
        # Weeks before all others begin in year 1: as they are, not as another calendar has them.
        for kind in ("datetimeRebaseModeInWrite", "int96RebaseModeInWrite"):
            self.tell(f"set spark.sql.parquet.{kind} = CORRECTED")
        parquet = self.folder / "parquet"
        shutil.rmtree(parquet, ignore_errors=True)
        self.path.unlink(missing_ok=True)
        existing = {schema for (schema,) in self.ask("show schemas")}
        with duckdb.connect(str(self.path)) as copy:
            for schema in SCHEMAS:
                copy.execute(f"create schema if not exists {schema}")
                for _, table, temporary in self.ask(f"show tables in {schema}") if schema in existing else ():
                    if temporary:
                        continue
                    name = f"{schema}.{table}"
                    self.tell(
                        f"insert overwrite directory '{parquet / name}' using parquet "
                        f"select /*+ coalesce(1) */ * from {name}"
                    )
                    copy.execute(f"create table {name} as from read_parquet('{parquet / name}/*.parquet')")


class ClusterWarehouse(SparkWarehouse):
    """The tables of a cluster on this machine, which is asked through its Thrift server (TILTAK_THRIFT_PORT).

    Args:
        folder: an empty folder for the copy, the extracts and what dbt writes.
    """

    target = "klynge"

    def __init__(self, folder: Path) -> None:
        """Connect. One connection is one session, which remembers what it was told."""
        self.connection = hive.connect(host="127.0.0.1", port=int(os.environ["TILTAK_THRIFT_PORT"]), username="test")
        super().__init__(folder)

    def is_open(self) -> bool:
        """Whether there is a Spark to ask."""
        return True

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what Spark answers."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def tell(self, sql: str) -> None:
        """Have Spark do what has no answer, which a Thrift server cannot be asked for."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
