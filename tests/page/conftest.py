"""Fixtures: a browser, and pages of invented worlds, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.page.browser import Open, Opened, launch
from tests.page.published import WORLDS, make
from tiltaksstatistikk.export.page import write_page


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Give the folder of published relations of a world, and its page."""
    made: dict[str, tuple[Path, Path]] = {}

    def world(name: str) -> tuple[Path, Path]:
        if name not in made:
            folder = make(tmp_path_factory.mktemp(name), WORLDS[name])
            target = folder / "side.html"
            write_page(folder, target)
            made[name] = folder, target
        return made[name]

    return world


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a browser."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, worlds: Callable[[str], tuple[Path, Path]]) -> Iterator[Open]:
    """Give a function that opens a world's page. Afterwards, none may have failed or asked for anything."""
    opened: list[Opened] = []

    def open_world(name: str = "liten", view: str = "", **options: Any) -> Opened:
        opened.append(Opened(browser, worlds(name)[1], view, **options))
        return opened[-1]

    yield open_world
    for one in opened:
        one.close()


@pytest.fixture
def published(worlds: Callable[[str], tuple[Path, Path]]) -> Path:
    """Give the published relations of the world that most tests are in."""
    return worlds("liten")[0]
