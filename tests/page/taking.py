"""What can be taken out of the page: files that are downloaded, read as others read them."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Download

from tests.page.browser import Opened


def show_buttons(opened: Opened, view: str = "") -> None:
    """Open the menu of what can be taken along, if it is closed."""
    if not opened.page.is_visible(f"#{view}xlsx"):
        opened.page.click(f"#{view}eksport > summary")


def taken(opened: Opened, button: str, view: str = "") -> tuple[str, bytes]:
    """Press a button of the menu, and return the name and the content of the file that comes."""
    show_buttons(opened, view)
    with opened.page.expect_download() as waiting:
        opened.page.click(f"#{view}{button}")
    download: Download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def csv_texts(opened: Opened, view: str = "") -> dict[str, str]:
    """Return the text of each file that comes with the table as CSV, by its name."""
    _, content = taken(opened, "csv", view)
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert files.testzip() is None
        return {name: files.read(name).decode("utf-8-sig") for name in files.namelist()}


def csv_lines(opened: Opened, view: str = "") -> list[list[str]]:
    """Return the fields of the table as CSV, line by line."""
    return list(csv.reader(io.StringIO(csv_texts(opened, view)["tabell.csv"]), delimiter=";"))


def without_codes(lines: list[list[str]]) -> list[list[str]]:
    """Return a table without the columns that only files have."""
    codes = {"Tiltakskode", "Tiltaksgruppekode", "Innsatsgruppekode", "Enhetsnummer", "ISO-uke", "Mandag"}
    codes |= {"Fra og med", "Til og med"}
    kept = [at for at, name in enumerate(lines[0]) if name not in codes]
    return [[line[at] for at in kept] for line in lines]


def workbook(opened: Opened, view: str = "") -> Workbook:
    """Return the table as Excel's."""
    name, content = taken(opened, "xlsx", view)
    assert name.endswith(".xlsx")
    return load_workbook(io.BytesIO(content))
