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
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property

import duckdb
import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
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
# Offices of a region are solved together until they have so many cells: the time for one cell grows with what is solved
# at once. A cell that cannot be protected in such a group is tried in the region, and then in the whole.
GROUP = 2_000
# Seconds between lines that say how far it has come.
TELL = 30
# The sums that bind the cells are fetched for so many cells at a time.
FETCHED = 500_000


@dataclass
class Table:
    """The cells of one week that may be shown, and the sums that bind them.

    Attributes:
        series: what tells a cell from the others of its week, and is the same in the next; ascending.
        unit: the office, region or country of each cell, numbered from 0.
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

    series: Ints
    unit: Ints
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

    @cached_property
    def circles(self) -> tuple[Ints, Ints]:
        """For each cell the group of offices that it is solved with, and its region.

        Both are -1 for what is above the regions, and for offices in none: where the places of a tiltakstype are in one
        of those, nobody else moves without it.
        """
        units = np.arange(int(self.unit.max(initial=-1)) + 1)
        above, group = np.full(len(units), -1), np.full(len(units), -1)
        over, under = self.unit[self.parent], self.unit[self.child]
        above[under[over != under]] = over[over != under]
        upper = np.isin(units, above)
        top = np.isin(units, above[upper])
        region = np.where(top | ~upper & ((above < 0) | top[above]), -1, np.where(upper, units, above))
        offices = units[~upper & (region >= 0)]
        offices = offices[np.argsort(region[offices], kind="stable")]
        filled = np.cumsum(np.bincount(self.unit, minlength=len(units))[offices]) // GROUP
        pairs = np.stack([region[offices], filled], axis=1)
        group[offices] = np.unique(pairs, axis=0, return_inverse=True)[1].ravel()
        return group[self.unit], region[self.unit]


@dataclass
class Moves:
    """Ways in which the cells of a week can be other than they are, with every sum kept.

    Attributes:
        number: the move of each entry, from 0 and ascending.
        series: a cell that the move takes with it.
        step: how far.
    """

    number: Ints
    series: Ints
    step: Floats


# Weeks in order: yields a week and the moves to try in it, and takes what is suppressed and the moves that show it.
Weeks = Generator[tuple[Table, Moves], tuple[Flags, Moves], None]
NONE = Moves(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


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
        self.found: list[tuple[Ints, Floats]] = []
        self.programs: dict[tuple[int, int], Program] = {}

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
        random = np.random.default_rng(len(self.hidden))
        group, _ = self.table.circles
        numbers, first = np.unique(group, return_index=True)
        for program in dict.fromkeys(next(self.around(cell)) for cell in first[numbers >= 0]):
            cells = program.cells
            for _ in range(ROUNDS):
                lacking = self.lacks(cells)
                if lacking.sum() < MANY:
                    break
                up = np.where(self.hidden[cells], REACH * self.width, 0)
                down = np.where(self.hidden[cells], self.down(cells), 0)
                wish = np.where(lacking, random.choice([-1.0, 1.0], len(cells)), 0)
                for direction in (wish, -wish):
                    step = program.solve(-down, up, -direction, direction)
                    if step is not None and step.any():
                        self.note(cells[step != 0], step[step != 0])

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
        for program in self.around(cell):
            cells = program.cells
            still, place = program.still & ~self.hidden[cells], np.searchsorted(cells, cell)
            up, down = np.where(still, 0, REACH * self.width), np.where(still, 0, self.down(cells))
            up[place], down[place] = by, -by
            cost = np.where(self.hidden[cells], CHEAP, self.table.loss[cells])
            step = program.solve(-down, up, cost, cost)
            if step is not None:
                self.note(cells[step != 0], step[step != 0])
                return True
        return False

    def around(self, cell: np.int64) -> Iterator[Program]:
        """Yield programs that a cell may be moved in, the smallest first."""
        group, region = self.table.circles
        if len(group) > 2 * GROUP and region.max() >= 0:
            if group[cell] >= 0:
                yield self.program(int(group[cell]), int(region[cell]))
            yield self.program(-1, int(region[cell] if region[cell] >= 0 else np.bincount(region + 1)[1:].argmax()))
        yield self.program(-1, -1)

    def program(self, group: int, region: int) -> Program:
        """Return the program of a group in a region, of a region, or of everything; those above are in it too.

        In a group, what is shown of the region and the country stands still: others may hide a cell cheaper.
        """
        if (group, region) not in self.programs:
            groups, regions = self.table.circles
            near = (region < 0) | (regions < 0) | (regions == region)
            near &= (group < 0) | (groups < 0) | (groups == group)
            cells = np.flatnonzero(near)
            self.programs[group, region] = Program(self.table, cells, (group >= 0) & (groups[cells] < 0))
        return self.programs[group, region]


class Program:
    """A linear program: some of the cells move, the others stand still, and every sum is kept.

    Attributes:
        cells: the cells that move; ascending.
        still: which of them stand still while they are shown.
    """

    def __init__(self, table: Table, cells: Ints, still: Flags) -> None:
        """Set it up: for each cell how far it moves up and how far down, and a row for each sum and part."""
        self.cells, self.still = cells, still
        owner, entry = table.bound(cells)
        rows, row = np.unique(table.entries[1][entry], return_inverse=True)
        order = np.argsort(np.tile(row, 2), kind="stable")
        sign = table.entries[2][entry]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * len(cells), len(rows)
        program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(2 * len(cells))
        program.row_lower_, program.row_upper_ = (limit[rows] for limit in table.limits)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *2 * np.bincount(row, minlength=len(rows))]).astype(np.int32)
        program.a_matrix_.index_ = np.concatenate([owner, owner + len(cells)])[order].astype(np.int32)
        program.a_matrix_.value_ = np.concatenate([sign, -sign])[order]
        self.columns = np.arange(2 * len(cells), dtype=np.int32)
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


def mark(
    session: duckdb.DuckDBPyConnection,
    cells: duckdb.DuckDBPyRelation,
    sums: duckdb.DuckDBPyRelation,
    levels: duckdb.DuckDBPyRelation,
    before: str,
    width: float,
) -> duckdb.DuckDBPyRelation:
    """Return the cells that may be shown, with whether each is suppressed.

    Weeks are taken in order. A week whose cells and rules are those of the run before is left as it was, unless the
    week before now hides what it shows, with the same number. In the others, what is suppressed in the week before, or
    was in this or the next in the run before, stays so while its number is the same. Of weeks that are not there, what
    was suppressed is remembered for the next run.

    Args:
        session: the database.
        cells: those of aapne_tall_celle that are part of the open numbers.
        sums: aapne_tall_sum.
        levels: int_enhet_nivaa, which the sums are made from.
        before: the relation that the run before made, if there is one.
        width: the least width of the interval that is left open for a suppressed cell (the var `prikkegrense`).

    Returns:
        A relation: the columns of `cells`; `regel_avtrykk`, a hash of what decides besides the cells; `avgjort_tid`,
        when the week was decided, null when this run has done it; `prikket_flagg`;
        in `flytting_liste` the moves that take a suppressed cell with them, each with its number in the week and how
        far; and `husket_flagg` for the rows of an earlier run that are remembered, and not shown.
    """
    session.execute(f"create or replace temp view celle as {cells.sql_query()}")
    (rules,) = session.execute(RULES_OF.format(levels=levels.sql_query()), [width, METHOD]).fetchall()[0]
    exists = session.execute(
        "select 1 from duckdb_columns()"
        " where concat_ws('.', database_name, schema_name, table_name) = ? and column_name = 'prikket_flagg'",
        [before.replace('"', "")],
    ).fetchone()
    session.execute(TABLE_OF)
    session.execute(LAST.format(before=f"union all by name from {before}" if exists else ""))
    session.execute(SERIES)
    session.execute(RESULT)
    session.execute(NUMBERED)
    session.execute(WEEKS.format(rules=rules))
    session.execute(UNCHANGED)
    decide(session, sums.sql_query(), width)
    return session.sql(MARKED.format(rules=rules) + REMEMBERED)


def decide(session: duckdb.DuckDBPyConnection, sums: str, width: float) -> None:
    """Note in `prikket` what is suppressed in the weeks that have changed, the tables side by side.

    The solver leaves the interpreter to others. The database is asked by one thread alone.
    """
    with ThreadPoolExecutor(len(TABLES)) as pool:
        running: dict[Future[tuple[Flags, Moves]], Weeks] = {}
        for weeks in (weeks_of(session, sums, table) for table in range(len(TABLES))):
            for first in itertools.islice(weeks, 1):
                running[pool.submit(suppress, *first, width)] = weeks
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                weeks = running.pop(future)
                with contextlib.suppress(StopIteration):
                    running[pool.submit(suppress, *weeks.send(future.result()), width)] = weeks


def weeks_of(session: duckdb.DuckDBPyConnection, sums: str, table: int) -> Weeks:
    """Yield the weeks of a table to decide, each with the moves to try; take what is hidden, and the moves found."""
    fetched, decided, told = None, None, time.monotonic()
    weeks = session.execute(WEEKS_OF, [table]).fetchall()
    for number, (day, earlier, later, until, unchanged) in enumerate(weeks):
        which = {"table": table, "day": day}
        if unchanged:
            near = earlier is not None and earlier == decided
            if not near or not session.execute(PARTED, {**which, "earlier": earlier}).fetchall():
                continue
            for relation in ("prikket", "avgjort"):
                session.execute(f"delete from {relation} where tabell_nr = $table and uke_start_dato = $day", which)
        decided = day
        if time.monotonic() >= told + TELL:
            told = time.monotonic()
            what = f"aapne_tall_prikking, {' and '.join(TABLES[table])}"
            print(f"{what}: {number} of {len(weeks)} weeks", file=sys.stderr, flush=True)
        if until != fetched:
            session.execute(BOUND.format(sums=sums, table=table, first=day, last=until))
            fetched = until
        cells = session.execute(CELLS, {**which, "earlier": earlier, "later": later}).fetchnumpy()
        bound = session.execute(f"from ledd_{table} where uke_start_dato = ? order by relasjon_nr, del_nr", [day])
        week = table_of(cells, bound.fetchnumpy())
        made = session.execute(MADE, which).fetchnumpy()
        tried = Moves(made["nr"].astype(np.int64), made["serie_nr"].astype(np.int64), made["antall"].astype(np.float64))
        hidden, moves = yield week, tried
        # As a text: DuckDB looks for the libraries that each value of a list might be from.
        entries = zip(moves.series.tolist(), moves.number.tolist(), moves.step.tolist(), strict=True)
        moved = (f"{series}:{number}:{step}" for series, number, step in entries)
        session.execute(FOUND, [table, day, " ".join([*map(str, week.series[hidden].tolist()), *moved])])


def table_of(cells: dict[str, NDArray[np.generic]], bound: dict[str, NDArray[np.generic]]) -> Table:
    """Return a week's cells, as `CELLS` gives them, with what binds them, as in `ledd`."""
    value, inner = cells["antall"].astype(np.float64), cells["indre_flagg"].astype(bool)
    parent, child, relation = (bound[name].astype(np.int64) for name in ("sum_nr", "del_nr", "relasjon_nr"))
    kept, seen = np.zeros(len(value), dtype=bool), np.zeros(len(value), dtype=bool)
    for other in ("foer", "uke_foer", "uke_etter"):
        same, hidden = cells[f"antall_{other}"].astype(np.float64) == value, cells[f"prikket_{other}"].astype(bool)
        kept |= same & hidden & ~inner
        seen |= same & ~hidden
    # The people that the country tells of beyond the largest region: with one region, next to nobody.
    largest, of_country = np.zeros(len(value)), bound["land_flagg"].astype(bool)
    np.maximum.at(largest, parent[of_country], value[child[of_country]])
    told = np.where(largest < value, value - largest, value)
    # A region of one office is that office's numbers: what hides the one hides the other.
    unit = cells["enhet_nr"].astype(np.int64)
    alone = (np.bincount(relation)[relation] == 1) & (unit[parent] != unit[child]) & ~of_country
    more = np.zeros(len(value))
    np.add.at(more, parent[alone], told[child[alone]])
    np.add.at(more, child[alone], told[parent[alone]])
    told += more
    return Table(
        series=cells["serie_nr"].astype(np.int64),
        unit=unit,
        value=value,
        least=cells["minst_antall"].astype(np.float64),
        sensitive=cells["folsom_flagg"].astype(bool),
        inner=inner,
        loss=told * np.where(seen & ~kept, SEEN, 1.0),
        kept=kept,
        before=cells["prikket_foer"].astype(bool),
        parent=parent,
        child=child,
        relation=relation,
        part=bound["del_flagg"].astype(bool),
    )


