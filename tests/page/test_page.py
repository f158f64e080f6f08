"""What figure and table show is what an independent query of the published relations says, whatever is chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.page.browser import DOT, Open, Opened, Row, Value
from tests.page.independent import MEASURES, expected
from tests.page.published import WORLDS

LAST = WORLDS["liten"].last_week
OFFICE = ("KONTOR", "1001")
REGION = ("REGION", "0000")
COUNTRY = ("LAND", "ALLE")
AXES = {
    "gruppe": "Tiltaksgruppe",
    "tiltak": "Tiltakstype",
    "innsats": "Innsatsgruppe",
    "avdeling": "Avdeling",
    "kontor": "Kontor",
    "region": "Region",
    "uke": "Uke",
    "maaned": "Måned",
    "aar": "År",
}
UNITS = {
    "personer": "Personer",
    "deltakelser": "Deltakelser",
    "venter": "Venter",
    "plasser": "Plasser",
    "kapasitet": "Deltakelser",
}


TOGETHER = "Tiltakstype og innsatsgruppe vises ikke sammen for kontor, fordi det ville røpet små tall"


def explore(unit: tuple[str, str] = OFFICE, **chosen: str) -> str:
    """Return the address of a view with its table as a list."""
    return crossed(unit, form="lang", **chosen)


def crossed(unit: tuple[str, str] = OFFICE, **chosen: str) -> str:
    """Return the address of a view with its table crossed."""
    return "&".join(["vis=utforsk", f"enhet={':'.join(unit)}", *(f"{key}={value}" for key, value in chosen.items())])


def week(start: date) -> str:
    """Return a week as the address has it."""
    year, number, _ = start.isocalendar()
    return f"{year}W{number:02}"


def check(
    opened: Opened, wanted: dict[tuple[str, str], Value], x: str, split: str = "", measure: str = "personer"
) -> None:
    """See that the table's rows are the wanted ones and zeros, and that the figure's signs are the table's rows."""
    figure = opened.figure()
    rows = opened.rows()
    column = next(name for name in rows[0] if name.split(" (")[0] == UNITS[measure])
    found = {(row[AXES[x]], row[AXES[split]] if split else ""): row[column] for row in rows}
    assert len(found) == len(rows)
    for cell, value in found.items():
        assert same(value, wanted.get((str(cell[0]), str(cell[1])), 0.0)), cell
    assert set(wanted) <= set(found)
    assert any(value != 0 for value in found.values())
    assert {name: value for name, value in figure.items() if not name.endswith("året før")} == {
        ", ".join(str(part) for part in cell if part): value for cell, value in found.items()
    }


def same(shown: Value, wanted: Value) -> bool:
    """Tell whether a number is shown as it should be, to the one decimal that averages have."""
    if isinstance(shown, float) and isinstance(wanted, float):
        return bool(abs(shown - wanted) <= 0.0501)
    return shown == wanted


@pytest.mark.parametrize("measure", list(MEASURES))
def test_each_measure(open_page: Open, published: Path, measure: str) -> None:
    """Choosing what is counted changes figure and table to that."""
    opened = open_page(view=explore(COUNTRY))
    opened.choose("maal", measure)
    check(opened, expected(published, measure, COUNTRY, "tiltak"), "tiltak", measure=measure)


@pytest.mark.parametrize(
    ("x", "unit"),
    [
        ("tiltak", OFFICE),
        ("innsats", OFFICE),
        ("avdeling", OFFICE),
        ("kontor", COUNTRY),
        ("kontor", REGION),
        ("region", COUNTRY),
        ("uke", OFFICE),
        ("maaned", OFFICE),
        ("aar", OFFICE),
    ],
)
def test_each_axis(open_page: Open, published: Path, x: str, unit: tuple[str, str]) -> None:
    """Choosing what is along the axis changes figure and table to that, averaged over the weeks."""
    opened = open_page(view=explore(unit, x="innsats" if x == "tiltak" else "tiltak", periode="siste52"))
    opened.choose("x", x)
    check(opened, expected(published, "personer", unit, x, weeks=(LAST - timedelta(weeks=51), LAST)), x)


def test_groups_of_types(open_page: Open, worlds: Callable[[str], tuple[Path, Path]]) -> None:
    """Nav's groups are one more axis, but where numbers are suppressed."""
    folder, _ = worlds("internt")
    opened = open_page("internt", explore(COUNTRY))
    opened.choose("x", "gruppe")
    check(opened, expected(folder, "personer", COUNTRY, "gruppe"), "gruppe")
    options = open_page("liten", explore(COUNTRY)).page.locator("#x option").all_text_contents()
    assert "Tiltaksgruppe – vises ikke når tall er prikket" in options


