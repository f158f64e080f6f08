"""A database to load extracts into, without dbt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.rules.rows import tombstone
from tests.rules.small_worlds import UttrekkRows, write_uttrekk
from tiltaksstatistikk.load.loader import load

KEY = "en hemmelig nøkkel"
# A topic that nobody is on.
NOTHING = [tombstone("ingen", 0)]


class Door:
    """A database in memory, and what the loader puts in it.

    Args:
        folder: an empty folder for extracts.
        patch: what sets the environment of a real run.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Open the database."""
        self.folder = folder
        self.patch = patch
        self.connection = duckdb.connect()
        self.extracts = 0
        patch.setenv("PSEUDONYM_NOKKEL", KEY)

    def write(self, rows: UttrekkRows) -> Path:
        """Write an extract into a folder of its own and return it."""
        folder = self.folder / f"uttrekk_{self.extracts}"
        self.extracts += 1
        write_uttrekk(rows, folder)
        return folder

    def load(self, uttrekk: UttrekkRows | Path, **options: Any) -> None:
        """Load an extract.

        Raises:
            Refused: it was refused.
        """
        folder = uttrekk if isinstance(uttrekk, Path) else self.write(uttrekk)
        self.patch.setenv("UTTREKK_MAPPE", str(folder))
        load(self.connection, "memory", **options)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        """Return the first column of a query."""
        return [row[0] for row in self.rows(sql)]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every table, in a fixed order."""
        names = self.column(
            "select schema_name || '.' || table_name from duckdb_tables() where not temporary order by 1"
        )
        return {name: sorted(self.rows(f"select * from {name}"), key=repr) for name in names}
