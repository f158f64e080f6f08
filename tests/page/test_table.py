"""The cross table: its numbers, its wholes, how it is laid out, and that it can be read and printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.page.browser import DOT, Open, Opened, Value, number
from tests.page.independent import expected
from tests.page.published import INNSATSGRUPPER
from tests.page.taking import csv_lines, without_codes
from tests.page.test_everyone import AXE, fits
from tests.page.test_page import COUNTRY, LAST, OFFICE, REGION, crossed

Worlds = Callable[[str], tuple[Path, Path]]
ALL = "I alt"
HEADERS = """[...document.querySelectorAll('#tabell table')].flatMap(table => {
    const text = cell => cell.textContent.replace(/ [↕↑↓]$/, '');
    const [first, second] = [...table.tHead.rows].map(row => [...row.cells]);
    if (!second) return first.map(text);
    const groups = first.slice(1).flatMap(cell => Array(cell.colSpan).fill(text(cell)));
    return [text(first[0]), ...second.map((cell, at) => `${groups[at]}, ${text(cell)}`)];
})"""
CELLS = """[...document.querySelectorAll('#tabell tbody tr')].map(tr => [...tr.cells].map(
    cell => (cell.querySelector('[aria-hidden]') ?? cell).textContent))"""


def table(opened: Opened) -> tuple[list[str], dict[str, list[Value]]]:
    """Return the names of the columns, and each row's numbers by its name, in order."""
    rows = opened.page.evaluate(CELLS)
    return opened.page.evaluate(HEADERS), {name: [*map(number, numbers)] for name, *numbers in rows}


def whole_of(folder: Path, unit: tuple[str, str], only: dict[str, str] | None = None) -> Value:
    """Return the number of a unit in the last week."""
    return next(iter(expected(folder, "personer", unit, "aar", only=only).values()), 0.0)


@pytest.mark.parametrize(
    ("world", "unit", "down", "across"),
    [
        ("liten", COUNTRY, "tiltak", "innsats"),
        ("liten", OFFICE, "avdeling", "tiltak"),
        ("liten", COUNTRY, "kontor", "tiltak"),
        ("stoy", OFFICE, "tiltak", "innsats"),
        ("stoy", REGION, "kontor", "innsats"),
        ("stoy", COUNTRY, "tiltak", "region"),
        ("internt", OFFICE, "innsats", "avdeling"),
    ],
)
def test_each_number_and_each_whole(
    open_page: Open, worlds: Worlds, world: str, unit: tuple[str, str], down: str, across: str
) -> None:
    """Cells, wholes of rows, wholes of columns and the whole unit are each what is published, and wholes are first."""
    folder, _ = worlds(world)
    opened = open_page(world, crossed(unit, x=down, **{"del": across}))
    (_, *columns), rows = table(opened)

    def shown(value: Value) -> Value:
        return "1–4" if value == DOT and world == "stoy" else value

    cells = expected(folder, "personer", unit, down, across)
    cells |= {(name, ALL): value for (name, _), value in expected(folder, "personer", unit, down).items()}
    cells |= {(ALL, name): value for (name, _), value in expected(folder, "personer", unit, across).items()}
    cells[ALL, ALL] = whole_of(folder, unit)
    assert columns[0] == next(iter(rows)) == ALL
    if down == "innsats":
        assert list(rows)[1:] == INNSATSGRUPPER
    else:
        largest = [value for value, *_ in list(rows.values())[1:] if isinstance(value, float)]
        assert largest == sorted(largest, reverse=True)
    found = {(row, column): value for row, its in rows.items() for column, value in zip(columns, its, strict=True)}
    for cell, value in found.items():
        assert value == shown(cells.get(cell, 0.0)), cell
    assert set(cells) <= set(found)
    assert opened.page.inner_text("#tegn").count("ikke summen av radene") == 1


