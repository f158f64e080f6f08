"""What can be taken out of the page, compared with what it shows: Excel's file, CSV, figures and the clipboard."""

from __future__ import annotations

import csv
import io
import re
import struct
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.page.browser import DOT, Open, Opened, Value
from tests.page.taking import csv_lines, csv_texts, show_buttons, taken, without_codes, workbook
from tests.page.test_monday import table as monday_table
from tests.page.test_page import COUNTRY, OFFICE, REGION, crossed
from tests.page.test_table import table as cross_table

LISTED = (
    "vis=utforsk&form=lang&enhet=KONTOR:1001&x=tiltak&del=avdeling&periode=2026W40-2026W43&periode=siste&mot=aar"
    "&tabell=3:ned"
)
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def values(sheet: Worksheet) -> list[list[Any]]:
    """Return the values of a sheet."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def about(sheet: Worksheet) -> dict[str, str]:
    """Return what the sheet about the numbers says, by its names."""
    return {str(name): str(text) for name, text in sheet.iter_rows(values_only=True)}


def cells(sheet: Worksheet, first: int, last: int | None = None) -> list[Cell]:
    """Return the cells of the rows from one to another, but not what is merged into one beside it."""
    rows = sheet.iter_rows(min_row=first, max_row=last)
    return [cell for row in rows for cell in row if isinstance(cell, Cell)]


def is_same(written: object, shown: Value) -> bool:
    """Tell whether a file has what the page shows: the number itself, or the same sign."""
    if isinstance(shown, float):
        return isinstance(written, int | float) and written == pytest.approx(shown, abs=0.051)
    return written == shown


def check_head(sheet: Worksheet, lines: int) -> None:
    """Check that the header is bold, frozen and has a filter on its last line, and that each text has room."""
    for cell in cells(sheet, 1, lines):
        assert cell.font.b and cell.alignment.wrap_text
    assert sheet.freeze_panes == f"B{lines + 1}"
    last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
    assert sheet.auto_filter.ref == f"A{lines}:{last}"
    for cell in cells(sheet, lines + 1):
        width = sheet.column_dimensions[cell.column_letter].width
        assert 8 < width < 50
        assert width > (10 if cell.is_date else len(str(cell.value or "")[: 6 if cell.data_type == "n" else None]))


def test_a_workbook_of_the_list(open_page: Open) -> None:
    """Cell by cell it is the list, in its order, with codes as text and days as days."""
    opened = open_page(view=LISTED)
    sheet = workbook(opened)["Tabell"]
    columns, rows = opened.columns(), opened.rows()
    head, *lines = values(sheet)
    assert without_codes([head])[0] == columns
    assert head[:5] == ["Periode", "Fra og med", "Til og med", "Tiltakstype", "Tiltakskode"]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert all(is_same(line[head.index(column)], row[column]) for column in columns)
        assert isinstance(line[1], datetime)
        assert f"{line[1]:%Y-%m-%d}" in {"2026-09-28", "2027-01-11"}
        assert re.fullmatch(r"T0\d", line[4])
    check_head(sheet, 1)
    formats = {cell.column_letter: cell.number_format for cell in cells(sheet, 2) if cell.data_type != "s"}
    assert formats["B"] == formats["C"] == "yyyy-mm-dd"
    assert formats["G"] == formats["H"] == "#,##0.0"
    assert formats["J"] == "#,##0"
    texts = [cell for cell in cells(sheet, 2) if cell.data_type == "s"]
    assert {cell.number_format for cell in texts} == {"@"}
    assert any(cell.value == DOT for cell in texts)


@pytest.mark.parametrize("world", ["liten", "stoy", "internt"])
def test_a_workbook_of_the_cross_table(open_page: Open, world: str) -> None:
    """Cell by cell it is the cross table, with its wholes in bold, and no number where the page has a sign."""
    opened = open_page(world, crossed(OFFICE, x="tiltak", **{"del": "avdeling"}))
    sheet = workbook(opened)["Tabell"]
    columns, rows = cross_table(opened)
    head, *lines = values(sheet)
    assert without_codes([head])[0] == columns
    assert [line[0] for line in lines] == list(rows)
    for name, code, *numbers in lines:
        assert code == (None if name == "I alt" else f"T0{int(code[1:])}")
        assert all(is_same(written, shown) for written, shown in zip(numbers, rows[name], strict=True))
    check_head(sheet, 1)
    whole, part = sheet[2], sheet[3]
    assert all(cell.font.b for cell in whole)
    assert [cell.font.b for cell in part] == [False, False, True, *[False] * (len(head) - 3)]
    assert {cell.number_format for cell in cells(sheet, 2) if cell.data_type == "n" and cell.value is not None} == {
        "#,##0"
    }


def test_a_workbook_of_groups_of_columns(open_page: Open) -> None:
    """Groups stand over their columns as on the page, changes have their sign, and codes stand over what is across."""
    opened = open_page("internt", crossed(OFFICE, x="tiltak", mot="aar", **{"del": "innsats"}))
    sheet = workbook(opened)["Tabell"]
    codes, groups, leaves = values(sheet)[:3]
    shown = opened.page.locator("#tabell thead th[scope=colgroup]").all_inner_texts()
    assert [name for name in groups if name] == shown
    assert leaves == ["Tiltakstype", "Tiltakskode", *["Personer", "Endring fra året før"] * len(shown)]
    assert codes[:4] == ["Innsatsgruppekode", None, None, None]
    assert all(re.fullmatch(r"I\d", code) for code in codes[4:])
    assert codes[4::2] == codes[5::2]
    merged = {str(its) for its in sheet.merged_cells.ranges}
    assert len(merged) == len(shown)
    assert {"C2:D2", "E2:F2"} <= merged
    check_head(sheet, 3)
    assert sheet["C4"].number_format == "#,##0"
    assert sheet["D4"].number_format == "+#,##0;-#,##0;0"


def test_a_workbook_keeps_zeros_and_weeks(open_page: Open) -> None:
    """An office's number is text with its zeros, and over a week are its ISO week and its Monday."""
    opened = open_page("internt", crossed(COUNTRY, x="kontor", periode="2026W52-2027W01", **{"del": "uke"}))
    sheet = workbook(opened)["Tabell"]
    weeks, mondays, head, *lines = values(sheet)
    assert weeks == ["ISO-uke", None, "2027-W01", "2026-W53", "2026-W52"]
    assert mondays == ["Mandag", None, "2027-01-04", "2026-12-28", "2026-12-21"]
    assert head == [
        "Kontor",
        "Enhetsnummer",
        "uke 1 2027 (foreløpig)",
        "uke 53 2026 (foreløpig)",
        "uke 52 2026 (foreløpig)",
    ]
    assert "0000" in {line[1] for line in lines}
    assert {cell.number_format for (cell,) in sheet.iter_rows(min_row=4, min_col=2, max_col=2)} == {"@"}