@pytest.mark.parametrize(
    ("x", "split", "unit"),
    [
        ("tiltak", "innsats", COUNTRY),
        ("tiltak", "avdeling", OFFICE),
        ("kontor", "tiltak", COUNTRY),
        ("tiltak", "region", COUNTRY),
        ("innsats", "aar", COUNTRY),
        ("uke", "tiltak", OFFICE),
        ("maaned", "avdeling", OFFICE),
    ],
)
def test_each_split(open_page: Open, published: Path, x: str, split: str, unit: tuple[str, str]) -> None:
    """Choosing what numbers are split by changes figure and table to that."""
    opened = open_page(view=explore(unit, x=x, periode="2026W40-2027W02"))
    opened.choose("del", split)
    check(opened, expected(published, "personer", unit, x, split, weeks=(date(2026, 9, 28), LAST)), x, split)


def test_use_of_places(open_page: Open, published: Path) -> None:
    """Who uses the places is what is published for the office."""
    opened = open_page(view=explore(OFFICE, maal="kapasitet"))
    opened.choose("x", "bruk")
    row = duckdb.sql(f"""
        select egne_antall, fra_andre_antall, hos_andre_antall from '{published}/aapen_kapasitet_uke.parquet'
        where uke_start_dato = '{LAST}' and enhetsnummer = '1001' and enhet_nivaa_kode = 'KONTOR'
        and gruppering_kode = 'INGEN'
    """).fetchone()
    assert row
    wanted = dict(
        zip(["Egne personer", "Personer fra andre enheter", "Egne deltakere på andres plasser"], row, strict=True)
    )
    found = {row["Hvem som bruker plassene"]: row["Deltakelser"] for row in opened.rows()}
    assert found == {name: DOT if value is None else float(value) for name, value in wanted.items()}


@pytest.mark.parametrize(
    ("figure", "x"),
    [
        *((figure, "uke") for figure in ("soyle", "linje", "stablet", "prosent", "varme")),
        # No line over categories: test_what_does_not_go_together.
        *((figure, "tiltak") for figure in ("soyle", "stablet", "prosent", "varme")),
    ],
)
def test_each_kind_of_figure(open_page: Open, published: Path, figure: str, x: str) -> None:
    """Each kind of figure shows the same numbers, and percent those of the whole."""
    opened = open_page(
        view=explore(
            COUNTRY,
            x=x,
            **{"del": "innsats"},
            periode="2026W50-2027W02",
            figur="soyle" if figure != "soyle" else "varme",
        )
    )
    opened.page.check(f"#figur-{figure}")
    assert opened.page.locator("#figur > svg[role=img]").count() == 1
    rows = opened.rows()
    wanted = expected(published, "personer", COUNTRY, x, "innsats", weeks=(date(2026, 12, 7), LAST))
    totals = expected(published, "personer", COUNTRY, x, weeks=(date(2026, 12, 7), LAST))
    signs = opened.figure()
    for row in rows:
        key = str(row[AXES[x]]), str(row["Innsatsgruppe"])
        value = wanted.get(key, 0.0)
        assert same(next(row[name] for name in row if name.startswith("Personer")), value)
        total = totals.get((key[0], ""), 0.0)
        share: Value = value / total * 100 if isinstance(value, float) and isinstance(total, float) and total else value
        if DOT in (value, total):
            share = DOT
        if figure == "prosent":
            assert same(row["Andel i prosent"], share)
        if share != DOT:
            assert same(signs[", ".join(key)], share if figure == "prosent" else value)
    assert len(rows) >= len(wanted)


