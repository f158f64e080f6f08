"""The figure: names at the numbers, many parts apart, colours by code, totals over stacks, values within reach."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.page.browser import Open, Opened
from tests.page.independent import expected
from tests.page.published import INNSATSGRUPPER, World, make
from tests.page.test_everyone import luminance
from tests.page.test_page import COUNTRY, LAST, OFFICE, crossed
from tests.page.test_shown import changed, page_of

# The texts in the panels, and where they are.
TEXTS = """[...document.querySelectorAll('.figure svg svg text')].map(text => {
    const {left, right, top, bottom} = text.getBoundingClientRect();
    const parts = [...text.childNodes].filter(node => node.nodeName !== 'title').map(node => node.textContent);
    return {text: parts.join(' '), left, right, top, bottom, isBold: getComputedStyle(text).fontWeight === '700'};
}).filter(({text}) => text)"""
BARS = """[...document.querySelectorAll('#figur svg svg rect')].filter(rect => rect.querySelector('title')).map(rect =>
    [rect.querySelector('title').textContent.split(': ')[0].split(', ').at(-1), rect.getAttribute('fill')])"""


def one_office(browser: Browser, tmp_path: Path, view: str, world: World | None = None, **options: Any) -> Opened:
    """Open a view of an invented office that has 25 tiltakstyper."""
    world = world or World(offices=2, regions=1, weeks=60, types=25, people=400, method="INTERN")
    return page_of(browser, make(tmp_path / "aapent", world), view, **options)


def on_top(texts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the texts that are on top of each other, if only by a few pixels."""
    return [
        (one["text"], other["text"])
        for at, one in enumerate(texts)
        for other in texts[at + 1 :]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 2
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 4
    ]


@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("figure", ["linje", "soyle", "stablet"])
def test_parts_over_time_have_their_names_beside_them(open_page: Open, figure: str, width: int) -> None:
    """Each part has its name to the right of its last number, none is on top of another, and there is no legend."""
    view = crossed(COUNTRY, x="uke", figur=figure, periode="siste52", **{"del": "innsats"})
    opened = open_page("internt", view, viewport={"width": width, "height": 900})
    texts = opened.page.evaluate(TEXTS)
    names = [one for one in texts if one["text"] in INNSATSGRUPPER]
    assert sorted(one["text"] for one in names) == sorted(INNSATSGRUPPER)
    edge = opened.page.evaluate(
        """Math.max(...[...document.querySelectorAll('#figur svg svg title')]
            .map(title => title.parentElement.getBoundingClientRect().right))"""
    )
    assert all(one["left"] > edge for one in names)
    assert on_top(texts) == []
    whole = opened.page.text_content("#figur > svg") or ""
    titles = "".join(opened.page.locator("#figur > svg title").all_text_contents())
    assert whole.count("Standardinnsats") - titles.count("Standardinnsats") == 1


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_parts_of_categories_have_their_names_at_their_bars(open_page: Open, width: int) -> None:
    """Each bar has the name of its part, and in a stack the parts of the first one have."""
    size = {"width": width, "height": 900}
    view = crossed(COUNTRY, x="tiltak", **{"del": "innsats"})
    opened = open_page("internt", view, viewport=size)
    texts = opened.page.evaluate(TEXTS)
    assert [one["text"] for one in texts].count("Standardinnsats") == 6
    assert on_top(texts) == []
    opened = open_page("internt", f"{view}&figur=stablet", viewport=size)
    texts = opened.page.evaluate(TEXTS)
    assert [one["text"] for one in texts if one["text"] in INNSATSGRUPPER] == INNSATSGRUPPER
    assert on_top(texts) == []


