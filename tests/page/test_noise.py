"""With noise a small difference is no news, parts are not added, and 0 is not nobody. Exact numbers are as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.page.browser import DOT, Open, Row
from tests.page.independent import expected
from tests.page.taking import csv_texts
from tests.page.test_page import COUNTRY, LAST, OFFICE, REGION, explore

SMALL = "1–4"
CHANCE = "under 8"
Worlds = Callable[[str], tuple[Path, Path]]
WHAT_IT_SAYS = (
    "Tallene er justert tilfeldig med noen få opp eller ned av hensyn til personvern, likt hver uke de samme "
    "personene er med. 1 til 4 er vist som «1–4», og noen små tall er vist som 0. Derfor er summen av delene ikke "
    "alltid lik totalen. Små endringer fra uke til uke kan være tilfeldige."
)
COMPARED = {"mot": "uke,aar"}


def test_the_page_says_what_noise_does(open_page: Open) -> None:
    """The text that was agreed on, and none of it where numbers are exact."""
    assert open_page("stoy").page.inner_text("#personvern") == WHAT_IT_SAYS
    for view in ["", explore(OFFICE, **COMPARED), explore(OFFICE, x="uke", periode="siste52")]:
        text = open_page("internt", view).page.inner_text("body")
        assert not re.search("tilfeldig|1–4|under 8|summen av delene", text)


def test_a_small_number_is_shown_as_what_it_is_within(open_page: Open, worlds: Worlds) -> None:
    """In table, figure and file a masked number is «1–4», which says more than a dot."""
    opened = open_page("stoy", explore(OFFICE, x="tiltak", **{"del": "avdeling"}))
    wanted = expected(worlds("stoy")[0], "personer", OFFICE, "tiltak", "avdeling")
    found = {(row["Tiltakstype"], row["Avdeling"]): row["Personer"] for row in opened.rows()}
    assert DOT in wanted.values()
    for cell, value in wanted.items():
        assert found[cell] == (SMALL if value == DOT else value)
        assert opened.figure()[", ".join(cell)] == found[cell]
    assert DOT not in opened.page.inner_text("#resultat")
    assert f";{SMALL};" in csv_texts(opened)["tabell.csv"]
    assert "fra 1 til 4" in opened.page.inner_text("#tegn")


@pytest.mark.parametrize(
    "chosen", [{"maal": "deltakelser"}, {"maal": "plasser"}, {"x": "tiltak", "periode": "siste52"}]
)
def test_what_follows_a_small_number_is_not_said_to_be_one(
    open_page: Open, worlds: Worlds, chosen: dict[str, str]
) -> None:
    """Four persons may have seven participations, and the average of a year with one small week may be 40."""
    opened = open_page("stoy", explore(OFFICE, **{"x": "tiltak", **chosen}))
    assert any(DOT in row.values() for row in opened.rows())
    if "maal" in chosen:
        assert not any(SMALL in row.values() for row in opened.rows())
    assert "bygger på små tall" in opened.page.inner_text("#tegn")


def test_an_average_of_small_numbers_is_small(open_page: Open, worlds: Worlds) -> None:
    """If each of the weeks is «1–4», so is their average."""
    folder, _ = worlds("stoy")
    code, avdeling = duckdb.sql(f"""
        select tiltakskode, avdeling_navn from '{folder}/aapen_deltakelse_uke.parquet'
        where enhetsnummer = '1001' and gruppering_kode = 'TILTAKSTYPE_AVDELING' and prikket_flagg
        and uke_start_dato >= date '{LAST}' - 7
        group by all having count(*) = 2
    """).fetchall()[0]
    chosen = {"tiltak": code, "avdeling": avdeling, "periode": "2027W01-2027W02"}
    opened = open_page("stoy", explore(OFFICE, x="tiltak", **chosen))
    assert [row["Personer (gjennomsnitt per uke)"] for row in opened.rows()] == [SMALL]


def changes(row: Row) -> list[float]:
    """Return a row's changes that are numbers."""
    return [value for name, value in row.items() if name.startswith("Endring") and isinstance(value, float)]


