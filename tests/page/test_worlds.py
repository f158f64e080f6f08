"""Pages of other worlds: all suppressed, one week, 400 weeks, names that would break out; and how pages are made."""

from __future__ import annotations

import base64
import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import duckdb
import jinja2
import pytest
from playwright.sync_api import Browser

from tests.page.browser import DOT, ROOT, Open, Opened, Value
from tests.page.independent import expected
from tests.page.published import GROUPINGS, HOSTILE, LEVELS, WORLDS, World, make
from tests.page.taking import csv_texts, taken, workbook
from tests.page.test_page import COUNTRY, OFFICE, check, explore
from tiltaksstatistikk.export import page
from tiltaksstatistikk.export.internal import write_internal_pages
from tiltaksstatistikk.export.page import PAGE, pack, write_page, write_pages

Worlds = Callable[[str], tuple[Path, Path]]


def test_nothing_but_suppressed_cells(open_page: Open) -> None:
    """Where everything is suppressed, the page says so, and draws no empty figure."""
    opened = open_page("prikket")
    assert "Prikket" in opened.page.inner_text("#kort-venter")
    assert "kan ikke vises" in opened.page.inner_text("#kort-venter")
    assert "Tallet er prikket" in opened.page.inner_text("#mandag")
    assert "Ingen tiltakstyper har tall som kan vises" in opened.page.inner_text("#endring-uke")
    for figure in ["soyle", "stablet", "prosent", "varme"]:
        opened.go(explore(COUNTRY, **{"del": "innsats"}, figur=figure))
        assert "Alle tallene er prikket" in opened.explained()
        assert {row["Personer"] for row in opened.rows()} <= {DOT, 0.0}
    opened.page.click("#eksport > summary")
    assert opened.page.is_visible("#csv")
    assert opened.page.locator("#svg").count() == 0


def test_one_week(open_page: Open, worlds: Worlds) -> None:
    """The first week of the statistics has nothing before it."""
    opened = open_page("en_uke")
    assert "finnes ikke i statistikken" in opened.page.inner_text("#kort-venter")
    assert "–" in opened.page.inner_text("#mandag tbody tr:first-child")
    opened.go(explore(COUNTRY, x="uke", figur="linje", periode="alt", mot="uke,aar"))
    check(opened, expected(worlds("en_uke")[0], "personer", COUNTRY, "uke"), "uke")
    assert "statistikken har ikke tall så langt tilbake" in (opened.page.text_content("#merknader") or "")
    assert opened.page.locator("#periode-0 option").all_text_contents() == [
        "Siste uke",
        "I år",
        "Siste 52 uker",
        "Alle ukene",
        "Velg uker selv",
    ]
    opened.page.click("#legg-til")
    assert opened.page.locator("#figur > svg").count() == 1


def test_400_weeks(open_page: Open, worlds: Worlds) -> None:
    """Almost eight years are shown by week, month and year."""
    opened = open_page("mange_uker", explore(COUNTRY, x="uke", figur="linje", periode="alt"))
    last = WORLDS["mange_uker"].last_week
    weeks = (last - timedelta(weeks=399), last)
    folder = worlds("mange_uker")[0]
    check(opened, expected(folder, "personer", COUNTRY, "uke", weeks=weeks), "uke")
    assert len(opened.page.locator("#fra-0 option").all()) == 400
    opened.choose("x", "aar")
    opened.page.check("#figur-soyle")
    check(opened, expected(folder, "personer", COUNTRY, "aar", weeks=weeks), "aar")
    opened.choose("x", "maaned")
    opened.choose("del", "tiltak")
    opened.page.check("#figur-varme")
    check(opened, expected(folder, "personer", COUNTRY, "maaned", "tiltak", weeks=weeks), "maaned", "tiltak")