# People on tiltak and the places they have are the same participations, and are decided together.
TABLES = (("DELTAR", "KAPASITET"), ("VENTER",))

TABLE_OF = f"""
create or replace temp view tabell as
from (
    values {", ".join(f"('{code}', {number})" for number, codes in enumerate(TABLES) for code in codes)}
) as tabell (populasjon_kode, tabell_nr)
"""

# A number for what is the same from week to week, and for the unit that it is of.
SERIES = """
create or replace temp table serie as
select
    key_serie,
    tabell_nr,
    row_number() over (order by key_serie) - 1 as serie_nr,
    dense_rank() over (order by enhet_nivaa_kode, enhetsnummer) - 1 as enhet_nr
from (select distinct key_serie, populasjon_kode, enhet_nivaa_kode, enhetsnummer from celle)
inner join tabell using (populasjon_kode)
"""

METHOD = 1
"""Weeks are decided by this number, the limit, the cells and the levels of offices.

Raise it when this module or aapne_tall_sum may give another answer than before. The next run then decides every
week again, which takes hours for a country. Leave it when they give the same answers in another way, or in other words.
"""

RULES_OF = """
select md5(concat_ws('|', ?, ?, (select sum(hash(nivaa)) from ({levels}) as nivaa)))
"""

# The run before; of a week that is remembered, the last that suppressed something. A column that it has not is null.
LAST = """
create or replace temp view forrige as
with
alle as (
    select
        *,
        null::varchar as regel_avtrykk,
        null::timestamp as avgjort_tid,
        null::boolean as prikket_flagg,
        null::struct(nr integer, antall double)[] as flytting_liste,
        null::boolean as husket_flagg
    from celle
    where false
    {before}
)
select alle.*
from alle
inner join tabell using (populasjon_kode)
qualify
    coalesce(husket_flagg, false)
    = bool_or(coalesce(husket_flagg, false)) over (partition by tabell_nr, uke_start_dato)
"""

