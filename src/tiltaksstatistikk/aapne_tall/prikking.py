"""Chooses which cells of the open numbers are suppressed («prikket»), so that none of them can be worked out.

Complementary cell suppression by linear programming: Kelly, Golden and Assad, «Cell suppression: disclosure protection
for sensitive tabular data» (Networks 22, 1992), as described in Hundepool et al., «Statistical Disclosure Control»
(Wiley, 2012), chapter 4. The solver is HiGHS. Why this method, what it protects against and what it costs:
docs/decisions/0013. aapne_tall_celle says which cells are small, and aapne_tall_sum which sums bind them.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import duckdb
import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.uint64]
Columns = dict[str, NDArray[np.generic]]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
# No cell is moved further than so many times the width: what is further away tells nothing more.
REACH = 4
# The cost of moving a suppressed cell. It is too little to decide what else is suppressed. It is not nothing, so that a
# move takes few cells with it, and can be made in the next run too.
CHEAP = 1e-3
# A cell that is shown with the same number in the week before, the week after or the run before hides little: to hide
# it costs so many times its number.
SEEN = 10.0
# Tries at moving many cells at once, while so many lack something. The others are taken one by one.
ROUNDS, MANY = 6, 12
# Seconds between lines that say how far it has come.
TELL = 30
# What a week takes: so many seconds of a processor for the square of its cells. Each of them may need a program, and a
# program grows with the week. A run that may take longer than so many seconds says so first.
SECONDS, LONG = 4e-7, 3_600

METHOD = 2
"""Weeks are decided by this number, and by what aapne_tall_uke has the fingerprint of.

Raise it when this module or aapne_tall_sum may give another answer than before. The next run then decides every
week again, which takes hours for a country. Leave it when they give the same answers in another way, or in other words.
"""


@dataclass
class Table:
    """The cells of one week that may be shown, and the sums that bind them.

    Attributes:
        series: what tells a cell from the others of its week, and is the same in the next; ascending.
        value: what each cell holds.
        least: the least that a reader knows a suppressed cell to hold: 1 when a zero would have been shown, else 0.
        sensitive: the cells that must be suppressed.
        inner: the cells that are shown in sums alone. They are suppressed, and may be worked out.
        loss: what it costs to suppress each cell.
        kept: the cells that are suppressed already.
        before: the cells that were suppressed in the run before, whatever they held then.
        parent, child, relation: one entry for each child of a sum: the sum's cell, the child, and the relation's
            number, from 0.
        part: whether the child of each entry counts nobody that the sum does not.
    """

    series: Numbers
    value: Floats
    least: Floats
    sensitive: Flags
    inner: Flags
    loss: Floats
    kept: Flags
    before: Flags
    parent: Ints
    child: Ints
    relation: Ints
    part: Flags

    @cached_property
    def parent_of(self) -> Ints:
        """The sum of each relation."""
        found = np.zeros(int(self.relation.max(initial=-1)) + 1, dtype=np.int64)
        found[self.relation] = self.parent
        return found

    @cached_property
    def entries(self) -> tuple[Ints, Ints, Floats]:
        """The sums that bind the cells, by cell: where each cell's entries begin; and each entry's row and sign.

        There is a row for each sum, and after them the rows of `parts`.
        """
        part, whole, _ = self.parts
        sums, rows = np.arange(len(self.parent_of)), len(self.parent_of) + np.arange(len(part))
        cell = np.concatenate([self.child, self.parent_of, part, whole])
        row = np.concatenate([self.relation, sums, rows, rows])
        sign = np.repeat([1.0, -1.0, 1.0, -1.0], [len(self.child), len(sums), len(part), len(whole)])
        order = np.argsort(cell, kind="stable")
        return np.searchsorted(cell[order], np.arange(len(self.value) + 1)), row[order], sign[order]

    @cached_property
    def parts(self) -> tuple[Ints, Ints, Floats]:
        """Each part and its whole where people are counted in more than one part, and how many more the whole has.

        No part is more than its whole. If nobody is counted twice, the sum sees to that.
        """
        total = np.bincount(self.relation, weights=self.value[self.child], minlength=len(self.parent_of))
        twice = np.abs(total - self.value[self.parent_of]) > TOLERANCE
        found = self.part & twice[self.relation]
        part, whole = self.child[found], self.parent[found]
        return part, whole, self.value[whole] - self.value[part]

    @cached_property
    def limits(self) -> tuple[Floats, Floats]:
        """The least and the most that a move may add to each row."""
        _, _, room = self.parts
        sums = np.zeros(len(self.parent_of))
        return np.concatenate([sums, np.full(len(room), -np.inf)]), np.concatenate([sums, room])

    def bound(self, cells: Ints) -> tuple[Ints, Ints]:
        """Return the entries of some cells: for each its cell's place among them, and its own place in `entries`."""
        begin = self.entries[0]
        count = begin[cells + 1] - begin[cells]
        owner = np.repeat(np.arange(len(cells)), count)
        return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count - begin[cells], count)


