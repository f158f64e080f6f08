"""Chooses which cells of what is published are suppressed («prikket»), so that none of them can be worked out.

Complementary cell suppression by linear programming: Kelly, Golden and Assad, «Cell suppression: disclosure protection
for sensitive tabular data» (Networks 22, 1992), as described in Hundepool et al., «Statistical Disclosure Control»
(Wiley, 2012), chapter 4. The solver is HiGHS. Why this method, what it protects against and what it costs:
docs/decisions/0013. Which cells are small is in int_publisering_celle, and which sums bind them in int_publisering_sum.
"""

from dataclasses import dataclass, field

import duckdb
import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
# Tries at moving many cells at once, before the remaining ones are asked for one by one.
ROUNDS = 6
# No cell is moved further than so many times the width: what is further away tells nothing more.
REACH = 4
# A cell that is shown in the week before with the same number hides little: to hide it costs so many times its number.
SEEN = 10.0
# A region of some 25 offices. The time for a week grows with the square of its cells: a country's would take hours.
MOST_CELLS = 6_000


@dataclass
class Table:
    """The cells of one week that may be published, and the sums that bind them.

    Attributes:
        value: what each cell holds.
        least: the least that a reader knows a suppressed cell to hold: 1 when a zero would have been shown, else 0.
        sensitive: the cells that must be suppressed.
        inner: the cells that are published in sums alone. They are suppressed, and may be worked out.
        loss: what it costs to suppress each cell.
        kept: the cells that are suppressed already.
        parent, child, relation: one entry for each child of a sum: the sum's cell, the child, and the relation's
            number, from 0.
        part: whether the child of each entry counts nobody that the sum does not.
    """

    value: Floats
    least: Floats
    sensitive: Flags
    inner: Flags
    loss: Floats
    kept: Flags
    parent: Ints
    child: Ints
    relation: Ints
    part: Flags
    parent_of: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Note the sum of each relation."""
        self.parent_of = np.zeros(int(self.relation.max(initial=-1)) + 1, dtype=np.int64)
        self.parent_of[self.relation] = self.parent


def suppress(table: Table, width: float) -> Flags:
    """Choose the cells to suppress.

    Args:
        table: the cells and their sums.
        width: the least width of the interval that everything shown leaves open for each suppressed cell.

    Returns:
        Whether each cell is suppressed.
    """
    hidden = table.sensitive | table.inner | table.kept
    if not (hidden & ~table.inner).any():
        return hidden
    complete(table, hidden, width)
    moves = Moves(table, width)
    moves.explore(hidden)
    while len(narrow := moves.narrow(hidden)):
        before = hidden.sum(), moves.lowest[narrow[0]], moves.highest[narrow[0]]
        moves.widen(narrow[0], hidden)
        complete(table, hidden, width)
        if before == (hidden.sum(), moves.lowest[narrow[0]], moves.highest[narrow[0]]):
            # Nothing protects it. Then nothing of the week is shown.
            return np.ones_like(hidden)
    return hidden


def complete(table: Table, hidden: Flags, width: float) -> None:
    """Suppress more, until each sum by itself leaves room for every suppressed cell in it. Changes `hidden`."""
    slack = table.value - table.least
    relations = len(table.parent_of)
    while True:
        among = hidden[table.child]
        count = np.bincount(table.relation[among], minlength=relations)
        room = np.bincount(table.relation[among], weights=slack[table.child[among]], minlength=relations)
        sum_hidden = hidden[table.parent_of]
        # No one is in a part without being in the whole, so a small sum bounds its parts.
        small = ~sum_hidden & (count > 0) & (table.value[table.parent_of] < width + 1)
        tight = np.where(sum_hidden, count == 0, (count > 0) & ((count < 2) | (room < width))) & ~small
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
        more = np.concatenate([chosen, table.parent_of[stuck], table.parent_of[small]])
        if not len(more):
            return
        hidden[more] = True


class Moves:
    """The ways in which the cells can be other than they are, with every sum kept, and how far they take each cell."""

    def __init__(self, table: Table, width: float) -> None:
        """Set up the program: for each cell how far it moves up and how far down, and a row for each sum."""
        self.table, self.width = table, width
        count, relations = len(table.value), len(table.parent_of)
        self.lowest, self.highest = np.zeros(count), np.zeros(count)
        rows = np.concatenate([table.relation, np.arange(relations)])
        cells = np.concatenate([table.child, table.parent_of])
        values = np.concatenate([np.ones(len(table.child)), -np.ones(relations)])
        rows, cells, values = (
            np.tile(rows, 2),
            np.concatenate([cells, cells + count]),
            np.concatenate([values, -values]),
        )
        order = np.argsort(rows, kind="stable")
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * count, relations
        program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(2 * count)
        program.row_lower_ = program.row_upper_ = np.zeros(relations)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=relations))]).astype(
            np.int32
        )
        program.a_matrix_.index_ = cells[order].astype(np.int32)
        program.a_matrix_.value_ = values[order]
        self.columns = np.arange(2 * count, dtype=np.int32)
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("presolve", "off")
        self.solver.passModel(program)

    def reach(self, hidden: Flags) -> tuple[Floats, Floats]:
        """Return how far up and how far down each cell may go, by itself."""
        table = self.table
        up = np.full(len(table.value), REACH * self.width)
        bounded = table.part & ~hidden[table.parent]
        np.minimum.at(up, table.child[bounded], (table.value[table.parent] - table.value[table.child])[bounded])
        return np.maximum(up, 0), np.minimum(REACH * self.width, table.value - table.least)

    def narrow(self, hidden: Flags) -> Ints:
        """Return the suppressed cells that no move has taken far enough, those that lack most first."""
        far = self.highest - self.lowest
        cells = np.flatnonzero(hidden & ~self.table.inner & (far < self.width - TOLERANCE))
        return cells[np.argsort(far[cells], kind="stable")]

    def note(self, step: Floats) -> None:
        """Note how far a move takes each cell."""
        self.lowest, self.highest = np.minimum(self.lowest, step), np.maximum(self.highest, step)

    def explore(self, hidden: Flags) -> None:
        """Move many suppressed cells at once, in random directions."""
        up, down = self.reach(hidden)
        self.bound(np.where(hidden, up, 0), np.where(hidden, down, 0))
        random = np.random.default_rng(len(hidden))
        for _ in range(ROUNDS):
            sign = np.zeros(len(hidden))
            narrow = self.narrow(hidden)
            sign[narrow] = random.choice([-1.0, 1.0], len(narrow))
            if not len(narrow):
                break
            for direction in (sign, -sign):
                step = self.cheapest(np.concatenate([-direction, direction]))
                if step is not None:
                    self.note(step)

    def widen(self, cell: int, hidden: Flags) -> None:
        """Take a cell as far as it needs, moving as little as can be of what is shown. Suppresses what moves."""
        table = self.table
        up, down = self.reach(hidden)
        self.bound(up, down)
        cost = np.tile(np.where(hidden, 0.0, table.loss), 2)
        highest = min(up[cell], self.lowest[cell] + self.width)
        for target in (highest, highest - self.width):
            if self.lowest[cell] - TOLERANCE <= target <= self.highest[cell] + TOLERANCE:
                continue
            far = min(abs(target), (up if target > 0 else down)[cell])
            step = self.move(cell, np.sign(target) * far, cost)
            if step is None:
                # Sums that are shown hold it, as no part exceeds its whole. They are suppressed, and it is tried again.
                self.bound(np.full(len(hidden), REACH * self.width), down)
                step = self.move(cell, np.sign(target) * far, cost)
                if step is None:
                    return
                held = table.value[table.child] + step[table.child] > table.value[table.parent] + TOLERANCE
                hidden[table.parent[held & table.part]] = True
                hidden[step != 0] = True
                return
            self.note(step)
            hidden[step != 0] = True
            self.bound(up, down)

    def move(self, cell: int, by: float, cost: Floats) -> Floats | None:
        """Return the cheapest move that takes a cell so far; None when there is none."""
        for column, far in ((cell, max(by, 0.0)), (cell + len(self.lowest), max(-by, 0.0))):
            self.solver.changeColBounds(int(column), far, far)
        # Without a start: to stand still costs nothing, and the way from there is short.
        self.solver.clearSolver()
        return self.cheapest(cost)

    def bound(self, up: Floats, down: Floats) -> None:
        """Set how far the cells may go."""
        self.solver.changeColsBounds(
            len(self.columns), self.columns, np.zeros(len(self.columns)), np.concatenate([up, down])
        )

    def cheapest(self, cost: Floats) -> Floats | None:
        """Return the move that costs least; None when there is none."""
        self.solver.changeColsCost(len(self.columns), self.columns, cost)
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
    before: str,
    width: float,
) -> duckdb.DuckDBPyRelation:
    """Return the cells that may be published, with whether each is suppressed.

    Weeks are taken in order. A week whose cells are those of the run before is left as it was. In the others, what
    is suppressed in the week before, or was in the run before, stays so while its number is the same.

    Args:
        session: the database.
        cells: int_publisering_celle.
        sums: int_publisering_sum.
        before: the relation that the run before made, if there is one.
        width: the least width of the interval that is left open for a suppressed cell (the var `prikkegrense`).

    Returns:
        A relation: the columns of `cells`, `prikkegrense_antall` and `prikket_flagg`.

    Raises:
        ValueError: a week has too many cells for numbers to be suppressed.
    """
    session.execute(f"create or replace temp table celle as {cells.sql_query()}")
    session.execute("create or replace temp table prikket (uke_start_dato date, key_serie varchar)")
    for table in TABLES if session.execute("select 1 from celle where folsom_flagg limit 1").fetchone() else ():
        found = ", ".join(f"'{population}'" for population in table)
        session.execute(f"create or replace temp view utvalg as from celle where populasjon_kode in ({found})")
        mark_table(session, sums, before, width)
    return session.sql(f"""
        select
            celle.*,
            {width}::double as prikkegrense_antall,
            prikket.key_serie is not null as prikket_flagg
        from celle
        left join prikket using (uke_start_dato, key_serie)
    """)


def mark_table(session: duckdb.DuckDBPyConnection, sums: duckdb.DuckDBPyRelation, before: str, width: float) -> None:
    """Note in `prikket` which of the cells in `utvalg` are suppressed. As `mark`."""
    exists = session.execute(
        "select 1 from duckdb_columns()"
        " where concat_ws('.', database_name, schema_name, table_name) = ? and column_name = 'key_serie'",
        [before.replace('"', "")],
    ).fetchone()
    nothing = "(select *, 0 as prikkegrense_antall, false as prikket_flagg from celle limit 0)"
    session.execute(f"create or replace temp view forrige as from {before if exists else nothing}")
    weeks = session.execute(WEEKS, [width]).fetchall()
    for week, count, _ in weeks:
        if count > MOST_CELLS:
            raise ValueError(
                f"The week of {week} has {count} cells that may be published, and numbers are suppressed in up to"
                f" {MOST_CELLS}, a region's. Publish with --vars '{{publiser_metode: avrunding}}', which rounds all"
                " numbers instead, or leave the publication out with --vars '{publiser: false}'."
            )
    session.execute(NUMBERED)
    session.execute(f"create or replace temp table ledd as {BOUND.format(sums=sums.sql_query())}")
    last: dict[str, tuple[float, bool]] = {}
    for week, _, unchanged in weeks:
        cells = session.execute("from nummerert where uke_start_dato = ? order by nr", [week]).fetchnumpy()
        keys, value = cells["key_serie"].tolist(), cells["antall"].astype(np.float64)
        if unchanged:
            hidden = cells["prikket_foer"].astype(bool)
        else:
            bound = session.execute("from ledd where uke_start_dato = ?", [week]).fetchnumpy()
            hidden = suppress(table_of(cells, bound, [last.get(key, (-1.0, False)) for key in keys]), width)
        last = dict(zip(keys, zip(value.tolist(), hidden.tolist(), strict=True), strict=True))
        # As one text: DuckDB looks for the libraries that each value of a list might be from.
        numbers = ",".join(map(str, np.flatnonzero(hidden)))
        session.execute(
            "insert into prikket select uke_start_dato, key_serie from nummerert"
            " where uke_start_dato = ? and list_contains(string_split(?, ','), nr::varchar)",
            [week, numbers],
        )


def table_of(
    cells: dict[str, NDArray[np.generic]], bound: dict[str, NDArray[np.generic]], last: list[tuple[float, bool]]
) -> Table:
    """Return a week's cells with what binds them.

    Args:
        cells: the columns of `nummerert`.
        bound: the columns of `ledd`.
        last: what each cell was the week before, and whether it was suppressed.
    """
    value, inner = cells["antall"].astype(np.float64), cells["indre_flagg"].astype(bool)
    parent, child = bound["sum_nr"].astype(np.int64), bound["del_nr"].astype(np.int64)
    kept, seen = np.zeros(len(value), dtype=bool), np.zeros(len(value), dtype=bool)
    for number, hidden in (
        (cells["antall_foer"].astype(np.float64), cells["prikket_foer"].astype(bool)),
        (np.array([number for number, _ in last]), np.array([hidden for _, hidden in last], dtype=bool)),
    ):
        kept |= (number == value) & hidden & ~inner
        seen |= (number == value) & ~hidden
    # What the country tells beyond the largest region: with one region, next to nothing.
    largest, of_country = np.zeros(len(value)), bound["land_flagg"].astype(bool)
    np.maximum.at(largest, parent[of_country], value[child[of_country]])
    told = np.where(largest < value, value - largest, value)
    return Table(
        value=value,
        least=cells["minst_antall"].astype(np.float64),
        sensitive=cells["folsom_flagg"].astype(bool),
        inner=inner,
        loss=told * np.where(seen & ~kept, SEEN, 1.0),
        kept=kept,
        parent=parent,
        child=child,
        relation=bound["relasjon_nr"].astype(np.int64),
        part=bound["del_flagg"].astype(bool),
    )


# Who is on tiltak and whose places they have are the same participations, and are decided together.
TABLES = (("DELTAR", "KAPASITET"), ("VENTER",))

NUMBERED = """
create or replace temp table nummerert as
select
    utvalg.uke_start_dato,
    utvalg.key_serie,
    row_number() over (partition by utvalg.uke_start_dato order by utvalg.key_serie) - 1 as nr,
    utvalg.antall,
    utvalg.folsom_flagg,
    utvalg.indre_flagg,
    utvalg.minst_antall,
    coalesce(forrige.antall, -1) as antall_foer,
    coalesce(forrige.prikket_flagg, false) as prikket_foer