@pytest.mark.parametrize("figure", ["linje", "soyle", "stablet", "prosent"])
def test_more_than_seven_have_each_their_own_figure(browser: Browser, tmp_path: Path, figure: str) -> None:
    """25 tiltakstyper are 25 figures on one scale, each under its name."""
    view = crossed(OFFICE, x="uke", figur=figure, periode="siste52", **{"del": "tiltak"})
    opened = one_office(browser, tmp_path, view)
    titles = opened.page.evaluate(
        """[...document.querySelectorAll('#figur > svg > svg')].map(panel => [...new Set(
            [...panel.querySelectorAll('title')].map(title => title.textContent.split(': ')[0].split(', ')[1]))])"""
    )
    parts = [names for names in titles if names != ["I alt"]]
    assert len(titles) - len(parts) == (figure == "stablet")
    assert sorted(name for (name,) in parts) == sorted(f"Tiltak nummer {number}" for number in range(1, 26))
    headings = opened.page.locator("#figur > svg > text[font-weight=bold]").all_text_contents()
    assert [name for (name,) in parts] == [name for name in headings if name.startswith("Tiltak nummer")]
    scales = opened.page.evaluate(
        """[...document.querySelectorAll('#figur > svg > svg')].map(panel =>
            [...panel.querySelectorAll('g text')].map(text => text.textContent)
            .filter(text => /^[\\d\\s]+( %)?$/.test(text)).join())"""
    )
    assert len(set(scales[-25:])) == 1
    assert "Hver del har sin egen figur, alle på samme skala." in (opened.page.text_content("#figur") or "")
    opened.close()


@pytest.mark.parametrize("view", ["x=uke&figur=stablet&periode=siste52", "x=avdeling", "x=avdeling&sorter=navn"])
@pytest.mark.parametrize("unit", ["KONTOR:0000", "KONTOR:1001"])
def test_a_tiltakstype_has_one_colour(open_page: Open, unit: str, view: str) -> None:
    """A tiltakstype has the same colour in every unit and period, in whatever order and figure."""
    opened = open_page("internt", "vis=utforsk&enhet=LAND:ALLE&x=region&del=tiltak")
    wanted = dict(opened.page.evaluate(BARS))
    assert len(set(wanted.values())) == 6
    opened.go(f"vis=utforsk&enhet={unit}&{view}&del=tiltak")
    found = {name: fill for name, fill in opened.page.evaluate(BARS) if "skjult" not in fill}
    assert found == {name: wanted[name] for name in found}
    assert len(found) > 2


def test_the_unassigned_are_last_and_grey(browser: Browser, tmp_path: Path) -> None:
    """Ufordelt is the largest avdeling here, and yet last and grey."""
    world = World(weeks=3, method="INTERN", people=200, names={"avdeling": ["Ufordelt", "Ung", "Voksen"]})
    folder = make(tmp_path / "aapent", world)
    changed(
        folder,
        "deltakelse_uke",
        "select * replace (person_antall * if(avdeling_navn = 'Ufordelt', 9, 1) as person_antall) from relasjon",
    )
    opened = page_of(browser, folder, crossed(OFFICE, x="innsats", **{"del": "avdeling"}))
    colours = dict(opened.page.evaluate(BARS))
    assert list(colours)[-1] == "Ufordelt"
    assert colours["Ufordelt"] == "#6a6f77"
    opened.close()


def test_totals_over_stacks_are_published(open_page: Open, published: Path) -> None:
    """The number over a stack is the published one of that period, though the parts add up to more."""
    weeks = (LAST - timedelta(weeks=7), LAST)
    view = crossed(COUNTRY, x="uke", figur="stablet", periode="2026W48-2027W02", **{"del": "tiltak"})
    opened = open_page(view=view)
    bold = [one["text"] for one in opened.page.evaluate(TEXTS) if one["isBold"]]
    wanted = expected(published, "personer", COUNTRY, "uke", weeks=weeks)
    parts = expected(published, "personer", COUNTRY, "uke", "tiltak", weeks=weeks)
    by_week = {week: value for (week, _), value in wanted.items()}
    assert bold == [f"{by_week[name]:.0f}" for name in dict.fromkeys(name.split(", ")[0] for name in opened.figure())]
    sums = dict.fromkeys(by_week, 0.0)
    for (week, _), value in parts.items():
        sums[week] += value if isinstance(value, float) else 0
    assert any(sums[week] > float(value or 0) for week, value in by_week.items())
    assert "Den er ikke en sum av delene." in (opened.page.text_content("#merknader") or "")