def test_bars_are_as_long_as_their_numbers(open_page: Open) -> None:
    """A bar of half the number is half as long."""
    opened = open_page(view=explore(COUNTRY))
    lengths = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg rect')].filter(rect => rect.querySelector('title'))
           .map(rect => [rect.getBoundingClientRect().width, rect.textContent.split(': ')[1]])"""
    )
    assert len(lengths) == 6
    (longest, most), *_ = lengths
    for length, value in lengths:
        assert length / longest == pytest.approx(float(value) / float(most), abs=0.01)


def test_a_stack_reaches_to_the_whole_where_a_part_is_suppressed(open_page: Open, published: Path) -> None:
    """What is missing in a stack is hatched: it would look as if fewer were there."""
    opened = open_page(view=explore(OFFICE, maal="deltakelser", x="tiltak", figur="stablet", **{"del": "avdeling"}))
    bars = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg rect')].filter(rect => rect.querySelector('title'))
           .map(rect => [rect.getBoundingClientRect().width, ...rect.textContent.split(': ')])"""
    )
    wanted = expected(published, "deltakelser", OFFICE, "tiltak", "avdeling")
    totals = expected(published, "deltakelser", OFFICE, "tiltak")
    scale = next(length / float(value) for length, _, value in bars if value != "ufullstendig")
    hatched = {name: length / scale for length, name, value in bars if value == "ufullstendig"}
    missing = {}
    for (name, _), total in totals.items():
        parts = [value for (of, _), value in wanted.items() if of == name]
        if isinstance(total, float) and DOT in parts:
            missing[name] = total - sum(value for value in parts if isinstance(value, float))
    assert missing
    assert hatched == pytest.approx(missing, abs=0.1)


def test_lines_break_where_a_week_is_suppressed(open_page: Open, published: Path) -> None:
    """A line has a gap where a number is suppressed, rather than a guess."""
    view = explore(OFFICE, x="uke", figur="linje", periode="siste52", tiltak="T05")
    opened = open_page(view=view)
    wanted = expected(
        published, "personer", OFFICE, "uke", weeks=(LAST - timedelta(weeks=51), LAST), only={"tiltak": "T05"}
    )
    assert DOT in wanted.values() and set(wanted.values()) != {DOT}
    check(opened, wanted, "uke")
    lines = opened.page.evaluate(
        "[...document.querySelectorAll('#figur svg svg path')].map(path => path.getAttribute('d'))"
    )
    assert any(line.count("M") > 1 for line in lines)


def test_percent_says_what_is_100(open_page: Open) -> None:
    """The figure says what 100 % is, that parts may overlap, and which bars are incomplete."""
    opened = open_page(view=explore(COUNTRY, x="kontor", **{"del": "tiltak"}, figur="prosent"))
    text = "".join(opened.page.locator("#figur > svg, #merknader").all_text_contents())
    assert "100 % er alle personer på tiltak for hvert kontor" in text
    assert "En person kan være i flere av delene" in text
    assert "Ufullstendig: en eller flere deler er prikket" in text


def test_percent_without_a_split_is_of_the_whole_unit(open_page: Open, published: Path) -> None:
    """Without a split, 100 % is the published number of the unit, in which each person is once."""
    opened = open_page(view=explore(COUNTRY, x="tiltak"))
    opened.page.check("#figur-prosent")
    wanted = expected(published, "personer", COUNTRY, "tiltak")
    ((_, total),) = expected(published, "personer", COUNTRY, "aar").items()
    signs = opened.figure()
    for (name, _), value in wanted.items():
        assert isinstance(value, float) and isinstance(total, float)
        assert same(signs[name], value / total * 100)
    assert "100 % er alle personer på tiltak i alt" in (opened.page.text_content("#merknader") or "")


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("siste", LAST, LAST),
        ("iaar", date(2027, 1, 4), LAST),
        ("ifjor", date(2025, 12, 29), date(2026, 12, 28)),
        ("siste52", LAST - timedelta(weeks=51), LAST),
        ("alt", LAST - timedelta(weeks=79), LAST),
    ],
)
def test_presets(open_page: Open, published: Path, preset: str, first: date, last: date) -> None:
    """Each preset is the weeks it says, and the figure says which."""
    opened = open_page(view=explore(COUNTRY, x="innsats", periode="2026W10-2026W11"))
    opened.choose("periode-0", preset)
    check(opened, expected(published, "personer", COUNTRY, "innsats", weeks=(first, last)), "innsats")
    first_week, last_week = first.isocalendar(), last.isocalendar()
    shown = f"uke {last_week.week} {last_week.year}"
    if first != last:
        shown = f"uke {first_week.week} {first_week.year}–{shown}"
    assert shown in (opened.page.text_content("#figur > svg") or "")


def test_from_and_to(open_page: Open, published: Path) -> None:
    """Weeks are chosen freely, and never from a later to an earlier one."""
    opened = open_page(view=explore(COUNTRY, x="innsats"))
    opened.choose("fra-0", "2026W20")
    opened.choose("til-0", "2026W23")
    check(
        opened,
        expected(published, "personer", COUNTRY, "innsats", weeks=(date(2026, 5, 11), date(2026, 6, 1))),
        "innsats",
    )
    assert opened.page.input_value("#periode-0") == ""
    opened.choose("fra-0", "2026W50")
    assert opened.page.input_value("#til-0") == "2026W50"


