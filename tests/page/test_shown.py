"""Things easily left out or misread: who has left, what is not shown, cut labels, scales, units with nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.page.browser import DOT, Open, Opened
from tests.page.published import WORLDS, World, make
from tests.page.taking import csv_texts
from tests.page.test_page import COUNTRY, LAST, OFFICE, explore
from tiltaksstatistikk.export.page import write_page

METHODS = ["INTERN", "STOY", "PRIKKING"]
# A sign, a bar or a hatch with what it is of, and where it is in the window.
PLACED = """[...document.querySelectorAll('#figur svg svg rect')].filter(rect => rect.querySelector('title'))
    .map(rect => [rect.querySelector('title').textContent, rect.getAttribute('fill'), rect.getBoundingClientRect()])
    .map(([title, fill, box]) => ({title, fill, left: box.left, right: box.right, top: box.top, bottom: box.bottom}))"""
LABELS = """[...document.querySelectorAll('.figure svg svg text')].map(text => [
    [...text.childNodes].filter(node => node.nodeName !== 'title').map(node => node.textContent).join(' '),
    text.querySelector('title')?.textContent ?? ''])"""


def changed(folder: Path, table: str, sql: str) -> None:
    """Replace a relation of a folder with a query of it."""
    path = folder / f"aapen_{table}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table relasjon as from '{path}'")
        connection.execute(f"copy ({sql}) to '{path}'")


def page_of(browser: Browser, folder: Path, view: str, **options: object) -> Opened:
    """Open the page of a folder of relations."""
    write_page(folder, folder / "side.html")
    return Opened(browser, folder / "side.html", view, **options)


@pytest.mark.parametrize("method", METHODS)
def test_a_tiltakstype_that_everybody_has_left_is_shown(browser: Browser, tmp_path: Path, method: str) -> None:
    """The largest fall is to 0: it is in the front view, figure, table and file, though nobody is there now."""
    folder = make(tmp_path / "aapent", World(weeks=60, method=method))
    changed(
        folder,
        "deltakelse_uke",
        f"from relasjon where not (tiltakskode = 'T00' and uke_start_dato = date '{LAST}')",
    )
    (before,) = duckdb.sql(f"""
        select person_antall from '{folder}/aapen_deltakelse_uke.parquet'
        where uke_start_dato = date '{LAST}' - 7 and enhet_nivaa_kode = 'LAND' and gruppering_kode = 'TILTAKSTYPE'
        and tiltakskode = 'T00'
    """).fetchall()[0]
    opened = page_of(browser, folder, "etter=tiltak")
    for reference in ["uke", "aar"]:
        assert "Tiltak nummer 1" in opened.page.inner_text(f"#endring-{reference}")
    assert f"−{before} (til 0)" in opened.page.inner_text("#endring-uke")
    assert f"0\t−{before}\t" in opened.page.inner_text("#mandag tr:has-text('Tiltak nummer 1')")
    opened.go(explore(COUNTRY, x="tiltak", mot="uke,aar"))
    (row,) = [row for row in opened.rows() if row["Tiltakstype"] == "Tiltak nummer 1"]
    assert (row["Personer"], row["Uken før"], row["Endring fra uken før"]) == (0.0, before, -before)
    assert opened.figure()["Tiltak nummer 1"] == 0
    assert opened.figure()["Tiltak nummer 1, uken før"] == before
    assert f"Tiltak nummer 1;T00;0;{before};-{before};" in csv_texts(opened)["tabell.csv"]
    opened.close()


def test_a_fall_to_a_small_number_is_a_fall(browser: Browser, tmp_path: Path) -> None:
    """From 30 to «1–4» is a fall of 26 at least, which is not left out because one of the two is small."""
    folder = make(tmp_path / "aapent", World(weeks=60, method="STOY"))
    changed(
        folder,
        "deltakelse_uke",
        f"""select * replace (
            case when tiltakskode = 'T00' and uke_start_dato = date '{LAST}' then null else person_antall end
            as person_antall
        ) from relasjon""",
    )
    opened = page_of(browser, folder, "")
    assert re.search(r"Tiltak nummer 1\s+fra \d+ til 1–4", opened.page.inner_text("#endring-uke"))
    opened.close()


@pytest.mark.parametrize("world", ["liten", "stoy"])
def test_what_is_not_shown_is_off_the_axis(open_page: Open, world: str) -> None:
    """A hatch stands before the axis, one for each bar: on the scale it would be read as a number."""
    opened = open_page(world, explore(OFFICE, x="tiltak", **{"del": "avdeling"}))
    placed = opened.page.evaluate(PLACED)
    hatched = [one for one in placed if "skjult" in one["fill"]]
    axis = min(one["left"] for one in placed if "skjult" not in one["fill"])
    hidden = [name for name, value in opened.figure().items() if not isinstance(value, float)]
    assert hidden
    assert sorted(one["title"].rpartition(": ")[0] for one in hatched) == sorted(hidden)
    assert all(one["right"] < axis for one in hatched)
    assert len({one["top"] for one in hatched}) == len(hatched)


@pytest.mark.parametrize("figure", ["linje", "soyle"])
def test_series_over_time_have_each_their_own_lane(open_page: Open, figure: str) -> None:
    """A week that is not shown is hatched below the axis, in a lane that is its series' alone."""
    view = explore(OFFICE, x="uke", figur=figure, periode="siste52", **{"del": "tiltak"})
    opened = open_page("stoy", view)
    placed = opened.page.evaluate(PLACED)
    hatched = [one for one in placed if "skjult" in one["fill"]]
    lanes: dict[float, set[str]] = {}
    for one in hatched:
        lanes.setdefault(round(one["top"], 1), set()).add(one["title"].rpartition(": ")[0].split(", ", 1)[1])
    assert len(lanes) > 1
    assert all(len(names) == 1 for names in lanes.values())
    zero = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg text')].filter(text => text.textContent === '0')
            .map(text => text.getBoundingClientRect()).map(box => (box.top + box.bottom) / 2)[0]"""
    )
    assert all(one["top"] > zero for one in hatched)
    assert not [one for one in opened.page.evaluate(LABELS) if one[0] == DOT]


THREE = "&periode=siste&periode=2026W20-2026W20&periode=2026W10-2026W10"


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("view", ["x=tiltak&mot=uke,aar", f"x=tiltak&mot=uke{THREE}"])
def test_the_number_of_a_label_is_never_cut(browser: Browser, tmp_path: Path, width: int, view: str) -> None:
    """A name is cut to its room, but the number after it is whole."""
    long = ["Norskopplæring, grunnleggende ferdigheter og fag- og yrkesopplæring i bedrift"] * 6
    folder = make(tmp_path / "aapent", World(weeks=60, method="INTERN", people=400, names={"tiltakstype": long}))
    opened = page_of(browser, folder, f"vis=utforsk&form=lang&{view}", viewport={"width": width, "height": 900})
    numbers = {f"{row['Personer']:,.0f}".replace(",", "\u00a0") for row in opened.rows()}
    labels = [text for text, _ in opened.page.evaluate(LABELS) if text.startswith("Norskopplæring")]
    assert len(labels) == len(opened.rows())
    assert {text.rpartition(": ")[2] for text in labels} == numbers
    assert widths_fit(opened) == []
    opened.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_labels_of_a_heat_map_keep_what_tells_them_apart(browser: Browser, tmp_path: Path, width: int) -> None:
    """Two long names that end in a number each keep it, and the numbers in the cells have room."""
    long = [
        f"Norskopplæring, grunnleggende ferdigheter, fag- og yrkesopplæring og annen opplæring {number}"
        for number in range(1, 7)
    ]
    world = World(weeks=60, method="INTERN", people=400, names={"tiltakstype": long})
    folder = make(tmp_path / "aapent", world)
    opened = page_of(
        browser,
        folder,
        explore(COUNTRY, x="tiltak", figur="varme", **{"del": "innsats"}),
        viewport={"width": width, "height": 900},
    )
    labels = [text for text, title in opened.page.evaluate(LABELS) if title.startswith("Norskopplæring")]
    ends = [text.rsplit(" ", 1)[-1] for text in labels]
    assert sorted(ends) == [str(number) for number in range(1, 7)]
    assert widths_fit(opened) == []
    opened.close()


def widths_fit(opened: Opened) -> list[str]:
    """Return the texts that reach outside the figure."""
    return list(
        opened.page.evaluate(
            """[...document.querySelectorAll('.figure > svg')].flatMap(svg => {
                const frame = svg.getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
                }).map(text => text.textContent);
            })"""
        )
    )


def test_no_percentage_of_few(browser: Browser, tmp_path: Path) -> None:
    """From 3 to 9 is 6 more. That it is 200 % tells nobody anything."""
    for method, people in [("INTERN", 3), ("INTERN", 200), ("STOY", 200)]:
        folder = make(tmp_path / f"{method}{people}", World(weeks=60, method=method, people=people))
        opened = page_of(browser, folder, "")
        text = opened.page.inner_text(".cards")
        for change, percentage in re.findall(r"(?:Opp|Ned) ([\d\s,]+) \(([\d\s,]+) %\)", text):
            number, percent = (float(re.sub(r"\s", "", its).replace(",", ".")) for its in (change, percentage))
            assert number / percent * 100 >= 19
        assert (" %)" in text) == (people == 200)
        opened.close()


def test_a_unit_with_nobody_is_no_office(browser: Browser, tmp_path: Path) -> None:
    """A unit that only has places is in no list of offices, and a link to it says so."""
    folder = make(tmp_path / "aapent", World(weeks=3, method="INTERN"))
    changed(folder, "enhet", "from relasjon union all select 'KONTOR', '9999', 'Arbeidsgiver', null")
    changed(
        folder,
        "kapasitet_uke",
        "from relasjon union all select * replace ('9999' as enhetsnummer) from relasjon where enhetsnummer = '1001'",
    )
    opened = page_of(browser, folder, "enhet=KONTOR:9999")
    assert "enhet" in opened.page.inner_text("#ukjent")
    assert "Arbeidsgiver" not in opened.units()
    opened.go(explore(COUNTRY, maal="plasser", x="kontor"))
    assert "Arbeidsgiver" in [row["Kontor"] for row in opened.rows()]
    opened.close()


@pytest.mark.parametrize("view", ["x=uke&periode=siste52", "x=uke&figur=linje&periode=siste52", "x=tiltak"])
@pytest.mark.parametrize("people", [1, 3])
def test_scales_of_counts_are_whole(browser: Browser, tmp_path: Path, view: str, people: int) -> None:
    """There is no half of a person on a scale, however few there are."""
    world = replace(WORLDS["internt"], offices=1, regions=1, weeks=60, people=people, names={})
    folder = make(tmp_path / "aapent", world)
    opened = page_of(browser, folder, f"vis=utforsk&{view}&avdeling=Avdeling+1")
    ticks = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg text')].map(text => text.textContent)
            .filter(text => /^[0-9]+(,[0-9]+)?$/.test(text))"""
    )
    assert "0" in ticks
    assert not [tick for tick in ticks if "," in tick]
    opened.close()


def test_nobody_all_year_is_a_scale_of_whole_persons(browser: Browser, tmp_path: Path) -> None:
    """Where nobody has been for a year, the scale goes from 0 to 1."""
    folder = make(tmp_path / "aapent", World(weeks=60, method="INTERN"))
    changed(folder, "deltakelse_uke", f"from relasjon where uke_start_dato < date '{LAST - timedelta(weeks=53)}'")
    opened = page_of(browser, folder, "")
    ticks = opened.page.evaluate(
        "[...document.querySelectorAll('#oversikt-figur svg svg text')].map(text => text.textContent)"
    )
    assert {"0", "1"} <= set(ticks)
    assert not [tick for tick in ticks if re.fullmatch(r"\d+,\d+", tick)]
    opened.close()
