"""A warehouse on Spark that is read as those on DuckDB are: its tables are copied to a DuckDB file after each run."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult
from pyhive import hive
from pyspark import SparkContext
from pyspark.sql import SparkSession

from warehouse import Warehouse

SCHEMAS = ("main", "intermediate", "staging", "snapshots", "kodeverk", "uttrekk")


class SparkWarehouse(Warehouse):
    """Spark's tables, and a copy of them.

    There is one Spark in a process, and it has one folder: a new warehouse empties it.

    Args:
        folder: an empty folder for the copy, the extracts and what dbt writes.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    target = "spark"

    def __init__(self, folder: Path, fra_uke_dato: date | None = None) -> None:
        """Make the folder, and forget what was in Spark."""
        super().__init__(folder, None, fra_uke_dato)  # type: ignore[arg-type]
        if self.is_open():
            for schema in SCHEMAS:
                self.tell(f"drop schema if exists {schema} cascade")

    def dbt(self, uttrekk: Path, *arguments: str) -> dbtRunnerResult:
        """Run a dbt command on an extract, copy what Spark then has, and return dbt's result."""
        link = self.folder.parent / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        os.environ["DBT_LOG_PATH"] = str(self.log_path)
        try:
            return dbtRunner().invoke(["--quiet", *arguments, "--target", self.target, *self.variables()])
        finally:
            reset_adapters()  # type: ignore[no-untyped-call]
            if self.is_open():
                self.copy()

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
        """Copy every table and view from Spark to the DuckDB file."""
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