@dataclass
class Moves:
    """Ways in which the cells of a week can be other than they are, with every sum kept.

    Attributes:
        number: the move of each entry, from 0 and ascending.
        series: a cell that the move takes with it.
        step: how far.
    """

    number: Ints
    series: Numbers
    step: Floats


# Weeks in order: yields a week and the moves to try in it, and takes what is suppressed and the moves that show it.
Weeks = Generator[tuple[Table, Moves], tuple[Flags, Moves], None]
NONE = Moves(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64), np.zeros(0))


def suppress(table: Table, tried: Moves, width: float) -> tuple[Flags, Moves]:
    """Choose the cells to suppress.

    Args:
        table: the cells and their sums.
        tried: the moves of the run before. Those that can be made still need not be looked for.
        width: the least width of the interval that everything shown leaves open for each suppressed cell.

    Returns:
        Whether each cell is suppressed, and the moves that show that each has its interval.
    """
    search = Search(table, width)
    if not (search.hidden & ~table.inner).any():
        return search.hidden, NONE
    search.repeat(tried)
    complete(table, search.hidden, width)
    search.explore()
    while len(narrow := search.narrow()):
        for cell in narrow:
            if search.lacks(cell) and not search.widen(cell):
                # Nothing protects it. Then nothing of the week is shown.
                return np.ones_like(search.hidden), NONE
    return search.hidden, search.moves()


def complete(table: Table, hidden: Flags, width: float) -> None:
    """Suppress more, until each sum by itself leaves room for every suppressed cell in it. Changes `hidden`."""
    slack = table.value - table.least
    relations = len(table.parent_of)
    while True:
        among = hidden[table.child]
        count = np.bincount(table.relation[among], minlength=relations)
        room = np.bincount(table.relation[among], weights=slack[table.child[among]], minlength=relations)
        sum_hidden = hidden[table.parent_of]
        tight = np.where(sum_hidden, count == 0, (count > 0) & ((count < 2) | (room < width)))
        free = tight[table.relation] & ~hidden[table.child]
        child, relation = table.child[free], table.relation[free]
        order = np.lexsort((child, table.loss[child], relation))
        done, first = np.unique(relation[order], return_index=True)
        chosen = child[order][first]
        # The cheapest of the parts, or the sum itself.
        whole = table.parent_of[done]
        chosen = np.where(~sum_hidden[done] & (table.loss[chosen] > table.loss[whole]), whole, chosen)
        stuck = tight & ~sum_hidden
        stuck[done] = False
        more = np.concatenate([chosen, table.parent_of[stuck]])
        if not len(more):
            return
        hidden[more] = True


