"""Which cells are suppressed, in tables small enough to see through, and in drawn ones against a solver of its own."""

from __future__ import annotations

import itertools

import duckdb
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tiltaksstatistikk.aapne_tall import prikking
from tiltaksstatistikk.aapne_tall.prikking import NONE, Flags, Floats, Moves, Table, suppress

WIDTH = 5.0


def one_sum(*parts: float) -> Table:
    """Return a sum, which is the first cell, and its parts."""
    return table_of([sum(parts), *parts], [(0, list(range(1, len(parts) + 1)))])


def table_of(value: list[float], sums: list[tuple[int, list[int]]]) -> Table:
    """Return a table.

    Args:
        value: what each cell holds.
        sums: for each sum its cell, and the cells it is of.
    """
    count, entries = len(value), [(at, parent, child) for at, (parent, all_) in enumerate(sums) for child in all_]
    relation, parent, child = (np.array(column, dtype=np.int64) for column in zip(*entries, strict=True))
    return Table(
        series=np.arange(count, dtype=np.uint64),
        value=np.array(value, dtype=np.float64),
        least=np.ones(count),
        sensitive=np.array(value) < WIDTH,
        inner=np.zeros(count, dtype=bool),
        loss=np.array(value, dtype=np.float64),
        kept=np.zeros(count, dtype=bool),
        before=np.zeros(count, dtype=bool),
        parent=parent,
        child=child,
        relation=relation,
        part=np.ones(len(relation), dtype=bool),
    )


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ((10, 20, 30), []),
        # Alone it would be the sum less the others: the smallest of them goes with it.
        ((3, 10, 20, 30), [1, 2]),
        # Two that are small have no room between them.
        ((1, 2, 20, 30), [1, 2, 3]),
        # A sum under 6 tells that a part of it is no more than 5.
        ((1, 4), [0, 1, 2]),
    ],
)
def test_what_is_hidden_in_one_sum(parts: tuple[float, ...], hidden: list[int]) -> None:
    """Numbers under 5 are, and the cheapest that protects them."""
    assert np.flatnonzero(suppress(one_sum(*parts), NONE, WIDTH)[0]).tolist() == hidden


def test_a_small_sum_of_people_who_are_counted_twice_is_hidden() -> None:
    """Three on one tiltakstype and five on another are five people, and nobody else is on either."""
    table = table_of([5, 3, 5, 40, 30, 20], [(0, [1, 2]), (3, [0, 4, 5])])
    assert suppress(table, NONE, WIDTH)[0][0]


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        # Six would be cheaper, if eight had not been hidden with the three when it was seven.
        ((3, 6, 30, 8), [1, 4]),
        # As much as the three needs. Eight would do with fifteen, but is not asked.
        ((3, 4, 4, 8), [1, 2, 3, 4]),
        # The move is not possible any more.
        ((3, 6, 30), [1, 2]),
    ],
)
def test_what_was_hidden_with_a_number_is_again_while_that_needs_it(
    parts: tuple[float, ...], hidden: list[int]
) -> None:
    """Whatever it is now: then the moves of the run before can be made, and a pattern is not another every week."""
    before, moves = suppress(one_sum(3, 20, 30, 7), NONE, WIDTH)
    assert np.flatnonzero(before).tolist() == [1, 4]
    table = one_sum(*parts)
    table.before[:] = before[: len(table.value)]
    assert np.flatnonzero(suppress(table, moves, WIDTH)[0]).tolist() == hidden
    # Elsewhere nothing is hidden for it.
    table.before[:] = False
    found, _ = suppress(table, moves, WIDTH)
    assert found.tolist() == suppress(table, NONE, WIDTH)[0].tolist()


CELLS = """
    select
        key_serie, 'DELTAR' as populasjon_kode, 'KONTOR' as enhet_nivaa_kode, '0001' as enhetsnummer,
        date '2025-01-06' as uke_start_dato, antall, antall < 5 as folsom_flagg, false as indre_flagg,
        1 as minst_antall, true as vises_flagg
    from (values ('A', 50.0::double), ('B', 3.0), ('C', 17.0), ('D', 30.0)) as celle (key_serie, antall)
"""
TWO_WEEKS = f"{CELLS} union all select * replace (date '2025-01-13' as uke_start_dato) from ({CELLS})"
SUMS = """
    create or replace view aapne_tall_sum as
    select
        date '2025-01-06' as uke_start_dato, false as vent_flagg, 'A' as key_sum, key_del,
        'TILTAKSTYPE' as relasjon_kode, true as del_flagg
    from (values ('B'), ('C'), ('D')) as del (key_del)
    where {bound}
"""