def test_a_workbook_says_what_it_is(open_page: Open) -> None:
    """A sheet has unit, period, measure, signs, notes, source, times, and the view's address without its folder."""
    opened = open_page("stoy", LISTED)
    sheet = workbook(opened)["Om tallene"]
    told = about(sheet)
    assert told["Enhet"] == "Nav kontor 2"
    assert told["Enhetsnummer"] == "1001"
    assert told["Periode"] == "Siste uke (uke 2 2027): 2027-01-11 til 2027-01-17 (2027-W02)"
    assert told["Personer på tiltak"].startswith("Ulike personer")
    assert told["1–4"] == "Det justerte tallet er fra 1 til 4"
    assert "justert tilfeldig" in told["Personvern"]
    assert told["Uttrekk"] == "18. januar 2027 kl. 05.30"
    assert told["Kilde"].startswith("Nav, ")
    assert told["Lenke"] == opened.page.url.rpartition("/")[2]
    assert {"gjennomsnitt per uke" in str(text) for name, text in sheet.values if name == "Merknad"} == {True, False}
    assert all(cell.font.b for (cell,) in sheet.iter_rows(max_col=1))
    assert all(cell.alignment.wrap_text for cell in cells(sheet, 1))


def test_a_large_workbook_is_made(open_page: Open) -> None:
    """Four hundred weeks are no problem, though a library would pack so much in a worker, which the page forbids."""
    opened = open_page("mange_uker", "vis=utforsk&form=lang&x=uke&del=tiltak&periode=alt&mot=uke,aar")
    sheet = workbook(opened)["Tabell"]
    assert sheet.max_row > 1600


