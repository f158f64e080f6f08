"""Fixtures: a place, and small databases."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tiltaksstatistikk.deliver.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a folder that is not there yet."""
    return Place(str(tmp_path / "sted" / "kopier"))


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a database of one run."""
    monkeypatch.delenv("DBT_ENV_SECRET_TILTAK_DUCKDB", raising=False)
    path = tmp_path / "base" / "tiltak.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema drift")
        connection.execute("create table drift.kjoring as select timestamp '2025-08-04 06:00:00' as uttrekk_tid")
    return path
