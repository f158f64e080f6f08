"""A warehouse on another engine, read as those on DuckDB are: its tables are copied to a DuckDB file after each run."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import duckdb
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult

from tests.rules.warehouse import Warehouse
from tiltaksstatistikk.engines.deliver import deliver, engine_of

SCHEMAS = ("main", "intermediate", "staging", "snapshots", "kodeverk", "uttrekk", "drift")
FIL = {"kilde": "VARCHAR", "uttrekk_tidspunkt": "TIMESTAMP", "omfang": "VARCHAR"}


class EngineWarehouse(Warehouse):
    """An engine's tables, and a copy of them.

    Args:
        folder: an empty folder for the copy, the extracts and what the loader and dbt write.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    target: str

    def __init__(self, folder: Path, fra_uke_dato: date | None = None) -> None:
        """Make the folder."""
        super().__init__(folder, None, fra_uke_dato)  # type: ignore[arg-type]

    def point_to(self, uttrekk: Path) -> None:
        """Have the environment name an extract, and this warehouse."""
        link = self.folder.parent / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        os.environ["TILTAK_LASTET"] = str(self.folder / "lastet.duckdb")
        os.environ["DBT_LOG_PATH"] = str(self.log_path)

    def deliver(self, uttrekk: Path) -> None:
        """Load an extract, and put its clean tables on the engine."""
        self.point_to(uttrekk)
        try:
            deliver(self.target)
        finally:
            self.copy()

    def build(self, uttrekk: Path, *arguments: str, tests: bool = False) -> None:
        """Load an extract, and build everything from it; without `tests`, only the relations.

        Raises:
            AssertionError: dbt did not succeed.
        """
        self.deliver(uttrekk)
        super().build(uttrekk, *arguments, tests=tests)

    def dbt(self, uttrekk: Path, *arguments: str) -> dbtRunnerResult:
        """Run a dbt command, copy what the engine then has, and return dbt's result."""
        self.point_to(uttrekk)
        try:
            return dbtRunner().invoke(["--quiet", *arguments, "--target", self.target, *self.variables()])
        finally:
            reset_adapters()  # type: ignore[no-untyped-call]
            self.copy()

    def assert_not_built(self, uttrekk: Path) -> None:
        """See what a run says of a load that was interrupted, and of a part of the project before the whole of it.

        Raises:
            AssertionError: it says something else, or runs.
        """
        with engine_of(self.target) as engine:
            (first, *_), times = zip(*engine.rows("uttrekk", "fil", "kilde, uttrekk_tidspunkt"), strict=True)
            engine.remove("uttrekk", "fil")
            assert "Nothing has been loaded, or a load was interrupted" in self.said(uttrekk, "build")
            file = self.folder / "fil"
            with duckdb.connect() as connection:
                later = max(times) + timedelta(days=1)
                connection.execute("create table fil (kilde varchar, uttrekk_tidspunkt timestamp, omfang varchar)")
                connection.execute("insert into fil values (?, ?, 'full')", [first, later])
                connection.execute(f"copy fil to '{file}' (format {engine.file_format})")
            engine.put("uttrekk", "fil", file, FIL)
        assert "No run has finished with this extract yet" in self.said(uttrekk, "run", "--select", "dim_uke")

    def said(self, uttrekk: Path, *arguments: str) -> str:
        """Return what stopped a run."""
        result = self.dbt(uttrekk, *arguments)
        assert not result.success
        return str(result.exception)

    def copy(self) -> None:
        """Copy every table and view to the DuckDB file, in the schemas of DuckDB."""
        raise NotImplementedError