class Search:
    """A choice under way: what is suppressed so far, and how far the moves that are found take each cell."""

    def __init__(self, table: Table, width: float) -> None:
        """Begin with the cells that must be suppressed."""
        self.table, self.width = table, width
        self.hidden = table.sensitive | table.inner | table.kept
        self.lowest, self.highest = np.zeros(len(table.value)), np.zeros(len(table.value))
        self.found: list[tuple[Numbers, Floats]] = []
        self.program = Program(table)

    def lacks(self, cells: Ints | np.int64) -> Flags:
        """Return which of the cells are suppressed, and not taken far enough by any moves."""
        far = self.highest[cells] - self.lowest[cells]
        lacking: Flags = self.hidden[cells] & ~self.table.inner[cells] & (far < self.width - TOLERANCE)
        return lacking

    def narrow(self) -> Ints:
        """Return the cells that lack something, those that lack most first."""
        cells = np.arange(len(self.hidden))
        cells = cells[self.lacks(cells)]
        return cells[np.argsort((self.highest - self.lowest)[cells], kind="stable")]

    def note(self, cells: Ints, step: Floats, times: float = 1) -> None:
        """Suppress what a move takes with it, and note how far that can be made: up, and down, which is a move too.

        Args:
            cells: what the move takes with it.
            step: how far it takes each of them.
            times: how many times it can be made at least. A program's answer is possible, but for a hair.
        """
        _, row, sign = self.table.entries
        owner, entry = self.table.bound(cells)
        touched, of = np.unique(row[entry], return_inverse=True)
        added = np.bincount(of, weights=sign[entry] * step[owner])
        room, down = self.table.limits[1][touched], self.down(cells)
        self.hidden[cells] = True
        self.found.append((self.table.series[cells], step))
        for way, least in ((1, times), (-1, 0)):
            rises, falls, fills = way * step > 0, way * step < 0, way * added > TOLERANCE
            most = [
                REACH * self.width / np.abs(step[rises]),
                down[falls] / np.abs(step[falls]),
                room[fills] / np.abs(added[fills]),
            ]
            far = way * max(np.min(np.concatenate(most)), least) * step
            self.lowest[cells] = np.minimum(self.lowest[cells], far)
            self.highest[cells] = np.maximum(self.highest[cells], far)

    def moves(self) -> Moves:
        """Return the moves that were found."""
        if not self.found:
            return NONE
        series, step = zip(*self.found, strict=True)
        number = np.repeat(np.arange(len(series)), [len(one) for one in series])
        return Moves(number, np.concatenate(series), np.concatenate(step))

    def down(self, cells: Ints) -> Floats:
        """Return how far down each of the cells may go."""
        return np.minimum(REACH * self.width, self.table.value[cells] - self.table.least[cells])

    def repeat(self, tried: Moves) -> None:
        """Make the moves again that are still possible, those first that cost nothing more.

        Possible is what keeps this week's sums, and takes cells with it that are suppressed, or were. So a pattern
        lasts, though its numbers change, for as long as something needs it.
        """
        table = self.table
        _, row, sign = table.entries
        sums = max(len(table.parent_of), 1)
        cells = np.minimum(np.searchsorted(table.series, tried.series), len(table.series) - 1)
        owner, entry = table.bound(cells)
        owner, entry = owner[row[entry] < sums], entry[row[entry] < sums]
        touched, of = np.unique(tried.number[owner] * sums + row[entry], return_inverse=True)
        added = np.bincount(of, weights=sign[entry] * tried.step[owner], minlength=len(touched))
        begin = np.searchsorted(tried.number, np.arange(int(tried.number.max(initial=-1)) + 2))
        price = np.where(self.hidden, 0, table.loss)
        more = np.bincount(tried.number, weights=price[cells], minlength=len(begin) - 1).astype(np.float64)
        there = table.series[cells] == tried.series
        more[tried.number[~there | ~(self.hidden | table.before)[cells]]] = np.inf
        more[touched[np.abs(added) > TOLERANCE] // sums] = np.inf
        for number in np.argsort(more, kind="stable")[: np.isfinite(more).sum()]:
            these = slice(begin[number], begin[number + 1])
            if self.lacks(cells[these]).any():
                self.note(cells[these], tried.step[these], times=0)

    def explore(self) -> None:
        """Move many of the suppressed cells at once, in random directions."""
        random, cells = np.random.default_rng(len(self.hidden)), np.arange(len(self.hidden))
        up = np.where(self.hidden, REACH * self.width, 0)
        down = np.where(self.hidden, self.down(cells), 0)
        for _ in range(ROUNDS):
            lacking = self.lacks(cells)
            if lacking.sum() < MANY:
                break
            wish = np.where(lacking, random.choice([-1.0, 1.0], len(cells)), 0)
            for direction in (wish, -wish):
                step = self.program.solve(-down, up, -direction, direction)
                if step is not None and step.any():
                    self.note(np.flatnonzero(step), step[step != 0])

    def widen(self, cell: np.int64) -> bool:
        """Take a cell as far as it needs. Return whether that was possible."""
        part, whole, room = self.table.parts
        up = np.min(room[(part == cell) & ~self.hidden[whole]], initial=REACH * self.width)
        (down,) = self.down(np.array([cell]))
        # Up, and down when a sum that is shown leaves no room above.
        top = min(self.lowest[cell] + self.width, max(up, self.width - down))
        for target in (top, top - self.width):
            within = self.lowest[cell] - TOLERANCE <= target <= self.highest[cell] + TOLERANCE
            if not within and not self.move(cell, target):
                return False
        return not self.lacks(cell)

    def move(self, cell: np.int64, by: float) -> bool:
        """Move a cell, and as little as can be of what is shown. Return whether it can be moved."""
        up, down = np.full(len(self.hidden), REACH * self.width), self.down(np.arange(len(self.hidden)))
        up[cell], down[cell] = by, -by
        cost = np.where(self.hidden, CHEAP, self.table.loss)
        step = self.program.solve(-down, up, cost, cost)
        if step is None:
            return False
        self.note(np.flatnonzero(step), step[step != 0])
        return True


class Program:
    """A linear program: the cells of a week move, and every sum is kept."""

    def __init__(self, table: Table) -> None:
        """Set it up: for each cell how far it moves up and how far down, and a row for each sum and part."""
        begin, row, sign = table.entries
        count, low = len(table.value), table.limits[0]
        owner = np.repeat(np.arange(count), np.diff(begin))
        order = np.argsort(np.tile(row, 2), kind="stable")
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * count, len(low)
        program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(2 * count)
        program.row_lower_, program.row_upper_ = table.limits
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *2 * np.bincount(row, minlength=len(low))]).astype(np.int32)
        program.a_matrix_.index_ = np.concatenate([owner, owner + count])[order].astype(np.int32)
        program.a_matrix_.value_ = np.concatenate([sign, -sign])[order]
        self.columns = np.arange(2 * count, dtype=np.int32)
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("presolve", "off")
        self.solver.passModel(program)

    def solve(self, low: Floats, high: Floats, rise: Floats, fall: Floats) -> Floats | None:
        """Return how far each of the cells moves where that costs least; None when nothing is possible.

        Args:
            low, high: how far each may go, down being negative.
            rise, fall: what it costs to move each of them up, and down, by one.
        """
        count = len(self.columns)
        least, most = np.concatenate([low, -high]), np.concatenate([high, -low])
        self.solver.changeColsBounds(count, self.columns, np.maximum(least, 0), np.maximum(most, 0))
        self.solver.changeColsCost(count, self.columns, np.concatenate([rise, fall]))
        # Without a start: to stand still costs nothing, and the way from there is short.
        self.solver.clearSolver()
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        up, down = np.split(np.array(self.solver.getSolution().col_value), 2)
        step: Floats = up - down
        step[np.abs(step) < TOLERANCE] = 0
        return step