def test_without_a_split_the_changes_are_across(open_page: Open, worlds: Worlds) -> None:
    """A row has its number and its changes; under noise no change under 8 is one, of the whole either."""
    opened = open_page("stoy", crossed(OFFICE, x="tiltak", mot="uke,aar"))
    columns, rows = table(opened)
    assert columns == ["Tiltakstype", "Personer", "Endring fra uken før", "Endring fra året før"]
    assert rows[ALL][0] == whole_of(worlds("stoy")[0], OFFICE)
    changes = [value for _, *its in rows.values() for value in its]
    assert all(abs(value) >= 8 for value in changes if isinstance(value, float))
    assert "under 8" in changes
    opened.page.check("#figur-prosent")
    columns, rows = table(opened)
    assert columns == ["Tiltakstype", "Personer", "Andel i prosent"]
    assert rows[ALL][1] == 100


def test_the_newest_week_is_first_and_weeks_have_no_whole(open_page: Open, worlds: Worlds) -> None:
    """Weeks are in order from the newest, marked if they are provisional, down as across, and none is of them all."""
    opened = open_page("internt", crossed(OFFICE, x="uke", periode="2026W50-2027W02", **{"del": "innsats"}))
    weeks = [*(f"uke {week} 2027 (foreløpig)" for week in (2, 1)), "uke 53 2026 (foreløpig)", "uke 52 2026 (foreløpig)"]
    weeks += ["uke 51 2026", "uke 50 2026"]
    columns, rows = table(opened)
    assert list(rows) == weeks
    assert columns[:2] == ["Uke", ALL]
    wanted = expected(worlds("internt")[0], "personer", OFFICE, "uke", "innsats", weeks=(date(2026, 12, 7), LAST))
    for name, its in rows.items():
        for group, value in list(zip(columns[1:], its, strict=True))[1:]:
            assert value == wanted.get((name.partition(" (")[0], group), 0.0)
    opened.page.click("#bytt")
    turned, by_group = table(opened)
    assert turned == ["Innsatsgruppe", *weeks]
    assert {group: its[0] for group, its in by_group.items()} == dict(zip(columns[1:], rows[weeks[0]], strict=True))
    opened.page.click("#form-lang")
    assert opened.shown_rows()[0]["Uke"] == "uke 2 2027"


def test_one_click_turns_the_table_and_not_the_figure(open_page: Open) -> None:
    """Rows become columns, the focus stays, and a link and Back know of it."""
    opened = open_page("stoy", crossed(OFFICE, x="uke", figur="linje", periode="siste52", **{"del": "innsats"}))
    figure = "document.querySelector('#figur > svg').outerHTML"
    before, drawn = table(opened), opened.page.evaluate(figure)
    opened.page.locator("#bytt").focus()
    opened.page.keyboard.press("Enter")
    columns, rows = table(opened)
    assert columns[1:] == list(before[1])
    assert list(rows) == before[0][1:]
    assert opened.page.evaluate(figure) == drawn
    assert opened.page.evaluate("document.activeElement.id") == "bytt"
    assert "ned=del" in opened.page.url
    assert table(open_page("stoy", opened.page.url.partition("#")[2])) == (columns, rows)
    opened.page.go_back()
    assert table(opened) == before


def test_down_and_across_are_chosen(open_page: Open) -> None:
    """Each is chosen by itself; the figure follows, and a line that would lose its time becomes bars."""
    opened = open_page("internt", crossed(OFFICE, x="uke", figur="linje", periode="siste52"))
    page = opened.page
    assert page.get_attribute("#bytt", "aria-disabled") == "true"
    assert "Velg noe bortover" in page.inner_text("#bytt-hint")
    opened.choose("bortover", "avdeling")
    assert table(opened)[0][0] == "Uke"
    # A choice that is across already is turned with the one that is down, and the line is still over weeks.
    opened.choose("nedover", "avdeling")
    assert table(opened)[0][0] == "Avdeling"
    assert page.is_checked("#figur-linje")
    opened.choose("bortover", "innsats")
    columns, rows = table(opened)
    assert (columns[0], columns[2], next(iter(rows))) == ("Avdeling", "Standardinnsats", ALL)
    assert page.is_checked("#figur-soyle")
    opened.choose("bortover", "")
    assert table(opened)[0] == ["Avdeling", "Personer (gjennomsnitt per uke)"]
    opened.choose("bortover", "uke")
    assert table(opened)[0][0] == "Avdeling"
    assert page.evaluate("document.activeElement.id") != ""


