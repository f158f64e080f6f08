"""Monday's table on the front: each number is what an independent query says, of any week, beside the right units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.page.browser import DOT, Open, Opened, Value, number
from tests.page.independent import expected
from tests.page.test_page import AXES, COUNTRY, LAST, OFFICE, REGION, week

Worlds = Callable[[str], tuple[Path, Path]]
Cells = dict[tuple[str, str], Value]
# The units beside a unit: an office's region, a region's offices, and the country's regions.
BESIDE = {OFFICE: ["region 2"], REGION: ["kontor 1", "kontor 3", "kontor 5"], COUNTRY: ["region 1", "region 2"]}
UNITS = {"region 1": REGION, "region 2": ("REGION", "0100")} | {
    f"kontor {n}": ("KONTOR", "0000" if n == 1 else f"{999 + n}") for n in range(1, 6)
}


def table(opened: Opened) -> tuple[list[str], dict[str, list[Value]]]:
    """Return the names of the columns, and each row's numbers by its name, in order."""
    columns = opened.page.locator("#mandag thead th").all_inner_texts()
    rows = opened.page.evaluate(
        """[...document.querySelectorAll('#mandag tbody tr')].map(tr => [...tr.cells].map(
            cell => (cell.querySelector('[aria-hidden]:not(svg)') ?? cell).textContent))"""
    )
    return columns, {name: [*map(number, [*numbers[:3], *numbers[4:]])] for name, *numbers in rows}


def difference(now: Value, then: Value, least: float) -> Value:
    """Return how a change is shown."""
    if not isinstance(now, float) or not isinstance(then, float):
        return DOT
    return "under 8" if abs(now - then) < least else now - then


@pytest.mark.parametrize("monday", [LAST, date(2026, 8, 3)])
@pytest.mark.parametrize(
    ("unit", "split"),
    [(OFFICE, "tiltak"), (OFFICE, "avdeling"), (OFFICE, "innsats"), (REGION, "tiltak"), (COUNTRY, "innsats")],
)
@pytest.mark.parametrize("world", ["internt", "stoy", "liten"])
def test_each_number_of_the_table(
    open_page: Open, worlds: Worlds, world: str, unit: tuple[str, str], split: str, monday: date
) -> None:
    """Now, the change from the week and the year before, and the same of the units beside it; «I alt» is first."""
    folder, _ = worlds(world)
    opened = open_page(world, f"enhet={':'.join(unit)}&etter={split}&uke={week(monday)}")
    columns, rows = table(opened)
    least = 8 if world == "stoy" else 0
    year, weekly, _ = monday.isocalendar()
    before = [monday - timedelta(weeks=1), date.fromisocalendar(year - 1, weekly, 1)]

    def sign(value: Value) -> Value:
        return "1–4" if value == DOT and world == "stoy" else value

    def cells(of: tuple[str, str], start: date) -> Cells:
        parts = expected(folder, "personer", of, split, weeks=(start, start))
        (whole,) = expected(folder, "personer", of, "aar", weeks=(start, start)).values() or [0.0]
        return parts | {("I alt", ""): whole}

    now, last_week, last_year = (cells(unit, start) for start in [monday, *before])
    beside = [] if split == "avdeling" else BESIDE[unit]
    others = [cells(UNITS[name], monday) for name in beside]
    assert next(iter(rows)) == "I alt"
    assert columns[:5] == [AXES[split], "Personer", "Fra uken før", "Fra året før", "52 uker"]
    assert len(columns) == 5 + len(beside)
    assert {name for name, _ in {**now, **last_week, **last_year}} == set(rows) or world == "internt"
    for name, (value, weeks, years, *others_shown) in rows.items():
        key = name.split(" (T0")[0], ""
        if name != key[0]:
            # Two tiltakstyper are called the same in this world, and the query cannot tell them apart.
            continue
        assert value == sign(now.get(key, 0.0))
        assert weeks == difference(now.get(key, 0.0), last_week.get(key, 0.0), least)
        assert years == difference(now.get(key, 0.0), last_year.get(key, 0.0), least)
        assert others_shown == [sign(cells.get(key, 0.0)) for cells in others]


def test_the_table_is_first_on_the_screen(open_page: Open) -> None:
    """Nobody has to click or move to see how many there are: all on a screen, and the whole unit on a phone."""
    for width, height, row in [(1280, 800, 6), (360, 740, 1)]:
        opened = open_page("internt", "enhet=KONTOR:1001", viewport={"width": width, "height": height})
        box = opened.page.locator(f"#mandag tbody tr:nth-child({row})").bounding_box()
        assert box
        assert box["y"] + box["height"] < height


def test_a_year_is_a_line(open_page: Open) -> None:
    """The line has all 52 weeks, and a gap for each that is not shown."""
    opened = open_page("internt", "")
    for path in opened.page.locator("#mandag .line path").all():
        assert len((path.get_attribute("d") or "").split("L")) == 53
    words = opened.page.locator("#mandag tbody tr:first-child td .unseen").all_text_contents()
    assert words[0].startswith("Lavest ")
    opened = open_page("stoy", "enhet=KONTOR:1001")
    paths = [path.get_attribute("d") or "" for path in opened.page.locator("#mandag .line path").all()]
    assert any(path.count("M") > 1 for path in paths)


def test_steps_to_an_earlier_week(open_page: Open) -> None:
    """A step is in the address, keeps the focus, and moves the whole front; there is none past the last week."""
    opened = open_page("internt", "enhet=KONTOR:1001")
    page = opened.page
    assert page.get_attribute("#uke-neste", "aria-disabled") == "true"
    latest = table(opened)
    page.click("#uke-forrige")
    assert "Uke 1 2027" in page.inner_text("#oversikt h2 >> nth=0")
    assert page.evaluate("document.activeElement.id") == "uke-forrige"
    assert "uke 1 2027" in (page.text_content("#melding") or "")
    assert "uke=2027W01" in page.url
    assert "til og med uke 1 2027" in page.inner_text("#oversikt")
    assert table(opened) != latest
    page.click("#etter-avdeling")
    assert page.get_attribute("#etter-avdeling", "aria-checked") == "true"
    assert "uke=2027W01" in page.url
    page.click("#uke-neste")
    page.click("#etter-tiltak")
    assert table(opened) == latest
    opened.go("enhet=KONTOR:1001&uke=2031W01")
    assert "uke" in page.inner_text("#ukjent")


def test_a_row_leads_to_its_year(open_page: Open) -> None:
    """The name of a row opens its development, of the 52 weeks that its line shows."""
    opened = open_page("internt", "enhet=KONTOR:1001&etter=avdeling&uke=2026W40")
    opened.page.click("#mandag a:has-text('Avdeling 2')")
    assert opened.page.input_value("#x") == "uke"
    assert opened.picked("avdeling") == "Avdeling 2"
    assert opened.page.input_value("#til-0") == "2026W40"
    assert opened.page.is_visible("#figur > svg")