def test_periods_side_by_side(open_page: Open, published: Path) -> None:
    """Periods are added, chosen and removed, each with its own name, and all on one scale."""
    opened = open_page(view=explore(COUNTRY, x="tiltak"))
    opened.page.click("#legg-til")
    opened.page.click("#legg-til")
    opened.choose("fra-2", "2025W50")
    opened.choose("til-2", "2025W51")
    rows = opened.rows()
    periods = {
        "Siste uke (uke 2 2027)": (LAST, LAST),
        "Uke 3 2026": (date(2026, 1, 12), date(2026, 1, 12)),
        "Uke 50 2025–uke 51 2025": (date(2025, 12, 8), date(2025, 12, 15)),
    }
    assert {row["Periode"] for row in rows} == set(periods)
    for name, weeks in periods.items():
        wanted = expected(published, "personer", COUNTRY, "tiltak", weeks=weeks)
        of_period = [row for row in rows if row["Periode"] == name]
        for row in of_period:
            assert same(row["Personer (gjennomsnitt per uke)"], wanted.get((str(row["Tiltakstype"]), ""), 0.0))
        assert len(of_period) == 6
    text = opened.page.text_content("#figur > svg") or ""
    assert all(name in text for name in periods)
    # One scale: as long a bar for a person in each.
    bars = opened.page.evaluate(
        """[...document.querySelectorAll('#figur svg svg rect')].filter(rect => rect.querySelector('title'))
           .map(rect => [rect.getBoundingClientRect().width, rect.textContent.split(': ')[1]])"""
    )
    per_person = [length / float(value.replace(",", ".").replace("\u00a0", "")) for length, value in bars]
    assert len(bars) == 18
    assert max(per_person) / min(per_person) < 1.02
    opened.page.click("#fjern-1")
    assert {row["Periode"] for row in opened.rows()} == {"Siste uke (uke 2 2027)", "Uke 50 2025–uke 51 2025"}


def test_unit(open_page: Open, published: Path) -> None:
    """Choosing an office or a region changes figure and table to that."""
    opened = open_page(view=explore(COUNTRY))
    for unit in [("REGION", "0100"), ("KONTOR", "0000"), ("KONTOR", "1003")]:
        opened.choose("enhet", ":".join(unit))
        check(opened, expected(published, "personer", unit, "tiltak"), "tiltak")


def test_order(open_page: Open, published: Path) -> None:
    """The largest is first, unless another order is chosen."""
    opened = open_page(view=explore(COUNTRY, x="tiltak"))
    by_size = [row["Personer"] for row in opened.rows()]
    assert by_size == sorted(by_size, key=lambda value: -float(value or 0))
    opened.choose("sorter", "navn")
    assert [row["Tiltakstype"] for row in opened.rows()] == sorted(str(row["Tiltakstype"]) for row in opened.rows())
    opened.choose("sorter", "fast")
    wanted = duckdb.sql(
        f"select tiltakstype_navn from '{published}/aapen_tiltakstype.parquet' order by tiltakskode"
    ).fetchall()
    assert [(row["Tiltakstype"],) for row in opened.rows()] == wanted


@pytest.mark.parametrize("form", ["lang", "kryss"])
def test_innsatsgrupper_keep_their_own_order(open_page: Open, published: Path, form: str) -> None:
    """Innsatsgrupper are in their own order in table and figure, and there is no other to choose."""
    wanted = duckdb.sql(
        f"select innsatsgruppe_visningsnavn from '{published}/aapen_innsatsgruppe.parquet' order by sortering_nummer"
    ).fetchall()
    opened = open_page(view=f"vis=utforsk&enhet=LAND:ALLE&x=innsats&form={form}")
    assert list(opened.figure()) == [name for (name,) in wanted]
    rows = opened.page.locator("#tabell tbody tr > :first-child").all_inner_texts()
    assert [name for name in rows if name != "I alt"] == [name for (name,) in wanted]
    assert opened.page.is_disabled("#sorter")


