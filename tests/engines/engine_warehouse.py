"""A warehouse on another engine, read as those on DuckDB are: its tables are copied to a DuckDB file after each run."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult

from tests.rules.warehouse import Warehouse


class EngineWarehouse(Warehouse):
    """An engine's tables, and a copy of them.

    Args:
        folder: an empty folder for the copy, the extracts and what dbt writes.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    target: str

    def __init__(self, folder: Path, fra_uke_dato: date | None = None) -> None:
        """Make the folder."""
        super().__init__(folder, None, fra_uke_dato)  # type: ignore[arg-type]

    def dbt(self, uttrekk: Path, *arguments: str) -> dbtRunnerResult:
        """Run a dbt command on an extract, copy what the engine then has, and return dbt's result."""
        link = self.folder.parent / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        os.environ["DBT_LOG_PATH"] = str(self.log_path)
        try:
            return dbtRunner().invoke(["--quiet", *arguments, "--target", self.target, *self.variables()])
        finally:
            reset_adapters()  # type: ignore[no-untyped-call]
            self.copy()

    def copy(self) -> None:
        """Copy every table and view to the DuckDB file, in the schemas of DuckDB."""
        raise NotImplementedError