WEEKS = """
    select
        uke_start_dato, populasjon_kode = 'VENTER' as vent_flagg, count(*) as celle_antall,
        sum(hash(key_serie, antall))::varchar as uke_avtrykk
    from ({cells})
    group by all
"""


def run(connection: duckdb.DuckDBPyConnection, cells: str = CELLS) -> None:
    """Decide what has changed, and replace it in the relation `decided`, as a run of dbt does."""
    there = connection.execute("from duckdb_tables() where table_name = 'decided'").fetchall()
    found = prikking.decide(
        connection,
        connection.sql(WEEKS.format(cells=cells)),
        connection.sql(cells),
        connection.sql(
            "from aapne_tall_sum where (uke_start_dato, key_del) in "
            f"(select (uke_start_dato, key_serie) from ({cells}))"
        ),
        connection.table("decided") if there else None,
        WIDTH,
    )
    connection.execute(f"create or replace temp table new as {found.sql_query()}")
    connection.execute("create table if not exists decided as from new where false")
    connection.execute(
        "delete from decided where (uke_start_dato, vent_flagg) in (select (uke_start_dato, vent_flagg) from new)"
    )
    connection.execute("insert into decided from new")


def hidden_cells(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Return the cells that are hidden, each with the day of the month."""
    hidden = "select day(uke_start_dato), key_serie from decided where prikket_flagg order by all"
    return connection.execute(hidden).fetchall()


def test_a_week_is_decided_again_when_the_method_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sum that was forgotten must reach the weeks that were shown without it."""
    with duckdb.connect() as connection:
        for method, bound, hidden in ((1, "false", ["B"]), (1, "true", ["B"]), (2, "true", ["B", "C"])):
            monkeypatch.setattr(prikking, "METHOD", method)
            connection.execute(SUMS.format(bound=bound))
            run(connection)
            assert [key for _, key in hidden_cells(connection)] == hidden


def test_a_week_that_is_the_same_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the moves that prove it. The week after, which is another, is decided from it."""
    weeks: list[Table] = []

    def seen(table: Table, tried: Moves, width: float) -> tuple[Flags, Moves]:
        weeks.append(table)
        return suppress(table, tried, width)

    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        run(connection)
        connection.execute("create table first_run as from decided")
        monkeypatch.setattr(prikking, "suppress", seen)
        run(connection, TWO_WEEKS)
        (week,) = weeks
        assert sorted(week.value[week.kept]) == [3, 17]
        assert connection.execute("from first_run except from decided").fetchall() == []
        ((moves,),) = connection.execute("select sum(len(flytting_liste)) from first_run").fetchall()
        assert moves


def test_a_long_run_says_how_far_it_has_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what it may take, before it begins: a country's first run takes days."""
    monkeypatch.setattr(prikking, "TELL", 0)
    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        run(connection)
        assert "hours" not in capsys.readouterr().err
        # Four cells in the week that is new, and nothing in the other.
        monkeypatch.setattr(prikking, "SECONDS", 2 * 3600 / 4**2)
        run(connection, TWO_WEEKS)
    said, *_, last = capsys.readouterr().err.splitlines()
    assert said.startswith("aapne_tall_avgjort: to choose what is suppressed may take 2 hours, 2 of a processor.")
    assert last == "aapne_tall_avgjort, who is on tiltak: 1 of 2 weeks"


def test_a_week_that_is_the_same_hides_what_the_week_before_now_does() -> None:
    """C is gone from the first week, and D is hidden in its place: 30 there, and 30 in the second."""
    fewer = f"select * replace (if(antall = 50, 33, antall) as antall) from ({CELLS})"
    second = f"select * replace (date '2025-01-13' as uke_start_dato) from ({fewer})"
    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        run(connection, f"{CELLS} union all {second}")
        run(connection, f"{fewer} where key_serie <> 'C' union all {second}")
        assert hidden_cells(connection) == [(6, "B"), (6, "D"), (13, "B"), (13, "C"), (13, "D")]


def test_a_week_that_is_new_hides_what_the_week_after_it_does() -> None:
    """Twelve would be cheaper to hide with three than 17, had the week after not hidden 17."""
    earlier = f"select * replace (case antall when 50 then 32 when 30 then 12 else antall end as antall) from ({CELLS})"
    second = f"select * replace (date '2025-01-13' as uke_start_dato) from ({CELLS})"
    sums = f"{SUMS.format(bound='true')} union all {SUMS.format(bound='true').split(' as', 1)[1]}"
    with duckdb.connect() as connection:
        connection.execute(sums.replace("2025-01-06", "2025-01-13", 1))
        run(connection, second)
        run(connection, f"{earlier} union all {second}")
        assert hidden_cells(connection) == [(6, "B"), (6, "C"), (13, "B"), (13, "C")]


def test_a_week_that_is_not_there_is_remembered() -> None:
    """Another pattern when it comes back would give some of the numbers away, together with the first."""
    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        run(connection, TWO_WEEKS)
        connection.execute("create table first_run as from decided")
        for cells in (CELLS, CELLS, TWO_WEEKS):
            run(connection, cells)
            assert connection.execute("from first_run except from decided").fetchall() == []


def test_who_waits_is_decided_by_itself() -> None:
    """A week without anyone who waits is remembered, and what is not decided anew keeps its time."""
    waiting = CELLS.replace("'DELTAR'", "'VENTER'").replace("key_serie, 'V", "'V' || key_serie as key_serie, 'V")
    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        run(connection, f"{CELLS} union all {waiting}")
        connection.execute("update decided set avgjort_tid = timestamp '2025-01-20'")
        connection.execute("create table first_run as from decided")
        assert [key for _, key in hidden_cells(connection)] == ["B", "C", "VB"]
        for cells in (CELLS, f"{CELLS} union all {waiting}"):
            run(connection, cells)
            assert connection.execute("from first_run except from decided").fetchall() == []


def test_to_hide_a_region_of_one_office_costs_the_people_of_both() -> None:
    """Then the country is the cheaper, though its places (P), the same number by another name, go with it."""
    cells = """
        select
            key_serie, 'DELTAR' as populasjon_kode, nivaa as enhet_nivaa_kode,
            case nivaa when 'LAND' then 'ALLE' else key_serie end as enhetsnummer,
            date '2025-01-06' as uke_start_dato, antall, antall < 5 as folsom_flagg, false as indre_flagg,
            1 as minst_antall, true as vises_flagg
        from (
            values ('ALLE', 'LAND', 103.0::double), ('R1', 'REGION', 70.0), ('R2', 'REGION', 30.0),
            ('R3', 'REGION', 3.0), ('K', 'KONTOR', 30.0), ('P', 'LAND', 103.0)
        ) as celle (key_serie, nivaa, antall)
    """
    with duckdb.connect() as connection:
        connection.execute(
            """
            create view aapne_tall_sum as
            select
                date '2025-01-06' as uke_start_dato, false as vent_flagg, key_sum, key_del, nivaa as relasjon_kode,
                true as del_flagg
            from (values ('ALLE', 'R1', 'LAND'), ('ALLE', 'R2', 'LAND'), ('ALLE', 'R3', 'LAND'), ('R2', 'K', 'REGION'),
                ('ALLE', 'P', 'PLASS')) as ledd (key_sum, key_del, nivaa)
            """
        )
        run(connection, cells)
        assert [key for _, key in hidden_cells(connection)] == ["ALLE", "P", "R3"]


@pytest.mark.parametrize(("shown", "kept"), [(["A", "C", "D"], ["B"]), ([], [])])
@pytest.mark.parametrize("earlier", ["week", "run"])
def test_a_week_without_anything_shown_says_nothing(
    monkeypatch: pytest.MonkeyPatch, earlier: str, shown: list[str], kept: list[str]
) -> None:
    """What could not be protected once must not hide everything from then on, in the next week or in the next run."""
    found: list[list[str]] = []

    def decide(table: Table, tried: Moves, width: float) -> tuple[Flags, Moves]:
        order = "select key_serie from unnest(['A', 'B', 'C', 'D', 'E'][:?]) as t (key_serie) order by hash(key_serie)"
        names = np.array([name for (name,) in duckdb.execute(order, [len(table.series)]).fetchall()])
        found.append(sorted(names[table.kept]))
        return np.isin(names, shown, invert=True), tried

    monkeypatch.setattr(prikking, "suppress", decide)
    with duckdb.connect() as connection:
        connection.execute(SUMS.format(bound="true"))
        if earlier == "week":
            run(connection, TWO_WEEKS)
        else:
            run(connection)
            # One more is there now, which was not hidden.
            run(
                connection,
                f"{CELLS} union all select * replace ('E' as key_serie) from ({CELLS}) where key_serie = 'D'",
            )
    assert found == [[], kept]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Table, Table]:
    """Draw two weeks of some offices in two regions: each office's people, and those on each tiltakstype."""
    offices, types = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    number = st.one_of(st.just(0), st.integers(1, 4), st.integers(1, 30))
    counts = draw(st.lists(st.lists(number, min_size=types, max_size=types), min_size=offices, max_size=offices))
    later = [[max(n + draw(st.integers(-1, 1)), 0) if draw(st.booleans()) else n for n in row] for row in counts]
    assume(sum(map(sum, counts)) and sum(map(sum, later)))
    regions = [office % 2 for office in range(offices)]
    # Some are on two tiltakstyper, so that there are fewer people than the sum of those on each.
    twice = [draw(st.integers(0, 3)) for _ in range(offices)]
    return week(counts, regions, twice), week(later, regions, twice)