def test_no_total_where_none_is_published(open_page: Open) -> None:
    """Of some tiltakstyper there is no published number, and none is made."""
    some = crossed(COUNTRY, x="uke", figur="stablet", periode="siste52", tiltak="T00", **{"del": "tiltak"})
    opened = open_page(view=f"{some}&tiltak=T01")
    assert opened.page.locator("#figur svg svg rect title").count() > 50
    assert [one for one in opened.page.evaluate(TEXTS) if one["isBold"]] == []
    assert "ikke en sum av delene" not in (opened.page.text_content("#merknader") or "")


LINE = crossed(COUNTRY, x="uke", figur="linje", periode="siste52", mot="aar", **{"del": "innsats"})


def spot(opened: Opened, title: str) -> tuple[float, float]:
    """Return where in the window the sign of a number is."""
    x, y = opened.page.evaluate(
        """wanted => [...document.querySelectorAll('#figur svg title')]
            .filter(title => title.textContent.startsWith(wanted))
            .map(title => title.parentElement.getBoundingClientRect())
            .map(({left, right, top, bottom}) => [(left + right) / 2, (top + bottom) / 2])[0]""",
        title,
    )
    return x, y


def test_values_by_pointer(open_page: Open) -> None:
    """The nearest number is said beside the pointer, and Escape takes it away."""
    opened = open_page("internt", LINE)
    page = opened.page
    page.locator("#figur").scroll_into_view_if_needed()
    x, y = spot(opened, "uke 50 2026, Varig tilpasset innsats: ")
    page.mouse.move(x + 2, y + 2)
    assert re.fullmatch(
        r"uke 50 2026, Varig tilpasset innsats: \d+( · året før: \d+)?( · foreløpig)?", page.inner_text(".tip")
    )
    page.keyboard.press("Escape")
    assert not page.is_visible(".tip")
    page.mouse.move(x + 3, y + 3)
    assert page.is_visible(".tip")
    page.mouse.move(0, 0)
    assert not page.is_visible(".tip")


def test_values_by_touch(open_page: Open) -> None:
    """A touch says the nearest number, and it stays when the finger is lifted."""
    opened = open_page("internt", LINE, has_touch=True, viewport={"width": 390, "height": 800})
    opened.page.locator("#figur").scroll_into_view_if_needed()
    x, y = spot(opened, "uke 30 2026, Standardinnsats: ")
    opened.page.evaluate("y => scrollTo(0, scrollY + y - 300)", y)
    x, y = spot(opened, "uke 30 2026, Standardinnsats: ")
    opened.page.touchscreen.tap(x, y + 10)
    assert re.match(r"uke \d+ 2026, Standardinnsats: \d+", opened.page.inner_text(".tip"))


def test_values_by_keyboard(open_page: Open) -> None:
    """Arrow keys go from number to number, from the newest, and each is said to a screen reader as well."""
    opened = open_page("internt", LINE)
    page = opened.page
    page.focus("#figur")
    said = []
    for key in ["ArrowLeft", "ArrowLeft", "ArrowDown", "Home"]:
        page.keyboard.press(key)
        assert page.inner_text(".tip") == page.text_content(".framed [role=status]")
        said.append(page.inner_text(".tip").split(": ")[0])
    assert said == [
        "uke 2 2027, Standardinnsats",
        "uke 1 2027, Standardinnsats",
        "uke 1 2027, Situasjonsbestemt innsats",
        "uke 4 2026, Situasjonsbestemt innsats",
    ]
    assert page.locator("#figur > svg > rect[fill=none]").count() == 1
    page.keyboard.press("Tab")
    assert not page.is_visible(".tip")


