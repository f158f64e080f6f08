"""The recipe of CONTRIBUTING.md for a measure on the page, followed in a copy of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.page.browser import Opened
from tests.project.recipes import follow, recipes
from tests.rules.warehouse import ROOT
from tiltaksstatistikk.export import page


def test_a_measure_is_on_the_page(
    browser: Browser, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the menu, and a link to it shows its numbers."""
    shutil.copytree(ROOT / "page", tmp_path / "page", symlinks=True)
    for step in recipes()["A measure on the page"]:
        follow(step, tmp_path)
    subprocess.run(["npm", "run", "build"], cwd=tmp_path / "page", check=True, capture_output=True)
    monkeypatch.setattr(page, "TEMPLATE", tmp_path / "page" / "template.html")
    page.write_page(published, tmp_path / "side.html")
    opened = Opened(browser, tmp_path / "side.html", "vis=utforsk&form=lang&maal=egne&x=uke")
    assert "Egne personer på egne plasser" in opened.page.locator("#maal option").all_inner_texts()
    assert opened.shown_rows()
    opened.close()