def test_csv(open_page: Open) -> None:
    """The file is the table, as Norwegian Excel reads it, and another in the same ZIP says what it is."""
    opened = open_page(view=LISTED)
    name, content = taken(opened, "csv")
    assert name.endswith("-2026w40-2026w43-2027w02.zip")
    assert content.startswith(b"PK")
    texts = csv_texts(opened)
    columns, rows = opened.columns(), opened.rows()
    lines = without_codes(list(csv.reader(io.StringIO(texts["tabell.csv"]), delimiter=";")))
    assert lines[0] == columns
    for line, row in zip(lines[1:], rows, strict=True):
        for written, column in zip(line, columns, strict=True):
            value = row[column]
            if isinstance(value, float):
                assert "." not in written
                assert float(written.replace(",", ".")) == pytest.approx(value, abs=0.05)
            else:
                assert written == (value or "")
    assert any(DOT in line for line in lines)
    told = dict(list(csv.reader(io.StringIO(texts["om-tallene.csv"]), delimiter=";")))
    assert (told["Enhet"], told["Enhetsnummer"]) == ("Nav kontor 2", "1001")
    assert "2027-01-11 til 2027-01-17" in told["Periode"]
    assert told["Uttrekk"] == "18. januar 2027 kl. 05.30"
    assert told[DOT].startswith("Tallet er prikket")