@dataclass
class Shown:
    """What a week was when it was decided: nothing of it, if it is not there or nothing of it could be shown.

    Attributes:
        series: its cells; ascending.
        value: what each of them held.
        hidden: whether each was suppressed.
    """

    series: Numbers
    value: Floats
    hidden: Flags

    @classmethod
    def of(cls, series: Numbers, value: Floats, hidden: Flags) -> Shown:
        """Return what a week was. A week of which nothing is shown says nothing of what is to be hidden in others."""
        told = slice(0, 0 if hidden.all() else None)
        return cls(series[told], value[told], hidden[told])

    def same(self, series: Numbers, value: Floats) -> tuple[Flags, Flags]:
        """Return which cells of another week had the same number and were suppressed, and which had and were shown."""
        _, mine, theirs = np.intersect1d(self.series, series, assume_unique=True, return_indices=True)
        kept, seen = np.zeros(len(series), dtype=bool), np.zeros(len(series), dtype=bool)
        same = self.value[mine] == value[theirs]
        kept[theirs], seen[theirs] = same & self.hidden[mine], same & ~self.hidden[mine]
        return kept, seen


def decide(
    session: duckdb.DuckDBPyConnection,
    weeks: duckdb.DuckDBPyRelation,
    cells: duckdb.DuckDBPyRelation,
    sums: duckdb.DuckDBPyRelation,
    before: duckdb.DuckDBPyRelation | None,
    width: float,
) -> duckdb.DuckDBPyRelation:
    """Decide the weeks that have changed, and return them.

    Weeks are taken in order. A week with the fingerprint of the run before is left as it was, unless the week before
    now hides what it shows, with the same number. In the others, what is suppressed in the week before, or was in this
    or the next in the run before, stays so while its number is the same. The two tables of people, those on tiltak with
    the places they have and those who wait, have nothing in common, and are decided side by side.

    Args:
        session: the database.
        weeks: aapne_tall_uke.
        cells: those of aapne_tall_celle that are part of the open numbers.
        sums: aapne_tall_sum.
        before: every week as it was last decided (aapne_tall_avgjort), if any has been.
        width: the least width of the interval that is left open for a suppressed cell (the var `prikkegrense`).

    Returns:
        Each cell of the weeks that were decided: whether it is suppressed; and in `flytting_liste` the moves that take
        a suppressed cell with them, each with its number in the week and how far.
    """
    session.execute(FOUND)
    store = Store(session, weeks, cells, sums, before)
    tell_what_it_takes(store)
    # The solver leaves the interpreter to others. The database is asked by one thread alone.
    with ThreadPoolExecutor(2) as pool:
        running: dict[Future[tuple[Flags, Moves]], Weeks] = {}
        for changed in (changed_weeks(store, waiting) for waiting in (False, True)):
            for first in itertools.islice(changed, 1):
                running[pool.submit(suppress, *first, width)] = changed
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                changed = running.pop(future)
                with contextlib.suppress(StopIteration):
                    running[pool.submit(suppress, *changed.send(future.result()), width)] = changed
    return session.sql(DECIDED)


