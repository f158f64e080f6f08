"""Which cells are suppressed, in tables small enough to see through; and where it is too much."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

import prikking
from prikking import Table, suppress

CELL = """
    select
        'T' || n as key_serie, 'DELTAR' as populasjon_kode, date '2025-01-06' as uke_start_dato, 3.0::double as antall,
        {small} as folsom_flagg, false as indre_flagg, 1 as minst_antall
    from range({cells}) as r(n)
"""
SUM = """
    select
        date '2025-01-06' as uke_start_dato, 'A' as key_sum, 'B' as key_del, 'REGION' as relasjon_kode,
        true as del_flagg
    limit 0
"""


def one_sum(*parts: float) -> Table:
    """Return a sum, which is the first cell, and its parts."""
    value = np.array([sum(parts), *parts], dtype=np.float64)
    count = len(value)
    return Table(
        value=value,
        least=np.ones(count),
        sensitive=value < 5,
        inner=np.zeros(count, dtype=bool),
        loss=value,
        kept=np.zeros(count, dtype=bool),
        parent=np.zeros(len(parts), dtype=np.int64),
        child=np.arange(1, count, dtype=np.int64),
        relation=np.zeros(len(parts), dtype=np.int64),
        part=np.ones(len(parts), dtype=bool),
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
    assert np.flatnonzero(suppress(one_sum(*parts), 5)).tolist() == hidden


@pytest.mark.parametrize("small", [True, False])
def test_a_country_is_told_so_and_not_begun(small: bool) -> None:
    """It would take hours. Where nothing is small there is nothing to wait for."""
    with duckdb.connect() as connection:
        cells = connection.sql(CELL.format(cells=prikking.MOST_CELLS + 1, small=small))
        sums = connection.sql(SUM)
        if small:
            with pytest.raises(ValueError, match=r"2025-01-06 has 6001 cells.*publiser_metode: avrunding"):
                prikking.mark(connection, cells, sums, '"a"."b"."c"', 5)
        else:
            marked = prikking.mark(connection, cells, sums, '"a"."b"."c"', 5)
            assert marked.filter("not prikket_flagg").shape[0] == prikking.MOST_CELLS + 1
