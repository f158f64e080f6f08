"""Fills the page's template with the open relations, or the internal ones: HTML files that open from disk alone.

tiltaksstatistikk.html            the page, or the one of the country and the regions
tiltaksstatistikk-<region>.html   a region's offices, if all units in one page would be too large

The template (`page/template.html`) is what Vite builds from `page/`. The data stand in it as base64 of gzip of

    4 bytes, little endian: the length of the header
    the header, JSON: what each number means, and where the columns are
    the columns, one after the other

A series is one cell of one unit in all weeks. Its number in a week is 0 when nobody is there, 1 when it is suppressed,
and otherwise one more than the number (times the relation's scale). A suppressed number is therefore not in the file
at all. Most series do not change from one week to the next, so what is stored are the differences, and for how long
there is none.
"""

import base64
import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import numpy as np
from numpy.typing import NDArray

from tiltaksstatistikk.project import ROOT

TEMPLATE = ROOT / "page" / "template.html"
PLACEHOLDER = "@@DATA@@"
PAGE = "tiltaksstatistikk.html"
LARGEST = 8_000_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Relation:
    """A weekly relation of numbers.

    Attributes:
        measures: its columns of numbers, and for each the column it is stored as the difference from, if any. The
            open page lacks some.
        scale: what numbers are multiplied by to become whole.
        only_whole_unit: measures that only the grouping `INGEN` has.
    """

    measures: dict[str, str | None]
    scale: int = 1
    only_whole_unit: frozenset[str] = field(default_factory=frozenset)


RELATIONS = {
    "deltakelse": Relation({"person_antall": None, "deltakelse_antall": "person_antall"}),
    "venteliste": Relation(
        {"vent_antall": None, "ventedager_median": None, "ventedager_maks": None},
        only_whole_unit=frozenset({"ventedager_median", "ventedager_maks"}),
    ),
    "kapasitet": Relation(
        {
            "plass_antall": None,
            "deltakelse_antall": "plass_antall",
            "egne_antall": None,
            "fra_andre_antall": None,
            "hos_andre_antall": None,
        },
        scale=100,
        only_whole_unit=frozenset({"egne_antall", "fra_andre_antall", "hos_andre_antall"}),
    ),
}
# Of the internal page alone: what was said of a week at first, and what is known of it now.
REVISION = "uke_revisjon"
# So many of the newest weeks: later they seldom change.
REVISED_WEEKS = 13
LOOKUPS = ["om_tallene", "uke", "enhet", "tiltaksgruppe", "tiltakstype", "innsatsgruppe"]
# The key that a word in `gruppering_kode` splits by.
KEYS = {
    "TILTAKSGRUPPE": "tiltaksgruppe_kode",
    "TILTAKSTYPE": "tiltakskode",
    "INNSATSGRUPPE": "innsatsgruppe_kode",
    "AVDELING": "avdeling_navn",
}


@dataclass(frozen=True)
class Part:
    """What one page has, when the units are on several.

    Attributes:
        region: the region that the page is of, with its offices; None for the country, the regions, and the offices
            that are in none.
        others: the other pages that it links to, each as the name of the file and what it is called.
    """

    region: str | None = None
    others: tuple[tuple[str, str], ...] = ()