# What is found, until it is returned.
FOUND = """
create or replace temp table funnet_celle (
    uke_start_dato date, vent_flagg boolean, uke_avtrykk varchar, celle_nr ubigint, key_serie varchar, antall double,
    prikket_flagg boolean
);
create or replace temp table funnet_flytting (
    uke_start_dato date, vent_flagg boolean, celle_nr ubigint, nr integer, antall double
)
"""
DECIDED = """
select
    uke_start_dato, vent_flagg, uke_avtrykk, null::timestamp as avgjort_tid, key_serie, funnet_celle.antall,
    prikket_flagg, flytting_liste
from funnet_celle
left join (
    select uke_start_dato, vent_flagg, celle_nr, list({'nr': nr, 'antall': antall} order by nr) as flytting_liste
    from funnet_flytting
    group by all
) using (uke_start_dato, vent_flagg, celle_nr)
"""


class Store:
    """The relations that weeks are read from, and where what is found is kept.

    A cell is known by a hash of its key, 64 bits, so that weeks and sums need no text.
    """

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        weeks: duckdb.DuckDBPyRelation,
        cells: duckdb.DuckDBPyRelation,
        sums: duckdb.DuckDBPyRelation,
        before: duckdb.DuckDBPyRelation | None,
    ) -> None:
        """Read which weeks there are, and which were decided of the same."""
        self.session, self.cells, self.sums, self.before = session, cells, sums, before
        found = weeks.project(f"vent_flagg, uke_start_dato, celle_antall, '{METHOD}|' || uke_avtrykk")
        self.weeks = found.order("vent_flagg, uke_start_dato").fetchall()
        known = before.project("vent_flagg, uke_start_dato, uke_avtrykk").distinct().fetchall() if before else []
        self.known = {(waiting, day): mark for waiting, day, mark in known}

    def unchanged(self, waiting: bool, day: date, mark: str) -> bool:
        """Return whether a week was decided of what it is now."""
        return self.known.get((waiting, day)) == mark

    def shown(self, waiting: bool, day: date) -> Shown:
        """Return what a week was in the run before."""
        if self.before is None or (waiting, day) not in self.known:
            return Shown.of(NONE.series, NONE.step, np.zeros(0, dtype=bool))
        week = of_week(self.before, waiting, day).project("hash(key_serie) as nr, antall, prikket_flagg").order("nr")
        found = week.fetchnumpy()
        return Shown.of(found["nr"], found["antall"], found["prikket_flagg"])

    def moves(self, waiting: bool, day: date) -> Moves:
        """Return the moves of a week in the run before."""
        if self.before is None:
            return NONE
        week = of_week(self.before, waiting, day).project("hash(key_serie) as serie_nr, unnest(flytting_liste) as en")
        found = week.project("serie_nr, en.nr as nr, en.antall as antall").order("nr, serie_nr").fetchnumpy()
        return Moves(found["nr"].astype(np.int64), found["serie_nr"], found["antall"])

    def week(self, waiting: bool, day: date) -> tuple[Columns, Columns]:
        """Return a week's cells, and what binds them."""
        cells = of_week(self.cells.project("*, populasjon_kode = 'VENTER' as vent_flagg"), waiting, day)
        sums = of_week(self.sums, waiting, day).project(
            "hash(key_sum) as sum_nr, hash(key_del) as del_nr, hash(key_sum, relasjon_kode) as relasjon_nr,"
            " relasjon_kode = 'LAND' as land_flagg, relasjon_kode = 'REGION' as region_flagg, del_flagg"
        )
        columns = "hash(key_serie) as nr, key_serie, antall, folsom_flagg, indre_flagg, minst_antall"
        return cells.project(columns).order("nr").fetchnumpy(), sums.order("sum_nr, relasjon_nr, del_nr").fetchnumpy()

    def keep(self, waiting: bool, day: date, mark: str, cells: Columns, hidden: Flags, moves: Moves) -> None:
        """Keep what was found of a week."""
        found = {name: cells[name] for name in ("nr", "key_serie", "antall")} | {"prikket_flagg": hidden}
        moved = {"serie_nr": moves.series, "nr": moves.number, "antall": moves.step}
        for name, arrays, values in (
            ("funnet_celle", found, [day, waiting, mark]),
            ("funnet_flytting", moved, [day, waiting]),
        ):
            columns = ", ".join([*"?" * len(values), *arrays])
            self.session.register("arrays", arrays)
            self.session.execute(f"insert into {name} select {columns} from arrays", values)
            self.session.unregister("arrays")