RESULT = """
create or replace temp table prikket (
    tabell_nr integer,
    uke_start_dato date,
    serie_nr bigint,
    flytting_liste struct(nr integer, antall double)[]
);
create or replace temp table avgjort (tabell_nr integer, uke_start_dato date, avgjort_tid timestamp)
"""

MARKED = """
select
    celle.*,
    '{rules}' as regel_avtrykk,
    avgjort.avgjort_tid,
    prikket.serie_nr is not null as prikket_flagg,
    prikket.flytting_liste,
    false as husket_flagg
from celle
inner join serie using (key_serie)
left join prikket using (tabell_nr, uke_start_dato, serie_nr)
left join avgjort using (tabell_nr, uke_start_dato)
"""

REMEMBERED = """
union all by name
select forrige.* replace (false as vises_flagg, true as husket_flagg)
from forrige
inner join tabell using (populasjon_kode)
where (tabell_nr, uke_start_dato) not in (select (tabell_nr, uke_start_dato) from uke)
qualify bool_or(prikket_flagg) over (partition by tabell_nr, uke_start_dato)
"""

# The moves of the run before.
MADE = """
select serie_nr, flytting.nr, flytting.antall
from (
    select serie_nr, unnest(flytting_foer) as flytting
    from nummerert
    where tabell_nr = $table and uke_start_dato = $day
)
order by flytting.nr, serie_nr
"""

