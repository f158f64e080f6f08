"""Fixtures: a door of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.load.door import Door


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Give an empty database and a folder."""
    return Door(tmp_path, monkeypatch)