from utvalg
left join forrige using (uke_start_dato, key_serie)
"""

BOUND = """
select
    sums.uke_start_dato,
    sum.nr as sum_nr,
    del.nr as del_nr,
    dense_rank() over (partition by sums.uke_start_dato order by sum.nr, sums.relasjon_kode) - 1 as relasjon_nr,
    sums.del_flagg,
    sums.relasjon_kode = 'LAND' as land_flagg
from ({sums}) as sums
inner join nummerert as sum on sums.uke_start_dato = sum.uke_start_dato and sums.key_sum = sum.key_serie
inner join nummerert as del on sums.uke_start_dato = del.uke_start_dato and sums.key_del = del.key_serie
"""

# Each week, how many cells it has, and whether they are those of the run before.
WEEKS = """
with
naa as (
    select
        uke_start_dato,
        count(*) as antall,
        sum(hash(key_serie, antall, folsom_flagg, indre_flagg, minst_antall)) as avtrykk
    from utvalg
    group by uke_start_dato
),
foer as (
    select
        uke_start_dato,
        sum(hash(key_serie, antall, folsom_flagg, indre_flagg, minst_antall)) as avtrykk
    from forrige
    where prikkegrense_antall = ? and populasjon_kode in (select distinct populasjon_kode from utvalg)
    group by uke_start_dato
)
select naa.uke_start_dato, naa.antall, naa.avtrykk = foer.avtrykk
from naa
left join foer using (uke_start_dato)
order by naa.uke_start_dato
"""