# A week's cells, with what became of them in the run before, of the week before in this one, and of the week after in
# the run before, where its number is still the same. A week that could not be protected, and so shows nothing, says
# nothing.
CELLS = """
with
uke_foer as (
    select
        nummerert.serie_nr,
        nummerert.antall,
        prikket.serie_nr is not null and not bool_and(prikket.serie_nr is not null) over () as prikket_flagg
    from nummerert
    left join prikket using (tabell_nr, uke_start_dato, serie_nr)
    where nummerert.tabell_nr = $table and nummerert.uke_start_dato = $earlier
),
uke_etter as (
    select
        serie_nr,
        case when antall = antall_foer then antall end as antall,
        prikket_foer and not bool_and(prikket_foer) filter (where antall_foer >= 0) over () as prikket_flagg
    from nummerert
    where tabell_nr = $table and uke_start_dato = $later
)
select
    nummerert.* exclude (key_serie, tabell_nr, flytting_foer) replace (
        prikket_foer and not bool_and(prikket_foer) filter (where antall_foer >= 0) over () as prikket_foer
    ),
    coalesce(uke_foer.antall, -1) as antall_uke_foer,
    coalesce(uke_foer.prikket_flagg, false) as prikket_uke_foer,
    coalesce(uke_etter.antall, -1) as antall_uke_etter,
    coalesce(uke_etter.prikket_flagg, false) as prikket_uke_etter
from nummerert
left join uke_foer using (serie_nr)
left join uke_etter using (serie_nr)
where nummerert.tabell_nr = $table and nummerert.uke_start_dato = $day
order by nummerert.nr
"""

