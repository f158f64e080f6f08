"""Choosing: one step of Back for a choice, and what the browser remembers."""

from __future__ import annotations

from tests.page.browser import Open
from tests.page.test_everyone import AXE
from tests.page.test_page import COUNTRY, crossed


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
