"""A table on its way to a file: the columns of the contract alone, as texts, without an ident."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from tiltaksstatistikk.fetch.kilder import Kilde
from tiltaksstatistikk.load import checks, files
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.keys import set_key
from tiltaksstatistikk.load.objects import Table
from tiltaksstatistikk.load.safe import safe_columns
from tiltaksstatistikk.load.values import prepare, quoted, sql_text


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory with the key, which puts nothing on a disk: there are idents in what it reads."""
    connection = duckdb.connect(config={"temp_directory": "", "memory_limit": "1GB", "threads": 2})
    connection.execute("set enable_progress_bar = false")
    connection.execute("set preserve_insertion_order = false")
    set_key(connection)
    prepare(connection)
    return connection


def write_table(kilde: Kilde, relation: str, types: list[tuple[str, str]], path: Path, arrow: Any = None) -> int:
    """Write a table as Parquet, every column a text.

    Args:
        kilde: where it comes from.
        relation: the SQL of what is read: `kilde` for `arrow`.
        types: its columns, each with DuckDB's type.
        path: the file to write.
        arrow: the batches that are read.

    Returns:
        How many rows there were.

    Raises:
        Refused: a column is missing, there twice, or of a type that is no text.
    """
    table = kilde.source
    assert isinstance(table, Table)
    named = checked_columns(kilde, types)
    by_contract = [(name, dict(types)[column]) for name, column in named.items()]
    texts = files.typed_texts(by_contract, list(named), table.persons)
    there = tuple(column for column in table.columns if column.name in named)
    renamed = ", ".join(f"{quoted(column)} as {quoted(name)}" for name, column in named.items())
    safe = ", ".join(f"{sql} as {quoted(name)}" for name, sql in safe_columns(there, texts).items())
    with connect() as connection:
        if arrow is not None:
            connection.register("kilde", arrow)
        row = connection.execute(
            f"copy (select {safe} from (select {renamed} from {relation})) to {sql_text(str(path))} "
            "(format parquet, compression zstd)"
        ).fetchone()
    assert row
    return int(row[0])


def checked_columns(kilde: Kilde, types: list[tuple[str, str]]) -> dict[str, str]:
    """Return the source's own name of each column that it has, by the contract's.

    Raises:
        Refused: one that must be there is missing, there twice, or of a type that is no text.
    """
    named: dict[str, str] = {}
    wrong = []
    for column in kilde.source.file_columns:
        wanted = kilde.columns[column]
        found = [name for name, _ in types if name.strip().lower() == wanted.strip().lower()]
        if len(found) == 1:
            named[column] = found[0]
        elif found or not kilde.source.file_columns[column]:
            called = column if wanted == column else f"{column} (called {wanted})"
            wrong.append(f"The column {called} is {'there more than once' if found else 'missing'}.")
    assert isinstance(kilde.source, Table)
    for of_contract in kilde.source.columns:
        if of_contract.name in named:
            kind = dict(types)[named[of_contract.name]]
            wrong += checks.of_the_type(of_contract, kind, f"the {kilde.way} source")
    if wrong:
        raise Refused(
            f"{kilde.source.file} from {kilde.where} cannot be fetched. {' '.join(wrong)} "
            "Say in kilder.yml what the column is called (kolonner), or mend the source."
        )
    return named


def arrow_types(schema: Any) -> list[tuple[str, str]]:
    """Return the columns of an Arrow schema, each with DuckDB's type."""
    with duckdb.connect() as connection:
        found = []
        # One by one: DuckDB gives two columns of one name other names.
        for field in schema:
            connection.register("tom", pyarrow.schema([field]).empty_table())
            ((name, kind, *_),) = connection.execute("describe from tom").fetchall()
            found.append((str(name), str(kind)))
    return found


def write_batches(kilde: Kilde, schema: Any, batches: Iterable[Any], path: Path) -> int:
    """Write a table that comes in batches of Arrow, one at a time."""
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches)
    return write_table(kilde, "kilde", arrow_types(schema), path, reader)


def write_file(kilde: Kilde, path: Path) -> tuple[int, int]:
    """Write a table that is in a file.

    Returns:
        How many rows there were, and how many bytes.

    Raises:
        Refused: the file is not whole.
    """
    (found,) = kilde.files
    named = {kilde.columns[name]: optional for name, optional in kilde.source.file_columns.items()}
    lower = {name.strip().lower(): optional for name, optional in named.items()}
    fault = files.look_through(found).fault
    wrong = f"The file {found} cannot be read: {fault}. Fetch it again." if fault else None
    if wrong := wrong or next(checks.of_the_columns(found, lower), None):
        raise Refused(wrong)
    if found.endswith(".parquet"):
        types = files.parquet_types(found)
    else:
        types = [(name, "VARCHAR") for name in files.file_columns(found) if name in lower]
    relation = f"({files.reader(found, '*', list(lower))})"
    return write_table(kilde, relation, types, path), Path(found).stat().st_size