def week(counts: list[list[int]], regions: list[int], twice: list[int]) -> Table:
    """Return a week: `counts` by office and tiltakstype, each office's region, and how many are on two tiltakstyper."""
    values: dict[tuple[int, int], int] = {}
    for office, row in enumerate(counts):
        values[office, -1] = max(sum(row) - twice[office], max(row))
        values |= {(office, kind): count for kind, count in enumerate(row)}
    offices, country = range(len(counts)), 100
    kinds = range(-1, len(counts[0]))
    under = {50 + region: [one for one in offices if regions[one] == region] for region in sorted(set(regions))}
    under[country] = list(under)
    for unit, kind in itertools.product(under, kinds):
        values[unit, kind] = sum(values[one, kind] for one in under[unit])
    cells = [cell for cell, value in values.items() if value > 0]
    place = {cell: number for number, cell in enumerate(sorted(cells))}
    sums = [(place[unit, -1], [(unit, kind) for kind in kinds[1:]]) for unit, kind in place if kind < 0]
    sums += [(place[unit, kind], [(one, kind) for one in under[unit]]) for unit, kind in place if unit in under]
    found = [(whole, [place[part] for part in parts if part in place]) for whole, parts in sums]
    table = table_of([values[cell] for cell in place], [one for one in found if one[1]])
    table.series = np.array([1000 * unit + kind + 1 for unit, kind in place], dtype=np.uint64)
    return table