def test_what_cannot_be_had_says_why(open_page: Open) -> None:
    """A choice that is closed has its reason beside it, and leads to the explanation."""
    opened = open_page(view=crossed(OFFICE, x="innsats"))
    across = opened.page.locator("#bortover option").all_text_contents()
    assert "Avdeling – innsatsgruppe og avdeling vises ikke sammen" in across
    assert "Kontor – velg en region eller hele landet" in across
    assert {"Ingenting", "Uke"} <= set(across)
    assert "Innsatsgruppe" not in across
    opened.choose("bortover", "avdeling")
    assert "Innsatsgruppe og avdeling vises ikke sammen" in opened.explained()


@pytest.mark.parametrize(
    ("chosen", "wholes"),
    [
        ({"x": "tiltak", "del": "innsats", "tiltak": "T01"}, (False, True)),
        ({"x": "innsats", "del": "uke", "tiltak": "T01", "periode": "siste52"}, (True, False)),
        ({"maal": "kapasitet", "x": "kontor", "del": "bruk"}, (False, False)),
        ({"maal": "plasser", "x": "kontor", "del": "tiltak"}, (True, True)),
    ],
)
def test_a_whole_is_there_only_if_it_is_the_whole(
    open_page: Open, chosen: dict[str, str], wholes: tuple[bool, bool]
) -> None:
    """There is none of the weeks, of who uses the places, or of what only one is chosen of."""
    columns, rows = table(open_page("stoy", crossed(COUNTRY, **chosen)))
    assert (ALL in rows, ALL in columns) == wholes


def test_periods_are_across(open_page: Open, worlds: Worlds) -> None:
    """Each period has its columns, under its name; of weeks there is one row for each, whatever period it is in."""
    folder, _ = worlds("liten")
    opened = open_page(view=crossed(COUNTRY, x="innsats", periode="siste") + "&periode=2026W03-2026W03")
    columns, rows = table(opened)
    assert columns == ["Innsatsgruppe", "Siste uke (uke 2 2027)", "Uke 3 2026"]
    assert rows[ALL][0] == whole_of(folder, COUNTRY)
    opened.choose("bortover", "region")
    columns, _ = table(opened)
    assert columns[1:4] == [f"Siste uke (uke 2 2027), {name}" for name in (ALL, "Nav region 1", "Nav region 2")]
    assert opened.page.locator("#tabell th[scope=colgroup]").all_inner_texts() == [
        "Siste uke (uke 2 2027)",
        "Uke 3 2026",
    ]
    opened.go(crossed(COUNTRY, x="uke", periode="2026W03-2026W05") + "&periode=2026W04-2026W06")
    assert list(table(opened)[1]) == [f"uke {week} 2026" for week in (5, 4, 3, 6)]
    opened.go(crossed(COUNTRY, x="aar", periode="2026W03-2026W05") + "&periode=2026W04-2026W06")
    assert list(table(opened)[1]) == ["2026 (Uke 3 2026–uke 5 2026)", "2026 (Uke 4 2026–uke 6 2026)"]


def test_rows_are_sorted_under_the_whole(open_page: Open) -> None:
    """A header sorts the rows by its column, and the whole stays first."""
    opened = open_page("internt", crossed(OFFICE, x="innsats", **{"del": "avdeling"}))
    opened.page.click("#sorter-2")
    assert opened.page.get_attribute("th:has(#sorter-2)", "aria-sort") == "descending"
    _, rows = table(opened)
    assert next(iter(rows)) == ALL
    values = [float(its[1] or 0) for name, its in rows.items() if name != ALL]
    assert values == sorted(values, reverse=True)
    opened.page.click("#sorter-0")
    names = [name for name in table(opened)[1] if name != ALL]
    assert names == sorted(names)