def write_page(folder: Path, target: Path) -> int:
    """Write the page of the open relations, all units in one file.

    Args:
        folder: the folder of `aapen_*.parquet`; nothing else is read.
        target: the HTML file to write.

    Returns:
        The size of the file in bytes.

    Raises:
        FileNotFoundError: an open relation, or the template, is missing.
        ValueError: a relation has a key that the relation of that key lacks.
    """
    page = fill(pack(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(page)
    return len(page)


def write_pages(folder: Path, prefix: str = "aapen") -> list[str]:
    """Write the page beside its relations, or one for the country and one for each region if it would be too large.

    Args:
        folder: the folder of the relations' Parquet files; nothing else is read.
        prefix: what their names begin with.

    Returns:
        The names of the pages.

    Raises:
        FileNotFoundError: a relation, or the template, is missing.
        ValueError: a relation has a key that the relation of that key lacks.
    """
    pages = {name: fill(pack(folder, prefix, part)) for name, part in parts_of(folder, prefix).items()}
    template = TEMPLATE.stat().st_size
    if sum(len(page) - template for page in pages.values()) + template <= LARGEST:
        pages = {PAGE: fill(pack(folder, prefix))}
    for name, page in pages.items():
        (folder / name).write_bytes(page)
    return list(pages)


def parts_of(folder: Path, prefix: str) -> dict[str, Part]:
    """Return the pages of the country and of each region, by name."""
    with duckdb.connect() as connection:
        connection.read_parquet(str(relation_file(folder, prefix, "enhet"))).create_view("enhet")
        regions = connection.sql(
            "select enhetsnummer, enhet_navn from enhet where enhet_nivaa_kode = 'REGION' "
            "and enhetsnummer in (select overordnet_enhetsnummer from enhet where enhet_nivaa_kode = 'KONTOR') "
            "order by enhet_navn, enhetsnummer"
        ).fetchall()
    names = {number: f"{Path(PAGE).stem}-{quote(number, safe='')}.html" for number, _ in regions}
    whole = Part(others=tuple((names[number], called) for number, called in regions))
    back = ((PAGE, "Hele landet og regionene"),)
    return {PAGE: whole} | {name: Part(number, back) for number, name in names.items()}


def relation_file(folder: Path, prefix: str, name: str) -> Path:
    """Return the file of a relation.

    Raises:
        FileNotFoundError: it is missing.
    """
    path = folder / f"{prefix}_{name}.parquet"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: make the open relations with `uv run dbt build`, or name the folder that has them"
        )
    return path


def fill(packed: bytes) -> bytes:
    """Return the template with packed relations in it.

    Raises:
        FileNotFoundError: the template is missing.
    """
    if not TEMPLATE.is_file():
        raise FileNotFoundError(f"{TEMPLATE} is missing: make it with `npm ci && npm run build` in page/")
    before, after = TEMPLATE.read_text(encoding="utf-8").split(PLACEHOLDER)
    data = base64.b64encode(gzip.compress(packed, mtime=0)).decode("ascii")
    return f"{before}{data}{after}".encode()


def pack(folder: Path, prefix: str = "aapen", part: Part | None = None) -> bytes:
    """Return the relations as the page unpacks them.

    Args:
        folder: the folder of their Parquet files.
        prefix: what their names begin with.
        part: which units are on the page; None for all of them.

    Returns:
        The header's length, the header and the columns.

    Raises:
        FileNotFoundError: a relation is missing.
        ValueError: a relation has a key that the relation of that key lacks.
    """
    with duckdb.connect() as connection:
        for name in [*LOOKUPS, *(f"{relation}_uke" for relation in RELATIONS)]:
            connection.read_parquet(str(relation_file(folder, prefix, name))).create_view(f"alle_{name}")
            connection.execute(f"create view aapen_{name} as from alle_{name}")
        if part:
            leave_out(connection, part)
        header = lookups(connection)
        header["sider"] = part.others if part else []
        header["revisjon"] = revisions(connection, folder, prefix)
        columns: list[bytes] = []
        for name, relation in RELATIONS.items():
            header["blokker"] += blocks(connection, name, relation, columns)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *columns])


