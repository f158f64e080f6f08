"""Chooses which cells of what is published are suppressed («prikket»), so that none of them can be worked out.

Complementary cell suppression by linear programming: Kelly, Golden and Assad, «Cell suppression: disclosure
    protection for sensitive tabular
data» (Networks 22, 1992), as described in Hundepool et al., «Statistical Disclosure Control» (Wiley, 2012), chapter
4. The solver is HiGHS. Why
this method, what it protects against and what it costs: docs/decisions/0013.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

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
# A cell that is shown in the week before with the same number hides little: it is chosen when it is worth this much to
# keep another.
SEEN = 10.0


# What a grouping may split by, each with a bit: tiltakstype, innsatsgruppe or who uses the places, avdeling. What is in
# no sum has the last.
SPLITS, ALONE = (1, 2, 4), 8
# Weeks are fetched until they have so many cells together.
CELLS_AT_A_TIME = 2_000_000
# A region of some 25 offices. The time for a week grows with the square of its cells: a country's would take hours.
MOST_CELLS = 6_000


class Move(NamedTuple):
    """A way in which suppressed cells can be other than they are: by how much, with every sum kept."""

    series: Ints
    step: Floats


@dataclass
class Table:
    """The cells of one week that may be published, and the sums that bind them.

    Attributes:
        series: what tells a cell from the others of its week, and is the same in the next; ascending.
        value: what each cell holds.
        least: the least that a reader knows a suppressed cell to hold: 1 when a zero would have been shown, else 0.
        sensitive: the cells that must be suppressed.
        inner: the cells that are published in sums alone. They are suppressed, and may be worked out.
        seen: the cells that are shown in the week before, or in an earlier version, with the same number.
        kept: the cells that are suppressed there with the same number, and stay so.
        parent, child, relation: one entry for each child of a sum: the sum's cell, the child, and the relation's
            number, from 0.
        part: whether the child of each entry counts nobody that the sum does not.
    """

    series: Ints
    value: Floats
    least: Floats
    sensitive: Flags
    inner: Flags
    seen: Flags
    kept: Flags
    parent: Ints
    child: Ints
    relation: Ints
    part: Flags
    parent_of: Ints = field(init=False)
    loss: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Note the sum of each relation, and what it costs to suppress each cell."""
        self.parent_of = np.zeros(int(self.relation.max(initial=-1)) + 1, dtype=np.int64)
        self.parent_of[self.relation] = self.parent
        self.loss = self.value * np.where(self.seen, SEEN, 1.0)


