"""A warehouse on Spark that is read as those on DuckDB are: its tables are copied to a DuckDB file after each run."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult
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

    def __init__(self, folder: Path, fra_uke_dato: date | None = None) -> None:
        """Make the folder, and forget what was in Spark."""
        super().__init__(folder, None, fra_uke_dato)  # type: ignore[arg-type]
        # A session is active in the thread that made it, which is one of dbt's.
        if SparkContext._active_spark_context is not None:
            spark = SparkSession.builder.getOrCreate()
            for schema in SCHEMAS:
                for row in spark.sql(f"show schemas like '{schema}'").collect():
                    spark.sql(f"drop schema {row[0]} cascade")

    def dbt(self, uttrekk: Path, *arguments: str) -> dbtRunnerResult:
        """Run a dbt command on an extract, copy what Spark then has, and return dbt's result."""
        link = self.folder.parent / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        os.environ["DBT_LOG_PATH"] = str(self.log_path)
        try:
            return dbtRunner().invoke(["--quiet", *arguments, "--target", "spark", *self.variables()])
        finally:
            reset_adapters()  # type: ignore[no-untyped-call]
            self.copy()

    def copy(self) -> None:
        """Copy every table and view from Spark to the DuckDB file."""
        if SparkContext._active_spark_context is None:
            return
        spark = SparkSession.builder.getOrCreate()
        # Weeks before all others begin in year 1: as they are, not as another calendar has them.
        for kind in ("datetimeRebaseModeInWrite", "int96RebaseModeInWrite"):
            spark.conf.set(f"spark.sql.parquet.{kind}", "CORRECTED")
        parquet = self.folder / "parquet"
        shutil.rmtree(parquet, ignore_errors=True)
        self.path.unlink(missing_ok=True)
        with duckdb.connect(str(self.path)) as copy:
            for schema in SCHEMAS:
                copy.execute(f"create schema if not exists {schema}")
                if not spark.sql(f"show schemas like '{schema}'").collect():
                    continue
                for row in spark.sql(f"show tables in {schema}").collect():
                    if row["isTemporary"]:
                        continue
                    name = f"{schema}.{row['tableName']}"
                    spark.table(name).coalesce(1).write.parquet(str(parquet / name))
                    copy.execute(f"create table {name} as from read_parquet('{parquet / name}/*.parquet')")