def of_week(relation: duckdb.DuckDBPyRelation, waiting: bool, day: date) -> duckdb.DuckDBPyRelation:
    """Return the rows of a week."""
    return relation.filter(f"vent_flagg = {waiting} and uke_start_dato = date '{day}'")


def tell_what_it_takes(store: Store) -> None:
    """Say how long the weeks to decide may take, if that is long."""
    seconds = [0.0, 0.0]
    for waiting, day, count, mark in store.weeks:
        seconds[waiting] += 0 if store.unchanged(waiting, day, mark) else SECONDS * count**2
    if max(seconds) > LONG:
        print(
            f"aapne_tall_avgjort: to choose what is suppressed may take {max(seconds) / 3600:.0f} hours, "
            f"{sum(seconds) / 3600:.0f} of a processor. docs/operations.md says how to take it in steps.",
            file=sys.stderr,
            flush=True,
        )


def changed_weeks(store: Store, waiting: bool) -> Weeks:
    """Yield the weeks of a table to decide, each with the moves to try; take what is hidden, and the moves found."""
    weeks = [(day, mark) for of, day, _, mark in store.weeks if of == waiting]
    decided, last, told = None, store.shown(waiting, date.min), time.monotonic()
    for number, (day, mark) in enumerate(weeks):
        near = decided == day - timedelta(weeks=1)
        own = store.shown(waiting, day)
        if store.unchanged(waiting, day, mark):
            kept, _ = last.same(own.series, own.value)
            if not near or not (kept & ~own.hidden).any():
                continue
        if time.monotonic() >= told + TELL:
            told = time.monotonic()
            what = "who waits" if waiting else "who is on tiltak"
            print(f"aapne_tall_avgjort, {what}: {number} of {len(weeks)} weeks", file=sys.stderr, flush=True)
        earlier = last if near else store.shown(waiting, day - timedelta(weeks=1))
        later = store.shown(waiting, day + timedelta(weeks=1))
        cells, bound = store.week(waiting, day)
        week = table_of(cells, bound, own, [earlier, later])
        hidden, moves = yield week, store.moves(waiting, day)
        store.keep(waiting, day, mark, cells, hidden, moves)
        decided, last = day, Shown.of(week.series, week.value, hidden)