def widths(table: Table, hidden: Flags) -> Floats:
    """Return how wide an interval everything shown leaves for each suppressed cell, by a solver of its own."""
    count = len(table.value)
    sums = np.zeros((len(table.parent_of), count))
    sums[table.relation, table.child] += 1
    sums[np.arange(len(table.parent_of)), table.parent_of] -= 1
    parts = np.zeros((len(table.child), count))
    parts[np.arange(len(table.child)), table.child] += 1
    parts[np.arange(len(table.child)), table.parent] -= 1
    bounds = [
        (least, None) if one else (value, value)
        for value, least, one in zip(table.value, table.least, hidden, strict=True)
    ]
    found = []
    for cell in np.flatnonzero(hidden):
        ends = []
        for sign in (1, -1):
            cost = np.zeros(count)
            cost[cell] = sign
            result = linprog(cost, parts, np.zeros(len(parts)), sums, sums @ table.value, bounds)
            ends.append(np.inf if result.status == 3 else abs(result.fun))
        found.append(abs(ends[1] - ends[0]))
    return np.array(found)


@given(weeks=worlds())
@settings(max_examples=60, deadline=None)
def test_everything_that_is_hidden_has_its_interval(weeks: tuple[Table, Table]) -> None:
    """Also where the moves of other numbers are tried first."""
    moves, before = NONE, NONE.series
    for table in weeks:
        table.before[:] = np.isin(table.series, before)
        hidden, moves = suppress(table, moves, WIDTH)
        before = table.series[hidden]
        assert not (table.sensitive & ~hidden).any()
        assert (widths(table, hidden) >= WIDTH - 1e-6).all()