def png_size(content: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


@pytest.mark.parametrize(
    ("view", "address", "title", "unit"),
    [
        ("", LISTED, "Personer på tiltak etter tiltakstype, fordelt på avdeling", "Nav kontor 2"),
        ("oversikt-", "enhet=KONTOR:1001", "Personer på tiltak etter uke", "Nav kontor 2"),
    ],
    ids=["utforsk", "oversikt"],
)
def test_svg_and_png(open_page: Open, view: str, address: str, title: str, unit: str) -> None:
    """The figure as files has title, unit, dates, source and a margin, is light, and needs nothing from outside."""
    opened = open_page(view=address, color_scheme="dark")
    name, content = taken(opened, "svg", view)
    assert name.endswith(".svg")
    root = ET.fromstring(content)
    text = "".join(root.itertext())
    for wanted in [title, unit, "Uttrekk: 18. januar 2027", "Kilde: Nav, Arbeidsmarkedstiltak uke for uke."]:
        assert wanted in text
    assert b"http" not in re.sub(rb'xmlns(:\w+)?="[^"]*"', b"", content)
    left, top, width, height = map(int, (root.get("viewBox") or "").split())
    assert left == top == -24
    background = root[0]
    assert [background.get(its) for its in ("x", "y", "width", "height")] == [*map(str, (left, top, width, height))]
    assert background.get("fill") in {"#fff", "#ffffff"}
    name, content = taken(opened, "png", view)
    assert name.endswith(".png")
    assert png_size(content) == (2 * width, 2 * height)
    assert len(content) > 20_000


def test_the_front_is_taken_along(open_page: Open) -> None:
    """Monday's table is in Excel's file and in the CSV cell by cell, with its codes, and says what it is."""
    for world, unit, week in [("internt", REGION, "2026W30"), ("stoy", OFFICE, "2027W02")]:
        opened = open_page(world, f"enhet={':'.join(unit)}&uke={week}")
        columns, rows = monday_table(opened)
        shown = [name for name in columns if name != "52 uker"]
        book = workbook(opened, "oversikt-")
        sheet = book["Tabell"]
        numbers, head, *lines = values(sheet)
        assert without_codes([head])[0] == shown
        assert numbers[0] == "Enhetsnummer"
        assert all(re.fullmatch(r"\d{4}", number) for number in numbers[5:])
        assert [line[0] for line in lines] == list(rows)
        for name, _, *written in lines:
            assert all(is_same(its, number) for its, number in zip(written, rows[name], strict=True))
        check_head(sheet, 2)
        assert sheet["C3"].number_format == "#,##0"
        assert about(book["Om tallene"])["Periode"].endswith(f"({week[:4]}-{week[4:]})")
        fields = without_codes(csv_lines(opened, "oversikt-"))
        assert fields[0] == shown
        assert [line[0] for line in fields[1:]] == list(rows)
        name, _ = taken(opened, "xlsx", "oversikt-")
        assert name.endswith(f"-{week.lower()}.xlsx")


def clipboard(opened: Opened, kind: str) -> str:
    """Return what the clipboard has of a kind."""
    return str(
        opened.page.evaluate(
            """async kind => {
                const [item] = await navigator.clipboard.read();
                return (await item.getType(kind)).text();
            }""",
            kind,
        )
    )


def test_the_table_is_copied(open_page: Open) -> None:
    """As text with tabs for Excel, and as a table with what its signs mean for Word and Outlook; all of its pages."""
    opened = open_page("stoy", LISTED, permissions=CLIPBOARD)
    columns, rows = opened.columns(), opened.rows()
    show_buttons(opened)
    opened.page.click("#kopier-tabell")
    opened.page.wait_for_selector("#melding:has-text('Tabellen er kopiert')", state="attached")
    lines = [line.split("\t") for line in clipboard(opened, "text/plain").split("\r\n")]
    assert lines[0] == columns
    assert len(lines) == len(rows) + 1
    html = clipboard(opened, "text/html")
    found = opened.page.evaluate(
        """html => {
            const parsed = new DOMParser().parseFromString(html, "text/html");
            return [...parsed.querySelectorAll("tr")].map(row => [...row.cells].map(cell => cell.textContent));
        }""",
        html,
    )
    assert found[0] == columns
    for line, pasted, row in zip(lines[1:], found[1:], rows, strict=True):
        for text, shown, value in zip(line, pasted, row.values(), strict=True):
            if isinstance(value, float):
                assert float(text.replace(",", ".")) == pytest.approx(value, abs=0.051)
                assert float(shown.replace(",", ".")) == value
            else:
                assert (text, shown) == (value or "", value or "–")
    assert "Personer på tiltak etter tiltakstype, fordelt på avdeling, Nav kontor 2" in html
    assert "Det justerte tallet er fra 1 til 4" in html
    assert "gjennomsnitt per uke" in html
    assert "Uttrekk: 18. januar 2027 kl. 05.30." in html
    assert "Kilde: Nav" in html


def test_the_front_is_copied(open_page: Open) -> None:
    """So is Monday's table, with the warning of the internal page."""
    opened = open_page("internt", "enhet=KONTOR:1001", permissions=CLIPBOARD)
    columns, rows = monday_table(opened)
    show_buttons(opened, "oversikt-")
    opened.page.click("#oversikt-kopier-tabell")
    opened.page.wait_for_selector("#melding:has-text('Tabellen er kopiert')", state="attached")
    lines = [line.split("\t") for line in clipboard(opened, "text/plain").split("\r\n")]
    assert lines[0] == [name for name in columns if name != "52 uker"]
    assert [name for name, *_ in lines[1:]] == list(rows)
    assert "Kun til intern bruk" in clipboard(opened, "text/html")


@pytest.mark.parametrize(("view", "address"), [("", LISTED), ("oversikt-", "enhet=KONTOR:1001")])
def test_the_figure_is_copied(open_page: Open, view: str, address: str) -> None:
    """As a picture, the same as the file."""
    opened = open_page(view=address, permissions=CLIPBOARD)
    _, content = taken(opened, "png", view)
    opened.page.click(f"#{view}kopier-figur")
    opened.page.wait_for_selector("#melding:has-text('Figuren er kopiert')", state="attached")
    size = opened.page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const image = await createImageBitmap(await item.getType("image/png"));
            return [image.width, image.height];
        }"""
    )
    assert tuple(size) == png_size(content)


def test_a_browser_that_copies_nothing_says_so(open_page: Open) -> None:
    """If copying fails, the reader is told what to do instead."""
    opened = open_page("internt", "enhet=KONTOR:1001")
    opened.page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')) }")
    show_buttons(opened, "oversikt-")
    opened.page.click("#oversikt-kopier-figur")
    opened.page.wait_for_selector("#melding:has-text('Last ned i stedet')", state="attached")