@pytest.mark.parametrize("view", ["x=tiltak&del=innsats&figur=varme", "x=tiltak&del=innsats&figur=stablet", "x=tiltak"])
def test_each_kind_of_figure_has_its_values_by_keyboard(open_page: Open, view: str) -> None:
    """All numbers of a figure are reached with two arrow keys, as the figure's signs have them."""
    opened = open_page("internt", f"vis=utforsk&enhet=LAND:ALLE&{view}")
    page = opened.page
    page.focus("#figur")
    # Both bars that lie and this heat map have the categories down.
    forward, next_one = "ArrowDown", "ArrowRight"
    titles = set(page.locator("#figur svg title").all_text_contents())
    found = set()
    page.keyboard.press("Home")
    for _ in range(5 if "del" in view else 1):
        page.keyboard.press("Home")
        for _ in range(6):
            found.add(page.inner_text(".tip").split(" · ")[0])
            page.keyboard.press(forward)
        page.keyboard.press(next_one)
    assert len(found) == (30 if "del" in view else 6)
    assert found <= titles


def test_an_axis_above_zero_says_so(browser: Browser, tmp_path: Path) -> None:
    """Lines that are far from 0 begin above it, and say where. Bars begin at 0."""
    view = crossed(OFFICE, x="uke", figur="linje", periode="siste52")
    opened = one_office(browser, tmp_path, view)
    text = opened.page.text_content("#figur > svg") or ""
    said = re.search(r"Aksen begynner på (\d+), ikke på 0\.", text)
    assert said
    numbers = [int(one["text"]) for one in opened.page.evaluate(TEXTS) if one["text"].isdigit()]
    assert min(numbers) == int(said[1]) > 0
    opened.page.check("#figur-soyle")
    assert "Aksen begynner" not in (opened.page.text_content("#figur > svg") or "")
    assert "0" in [one["text"] for one in opened.page.evaluate(TEXTS)]
    opened.close()


@pytest.mark.parametrize("size", [16, 24])
@pytest.mark.parametrize(
    "view", ["x=uke&del=innsats&figur=stablet&periode=siste52", "x=tiltak", "x=kontor&del=tiltak&figur=varme"]
)
def test_text_is_as_large_as_the_page_s(open_page: Open, view: str, size: int) -> None:
    """No text in a figure is smaller than the table's, also if the reader has chosen larger text in the browser."""
    opened = open_page(view=f"vis=utforsk&enhet=LAND:ALLE&{view}")
    if size != 16:
        # As the browser's own setting: it is there before the page is.
        opened.page.add_init_script(
            f"document.addEventListener('readystatechange', () => document.documentElement.style.fontSize = '{size}px')"
        )
        opened.page.reload()
        opened.page.wait_for_selector("#figur > svg")
    sizes = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg text')].filter(text => text.textContent)
            .map(text => parseFloat(getComputedStyle(text).fontSize))"""
    )
    table = opened.page.evaluate("parseFloat(getComputedStyle(document.querySelector('#tabell td')).fontSize)")
    assert table == size
    assert min(sizes) >= table


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_their_contrast(open_page: Open, scheme: str) -> None:
    """In forced colours, too, texts have 4.5:1 and lines 3:1 against what is behind them."""
    opened = open_page("internt", LINE, forced_colors="active", color_scheme=scheme)
    style = "(selector, name) => getComputedStyle(document.querySelector(selector))[name]"
    read = f"([selector, name]) => ({style})(selector, name)"
    background = hexed(opened.page.evaluate(read, ["#figur > svg > rect", "fill"]))
    text = hexed(opened.page.evaluate(read, ["#figur > svg > text", "fill"]))
    line = hexed(opened.page.evaluate(read, ["#figur svg svg circle", "fill"]))
    for colour, least in [(text, 4.5), (line, 3)]:
        lighter, darker = sorted([luminance(colour), luminance(background)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= least
    expected_background = {"light": "#ffffff", "dark": "#0e151f"}[scheme]
    assert background == expected_background


def hexed(colour: str) -> str:
    """Write a computed colour as it is written in a style sheet."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
