"""Choosing: several values, units by name, one step of Back for a choice, and what the browser remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from tests.page.browser import DOT, Open, Opened
from tests.page.independent import expected
from tests.page.test_everyone import AXE
from tests.page.test_page import COUNTRY, OFFICE, crossed, explore
from tests.page.test_table import table

Worlds = Callable[[str], tuple[Path, Path]]


def test_back_leads_to_what_was_before_a_choice(open_page: Open) -> None:
    """Arrow keys go through the values of a choice: that is one step, and the next choice is another."""
    opened = open_page(view=crossed(COUNTRY, x="uke", periode="siste52"))
    page = opened.page
    page.locator("#maal").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.input_value("#maal") == "plasser"
    page.keyboard.press("Tab")
    page.locator("#figur-soyle").focus()
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#figur-linje")
    page.go_back()
    assert (page.is_checked("#figur-soyle"), page.input_value("#maal")) == (True, "plasser")
    page.go_back()
    assert page.input_value("#maal") == "personer"
    # With a mouse each is a choice.
    page.click("#fakta")
    opened.choose("x", "innsats")
    opened.choose("x", "tiltak")
    page.go_back()
    assert page.input_value("#x") == "innsats"


def test_the_reader_s_own_office_and_look_are_remembered(open_page: Open) -> None:
    """A page that is opened without an address is of the office that was chosen last; a link is of its own."""
    opened = open_page()
    opened.choose("enhet", "KONTOR:1001")
    opened.page.click("#tema")
    address = opened.page.url.partition("#")[0]
    again = opened.context.new_page()
    again.goto(address)
    again.wait_for_selector("#mandag")
    assert again.get_attribute("#enhet", "data-value") == "KONTOR:1001"
    assert "KONTOR%3A1001" in again.url
    assert again.evaluate("document.documentElement.dataset.theme") == "dark"
    opened.go(crossed(COUNTRY))
    assert opened.unit() == "LAND:ALLE"
    opened.choose("enhet", "REGION:0100")
    opened.choose("enhet", "LAND:ALLE")
    assert "enhet=LAND%3AALLE" in opened.page.url


def test_an_office_is_found_by_any_part_of_its_name(open_page: Open) -> None:
    """«tor 4» finds «Nav kontor 4», by keyboard alone; what is left without a choice is as it was."""
    opened = open_page(view=crossed(COUNTRY))
    page = opened.page
    found = "[...document.querySelectorAll('#enhet-liste li')].filter(li => !li.hidden).map(li => li.textContent)"
    page.locator("#enhet").focus()
    page.keyboard.type("tor 4")
    assert page.evaluate(found) == ["Nav kontor 4"]
    assert page.get_attribute("#enhet", "aria-expanded") == "true"
    active = page.get_attribute("#enhet", "aria-activedescendant")
    assert page.text_content(f"#{active}") == "Nav kontor 4"
    assert page.text_content("#melding") == "1 treff"
    assert opened.axe(AXE) == []
    page.keyboard.press("Enter")
    assert opened.unit() == "KONTOR:1003"
    assert page.input_value("#enhet") == "Nav kontor 4"
    assert page.evaluate("document.activeElement.id") == "enhet"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(found) == opened.units()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert opened.unit() == "KONTOR:1003"
    page.keyboard.press("Control+a")
    page.keyboard.type("Drammen")
    assert page.evaluate(found) == ["Ingen treff"]
    page.keyboard.press("Tab")
    assert page.input_value("#enhet") == "Nav kontor 4"
    assert not page.is_visible("#enhet-liste")


def test_several_are_beside_each_other(open_page: Open, worlds: Worlds) -> None:
    """Several values of a filter are shown each by itself: they are never added, and have no whole."""
    folder, _ = worlds("stoy")
    opened = open_page("stoy", explore(OFFICE, x="uke", periode="siste52"))
    assert opened.picked("tiltak") == "Alle tiltakstyper"
    opened.pick("tiltak", "T00")
    assert opened.picked("tiltak") == "Tiltak nummer 1"
    assert opened.page.input_value("#del") == ""
    opened.page.check("#tiltak-2")
    assert opened.picked("tiltak") == "2 av 6 valgt"
    assert opened.page.input_value("#del") == "tiltak"
    assert opened.page.url.count("tiltak=T") == 2
    assert {row["Tiltakstype"] for row in opened.rows()} == {"Tiltak nummer 1", "Tiltak nummer 3"}
    wanted = expected(folder, "personer", OFFICE, "tiltak")
    opened.go(crossed(OFFICE, x="tiltak") + "&tiltak=T00&tiltak=T02")
    shown = {name: DOT if value == "1–4" else value for name, (value, *_) in table(opened)[1].items()}
    assert shown == {name: wanted.get((name, ""), 0.0) for name in ["Tiltak nummer 1", "Tiltak nummer 3"]}
    assert "2 tiltakstyper" in opened.page.inner_text("#tabelltittel")
    opened.go(explore(OFFICE, x="uke", **{"del": "innsats"}, periode="siste52") + "&tiltak=T00&tiltak=T02")
    assert "ikke legges sammen" in opened.explained()
    opened.page.click("#forklart button:has-text('Del på tiltakstype')")
    assert opened.page.is_visible("#figur > svg")
    opened.pick("tiltak")
    assert opened.picked("tiltak") == "Alle tiltakstyper"
    opened.go(explore(OFFICE) + "&tiltak=T00&tiltak=X")
    assert "tiltak" in opened.page.inner_text("#ukjent")
    assert opened.picked("tiltak") == "Tiltak nummer 1"


def test_a_share_of_some_is_of_the_whole(open_page: Open) -> None:
    """A stack of some of the parts is not filled up with what is not chosen, and 100 % is still everybody."""
    some = explore(OFFICE, maal="deltakelser", x="tiltak", figur="prosent", **{"del": "avdeling"})
    opened = open_page(view=some)
    every = {(row["Tiltakstype"], row["Avdeling"]): row["Andel i prosent"] for row in opened.rows()}
    opened.go(some + "&avdeling=Avdeling+1&avdeling=Avdeling+2")
    rows = opened.rows()
    assert {row["Avdeling"] for row in rows} == {"Avdeling 1", "Avdeling 2"}
    assert all(row["Andel i prosent"] == every[row["Tiltakstype"], row["Avdeling"]] for row in rows)
    assert "Opp til det hele" not in (opened.page.text_content("#figur") or "")


def test_a_filter_is_searched(browser: Browser, worlds: Worlds) -> None:
    """A long filter has a field that leaves what has the words in it, and axe finds nothing in it."""
    opened = Opened(browser, worlds("ett_kontor")[1], "vis=utforsk")
    page = opened.page
    page.locator("#tiltak > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("mer 17")
    assert page.locator("#tiltak li:visible").all_inner_texts() == ["Tiltak nummer 17"]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert opened.picked("tiltak") == "Tiltak nummer 17"
    assert page.evaluate("document.activeElement.type") == "checkbox"
    assert opened.axe(AXE) == []
    page.fill("#tiltak-sok", "finnes ikke")
    assert "Ingen treff" in page.inner_text("#tiltak")
    # A filter that cannot be had says why.
    opened.go("vis=utforsk&maal=plasser")
    assert "finnes ikke for tiltaksplasser i bruk" in (opened.picked("innsats") or "")
    opened.close()
