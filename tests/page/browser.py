"""The page in Chromium: opening it, and reading what it shows."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).resolve().parents[2]
DOT = "•"
Value = float | str | None
Row = dict[str, Value]


def launch(playwright: Playwright) -> Browser:
    """Start the machine's own Chromium without a window."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "Chromium is missing: apt-get update && apt-get install -y chromium"
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Opened:
    """A page that is open, with everything it asked the network for and every fault it had.

    Args:
        browser: what to open it in.
        file: the page.
        view: what is chosen, as in the address.
        options: of the browser's window (`viewport`, `color_scheme`, ...).
    """

    def __init__(self, browser: Browser, file: Path, view: str = "", **options: Any) -> None:
        """Open it."""
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self.note)
        self.page.on("dialog", self.refuse)
        self.file = file
        self.go(view)

    def refuse(self, dialog: Dialog) -> None:
        """Note a dialog, which the page never opens, and close it."""
        self.faults.append(dialog.message)
        dialog.dismiss()

    def note(self, message: ConsoleMessage) -> None:
        """Note what the console says is wrong."""
        if message.type == "error":
            self.faults.append(message.text)

    def go(self, view: str) -> None:
        """Open a view by its address, as a link does."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.file.as_uri()}#{view}")
        self.page.wait_for_selector("#fakta:has-text('Til og med')")

    def choose(self, control: str, value: str) -> None:
        """Choose in a select, or in the field of units, by the value of the option."""
        if control == "enhet":
            self.page.click("#enhet")
            self.page.click(f"#enhet-liste [data-value='{value}']")
        else:
            self.page.select_option(f"#{control}", value)

    def pick(self, key: str, *codes: str) -> None:
        """Choose some in a filter, by their codes, and no others."""
        if self.page.get_attribute(f"#{key}", "open") is None:
            self.page.click(f"#{key} > summary")
        if self.page.is_visible(f"#{key}-alle"):
            self.page.click(f"#{key}-alle")
        boxes = self.page.locator(f"#{key} input[type=checkbox]")
        values = boxes.evaluate_all("boxes => boxes.map(box => box.value)")
        for code in codes:
            boxes.nth(values.index(code)).check()

    def picked(self, key: str) -> str | None:
        """Return what a filter says is chosen."""
        text: str | None = self.page.text_content(f"#{key} .value")
        return text

    def unit(self) -> str | None:
        """Return the unit that is chosen, as the address has it."""
        number: str | None = self.page.get_attribute("#enhet", "data-value")
        return number

    def units(self) -> list[str]:
        """Return the names of the units that can be chosen."""
        names: list[str] = self.page.locator("#enhet-liste [data-value]").all_text_contents()
        return names

    def columns(self) -> list[str]:
        """Return the names of the table's columns."""
        return [re.sub(r" [↕↑↓]$", "", text) for text in self.page.locator("#tabell th button").all_inner_texts()]

    def shown_rows(self) -> list[Row]:
        """Return the rows of the table's page that is shown: numbers as numbers, what is not shown as its sign."""
        columns = self.columns()
        numeric = self.page.evaluate(
            "[...document.querySelectorAll('#tabell thead th')].map(th => th.className === 'number')"
        )
        texts = self.page.evaluate(
            """[...document.querySelectorAll('#tabell tbody tr')].map(
                tr => [...tr.cells].map(td => (td.querySelector('[aria-hidden]') ?? td).textContent))"""
        )
        return [
            {
                column: number(text) if is_number else text
                for column, text, is_number in zip(columns, row, numeric, strict=True)
            }
            for row in texts
        ]

    def rows(self) -> list[Row]:
        """Return all rows of the table, turning its pages."""
        found = self.shown_rows()
        while self.page.get_attribute("#neste", "aria-disabled") is None:
            self.page.click("#neste")
            found += self.shown_rows()
        return found

    def figure(self) -> dict[str, Value]:
        """Return the numbers of the figure by what they are of, as its signs say in words."""
        titles = self.page.evaluate(
            "[...document.querySelectorAll('#figur svg title')].map(title => title.textContent)"
        )
        found: dict[str, Value] = {}
        for title in titles:
            name, separator, value = title.rpartition(": ")
            if separator and value != "ufullstendig":
                found[name] = number(value)
        return found

    def explained(self) -> str:
        """Return what stands where the figure would be."""
        return str(self.page.inner_text("#forklart"))

    def axe(self, script: str) -> list[str]:
        """Return what axe finds against WCAG 2.1 A and AA."""
        self.page.evaluate(script)
        found = self.page.evaluate(
            "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })"
            ".then(result => result.violations.map("
            "one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 150)).join(' | ')}`))"
        )
        return list(found)

    def close(self) -> None:
        """Close it: nothing may have been asked for but the file itself, and nothing may have failed."""
        self.context.close()
        assert self.faults == []
        assert [url for url in self.requests if not url.startswith(("file:", "blob:", "data:", "about:"))] == []
        assert {url.partition("#")[0] for url in self.requests if url.startswith("file:")} == {self.file.as_uri()}


def number(text: str) -> Value:
    """Read a number as it is written in Norwegian; what stands in the place of one is text."""
    if text == DOT or re.fullmatch(r"1–\d+|under \d+", text):
        return text
    if text == "–":
        return None
    return float(re.sub(r"[\s %+]", "", text).replace("−", "-").replace(",", "."))


Open = Callable[..., Opened]