# A text of the suppressed cells, and of «cell:move:step».
FOUND = """
insert into prikket
select
    ?,
    ?,
    funn[1]::bigint,
    list({'nr': funn[2]::integer, 'antall': funn[3]::double} order by funn[2]::integer)
    filter (where len(funn) > 1)
from (select string_split(unnest(regexp_extract_all(?, '[^ ]+')), ':') as funn)
group by funn[1]
"""

NUMBERED = """
create or replace temp table nummerert as
select
    serie.tabell_nr,
    celle.uke_start_dato,
    celle.key_serie,
    serie.serie_nr,
    serie.enhet_nr,
    row_number() over (partition by serie.tabell_nr, celle.uke_start_dato order by serie.serie_nr) - 1 as nr,
    celle.antall,
    celle.folsom_flagg,
    celle.indre_flagg,
    celle.minst_antall,
    coalesce(forrige.antall, -1) as antall_foer,
    coalesce(forrige.prikket_flagg, false) as prikket_foer,
    forrige.flytting_liste as flytting_foer
from celle
inner join serie using (key_serie)
left join forrige using (uke_start_dato, key_serie)
order by serie.tabell_nr, celle.uke_start_dato, serie.serie_nr
"""

BOUND = """
create or replace temp table ledd_{table} as
with
nummer as (
    select
        uke_start_dato,
        key_serie,
        nr
    from nummerert
    where tabell_nr = {table} and uke_start_dato between '{first}' and '{last}'
)
select
    sums.uke_start_dato,
    sum.nr as sum_nr,
    del.nr as del_nr,
    dense_rank() over (partition by sums.uke_start_dato order by sum.nr, sums.relasjon_kode) - 1 as relasjon_nr,
    sums.del_flagg,
    sums.relasjon_kode = 'LAND' as land_flagg
from ({sums}) as sums
inner join nummer as sum on sums.uke_start_dato = sum.uke_start_dato and sums.key_sum = sum.key_serie
inner join nummer as del on sums.uke_start_dato = del.uke_start_dato and sums.key_del = del.key_serie
where sums.uke_start_dato between '{first}' and '{last}'
order by sums.uke_start_dato
"""