def test_what_is_compared_with(open_page: Open, published: Path) -> None:
    """The week before and the same week the year before, and the change where both are shown."""
    opened = open_page(view=explore(COUNTRY, x="tiltak", periode="2026W53-2026W53"))
    opened.page.check("#mot-uke")
    opened.page.check("#mot-aar")
    before = {
        "Uken før": date(2026, 12, 21),
        # 2025 has no week 53: its last week is the nearest.
        "Året før": date(2025, 12, 22),
    }
    signs = opened.figure()
    rows = opened.rows()
    for name, monday in before.items():
        wanted = expected(published, "personer", COUNTRY, "tiltak", weeks=(monday, monday))
        for row in rows:
            value = wanted.get((str(row["Tiltakstype"]), ""), 0.0)
            assert row[name] == value
            change = row[f"Endring fra {name.lower()}"]
            if DOT in (value, row["Personer"]):
                assert change == DOT
            else:
                assert change == float(row["Personer"] or 0) - float(value or 0)
            assert signs.get(f"{row['Tiltakstype']}, {name.lower()}", DOT) == value


def test_comparison_before_the_statistics_begin(open_page: Open) -> None:
    """There is nothing to compare the first weeks with, and the page does not invent it."""
    opened = open_page(view=explore(COUNTRY, x="uke", periode="alt", mot="uke,aar"))
    rows = opened.rows()
    second, first = rows[-2:]
    assert [first["Uken før"], first["Året før"], second["Uken før"]] == [None, None, first["Personer"]]


@pytest.mark.parametrize("only", [{"tiltak": "T01"}, {"innsats": "I2"}, {"tiltak": "T00", "innsats": "I1"}])
def test_only_one(open_page: Open, published: Path, only: dict[str, str]) -> None:
    """Only one tiltakstype or innsatsgruppe is shown when it is chosen."""
    opened = open_page(view=explore(COUNTRY, x="uke", periode="siste52"))
    for dimension, code in only.items():
        opened.pick(dimension, code)
    weeks = (LAST - timedelta(weeks=51), LAST)
    check(opened, expected(published, "personer", COUNTRY, "uke", weeks=weeks, only=only), "uke")


def test_one_tiltak_one_avdeling_week_by_week(open_page: Open, published: Path) -> None:
    """How many people were on one tiltak in one avdeling in each week: the question of the statistics."""
    opened = open_page(view=explore(OFFICE, x="uke", periode="siste52"))
    opened.pick("tiltak", "T00")
    opened.pick("avdeling", "Avdeling 2")
    weeks = (LAST - timedelta(weeks=51), LAST)
    only = {"tiltak": "T00", "avdeling": "Avdeling 2"}
    check(opened, expected(published, "personer", OFFICE, "uke", weeks=weeks, only=only), "uke")


def test_a_suppressed_week_makes_its_average_suppressed(open_page: Open, published: Path) -> None:
    """An average is not made from the weeks that happen to be shown."""
    opened = open_page(view=explore(OFFICE, x="tiltak", periode="siste52"))
    found = {row["Tiltakstype"]: row["Personer (gjennomsnitt per uke)"] for row in opened.rows()}
    suppressed = duckdb.sql(f"""
        select distinct tiltakstype_navn
        from '{published}/aapen_deltakelse_uke.parquet' join '{published}/aapen_tiltakstype.parquet' using (tiltakskode)
        where enhetsnummer = '1001' and gruppering_kode = 'TILTAKSTYPE' and prikket_flagg
        and uke_start_dato > date '{LAST}' - interval 364 day
    """).fetchall()
    assert {name for name, value in found.items() if value == DOT} == {name for (name,) in suppressed}
    assert suppressed
    text = opened.page.inner_text("#resultat")
    assert "•: Tallet er prikket" in text
    assert "gjennomsnitt per uke" in text