def test_names_that_would_break_out(open_page: Open, worlds: Worlds) -> None:
    """Names are shown as they are, and are never HTML, script or formula."""
    folder, target = worlds("fiendtlig")
    text = target.read_text(encoding="utf-8")
    template = (ROOT / "page" / "template.html").read_text(encoding="utf-8")
    assert text.count("<script") == template.count("<script")
    assert not any(name in text for name in HOSTILE["kontor"] + HOSTILE["region"])
    opened = open_page("fiendtlig")
    assert opened.page.locator("img, b, i, svg[onload]").count() == 0
    options = opened.units()
    assert {*HOSTILE["kontor"], *HOSTILE["region"]} <= set(options)
    opened.go(explore(COUNTRY, x="kontor", **{"del": "tiltak"}, figur="varme"))
    check(opened, expected(folder, "personer", COUNTRY, "kontor", "tiltak"), "kontor", "tiltak")
    assert opened.page.locator("img, b, i, svg[onload]").count() == 0
    opened.go(explore(OFFICE, x="avdeling"))
    check(opened, expected(folder, "personer", OFFICE, "avdeling"), "avdeling")
    opened.choose("x", "uke")
    opened.choose("fra-0", "2026W40")
    for name in HOSTILE["avdeling"]:
        opened.pick("avdeling", name)
        weeks = (WORLDS["fiendtlig"].last_week - timedelta(weeks=15), WORLDS["fiendtlig"].last_week)
        check(opened, expected(folder, "personer", OFFICE, "uke", weeks=weeks, only={"avdeling": name}), "uke")
        opened.page.reload()
        opened.page.wait_for_selector("#figur > svg")
        assert opened.picked("avdeling") == name
    opened.go(explore(COUNTRY))
    # A formula becomes text, and a quote is doubled.
    assert '"\'=HYPERLINK(""x""); & <i>"' in csv_texts(opened)["tabell.csv"]
    sheet = workbook(opened)["Tabell"]
    (cell,) = [cell for (cell,) in sheet.iter_rows(max_col=1) if str(cell.value).startswith("=HYPERLINK")]
    assert (cell.data_type, cell.number_format) == ("s", "@")


CHOICES: dict[str, list[str | None]] = {
    "enhet": ["LAND:ALLE", "REGION:0000", "KONTOR:1001"],
    "maal": ["personer", "deltakelser", "venter", "plasser", "kapasitet"],
    "x": ["tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"],
    "del": ["", "", "tiltak", "innsats", "avdeling", "kontor", "region", "bruk", "uke", "maaned", "aar"],
    "figur": ["soyle", "linje", "stablet", "prosent", "varme"],
    "sorter": ["storrelse", "navn", "fast"],
    "form": ["kryss", "kryss", "lang"],
    "ned": ["x", "del"],
    "periode": ["siste", "iaar", "siste52", "alt", "2026W40-2026W41"],
    "mot": ["uke", "aar", "uke,aar", None],
    "tiltak": ["T01", "T00&tiltak=T02", None, None],
    "innsats": ["I2", "I1&innsats=I2", None, None, None],
}


@pytest.mark.parametrize("name", ["liten", "internt", "stoy", "prikket", "en_uke"])
def test_any_choice_gives_a_figure_or_an_explanation(open_page: Open, name: str) -> None:
    """Five hundred choices at random: never an empty figure, a number that is none, or a fault."""
    random = Random(name)
    views = [
        "vis=utforsk&"
        + "&".join(f"{key}={value}" for key, values in CHOICES.items() if (value := random.choice(values)) is not None)
        for _ in range(500)
    ]
    opened = open_page(name, views[0])
    wrong = opened.page.evaluate(
        """views => views.flatMap(view => {
            history.replaceState(null, "", "#" + view);
            dispatchEvent(new PopStateEvent("popstate"));
            const result = document.querySelector("#resultat");
            const figure = result.querySelector("#figur > svg");
            const signs = figure?.querySelectorAll("svg title, svg text").length > 2;
            const explained = result.querySelector("#forklart p")?.textContent.length > 20;
            const nonsense = /NaN|undefined|null|Infinity/.test(result.innerHTML);
            return (signs || explained) && !nonsense ? [] : [view];
        })""",
        views,
    )
    assert wrong == []


def test_what_is_not_hidden_says_so(open_page: Open) -> None:
    """The internal page says on its face that it is, in its figures and in the names of its files."""
    warning = "Inneholder små tall. Kun til intern bruk med tilgangsstyring."
    for view in ["", "vis=utforsk"]:
        assert open_page("internt", view).page.inner_text("#intern") == warning
    assert open_page().page.locator("#intern").count() == 0
    internal = open_page("internt", "vis=utforsk")
    assert warning in (internal.page.text_content("#merknader") or "")
    name, _ = taken(internal, "csv")
    assert name.startswith("intern-")
    assert warning in csv_texts(internal)["om-tallene.csv"]