def suppress(table: Table, width: float, tried: list[Move]) -> tuple[Flags, list[Move]]:
    """Choose the cells to suppress.

    Args:
        table: the cells and their sums.
        width: the least width of the interval that everything shown leaves open for each suppressed cell.
        tried: the moves that protected the week before. Those that can be made still need not be looked for.

    Returns:
        Whether each cell is suppressed, and the moves that show that each has its interval.
    """
    hidden = table.sensitive | table.inner | table.kept
    if not (hidden & ~table.inner).any():
        return hidden, []
    complete(table, hidden, width)
    moves = Moves(table, width)
    moves.repeat(tried, hidden)
    moves.explore(hidden)
    while len(narrow := moves.narrow(hidden)):
        before = hidden.sum(), moves.lowest[narrow[0]], moves.highest[narrow[0]]
        moves.widen(narrow[0], hidden)
        complete(table, hidden, width)
        if before == (hidden.sum(), moves.lowest[narrow[0]], moves.highest[narrow[0]]):
            # Nothing protects it. Then nothing of the week is shown.
            return np.ones_like(hidden), []
    return hidden, moves.made


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
        # Who hides more than half of a sum loses less by hiding the sum.
        whole = table.parent_of[done]
        chosen = np.where(~sum_hidden[done] & (2 * table.loss[chosen] > table.loss[whole]), whole, chosen)
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
        self.made: list[Move] = []
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
        moved = np.flatnonzero(np.abs(step) > TOLERANCE)
        if len(moved):
            self.made.append(Move(self.table.series[moved], step[moved]))

    def repeat(self, tried: list[Move], hidden: Flags) -> None:
        """Make the moves again that a suppressed cell needs, and that move nothing that is shown."""
        series = self.table.series
        up, down = self.reach(hidden)
        for move in tried:
            place = np.minimum(np.searchsorted(series, move.series), len(series) - 1)
            same = (series[place] == move.series) & hidden[place]
            if not (same & (move.step <= up[place]) & (-move.step <= down[place])).all():
                continue
            far = (self.highest - self.lowest)[place]
            further = np.maximum(self.highest[place], move.step) - np.minimum(self.lowest[place], move.step)
            wanted = hidden[place] & ~self.table.inner[place] & (far < self.width - TOLERANCE)
            if (further - far > TOLERANCE)[wanted].any():
                step = np.zeros(len(series))
                step[place] = move.step
                self.note(step)

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
    levels: duckdb.DuckDBPyRelation,
    before: str,
    width: float,
) -> duckdb.DuckDBPyRelation:
    """Return the cells that may be published, with whether each is suppressed.

    Weeks are taken in order. A week whose cells are those of the run before is left as it was. In the others, what
    is suppressed in the week
    before, or was in the run before, stays so while its number is the same.

    Args:
        session: the database.
        cells: int_publisering_celle.
        levels: int_enhet_nivaa.
        before: the relation that the run before made, if there is one.
        width: the least width of the interval that is left open for a suppressed cell (the var `prikkegrense`).

    Returns:
        A relation: the columns of `cells`, `prikkegrense_antall` and `prikket_flagg`.

    Raises:
        ValueError: a week has too many cells for numbers to be suppressed.
    """
    session.execute(f"create or replace temp table celle as {cells.sql_query()}")
    session.execute(f"create or replace temp table nivaa as {levels.sql_query()}")
    database, schema, name = before.replace('"', "").split(".")
    found = session.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
        [database, schema, name],
    ).fetchone()
    session.execute(f"create or replace temp view forrige as from {before}" if found else NOTHING_BEFORE)
    session.execute(NUMBERED)
    session.execute(UNCHANGED, [width])
    largest = session.execute(LARGEST).fetchone()
    if largest and largest[1] > MOST_CELLS:
        raise ValueError(
            f"The week of {largest[0]} has {largest[1]} cells that may be published, and numbers are suppressed"
            f" in up to {MOST_CELLS}, a region's. Publish with --vars '{{publiser_metode: avrunding}}', which rounds"
            " all numbers instead, or leave the publication out with --vars '{publiser: false}'."
        )
    session.execute("create or replace temp table prikket (nr bigint)")
    units = units_of(session)
    for table in (1, 2):
        last: Week | None = None
        moves: list[Move] = []
        for week in weeks(session, table):
            if week.unchanged:
                week.hidden, moves = week.hidden_before, []
            else:
                week.hidden, moves = suppress(week.table(units, last), width, moves)
            last = week
            # As one text: DuckDB looks for the libraries that each number of a list might be from.
            numbers = ",".join(map(str, week.columns["nr"][week.hidden]))
            if numbers:
                session.execute("insert into prikket select unnest(string_split(?, ',')::bigint[])", [numbers])
    return session.sql(
        f"""
        select
            nummerert.* exclude (nr, enhet_nr, kode, tabell),
            {width}::double as prikkegrense_antall,
            prikket.nr is not null as prikket_flagg
        from nummerert
        left join prikket on nummerert.nr = prikket.nr
        """
    )


NOTHING_BEFORE = """
create or replace temp view forrige as
select *, 0::double as prikkegrense_antall, false as prikket_flagg from celle limit 0
"""

KEYS = """populasjon_kode, uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode,
innsatsgruppe_kode, avdeling_navn, bruker_kode"""
# Who is on tiltak and whose places they have are the same participations, and are decided together.
TABLE = "if(populasjon_kode = 'VENTER', 2, 1)"
HELD = f"count(*) as antall, sum(hash({KEYS}, antall, folsom_flagg, minst_antall)) as avtrykk"

NUMBERED = f"""
create or replace temp table nummerert as
with
enhet as (
    select
        populasjon_kode, enhet_nivaa_kode, enhetsnummer,
        row_number() over (order by populasjon_kode, enhet_nivaa_kode, enhetsnummer) - 1 as nr
    from celle group by populasjon_kode, enhet_nivaa_kode, enhetsnummer
),
tiltak as (select tiltakskode, row_number() over (order by tiltakskode) as nr from celle group by tiltakskode),
fordeling as (
    select innsatsgruppe_kode, bruker_kode, row_number() over (order by innsatsgruppe_kode, bruker_kode) as nr
    from celle group by innsatsgruppe_kode, bruker_kode
),
avdeling as (select avdeling_navn, row_number() over (order by avdeling_navn) as nr from celle group by avdeling_navn),
storrelse as (
    select
        (select count(*) + 1 from tiltak) as tiltak,
        (select count(*) + 1 from fordeling) as fordeling,
        (select count(*) + 1 from avdeling) as avdeling
),
delt as (
    select
        celle.*, enhet.nr as enhet_nr, tiltak.nr as tiltak_nr, fordeling.nr as fordeling_nr, avdeling.nr as avdeling_nr,
        case
            when gruppering_kode = 'BRUKER_HOS_ANDRE' then 8 + 2
            else contains(gruppering_kode, 'TILTAKSTYPE')::int
                + 2 * (contains(gruppering_kode, 'INNSATSGRUPPE') or gruppering_kode = 'BRUKER')::int
                + 4 * contains(gruppering_kode, 'AVDELING')::int
        end as deling
    from celle
    inner join enhet using (populasjon_kode, enhet_nivaa_kode, enhetsnummer)
    inner join tiltak using (tiltakskode)
    inner join fordeling using (innsatsgruppe_kode, bruker_kode)
    inner join avdeling using (avdeling_navn)
)
select
    delt.* exclude (tiltak_nr, fordeling_nr, avdeling_nr, deling),
    (
        ((enhet_nr * 16 + deling) * tiltak + if(deling & 1 > 0, tiltak_nr, 0)) * fordeling
        + if(deling & 2 > 0, fordeling_nr, 0)
    ) * avdeling + if(deling & 4 > 0, avdeling_nr, 0) as kode,
    {TABLE} as tabell,
    row_number() over () as nr
from delt, storrelse
"""