def test_provisional_weeks_are_marked(open_page: Open, published: Path) -> None:
    """Weeks that may still change are marked in table, figure and explanation."""
    opened = open_page(view=explore(OFFICE, x="uke", periode="siste52"))
    marked = {row["Uke"] for row in opened.rows() if row["Foreløpig"] == "Ja"}
    wanted = duckdb.sql(
        f"select 'uke ' || uke || ' ' || aar from '{published}/aapen_uke.parquet' where forelopig_flagg"
    ).fetchall()
    assert marked == {name for (name,) in wanted}
    assert "foreløpig" in (opened.page.text_content("#figur > svg") or "")
    assert "foreløpige" in opened.page.inner_text("footer")


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (explore(OFFICE, x="avdeling", **{"del": "innsats"}), "Innsatsgruppe og avdeling vises ikke sammen"),
        (explore(OFFICE, x="tiltak", **{"del": "innsats"}), TOGETHER),
        (explore(OFFICE, x="innsats", tiltak="T00"), TOGETHER),
        (explore(OFFICE, x="uke", tiltak="T00", innsats="I1", periode="siste52"), TOGETHER),
        (explore(REGION, x="kontor", tiltak="T00", innsats="I1"), TOGETHER),
        (explore(COUNTRY, x="kontor", **{"del": "innsats"}, tiltak="T00"), TOGETHER),
        (
            explore(OFFICE, x="tiltak", **{"del": "innsats"}, avdeling="Avdeling+1"),
            "Tiltakstype, innsatsgruppe og avdeling vises ikke sammen",
        ),
        (explore(REGION, x="avdeling"), "Avdelinger vises bare for kontor"),
        (explore(COUNTRY, x="kontor", **{"del": "avdeling"}), "ikke sammen med kontor"),
        (explore(OFFICE, x="kontor"), "Du har valgt ett kontor"),
        (explore(REGION, x="region"), "Velg hele landet"),
        (explore(COUNTRY, x="region", **{"del": "kontor"}), "Velg enten kontor eller region"),
        (explore(COUNTRY, maal="plasser", x="innsats"), "ikke fordelt på innsatsgruppe"),
        (explore(COUNTRY, maal="plasser", x="tiltak", **{"del": "avdeling"}), "ikke fordelt på avdeling"),
        (explore(COUNTRY, x="tiltak", **{"del": "tiltak"}), "er valgt to ganger, både i «Vis etter» og i «Fordelt på»"),
        (explore(COUNTRY, x="uke", **{"del": "aar"}), "er tid"),
        (explore(COUNTRY, x="tiltak", figur="linje"), "En linje viser utvikling over tid"),
        (explore(COUNTRY, x="tiltak", **{"del": "uke"}, figur="stablet"), "uker kan ikke legges sammen"),
        (explore(COUNTRY, x="uke", figur="prosent"), "Prosent er en del av noe"),
        (explore(COUNTRY, maal="kapasitet", x="bruk"), "vises bare for kontor"),
        (explore(OFFICE, maal="personer", x="bruk"), "finnes bare for målet"),
        (explore(OFFICE, maal="kapasitet", x="bruk", **{"del": "tiltak"}), "vises ikke for hver tiltakstype"),
        (
            explore(OFFICE, maal="kapasitet", x="uke", **{"del": "bruk"}, figur="stablet"),
            "ikke en del av enhetens plasser",
        ),
    ],
)
def test_what_does_not_go_together(open_page: Open, view: str, text: str) -> None:
    """What is not published is explained where the figure would be, and each remedy leads to a figure."""
    opened = open_page(view=view)
    assert text in opened.explained()
    assert opened.page.locator("#figur").count() == 0
    fixes = opened.page.locator("#forklart button").count()
    assert fixes > 0
    for fix in range(fixes):
        opened.go(view)
        opened.page.locator("#forklart button").nth(fix).click()
        # A fix may leave one thing more to put right, but not the same.
        for _ in range(2):
            if opened.page.locator("#forklart button").count():
                assert text not in opened.explained()
                opened.page.locator("#forklart button").first.click()
        assert opened.page.locator("#figur > svg").count() == 1


def test_choices_say_what_they_do_not_go_with(open_page: Open) -> None:
    """The controls say which choices do not go together with what is chosen."""
    opened = open_page(view=explore(OFFICE, x="innsats"))
    split = opened.page.locator("#del option").all_text_contents()
    assert "Avdeling – innsatsgruppe og avdeling vises ikke sammen" in split
    assert "Tiltakstype – tiltakstype og innsatsgruppe vises ikke sammen" in split
    assert "Kontor – velg en region eller hele landet" in split
    assert "Uke" in split
    assert "krever tid langs aksen" in opened.page.inner_text("label:has(#figur-linje)")
    internal = open_page("internt", explore(OFFICE, x="innsats"))
    assert {"Tiltakstype", "Avdeling"} <= set(internal.page.locator("#del option").all_text_contents())


@pytest.mark.parametrize("measure", ["personer", "deltakelser", "venter"])
def test_what_is_not_published_is_not_0_whatever_is_counted(open_page: Open, measure: str) -> None:
    """There is an explanation, and no table of zeros."""
    opened = open_page(view=explore(OFFICE, maal=measure, x="tiltak", **{"del": "innsats"}))
    assert TOGETHER in opened.explained()
    assert opened.page.locator("#tabell").count() == 0