# Each week, those around it, the last that is fetched with it, and whether its cells are those of the run before.
WEEKS = f"""
create or replace temp table uke as
with
naa as (
    select
        tabell_nr,
        uke_start_dato,
        count(*) as antall,
        sum(hash(key_serie, antall, folsom_flagg, indre_flagg, minst_antall)) as avtrykk
    from celle
    inner join tabell using (populasjon_kode)
    group by all
),
foer as (
    select
        tabell_nr,
        uke_start_dato,
        sum(hash(key_serie, antall, folsom_flagg, indre_flagg, minst_antall)) as avtrykk,
        max(avgjort_tid) as avgjort_tid
    from forrige
    inner join tabell using (populasjon_kode)
    where regel_avtrykk = '{{rules}}'
    group by all
),
hentet as (
    select
        naa.tabell_nr,
        naa.uke_start_dato,
        lag(naa.uke_start_dato) over (partition by naa.tabell_nr order by naa.uke_start_dato) as forrige_uke_dato,
        lead(naa.uke_start_dato) over (partition by naa.tabell_nr order by naa.uke_start_dato) as neste_uke_dato,
        coalesce(naa.avtrykk = foer.avtrykk, false) as uendret_flagg,
        foer.avgjort_tid,
        sum(naa.antall) over (partition by naa.tabell_nr order by naa.uke_start_dato) // {FETCHED} as hentet_nr
    from naa
    left join foer using (tabell_nr, uke_start_dato)
)
select
    tabell_nr,
    uke_start_dato,
    forrige_uke_dato,
    neste_uke_dato,
    max(uke_start_dato) over (partition by tabell_nr, hentet_nr) as hentet_til_dato,
    uendret_flagg,
    avgjort_tid
from hentet
"""

UNCHANGED = """
insert into prikket
select
    tabell_nr,
    uke_start_dato,
    serie_nr,
    flytting_foer
from nummerert
semi join (from uke where uendret_flagg) as uendret using (tabell_nr, uke_start_dato)
where prikket_foer;
insert into avgjort
select
    tabell_nr,
    uke_start_dato,
    avgjort_tid
from uke
where uendret_flagg
"""

WEEKS_OF = """
select
    uke_start_dato,
    forrige_uke_dato,
    neste_uke_dato,
    hentet_til_dato,
    uendret_flagg
from uke
where tabell_nr = ?
order by uke_start_dato
"""

# Cells that an unchanged week shows, and the week before hides with the same number, since it was decided again.
PARTED = """
with
foer as (
    select nummerert.*
    from nummerert
    semi join prikket using (tabell_nr, uke_start_dato, serie_nr)
    where tabell_nr = $table and uke_start_dato = $earlier and not indre_flagg
),
vist as (
    select nummerert.*
    from nummerert
    anti join prikket using (tabell_nr, uke_start_dato, serie_nr)
    where tabell_nr = $table and uke_start_dato = $day
)
select 1
from vist
inner join foer using (serie_nr, antall)
where exists (
    from nummerert
    anti join prikket using (tabell_nr, uke_start_dato, serie_nr)
    where tabell_nr = $table and uke_start_dato = $earlier
)
limit 1
"""