def test_header_and_first_column_stay(open_page: Open) -> None:
    """However the table is moved, each number is seen with what it is of; a screen reader has it from `scope`."""
    opened = open_page("internt", crossed(OFFICE, x="uke", periode="alt", **{"del": "tiltak"}), viewport=PHONE)
    page = opened.page
    page.evaluate("(f => { f.scrollTop = 600; f.scrollLeft = 200; })(document.querySelector('#tabell .scroll'))")
    box = "node => (b => [b.left, b.top])(node.getBoundingClientRect())"
    frame = page.locator("#tabell .scroll").evaluate(box)
    assert page.locator("#tabell thead th >> nth=0").evaluate(box) == pytest.approx(frame, abs=1)
    assert page.locator("#tabell thead th >> nth=3").evaluate(box)[1] == pytest.approx(frame[1], abs=1)
    assert page.locator("#tabell tbody th >> nth=40").evaluate(box)[0] == pytest.approx(frame[0], abs=1)
    scopes = "[...document.querySelectorAll('#tabell th')].map(th => th.scope)"
    assert set(page.evaluate(scopes)) == {"col", "row"}
    assert fits(opened)


# The second is a screen of 1280 pixels at 400 %.
PHONE, NARROWEST = {"width": 360, "height": 740}, {"width": 320, "height": 256}
VIEWS = [
    crossed(OFFICE, x="tiltak", mot="uke,aar", **{"del": "avdeling"}),
    crossed(OFFICE, x="uke", periode="siste52", **{"del": "innsats"}) + "&periode=ifjor&ned=del",
    crossed(COUNTRY, x="kontor", form="lang"),
]


@pytest.mark.parametrize("world", ["stoy", "internt"])
@pytest.mark.parametrize("chosen", VIEWS)
def test_axe_finds_nothing(open_page: Open, world: str, chosen: str) -> None:
    """axe finds nothing in any layout, and nothing is wider than a phone."""
    for size, scheme in [({"width": 1280, "height": 900}, "light"), (PHONE, "dark"), (NARROWEST, "light")]:
        opened = open_page(world, chosen, viewport=size, color_scheme=scheme)
        assert opened.axe(AXE) == []
        assert fits(opened)


def test_a_sheet_of_paper_is_as_wide_as_the_table(open_page: Open) -> None:
    """On paper all rows and columns are there, in tables that fit A4, each with its first column."""
    chosen = crossed(OFFICE, x="uke", periode="siste52", **{"del": "tiltak"})
    opened = open_page("internt", f"{chosen}&ned=del", viewport={"width": 718, "height": 1000})
    columns, rows = table(opened)
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    sheets = opened.page.locator("#tabell table")
    assert sheets.count() == 7
    assert fits(opened)
    assert [name for name in opened.page.evaluate(HEADERS) if name != "Tiltakstype"] == columns[1:]
    assert sheets.nth(6).locator("tbody th").all_inner_texts() == list(rows)
    ids = opened.page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(set(ids)) == len(ids)
    assert not opened.page.is_visible("#nedover")


def test_files_have_the_form_that_is_shown(open_page: Open) -> None:
    """The file of the cross table is the cross table."""
    opened = open_page("stoy", crossed(OFFICE, x="tiltak", **{"del": "avdeling"}))
    lines = without_codes(csv_lines(opened))
    columns, rows = table(opened)
    assert lines[0] == columns
    assert {name: [*map(number, numbers)] for name, *numbers in lines[1:]} == rows
    assert any("1–4" in line for line in lines)


def test_many_rows_are_turned_under_the_whole(open_page: Open, worlds: Worlds) -> None:
    """A table with more rows than can be drawn at once has pages, each with what is the whole."""
    opened = open_page("mange_uker", crossed(COUNTRY, x="uke", periode="alt", **{"del": "tiltak"}))
    assert re.search(r"Side 1 av 4 · 400 rader", opened.page.inner_text(".paging"))
    first = list(table(opened)[1])
    opened.page.click("#neste")
    second = list(table(opened)[1])
    assert len(first) == len(second) == 100
    last = LAST - timedelta(weeks=100)
    year, week, _ = last.isocalendar()
    assert second[0] == f"uke {week} {year}"
