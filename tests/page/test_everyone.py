"""For everyone: WCAG 2.1 AA, keyboard, dark and light, print and narrow windows; and a link to the view."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from tests.page.browser import DOT, ROOT, Open, Opened
from tests.page.taking import taken

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
    for summary in opened.page.locator(".export > summary").all():
        if summary.is_visible():
            summary.click()
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
               .filter(node => node.checkVisibility() && !node.disabled && !(node.type === 'radio' && !node.checked)
                   && node.tabIndex >= 0)
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


def test_tabs_by_keyboard(open_page: Open) -> None:
    """The views are tabs: arrow keys go from one to the other, and Enter opens it."""
    opened = open_page()
    page = opened.page
    assert page.get_attribute("#vis-oversikt", "aria-selected") == "true"
    assert page.get_by_role("tabpanel").get_attribute("aria-labelledby") == "vis-oversikt"
    page.locator("#vis-oversikt").focus()
    for key, focused in [("ArrowRight", "utforsk"), ("ArrowRight", "oversikt"), ("End", "utforsk")]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == f"vis-{focused}"
        assert page.is_visible("#oversikt")
    page.keyboard.press("Enter")
    assert page.is_visible("#utforsk")
    assert page.get_attribute("#vis-utforsk", "aria-selected") == "true"
    assert page.get_attribute("#vis-oversikt", "tabindex") == "-1"
    assert page.evaluate("document.activeElement.id") == "vis-utforsk"
    page.go_back()
    assert page.get_attribute("#vis-oversikt", "aria-selected") == "true"


def test_toggles_by_keyboard(open_page: Open) -> None:
    """One of a few is one stop of the Tab key. Arrow keys choose, as one step of Back."""
    opened = open_page("internt", "enhet=KONTOR:1001")
    page = opened.page
    group = page.get_by_role("radiogroup", name="Fordelt på")
    assert group.locator("[tabindex='0']").count() == 1
    page.locator("#etter-tiltak").focus()
    for focused in ["gruppe", "avdeling"]:
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == f"etter-{focused}"
        assert group.locator("[aria-checked=true]").get_attribute("id") == f"etter-{focused}"
    assert "etter=avdeling" in page.url
    page.go_back()
    page.wait_for_selector("#etter-tiltak[aria-checked=true]")


def test_the_theme_is_last_in_the_header(open_page: Open) -> None:
    """The Tab key reaches the choices of numbers before the choice of colours."""
    opened = open_page()
    stops = opened.page.evaluate(
        "[...document.querySelectorAll('header :is(a, button, input, summary)')].filter(node => node.tabIndex >= 0)"
        ".map(node => node.id)"
    )
    assert stops == ["enhet", "vis-oversikt", "tema"]


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


def test_the_font_is_in_the_page(open_page: Open) -> None:
    """The page has Aksel's font, with the letters of Sami names, before a figure measures its texts in it."""
    opened = open_page()
    assert opened.page.evaluate("[...document.fonts].map(({ family, status }) => [family, status])") == [
        ["Source Sans 3", "loaded"]
    ]
    # A letter that the font lacks is as wide as the fallback has it, whatever the fallback is.
    lacking = opened.page.evaluate(
        """() => {
            const canvas = document.createElement("canvas").getContext("2d");
            const wide = (sign, fallback) => {
                canvas.font = `100px "Source Sans 3", ${fallback}`;
                return canvas.measureText(sign).width;
            };
            return [..."æøåÆØÅéáčđŋšŧžČĐŊŠŦŽ«»“”–…•·−×▲▼▾▴↑↓↕ 0"].filter(
                sign => wide(sign, "monospace") !== wide(sign, "serif"));
        }"""
    )
    assert lacking == []


def test_a_figure_that_is_taken_out_has_the_font(open_page: Open) -> None:
    """Texts are as wide in a file as in the page, also where the font is not installed."""
    opened = open_page(view="vis=utforsk")
    _, content = taken(opened, "svg")
    assert b"@font-face" in content
    other = opened.context.new_page()
    other.set_content(content.decode().partition("?>")[2])
    other.evaluate("document.fonts.ready")
    assert other.evaluate("[...document.fonts].map(({ status }) => status)") == ["loaded"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_has_the_tokens_of_the_page(open_page: Open, scheme: str) -> None:
    """Background and texts of the figure are Aksel's, as those of the page around it."""
    opened = open_page(view="vis=utforsk", color_scheme=scheme)
    page, figure = opened.page.evaluate(
        """() => {
            const style = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
            return [
                [style("body", "backgroundColor"), style("body", "color"), style("#figurtekst", "color")],
                [style("#figur > svg > rect", "fill"), style("#figur > svg", "fill"),
                    style("#figur > svg > text:not([font-weight=bold])", "fill")],
            ];
        }"""
    )
    assert page == figure


def test_each_header_cell_says_what_it_heads(open_page: Open) -> None:
    """Each row and column of each table has a header cell with its scope."""
    for view in ["", "vis=utforsk&x=tiltak&del=innsats", "vis=utforsk&form=lang&x=tiltak&mot=uke"]:
        opened = open_page(view=view)
        assert opened.page.locator("th:not([scope])").count() == 0
        rows = opened.page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.cells[0].scope)")
        assert set(rows) == {"row"}