def test_what_is_not_published_for_an_office_leads_to_where_it_is(open_page: Open, published: Path) -> None:
    """What is not published for an office can be for its region and the country, and the explanation leads there."""
    for label, unit in [("Vis regionen", ("REGION", "0100")), ("Vis hele landet", COUNTRY)]:
        opened = open_page(view=explore(OFFICE, x="tiltak", **{"del": "innsats"}))
        opened.page.click(f"#forklart button:has-text('{label}')")
        assert opened.unit() == ":".join(unit)
        check(opened, expected(published, "personer", unit, "tiltak", "innsats"), "tiltak", "innsats")


def test_all_dimensions_together_on_the_internal_page(
    open_page: Open, worlds: Callable[[str], tuple[Path, Path]]
) -> None:
    """An office's exact numbers are shown by all dimensions together."""
    folder, _ = worlds("internt")
    opened = open_page("internt", explore(OFFICE, x="avdeling", **{"del": "innsats"}))
    check(opened, expected(folder, "personer", OFFICE, "avdeling", "innsats"), "avdeling", "innsats")
    opened.pick("tiltak", "T00")
    wanted = expected(folder, "personer", OFFICE, "avdeling", "innsats", only={"tiltak": "T00"})
    check(opened, wanted, "avdeling", "innsats")
    opened.choose("maal", "deltakelser")
    wanted = expected(folder, "deltakelser", OFFICE, "avdeling", "innsats", only={"tiltak": "T00"})
    check(opened, wanted, "avdeling", "innsats", "deltakelser")
    opened.go(explore(OFFICE, x="innsats", tiltak="T00"))
    check(opened, expected(folder, "personer", OFFICE, "innsats", only={"tiltak": "T00"}), "innsats")


def rows_of(opened: Opened) -> tuple[list[str], list[Row]]:
    """Return all that a view's table shows."""
    return opened.columns(), opened.rows()


def test_a_link_opens_the_same_view(open_page: Open) -> None:
    """All that is chosen is in the address: another reader sees the same."""
    opened = open_page(view="vis=utforsk&form=lang")
    opened.choose("enhet", "KONTOR:1002")
    opened.choose("maal", "deltakelser")
    opened.choose("x", "uke")
    opened.choose("del", "avdeling")
    opened.pick("tiltak", "T00")
    opened.page.check("#figur-linje")
    opened.page.check("#mot-aar")
    opened.choose("sorter", "navn")
    opened.page.click("#legg-til")
    opened.page.click("#sorter-3")
    opened.page.click("#neste")
    address = opened.page.evaluate("location.hash")
    again = open_page(view=address[1:])
    for read in ["document.querySelector('#resultat').innerText", "document.querySelector('#figur svg').outerHTML"]:
        assert again.page.evaluate(read) == opened.page.evaluate(read)
    assert again.unit() == opened.unit()
    assert again.picked("tiltak") == opened.picked("tiltak") == "Tiltak nummer 1"
    for control in ["maal", "x", "del", "sorter", "periode-0", "periode-1", "fra-1", "til-1"]:
        assert again.page.input_value(f"#{control}") == opened.page.input_value(f"#{control}")
    assert again.page.is_checked("#figur-linje")
    assert again.page.is_checked("#mot-aar")
    assert again.page.input_value("#lenke").endswith(address)


def test_back_and_forward(open_page: Open) -> None:
    """The browser's own buttons go back and forward between views."""
    opened = open_page(view=explore(COUNTRY))
    first = rows_of(opened)
    opened.choose("maal", "venter")
    second = rows_of(opened)
    assert first != second
    opened.page.go_back()
    assert rows_of(opened) == first
    assert opened.page.input_value("#maal") == "personer"
    opened.page.go_forward()
    assert rows_of(opened) == second


def test_an_address_that_names_what_is_not_here(open_page: Open) -> None:
    """A link to what this page does not have says so, and shows the rest."""
    opened = open_page(view="vis=utforsk&enhet=KONTOR:9999&maal=penger&periode=i+morgen&tiltak=X&side=0&mot=a")
    assert "enhet" in opened.page.inner_text("#ukjent")
    assert opened.page.locator("#figur > svg").count() == 1
    opened.go("vis=utforsk&x=uke&periode=2031W01-2031W10")
    assert "periode" in opened.page.inner_text("#ukjent")