LARGEST = """
select uke_start_dato, count(*) as antall from nummerert
where tabell in (select tabell from nummerert where folsom_flagg)
group by tabell, uke_start_dato
order by antall desc
limit 1
"""

UNCHANGED = f"""
create or replace temp table uendret as
with
naa as (
    select {TABLE} as tabell, uke_start_dato, {HELD} from celle group by all
),
foer as (
    select {TABLE} as tabell, uke_start_dato, {HELD} from forrige
    where prikkegrense_antall = ?
    group by all
)
select tabell, uke_start_dato
from naa
inner join foer using (tabell, uke_start_dato, antall, avtrykk)
"""


@dataclass
class Week:
    """One week's cells, in the order of their codes.

    Attributes:
        columns: `nr`, `kode`, `antall`, and the rest of what is known of each cell.
        sizes: how many tiltakstyper, ways of splitting people, and avdelinger a code has room for.
        unchanged: whether nothing has changed since the run before.
        hidden: which cells are suppressed.
    """

    columns: dict[str, NDArray[np.generic]]
    sizes: tuple[int, int, int]
    unchanged: bool
    hidden: Flags = field(init=False)

    @property
    def hidden_before(self) -> Flags:
        """Which cells the run before suppressed."""
        return self.columns["prikket_foer"].astype(bool)

    def table(self, units: "Units", last: "Week | None") -> Table:
        """Return the week with its sums.

        Args:
            units: how the units hang together.
            last: the week before; None for the first.
        """
        code = self.columns["kode"].astype(np.int64)
        value = self.columns["antall"].astype(np.float64)
        inner = self.columns["indre_flagg"].astype(bool)
        before = self.columns["antall_foer"].astype(np.float64)
        same = before == value
        kept, seen = same & self.hidden_before, same & ~self.hidden_before
        if last is not None:
            there = last.columns["kode"].astype(np.int64)
            place = np.minimum(np.searchsorted(there, code), len(there) - 1)
            same = (there[place] == code) & (last.columns["antall"][place] == value)
            kept, seen = kept | same & last.hidden[place], seen | same & ~last.hidden[place]
        parent, child, relation, part = self.sums(code, units)
        return Table(
            code,
            value,
            self.columns["minst_antall"].astype(np.float64),
            self.columns["folsom_flagg"].astype(bool),
            inner,
            seen & ~kept & ~inner,
            kept & ~inner,
            parent,
            child,
            relation,
            part,
        )

    def sums(self, code: Ints, units: "Units") -> tuple[Ints, Ints, Ints, Flags]:
        """Return the cells that are sums, their parts, the relation of each, and whether no part exceeds its sum."""
        tiltak, fordeling, avdeling = self.sizes
        digits = (code // (avdeling * fordeling) % tiltak, code // avdeling % fordeling, code % avdeling)
        steps = (avdeling * fordeling, avdeling, 1)
        whole = tiltak * fordeling * avdeling
        split, unit = code // whole % (2 * ALONE), code // whole // (2 * ALONE)
        unit_step = 2 * ALONE * whole
        summed = split & ALONE == 0
        candidates = [
            (summed & (split & bit > 0), code - bit * whole - digit * step)
            for bit, digit, step in zip(SPLITS, digits, steps, strict=True)
        ]
        for over in (units.above, units.same):
            candidates.append((summed & (over[unit] >= 0), code + (over[unit] - unit) * unit_step))
        fulgt = self.columns["fulgt_flagg"].astype(bool)
        candidates.append((fulgt & (units.followed[unit] >= 0), units.followed[unit] * unit_step))
        parent, child, kind = [], [], []
        for number, (is_part, whole_code) in enumerate(candidates):
            place = np.minimum(np.searchsorted(code, whole_code), len(code) - 1)
            parts = np.flatnonzero(is_part & (code[place] == whole_code))
            parent.append(place[parts])
            child.append(parts)
            kind.append(np.full(len(parts), number))
        parents, kinds = np.concatenate(parent), np.concatenate(kind)
        _, relation = np.unique(parents * len(candidates) + kinds, return_inverse=True)
        # Places are counted in participations, of which a person may have several.
        return parents, np.concatenate(child), relation.astype(np.int64), kinds < len(SPLITS) + 1


def weeks(session: duckdb.DuckDBPyConnection, table: int) -> Iterator[Week]:
    """Yield the weeks of a table in order."""
    found = session.execute(
        """
        select
            count(distinct tiltakskode) + 1,
            count(distinct (innsatsgruppe_kode, bruker_kode)) + 1,
            count(distinct avdeling_navn) + 1
        from celle
        """
    ).fetchone()
    sizes = (0, 0, 0) if found is None else (int(found[0]), int(found[1]), int(found[2]))
    counted: list[tuple[date, int]] = session.execute(
        "select uke_start_dato, count(*) from nummerert where tabell = ? group by all order by all", [table]
    ).fetchall()
    unchanged = {
        row[0] for row in session.execute("select uke_start_dato from uendret where tabell = ?", [table]).fetchall()
    }
    while counted:
        together: list[tuple[date, int]] = []
        cells = 0
        while counted and (not together or cells + counted[0][1] <= CELLS_AT_A_TIME):
            week, count = counted.pop(0)
            together.append((week, count))
            cells += count
        columns = session.execute(FETCHED, [table, together[0][0], together[-1][0]]).fetchnumpy()
        start = 0
        for week, count in together:
            yield Week(
                {name: column[start : start + count] for name, column in columns.items()}, sizes, week in unchanged
            )
            start += count


FETCHED = f"""
select
    nummerert.nr,
    nummerert.kode,
    nummerert.antall,
    nummerert.folsom_flagg,
    nummerert.indre_flagg,
    nummerert.minst_antall,
    nummerert.bruker_kode in ('EGNE', 'HOS_ANDRE') as fulgt_flagg,
    coalesce(forrige.antall, -1) as antall_foer,
    coalesce(forrige.prikket_flagg, false) as prikket_foer
from nummerert
left join (from forrige where {TABLE} = $1 and uke_start_dato between $2 and $3) as forrige
    using ({KEYS})
where tabell = $1 and uke_start_dato between $2 and $3
order by uke_start_dato, nummerert.kode
"""


class Units(NamedTuple):
    """What is above each unit, by its number in its population, or -1.

    Attributes:
        above: the unit that it is a part of: an office's region, a region's country.
        same: the country's places are the country's participations, and the two are one number.
        followed: an office's people that have places, as the office that follows them up.
    """

    above: Ints
    same: Ints
    followed: Ints


def units_of(session: duckdb.DuckDBPyConnection) -> Units:
    """Return how the units hang together."""
    under: dict[int, set[str]] = {}
    key: dict[int, tuple[str, str, str]] = {}
    for number, population, level, unit, office in session.execute(
        """
        select distinct
            nummerert.enhet_nr,
            nummerert.populasjon_kode,
            nummerert.enhet_nivaa_kode,
            nummerert.enhetsnummer,
            nivaa.enhetsnummer
        from nummerert
        left join nivaa
            on nummerert.enhet_nivaa_kode = nivaa.enhet_nivaa_kode and nummerert.enhetsnummer = nivaa.nivaa_enhetsnummer
        """
    ).fetchall():
        under.setdefault(number, set()).add(office)
        key[number] = (population, level, unit)
    levels = ("KONTOR", "REGION", "LAND")
    order = sorted(under, key=lambda number: (len(under[number]), levels.index(key[number][1]), key[number]))
    number_of = {found: number for number, found in key.items()}
    units = Units(*(np.full(len(key), -1, dtype=np.int64) for _ in range(3)))
    for place, number in enumerate(order):
        population, level, unit = key[number]
        for other in order[place + 1 :]:
            if key[other][0] == population and key[other][1] != levels[0] and under[number] <= under[other]:
                units.above[number] = other
                break
        if population == "KAPASITET":
            counterpart = number_of.get(("DELTAR", level, unit), -1)
            if level == levels[-1]:
                units.same[number] = counterpart
            elif level == levels[0]:
                units.followed[number] = counterpart
    return units