@pytest.mark.parametrize(("world", "prefix"), [("internt", "intern"), ("stoy", "aapen")])
def test_a_country_may_be_a_page_for_each_region(
    browser: Browser, worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: str, prefix: str
) -> None:
    """If one page is too large, the country's has the regions, and each region's its offices, with the same numbers."""
    relations, whole = worlds(world)
    for path in relations.glob("aapen_*.parquet"):
        shutil.copy(path, tmp_path / path.name.replace("aapen_", f"{prefix}_"))
    assert write_pages(tmp_path, prefix) == [PAGE]
    assert (tmp_path / PAGE).read_bytes() == whole.read_bytes()
    monkeypatch.setattr(page, "LARGEST", 1000)
    names = write_pages(tmp_path, prefix)
    assert names == [PAGE, "tiltaksstatistikk-0000.html", "tiltaksstatistikk-0100.html"]
    opened = Opened(browser, tmp_path / names[0], explore(COUNTRY, x="region"))
    check(opened, expected(relations, "personer", COUNTRY, "region"), "region")
    assert opened.page.locator("#enhet-liste [data-value^=KONTOR]").count() == 0
    for view in [{"x": "kontor"}, {"x": "avdeling"}, {"x": "bruk", "maal": "kapasitet"}]:
        opened.go(explore(COUNTRY, **view))
        assert "egen side for hver region" in opened.explained()
    opened.page.click("#sider summary")
    links = "links => links.map(link => link.getAttribute('href'))"
    assert opened.page.locator("#sider a:visible").evaluate_all(links) == names[1:]
    opened.close()
    opened = Opened(browser, tmp_path / names[2])
    assert opened.page.locator("#sider a").evaluate_all(links) == names[:1]
    region, office = ("REGION", "0100"), ("KONTOR", "1001")
    assert opened.unit() == "REGION:0100"
    opened.go(explore(region, x="kontor"))
    check(opened, expected(relations, "personer", region, "kontor"), "kontor")
    opened.go(explore(office, x="avdeling", **{"del": "innsats"}))
    wanted = expected(relations, "personer", office, "avdeling", "innsats")
    check(opened, small(wanted) if world == "stoy" else wanted, "avdeling", "innsats")
    opened.go(explore(region, x="region"))
    assert "siden for hele landet" in opened.explained()
    opened.close()


def small(cells: dict[tuple[str, str], Value]) -> dict[tuple[str, str], Value]:
    """Return cells as they are shown with noise."""
    return {cell: "1–4" if value == DOT else value for cell, value in cells.items()}


def test_what_internal_pages_are_made_of_is_removed(worlds: Worlds, tmp_path: Path) -> None:
    """The relations of the internal pages are the marts' rows once more, so that only the pages are kept."""
    for path in worlds("internt")[0].glob("aapen_*.parquet"):
        shutil.copy(path, tmp_path / path.name.replace("aapen_", "intern_"))
    assert write_internal_pages(tmp_path) == [PAGE]
    assert [path.name for path in tmp_path.iterdir()] == [PAGE]


@pytest.mark.parametrize("where", ["enhetsnummer = '1001'", "true"])
def test_nobody_is_0(browser: Browser, tmp_path: Path, where: str) -> None:
    """Nobody is 0, also where an office, or all of them, have no rows to tell that they could have had some."""
    folder = make(tmp_path / "aapent", World(weeks=3))
    name = folder / "aapen_venteliste_uke.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{name}' where not ({where})")
        connection.execute(f"copy t to '{name}' (format parquet)")
    write_page(folder, folder / "side.html")
    opened = Opened(browser, folder / "side.html", explore(OFFICE, maal="venter", **{"del": "avdeling"}))
    assert "Tallet er 0" in opened.explained()
    opened.choose("x", "uke")
    opened.choose("del", "")
    assert {row["Venter"] for row in opened.rows()} == {0.0}
    opened.close()


@pytest.mark.parametrize("name", ["liten", "internt"])
def test_invented_worlds_have_the_groupings_that_are_published(worlds: Worlds, name: str) -> None:
    """The invented relations have the groupings at each level that the model of what is published lets through."""
    source = (ROOT / "models" / "aapne_tall" / "celle" / "aapne_tall_celle.sql").read_text(encoding="utf-8")
    # What it is told of people on tiltak is all that matters here, so the other relations are empty.
    sql = jinja2.Template(source).render(
        ref=lambda relation: relation,
        var=lambda _: 5,
        cube_of=lambda *_: "all",
        grouping_code=lambda _: "''",
        group_of_type=lambda: "''",
        only_whole_group=lambda *_: "'' as tiltaksgruppe_kode",
    )
    shown = "vises_flagg" if WORLDS[name].method == "PRIKKING" else "intern_flagg"
    with duckdb.connect() as connection:
        connection.execute("""
            create table aapne_tall_nivaa (
                enhetsnummer text, enhet_nivaa_kode text, nivaa_enhetsnummer text, bare_i_region_flagg boolean
            );
            create table obt_deltakelse_uke_totaler (
                uke_start_dato date, enhet_nivaa_kode text, enhetsnummer text, gruppering_kode text,
                tiltaksgruppe_kode text, tiltakskode text, innsatsgruppe_kode text, avdeling_navn text,
                person_antall int, deltakelse_antall int
            );
            create table fak_venteliste_uke as
            select uke_start_dato, enhetsnummer, tiltakskode, innsatsgruppe_kode, avdeling_navn, person_antall
            from obt_deltakelse_uke_totaler;
            create table dim_tiltakstype (tiltakskode text);
            create table aapne_tall_kapasitet as
            select *, '' as bruker_kode, 0 as plass_antall, false as folsom_flagg from obt_deltakelse_uke_totaler;
        """)
        connection.executemany(
            "insert into obt_deltakelse_uke_totaler values ('2027-01-11', ?, '1', ?, '', '', '', '', 9, 9)",
            [[level, grouping] for level in LEVELS for grouping in GROUPINGS],
        )
        wanted = connection.sql(
            f"select distinct enhet_nivaa_kode, gruppering_kode from ({sql}) where {shown} order by all"
        ).fetchall()
        for relation in ["deltakelse", "venteliste"]:
            found = connection.sql(f"""
                select distinct enhet_nivaa_kode, gruppering_kode
                from '{worlds(name)[0]}/aapen_{relation}_uke.parquet' order by all
            """).fetchall()
            assert found == wanted