def leave_out(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    """Leave the units that are on other pages out of the views."""
    here = "enhet_nivaa_kode != 'KONTOR' or overordnet_enhetsnummer is null"
    if part.region is not None:
        here = "enhetsnummer = getvariable('region') and enhet_nivaa_kode = 'REGION'"
        here += " or overordnet_enhetsnummer = getvariable('region') and enhet_nivaa_kode = 'KONTOR'"
        connection.execute("set variable region = $region", {"region": part.region})
    connection.execute(f"create or replace view aapen_enhet as from alle_enhet where {here}")
    # The files have all pages' rows, and are read once for each page, not once for each grouping.
    for relation in RELATIONS:
        connection.execute(f"drop view aapen_{relation}_uke")
        connection.execute(
            f"create table aapen_{relation}_uke as "
            f"from alle_{relation}_uke semi join aapen_enhet using (enhet_nivaa_kode, enhetsnummer)"
        )


def lookups(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Number the weeks and keys in tables `nr_*`, and return the header without its blocks."""
    connection.execute("""
        create table nr_uke as
        select *, row_number() over (order by uke_start_dato) - 1 as nr from aapen_uke;

        create table nr_enhet as
        select
            *,
            row_number() over (
                order by array_position(['LAND', 'REGION', 'KONTOR'], enhet_nivaa_kode), enhetsnummer
            ) - 1 as nr
        from aapen_enhet;

        create table nr_tiltaksgruppe_kode as
        select *, row_number() over (order by sortering_nummer, tiltaksgruppe_kode) - 1 as nr from aapen_tiltaksgruppe;

        create table nr_tiltakskode as
        select *, row_number() over (order by tiltakskode) - 1 as nr from aapen_tiltakstype;

        create table nr_innsatsgruppe_kode as
        select *, row_number() over (order by sortering_nummer, innsatsgruppe_kode) - 1 as nr from aapen_innsatsgruppe;

        create table nr_avdeling_navn as
        select avdeling_navn, row_number() over (order by avdeling_navn) - 1 as nr
        from (
            select avdeling_navn from aapen_deltakelse_uke where contains(gruppering_kode, 'AVDELING')
            union
            select avdeling_navn from aapen_venteliste_uke where contains(gruppering_kode, 'AVDELING')
        );
    """)

    def rows(sql: str) -> list[list[Any]]:
        return [list(row) for row in connection.sql(sql).fetchall()]

    (about,) = rows("""
        select
            strftime(uttrekk_tid, '%Y-%m-%dT%H:%M'), strftime(publisert_tid, '%Y-%m-%dT%H:%M'),
            metode_kode, prikkegrense
        from aapen_om_tallene
    """)
    return {
        "omTallene": dict(zip(["uttrekk", "publisert", "metode", "grense"], about, strict=True)),
        "uker": rows("""
            select
                strftime(uke_start_dato, '%Y-%m-%d'), strftime(uke_slutt_dato, '%Y-%m-%d'),
                aar, uke, cast(forelopig_flagg as int), cast(for_forste_uttrekk_flagg as int)
            from nr_uke order by nr
        """),
        "enheter": rows("""
            select enhet_nivaa_kode, enhetsnummer, enhet_navn, overordnet_enhetsnummer from nr_enhet order by nr
        """),
        "gruppe": rows("select tiltaksgruppe_kode, tiltaksgruppe_navn from nr_tiltaksgruppe_kode order by nr"),
        "tiltak": rows("select tiltakskode, tiltakstype_navn from nr_tiltakskode order by nr"),
        "innsats": rows("select innsatsgruppe_kode, innsatsgruppe_visningsnavn from nr_innsatsgruppe_kode order by nr"),
        "avdeling": rows("select avdeling_navn, avdeling_navn from nr_avdeling_navn order by nr"),
        "blokker": [],
    }


def revisions(connection: duckdb.DuckDBPyConnection, folder: Path, prefix: str) -> list[list[int]]:
    """Return the newest weeks' revisions, as the numbers of unit and week, and three numbers of people.

    They are of people at first and now, and of how much the cells have changed in all. On a page that has none, which
    is the open one, nothing.
    """
    path = folder / f"{prefix}_{REVISION}.parquet"
    if not path.is_file():
        return []
    connection.read_parquet(str(path)).create_view("alle_revisjon")
    found = connection.execute(
        """
        select nr_enhet.nr, nr_uke.nr, forste_person_antall, person_antall, person_avstand_antall
        from alle_revisjon
        inner join nr_uke using (uke_start_dato)
        inner join nr_enhet using (enhet_nivaa_kode, enhetsnummer)
        where nr_uke.nr > (select max(nr) - $weeks from nr_uke)
        order by all
        """,
        {"weeks": REVISED_WEEKS},
    ).fetchall()
    return [[int(number) for number in row] for row in found]


def blocks(
    connection: duckdb.DuckDBPyConnection, name: str, relation: Relation, columns: list[bytes]
) -> list[dict[str, Any]]:
    """Encode a relation, one block for each grouping.

    Args:
        connection: with the views of the open relations and the tables of `lookups`.
        name: the relation's.
        relation: what it holds.
        columns: where the encoded columns are added.

    Returns:
        What the header says of the blocks: each column's place in bytes, from the end of the header.

    Raises:
        ValueError: the relation has a key that the relation of that key lacks.
    """
    (weeks,) = connection.sql("select count(*) from nr_uke").fetchone() or (0,)
    groupings = connection.sql(f"select distinct gruppering_kode from aapen_{name}_uke order by all").fetchall()
    there = connection.table(f"aapen_{name}_uke").columns
    place = sum(map(len, columns))
    result = []
    for (grouping,) in groupings:
        keys = [key for word, key in KEYS.items() if word in grouping.split("_")]
        measures = {
            column: minus
            for column, minus in relation.measures.items()
            if column in there and (grouping == "INGEN" or column not in relation.only_whole_unit)
        }
        codes = ",".join(
            f"cast(case when {column} is null then 1 when {column} = 0 then 0 "
            f"else greatest(round({column} * {relation.scale}), 1) + 1 end as bigint) as {column}"
            for column in measures
        )
        joins = "\n".join(f"left join nr_{key} using ({key})" for key in keys)
        found = connection.execute(
            f"""
            select
                coalesce(nr_uke.nr, -1) as uke,
                coalesce(nr_enhet.nr, -1) as enhet,
                {"".join(f"coalesce(nr_{key}.nr, -1) as {key}, " for key in keys)}
                {codes}
            from aapen_{name}_uke
            left join nr_uke using (uke_start_dato)
            left join nr_enhet using (enhet_nivaa_kode, enhetsnummer)
            {joins}
            where gruppering_kode = ?
            """,
            [grouping],
        ).fetchnumpy()
        for column in ["uke", "enhet", *keys]:
            if (found[column] < 0).any():
                raise ValueError(f"aapen_{name}_uke ({grouping}) has a {column} that its own relation lacks")
        values = [found[key] for key in ["enhet", *keys]]
        shape = [int(column.max()) + 1 for column in values]
        cells, series = np.unique(np.ravel_multi_index(values, shape), return_inverse=True)
        encoded = {
            key: encode(column[np.newaxis])
            for key, column in zip(["enhet", *keys], np.unravel_index(cells, shape), strict=True)
        }
        matrices: dict[str, Numbers] = {}
        for column, minus in measures.items():
            matrices[column] = np.zeros((len(cells), weeks), dtype=np.int64)
            matrices[column][series, found["uke"]] = found[column]
            encoded[column] = encode(matrices[column] - matrices[minus] if minus else matrices[column])
        places = {}
        for column, stored in encoded.items():
            places[column] = [place, len(stored), measures.get(column)]
            place += len(stored)
            columns.append(stored)
        result.append(
            {
                "relasjon": name,
                "gruppering": grouping,
                "antall": len(cells),
                "skala": relation.scale,
                "kolonner": places,
            }
        )
    return result


def encode(matrix: Numbers) -> bytes:
    """Return the rows' differences from one number to the next, as bytes.

    A difference is a zigzag number (0, -1, 1, -2 ... become 0, 1, 2, 3 ...). After a 0 comes how many zeros there are
    on end; a run ends with its row. All numbers are written as groups of seven bits, the least first, with the eighth
    bit set in all but the last.
    """
    difference = np.diff(matrix, axis=1, prepend=0)
    zigzag = ((difference << 1) ^ (difference >> 63)).ravel()
    is_zero = zigzag == 0
    starts_row = np.zeros(matrix.shape, dtype=bool)
    starts_row[:, :1] = True
    begins = ~is_zero | starts_row.ravel() | ~np.concatenate([[False], is_zero[:-1]])
    place = np.flatnonzero(begins)
    length = np.diff(place, append=len(zigzag))
    tokens = np.stack([zigzag[place], length], axis=1).ravel()
    kept = np.stack([np.ones(len(place), dtype=bool), is_zero[place]], axis=1).ravel()
    return variable_length(tokens[kept])


def variable_length(numbers: Numbers) -> bytes:
    """Return numbers of 0 or more as groups of seven bits."""
    groups = np.stack([numbers >> shift for shift in range(0, 35, 7)], axis=1)
    used = np.concatenate([np.ones((len(numbers), 1), dtype=bool), groups[:, 1:] > 0], axis=1)
    more = np.concatenate([used[:, 1:], np.zeros((len(numbers), 1), dtype=bool)], axis=1)
    written: NDArray[np.uint8] = ((groups & 0x7F) | (more << 7))[used].astype(np.uint8)
    return written.tobytes()