def table_of(cells: Columns, bound: Columns, own: Shown, around: list[Shown]) -> Table:
    """Return a week's cells with what binds them.

    Args:
        cells: the cells.
        bound: each part of each sum.
        own: the week, as it was in the run before.
        around: the weeks before and after it.
    """
    series: Numbers = cells["nr"]  # type: ignore[assignment]
    value, inner = cells["antall"].astype(np.float64), cells["indre_flagg"].astype(bool)
    parent, child = (np.searchsorted(series, bound[name]) for name in ("sum_nr", "del_nr"))
    relation = np.unique(bound["relasjon_nr"], return_inverse=True)[1].ravel()
    kept, seen = np.zeros(len(value), dtype=bool), np.zeros(len(value), dtype=bool)
    for other in (own, *around):
        same, shown = other.same(series, value)
        kept |= same & ~inner
        seen |= shown
    # The people that the country tells of beyond the largest region: with one region, next to nobody.
    largest, of_country = np.zeros(len(value)), bound["land_flagg"].astype(bool)
    np.maximum.at(largest, parent[of_country], value[child[of_country]])
    told = np.where(largest < value, value - largest, value)
    # A region of one office is that office's numbers: what hides the one hides the other.
    alone = (np.bincount(relation)[relation] == 1) & bound["region_flagg"].astype(bool)
    more = np.zeros(len(value))
    np.add.at(more, parent[alone], told[child[alone]])
    np.add.at(more, child[alone], told[parent[alone]])
    told += more
    return Table(
        series=series,
        value=value,
        least=cells["minst_antall"].astype(np.float64),
        sensitive=cells["folsom_flagg"].astype(bool),
        inner=inner,
        loss=told * np.where(seen & ~kept, SEEN, 1.0),
        kept=kept,
        before=np.isin(series, own.series[own.hidden]),
        parent=parent,
        child=child,
        relation=relation,
        part=bound["del_flagg"].astype(bool),
    )
