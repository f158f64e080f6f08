"""For everyone: WCAG 2.1 AA, keyboard, dark and light, print, narrow windows; and what can be taken out of the page."""

from __future__ import annotations

import csv
import io
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Download

from tests.page.browser import DOT, ROOT, Open, Opened

AXE = (ROOT / "page" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
SCREENSHOTS = ROOT / "target" / "skjermbilder"
WIDTHS = {"telefon": 390, "nettbrett": 768, "skjerm": 1280}
VIEWS = {
    "oversikt": "",
    "oversikt_kontor": "enhet=KONTOR:1001",
    "oversikt_avdeling": "enhet=KONTOR:1001&etter=avdeling&uke=2026W30",
    "soyler": "vis=utforsk&mot=uke,aar&periode=siste&periode=2026W01-2026W01",
    "linje": "vis=utforsk&x=uke&del=innsats&figur=linje&periode=siste52&mot=aar",
    "stablet": "vis=utforsk&enhet=KONTOR:1001&x=uke&del=tiltak&figur=stablet&periode=siste52",
    "prosent": "vis=utforsk&enhet=KONTOR:1001&x=tiltak&del=avdeling&figur=prosent",
    "varmekart": "vis=utforsk&x=kontor&del=tiltak&figur=varme&tabell=1:ned",
    "varmekart_innsats": "vis=utforsk&x=tiltak&del=innsats&figur=varme",
    "forklaring": "vis=utforsk&enhet=KONTOR:1001&x=tiltak&del=innsats",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_axe_finds_nothing(open_page: Open, view: str, scheme: str) -> None:
    """axe finds nothing in any view, light or dark."""
    opened = open_page(view=VIEWS[view], color_scheme=scheme)
    if opened.page.locator("#eksport > summary").count():
        opened.page.click("#eksport > summary")
    assert opened.axe(AXE) == []


@pytest.mark.parametrize("name", ["internt", "stoy", "prikket", "en_uke", "mange_uker", "fiendtlig"])
def test_axe_finds_nothing_in_other_worlds(open_page: Open, name: str) -> None:
    """axe finds nothing where names, methods and weeks are others."""
    opened = open_page(name)
    assert opened.axe(AXE) == []
    opened.go("vis=utforsk&x=uke&del=tiltak&figur=stablet&periode=alt")
    assert opened.axe(AXE) == []


@pytest.mark.parametrize("view", list(VIEWS))
def test_screenshots(open_page: Open, view: str) -> None:
    """Views are kept as pictures, and fit a phone, a tablet and a screen."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for name, width in WIDTHS.items():
        opened = open_page(view=VIEWS[view], viewport={"width": width, "height": 900})
        opened.page.screenshot(path=SCREENSHOTS / f"{view}_{name}.png", full_page=True)
        assert fits(opened)
        assert cut_off(opened) == []
    opened = open_page(view=VIEWS[view], color_scheme="dark")
    opened.page.screenshot(path=SCREENSHOTS / f"{view}_mork.png", full_page=True)


def fits(opened: Opened) -> bool:
    """Tell whether nothing is wider than the window: only figure and table move sideways, in their own frames."""
    return bool(opened.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def cut_off(opened: Opened) -> list[str]:
    """Return the words that stand partly outside the figure."""
    return list(
        opened.page.evaluate(
            """[...document.querySelectorAll('.figure > svg')].flatMap(svg => {
                const frame = svg.getBoundingClientRect();
                return [...svg.querySelectorAll('text, tspan')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1
                        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
                }).map(text => text.textContent);
            })"""
        )
    )


@pytest.mark.parametrize("view", list(VIEWS))
def test_zoom_and_the_narrowest_window(open_page: Open, view: str) -> None:
    """At 200 % and 400 % zoom everything fits without moving sideways."""
    # 1280 pixels at 200 % are 640; at 400 % they are 320, as WCAG 1.4.10 asks.
    for width in [640, 320]:
        opened = open_page(view=VIEWS[view], viewport={"width": width, "height": 450}, device_scale_factor=2)
        assert fits(opened), width
        if "utforsk" in VIEWS[view] and view != "forklaring":
            frame = opened.page.evaluate("(f => [f.scrollWidth, f.clientWidth])(document.querySelector('#figur'))")
            assert frame[0] <= frame[1]


def test_everything_by_keyboard(open_page: Open) -> None:
    """Every control is reached, seen and used by keyboard, and keeps the focus when it has changed something."""
    opened = open_page(view="vis=utforsk&form=lang&x=uke&periode=siste52&periode=siste52")
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"
    assert "periode=siste52" in page.url
    page.evaluate("document.activeElement.blur()")
    page.locator("#eksport > summary").focus()
    page.keyboard.press("Enter")
    page.locator(".skip").focus()
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label')"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none" or page.evaluate(
            "document.activeElement === document.body"
        )
    wanted = set(
        page.evaluate(
            """[...document.querySelectorAll('button, select, input, [tabindex="0"]')]
               .filter(node => node.checkVisibility() && !node.disabled && !(node.type === 'radio' && !node.checked))
               .map(node => node.id || node.getAttribute('aria-label'))"""
        )
    )
    assert wanted <= reached
    page.locator("#figur-soyle").focus()
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#figur-linje")
    assert page.evaluate("document.activeElement.id") == "figur-linje"
    page.locator("#neste").focus()
    page.keyboard.press("Enter")
    assert "Side 2" in page.inner_text(".paging")
    assert page.evaluate("document.activeElement.id") == "neste"
    page.locator("#sorter-2").focus()
    page.keyboard.press("Space")
    assert "descending" in (page.get_attribute("#tabell th:nth-child(3)", "aria-sort") or "")
    assert page.evaluate("document.activeElement.id") == "sorter-2"


def test_changes_are_told(open_page: Open) -> None:
    """A live region says what a change led to."""
    opened = open_page(view="vis=utforsk")
    assert opened.page.inner_text("#melding") == ""
    opened.choose("x", "innsats")
    assert "Personer på tiltak etter innsatsgruppe" in (opened.page.text_content("#melding") or "")
    assert opened.page.get_attribute("#melding", "role") == "status"


def test_the_figure_is_described(open_page: Open) -> None:
    """The figure has its highest and lowest in words."""
    opened = open_page(view="vis=utforsk&form=lang&x=tiltak")
    described = opened.page.get_attribute("#figur > svg", "aria-labelledby")
    text = opened.page.inner_text(f"#{described}")
    rows = opened.rows()
    assert f"Høyest: {rows[0]['Tiltakstype']} ({int(float(rows[0]['Personer'] or 0))})" in text
    assert f"Lavest: {rows[-1]['Tiltakstype']} ({int(float(rows[-1]['Personer'] or 0))})" in text


def test_dark_and_light(open_page: Open) -> None:
    """The page follows the reader's system, and can be turned."""
    opened = open_page(view="vis=utforsk", color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    figure = "document.querySelector('#figur > svg > rect').getAttribute('fill')"
    assert opened.page.evaluate(colour) == "rgb(14, 21, 31)"
    assert opened.page.evaluate(figure) == "#0e151f"
    opened.page.emulate_media(color_scheme="light")
    opened.page.wait_for_selector("html[data-theme=light]")
    assert opened.page.evaluate(colour) == "rgb(255, 255, 255)"
    assert opened.page.evaluate(figure) == "#ffffff"
    opened.page.click("#tema")
    assert opened.page.evaluate(colour) == "rgb(14, 21, 31)"
    assert opened.page.evaluate(figure) == "#0e151f"


def luminance(colour: str) -> float:
    """Return how light a colour is, as WCAG reckons it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def test_colours_of_the_figure_have_contrast() -> None:
    """Text has 4.5:1, and bars and lines 3:1, against the background of both themes."""
    source = (ROOT / "page" / "src" / "colours.ts").read_text(encoding="utf-8")
    themes = re.findall(
        r"background: \"(#\w+)\",\s+text: \"(#\w+)\",\s+subtle: \"(#\w+)\".*?(unknown: .*?parts: \[.*?\])",
        re.sub(r"heat: .*", "", source),
        re.S,
    )
    assert len(themes) == 2
    for background, text, subtle, parts in themes:
        assert len(re.findall(r"#\w+", parts)) == 11
        for colour, least in [(text, 4.5), (subtle, 4.5), *((part, 3) for part in re.findall(r"#\w+", parts))]:
            lighter, darker = sorted([luminance(colour), luminance(background)], reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= least, colour


def test_print(open_page: Open) -> None:
    """On paper: figure, table and explanation, in light colours, and no controls."""
    opened = open_page(view="vis=utforsk&form=lang&x=uke&periode=siste52&side=2", color_scheme="dark")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator("#tabell tbody tr").count() == 52
    opened.page.emulate_media(media="print")
    assert not opened.page.is_visible("#valg")
    assert not opened.page.is_visible("#eksport")
    assert opened.page.is_visible("#figur > svg")
    assert opened.page.is_visible("#tabell table")
    assert opened.page.is_visible("#personvern")
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    opened.page.emulate_media(media="screen")
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert opened.page.locator("#tabell tbody tr").count() == 25


def taken(opened: Opened, button: str) -> tuple[str, bytes]:
    """Press a button of the export menu, and return the name and the content of what comes."""
    if not opened.page.is_visible(f"#{button}"):
        opened.page.click("#eksport > summary")
    with opened.page.expect_download() as waiting:
        opened.page.click(f"#{button}")
    download: Download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


EXPORTED = (
    "vis=utforsk&form=lang&enhet=KONTOR:1001&x=tiltak&del=avdeling&periode=2026W40-2026W43&periode=siste&mot=aar"
    "&tabell=3:ned"
)


def test_csv(open_page: Open) -> None:
    """The file is the table, as Norwegian Excel reads it."""
    opened = open_page(view=EXPORTED)
    name, content = taken(opened, "csv")
    assert name.endswith("-2026w40-2026w43-2027w02.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    columns, rows = opened.columns(), opened.rows()
    assert lines[0] == columns
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        for written, column in zip(line, columns, strict=True):
            value = row[column]
            if isinstance(value, float):
                assert "." not in written
                assert float(written.replace(",", ".")) == pytest.approx(value, abs=0.05)
            else:
                assert written == (value or "")
    assert any(DOT in line for line in lines)


def test_xlsx(open_page: Open) -> None:
    """The workbook is the table, numbers as numbers, with a sheet that says what it is."""
    opened = open_page(view=EXPORTED)
    name, content = taken(opened, "xlsx")
    assert name.endswith(".xlsx")
    namespace = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        parts = {part: ET.fromstring(book.read(part)) for part in book.namelist()}
    sheets = [sheet.get("name") for sheet in parts["xl/workbook.xml"].findall("m:sheets/m:sheet", namespace)]
    assert sheets == ["Tabell", "Om tallene"]
    columns, rows = opened.columns(), opened.rows()
    lines = parts["xl/worksheets/sheet1.xml"].findall("m:sheetData/m:row", namespace)
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        for cell, column in zip(line.findall("m:c", namespace), columns, strict=True):
            value, text = row[column], "".join(cell.itertext())
            if isinstance(value, float):
                assert cell.get("t") is None
                assert float(text) == pytest.approx(value, abs=0.05)
            else:
                assert text == (value or "")
    about = "".join(parts["xl/worksheets/sheet2.xml"].itertext())
    assert "Nav kontor 2" in about
    assert "gjennomsnitt per uke" in about


def test_svg_and_png(open_page: Open) -> None:
    """The figure as files has title, unit and period inside, and needs nothing from outside."""
    opened = open_page(view=EXPORTED, color_scheme="dark")
    name, content = taken(opened, "svg")
    assert name.endswith(".svg")
    root = ET.fromstring(content)
    text = "".join(root.itertext())
    for wanted in [
        "Personer på tiltak etter tiltakstype, fordelt på avdeling",
        "Nav kontor 2",
        "Uke 40 2026–uke 43 2026",
    ]:
        assert wanted in text
    assert b"http" not in re.sub(rb'xmlns(:\w+)?="[^"]*"', b"", content)
    name, content = taken(opened, "png")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == tuple(2 * int(root.get(side) or 0) for side in ("width", "height"))
    assert len(content) > 20_000


def test_link(open_page: Open) -> None:
    """The link is the view's, and can be copied."""
    opened = open_page(view="vis=utforsk&x=innsats")
    opened.page.click("#eksport > summary")
    assert opened.page.input_value("#lenke") == opened.page.url
    opened.page.click("#kopier")
    opened.page.wait_for_selector("#melding:has-text('Lenken er')", state="attached")