def test_what_is_called_the_same_is_told_apart(open_page: Open, worlds: Worlds) -> None:
    """Two of one name would be one row to a reader: a number or a code is added."""
    opened = open_page("internt", explore(COUNTRY))
    units = opened.units()
    assert {"Nav region 1 (hele regionen)", "Nav region 1 (regionens egne)"} <= set(units)
    found = {row["Tiltakstype"]: row["Personer"] for row in opened.rows()}
    for code in ["T00", "T01"]:
        wanted = expected(worlds("internt")[0], "personer", COUNTRY, "aar", only={"tiltak": code})
        assert [found[f"Likt navn ({code})"]] == list(wanted.values())


def test_one_office_over_four_years_is_under_1_mb(open_page: Open, worlds: Worlds) -> None:
    """A file for one office can be sent by e-mail, and opens at the office."""
    assert worlds("ett_kontor")[1].stat().st_size < 1_000_000
    opened = open_page("ett_kontor")
    assert opened.unit() == "KONTOR:0000"


def test_the_same_bytes(worlds: Worlds) -> None:
    """The same relations give the same bytes."""
    folder, _ = worlds("liten")
    first, second = pack(folder), pack(folder)
    assert first == second


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a folder of published relations to break."""
    return make(tmp_path / "aapent", World(weeks=3))


@pytest.mark.parametrize("name", ["aapen_uke", "aapen_kapasitet_uke", "aapen_om_tallene"])
def test_a_missing_file_is_named(own: Path, tmp_path: Path, name: str) -> None:
    """The error names the file and the remedy."""
    (own / f"{name}.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name}\.parquet is missing: .*dbt build"):
        write_page(own, tmp_path / "side.html")


def test_a_key_without_a_name_is_a_fault(own: Path, tmp_path: Path) -> None:
    """A row is never left out because its key is unknown."""
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{own}/aapen_tiltakstype.parquet' where tiltakskode <> 'T00'")
        connection.execute(f"copy t to '{own}/aapen_tiltakstype.parquet'")
    with pytest.raises(ValueError, match="tiltakskode that its own relation lacks"):
        write_page(own, tmp_path / "side.html")


def test_only_what_is_published_is_read(own: Path, tmp_path: Path) -> None:
    """Other files in the folder make no difference."""
    first = tmp_path / "first.html"
    write_page(own, first)
    for path in [own / "fak_tiltaksdeltakelse_uke.parquet", own / "aapen_hemmelig.parquet"]:
        path.write_text("not Parquet")
    second = tmp_path / "second.html"
    write_page(own, second)
    assert first.read_bytes() == second.read_bytes()


def test_the_command_line(own: Path, tmp_path: Path) -> None:
    """The command writes where it is told, and says how large it is or what is missing."""
    command = [sys.executable, str(ROOT / "scripts" / "build_page.py")]
    target = tmp_path / "ut" / "side.html"
    done = subprocess.run([*command, "--published", str(own), "--target", str(target)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{target}: {target.stat().st_size / 1e6:.2f} MB" in done.stdout
    latest = tmp_path / "eksport" / "siste" / "aapent"
    shutil.copytree(own, latest)
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "target" / "tiltaksstatistikk.html").read_bytes() == target.read_bytes()
    done = subprocess.run(
        [*command, "--published", str(tmp_path / "nowhere")], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "is missing" in done.stderr


def test_data_stand_in_the_file_as_base64_only(own: Path, tmp_path: Path) -> None:
    """Nothing of the data is in the HTML but as letters, digits, + and /."""
    target = tmp_path / "side.html"
    write_page(own, target)
    found = re.findall(r'<script id="data" type="text/plain">([^<]*)</script>', target.read_text(encoding="utf-8"))
    assert len(found) == 1
    assert "default-src 'none'" in target.read_text(encoding="utf-8")
    assert gzip.decompress(base64.b64decode(found[0], validate=True)) == pack(own)