@pytest.mark.parametrize("unit", [OFFICE, REGION, COUNTRY])
def test_a_small_difference_is_no_change(open_page: Open, unit: tuple[str, str]) -> None:
    """No change under twice the largest error is shown: not in the table, and not in the front view."""
    opened = open_page("stoy", explore(unit, **COMPARED))
    rows = opened.rows()
    assert all(abs(change) >= 8 for row in rows for change in changes(row))
    assert any(CHANCE in row.values() for row in rows)
    opened.go(f"enhet={':'.join(unit)}")
    text = opened.page.inner_text("#oversikt")
    for change in re.findall(r"(?:Opp|Ned) ([\d\s]+)", text) + re.findall(r"[+−]([\d\s]+) \(til", text):
        assert int(re.sub(r"\s", "", change)) >= 8
    assert not re.search("Uendret|Ingen endring\\.", text)
    exact = open_page("internt", explore(unit, **COMPARED)).rows()
    assert any(0 < abs(change) < 8 for row in exact for change in changes(row))


def test_0_is_not_said_to_be_nobody(open_page: Open, worlds: Worlds) -> None:
    """Some small numbers are shown as 0: no sentence may say that nobody is there, or that nothing is hidden."""
    folder, _ = worlds("stoy")
    code, group = duckdb.sql(f"""
        select tiltakskode, innsatsgruppe_kode
        from '{folder}/aapen_tiltakstype.parquet', '{folder}/aapen_innsatsgruppe.parquet'
        where (tiltakskode, innsatsgruppe_kode) not in (
            select (tiltakskode, innsatsgruppe_kode) from '{folder}/aapen_venteliste_uke.parquet'
            where enhetsnummer = '1001' and uke_start_dato = '{LAST}'
        )
    """).fetchall()[0]
    nobody = explore(OFFICE, maal="venter", x="tiltak", tiltak=code, innsats=group)
    words = re.compile("ingen|uten noen|ikke skjult|skjult", re.IGNORECASE)
    opened = open_page("stoy", nobody)
    assert "også vist som 0" in opened.explained()
    for view in [nobody, explore(OFFICE, maal="venter"), explore(OFFICE, maal="venter", figur="varme")]:
        opened.go(view)
        assert not words.search(opened.page.inner_text("#resultat"))
        assert not words.search(opened.page.inner_text("footer").replace("Ingen uker", ""))


def test_parts_are_not_stacked(open_page: Open) -> None:
    """A stack adds its parts, so that there is none, and percentages stand beside each other."""
    opened = open_page("stoy", explore(COUNTRY, x="tiltak", figur="stablet", **{"del": "innsats"}))
    assert "kan ikke stables" in opened.explained()
    opened.page.click("#forklart button:has-text('Vis som søyler')")
    assert "summerer ikke" in opened.page.inner_text("label:has(#figur-stablet)")
    opened.page.check("#figur-prosent")
    lefts = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg rect')]
            .filter(rect => /: [0-9]/.test(rect.querySelector('title')?.textContent))
            .map(rect => Math.round(rect.getBoundingClientRect().left))"""
    )
    assert len(lefts) > 6
    assert len(set(lefts)) == 1
    assert "ufullstendig" not in (opened.page.text_content("#figur") or "").lower()


def test_no_share_of_few(open_page: Open, worlds: Worlds) -> None:
    """A percentage is of a number that is shown, and of no fewer than 20; of exact numbers always."""
    view = explore(OFFICE, x="tiltak", figur="prosent", **{"del": "innsats"})
    rows = open_page("stoy", view).rows()
    totals = expected(worlds("stoy")[0], "personer", OFFICE, "tiltak")
    few = {name for (name, _), total in totals.items() if total == DOT or (isinstance(total, float) and total < 20)}
    assert few
    for row in rows:
        total = totals.get((str(row["Tiltakstype"]), ""), 0.0)
        if row["Tiltakstype"] in few:
            assert row["Andel i prosent"] == DOT
        elif isinstance(row["Personer"], float) and isinstance(total, float) and total >= 20:
            assert row["Andel i prosent"] == pytest.approx(100 * row["Personer"] / total, abs=0.051)
    assert all(row["Andel i prosent"] != DOT for row in open_page("internt", view).rows())


def test_who_uses_the_places_is_not_added(open_page: Open) -> None:
    """The front view of a country adds own and others' participations only where they are exact."""
    assert " av " not in open_page("stoy").page.inner_text("#kort-plasser")
    assert " av " in open_page("internt").page.inner_text("#kort-plasser")