def test_table_is_sorted_and_turned(open_page: Open, published: Path) -> None:
    """Headers sort all rows, not only those of the page, and pages are turned."""
    opened = open_page(view=explore(COUNTRY, x="uke", periode="siste52"))
    assert len(opened.shown_rows()) == 25
    assert "Side 1 av 3" in opened.page.inner_text(".paging")
    opened.page.click("#sorter-1")
    assert opened.page.get_attribute("#tabell th:nth-child(2)", "aria-sort") == "descending"
    values = [float(row["Personer"] or 0) for row in opened.rows()]
    assert values == sorted(values, reverse=True)
    assert len(values) == 52
    opened.page.click("#sorter-1")
    assert opened.page.get_attribute("#tabell th:nth-child(2)", "aria-sort") == "ascending"
    assert [float(row["Personer"] or 0) for row in opened.rows()] == values[::-1]
    opened.page.click("#sorter-0")
    weeks = [row["Uke"] for row in opened.rows()]
    assert (weeks[0], weeks[-1]) == ("uke 4 2026", "uke 2 2027")
    opened.page.click("#forrige")
    assert "Side 2 av 3" in opened.page.inner_text(".paging")


def test_front_view(open_page: Open, published: Path) -> None:
    """Monday's question: how many now, how it changed, where it moved most."""
    opened = open_page()
    # Week 2 of 2026 is 53 weeks before week 2 of 2027.
    waiting = [
        float(expected(published, "venter", COUNTRY, "aar", weeks=(monday, monday)).popitem()[1] or 0)
        for monday in [LAST, LAST - timedelta(weeks=1), LAST - timedelta(weeks=53)]
    ]
    text = opened.page.inner_text("#kort-venter")
    assert f"{waiting[0]:.0f}" in text
    change = waiting[0] - waiting[1]
    assert (f"{abs(change):.0f}" if change else "Uendret") in text
    assert f"{abs(waiting[0] - waiting[2]):.0f}" in text
    for reference, weeks in [("uke", 1), ("aar", 53)]:
        now = expected(published, "personer", COUNTRY, "tiltak")
        before_week = LAST - timedelta(weeks=weeks)
        before = expected(published, "personer", COUNTRY, "tiltak", weeks=(before_week, before_week))
        moved = {
            name: value - earlier
            for (name, _), value in now.items()
            if isinstance(value, float) and isinstance(earlier := before.get((name, ""), 0.0), float)
        }
        shown = dict(
            line.split("\n") for line in opened.page.locator(f"#endring-{reference} .pairs > div").all_inner_texts()
        )
        assert shown
        for name, change_text in shown.items():
            assert float(change_text.split(" ")[0].replace("−", "-")) == moved[name]
        assert max(moved.values()) <= 0 or max(moved, key=lambda name: moved[name]) in shown
        assert min(moved.values()) >= 0 or min(moved, key=lambda name: moved[name]) in shown
    most = duckdb.sql(f"""
        select enhet_navn
        from '{published}/aapen_kapasitet_uke.parquet'
        join '{published}/aapen_enhet.parquet' using (enhet_nivaa_kode, enhetsnummer)
        where uke_start_dato = '{LAST}' and enhet_nivaa_kode = 'KONTOR' and gruppering_kode = 'INGEN'
        and fra_andre_antall > 0
        order by fra_andre_antall desc limit 1
    """).fetchone()
    assert most
    assert opened.page.inner_text("#kort-plasser dt >> nth=0") == most[0]
    assert "uke 2 2027" in opened.page.inner_text("#fakta")
    assert "18. januar 2027 kl. 05.30" in opened.page.inner_text("#fakta")
    assert "foreløpige tall" in opened.page.inner_text("#oversikt h2 >> nth=0")
    assert "Antall fra 1 til 4 er prikket" in opened.page.inner_text("#personvern")


def test_front_view_of_an_office(open_page: Open, published: Path) -> None:
    """An office sees whose people use its places, and links lead on to its own numbers."""
    opened = open_page(view="enhet=KONTOR:1001")
    row = duckdb.sql(f"""
        select plass_antall, egne_antall, fra_andre_antall, hos_andre_antall
        from '{published}/aapen_kapasitet_uke.parquet'
        where uke_start_dato = '{LAST}' and enhetsnummer = '1001' and enhet_nivaa_kode = 'KONTOR'
        and gruppering_kode = 'INGEN'
    """).fetchone()
    assert row
    text = opened.page.inner_text("#kort-plasser")
    for value in row:
        assert (DOT if value is None else f"{value:.1f}".replace(".", ",")) in text
    for link in opened.page.locator("#oversikt a").all():
        assert (link.get_attribute("href") or "").startswith("#vis=utforsk&enhet=KONTOR%3A1001")
    opened.page.click("#mandag a:has-text('I alt')")
    assert opened.page.input_value("#x") == "uke"
    assert opened.page.is_visible("#figur > svg")