def test_notes_stand_outside_the_image(open_page: Open) -> None:
    """Notes are text that one can mark, enlarge and have read aloud; a figure that is taken out has them inside."""
    opened = open_page(view="vis=utforsk&x=maaned&periode=siste52")
    assert "Uttrekk" not in opened.page.inner_text("#figur")
    noted = opened.page.locator("#merknader li").all_inner_texts()
    assert noted[-1].startswith("Uttrekk: ")
    _, content = taken(opened, "svg")
    text = " ".join(node.text or "" for node in ET.fromstring(content).iter())
    assert all(note.split(" ")[0] in text for note in noted)
    opened.go("")
    assert opened.page.locator("#oversikt-merknader li").count()


@pytest.mark.parametrize("name", ["liten", "prikket", "stoy"])
def test_lists_say_what_a_dot_says(open_page: Open, name: str) -> None:
    """A dot in a list is read aloud as what it means, and explained beneath."""
    opened = open_page(name, "enhet=KONTOR:1001")
    cards = opened.page.locator(f"#oversikt .card:has(dd:has-text('{DOT}'))")
    assert cards.count() or name != "prikket"
    for card in cards.all():
        for value in card.locator(f"dd:has-text('{DOT}')").all():
            assert value.locator(".unseen").count() == 1
        assert f"{DOT}: " in card.inner_text()


def test_the_title_is_whole(open_page: Open) -> None:
    """The title of the page has the whole name of the unit, also if there is a full stop in it."""
    opened = open_page("forkortet", "enhet=KONTOR:1001")
    assert "Nav St. Olavs plass" in opened.page.title()
    opened.go("enhet=KONTOR:1001&vis=utforsk")
    assert "Nav St. Olavs plass" in opened.page.title()


def test_forced_colours(open_page: Open) -> None:
    """In the reader's own colours it is seen what is chosen, and what cannot be pressed."""
    opened = open_page("internt", "enhet=KONTOR:1001", forced_colors="active")
    style = "(node, name) => getComputedStyle(node)[name]"

    def seen(selector: str, name: str) -> str:
        return str(opened.page.locator(selector).evaluate(f"node => ({style})(node, '{name}')"))

    assert seen("#vis-oversikt", "borderBottomStyle") != seen("#vis-utforsk", "borderBottomStyle")
    assert seen("#etter-tiltak", "backgroundColor") != seen("#etter-avdeling", "backgroundColor")
    assert seen("#uke-neste", "color") != seen("#uke-forrige", "color")
    assert opened.axe(AXE) == []


@pytest.mark.parametrize("view", list(VIEWS))
def test_larger_text(open_page: Open, view: str) -> None:
    """Text that is twice as large in the reader's browser has room."""
    opened = open_page(view=VIEWS[view])
    opened.page.add_style_tag(content="html { font-size: 32px }")
    opened.page.set_viewport_size({"width": 1279, "height": 900})
    assert fits(opened)


# A4 between the margins that browsers have.
PAPER = 718


@pytest.mark.parametrize("view", ["", *VIEWS.values()])
def test_paper_is_wide_enough(open_page: Open, view: str) -> None:
    """Nothing is outside the paper."""
    opened = open_page("mange_regioner", view)
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    opened.page.set_viewport_size({"width": PAPER, "height": 1000})
    outside = opened.page.evaluate(
        """width => [...document.querySelectorAll('main *, header *, footer *')].filter(node =>
            node.checkVisibility() && !node.closest('.unseen, svg') && node.getBoundingClientRect().right > width + 1
        ).map(node => `${node.tagName} ${node.className} ${node.textContent.slice(0, 40)}`)""",
        PAPER,
    )
    assert outside == []


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


def test_link(open_page: Open) -> None:
    """The link is the view's, and can be copied."""
    opened = open_page(view="vis=utforsk&x=innsats")
    opened.page.click("#eksport > summary")
    assert opened.page.input_value("#lenke") == opened.page.url
    opened.page.click("#kopier")
    opened.page.wait_for_selector("#melding:has-text('Lenken er')", state="attached")
