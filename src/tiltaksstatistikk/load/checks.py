"""Every check that stops a run before it changes anything (specification 2 and 7): the sentence to stop it with.

A sentence names the file, the column and the remedy, and quotes nothing that a file holds of a person.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import duckdb

from tiltaksstatistikk.load import files
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.keys import file_fingerprint, fingerprint
from tiltaksstatistikk.load.memory import Memory
from tiltaksstatistikk.load.objects import OBJECTS, TABLES, TOPICS, UTTREKK, Column, Table, Topic


class Refused(Exception):
    """The extract cannot be loaded. The sentence says why and what to do; nothing was changed."""


def at(time: datetime) -> str:
    """Return a time as the sentences have it."""
    return time.isoformat()


NEWER = "Nothing was changed. Point UTTREKK_MAPPE to a newer extract."


def fault(extract: Extract, memory: Memory, full_refresh: bool = False) -> str | None:
    """Return the sentence that stops a run, or None when the extract can be loaded.

    Args:
        extract: what is to be loaded. Its files are remembered as they were found to be whole.
        memory: what the database knows of the extracts before.
        full_refresh: whether what is known of the topics is to be forgotten.
    """
    return next(chain(of_the_key(extract), of_the_files(extract), of_the_times(extract, memory),
                      of_the_scope(extract, memory, full_refresh)), None)  # fmt: skip


def not_loaded(extract: Extract, memory: Memory, left_out: list[str]) -> str | None:
    """Return the sentence that stops a run of a part of the project, or None when a whole one has finished.

    What another extract left in the parts that are not run would be dated and published as this one's, for good.

    Args:
        extract: the extract of the run.
        memory: what the database knows of the extracts before.
        left_out: the names of what the run leaves out.
    """
    if (found := next(chain(of_the_key(extract), of_the_files(extract), of_the_times(extract, memory)), None)) or (
        extract.earliest in memory.finished
        and all((taken.kilde, taken.time) in memory.loaded for taken in extract.taken)
    ):
        return found
    others = f" and {len(left_out) - 1} others" if len(left_out) > 1 else ""
    return (
        f"This extract has not been loaded yet, and the run is without {left_out[0]}{others}. "
        "Run dbt build without a selection. After that, parts of it can be run again."
    )


def without_times(extract: Extract) -> str | None:
    """Return the sentence that says why nobody can tell when an extract was taken, or None."""
    return next(chain(of_the_folder(extract), of_one_source(extract, UTTREKK)), None)


def of_the_key(extract: Extract) -> Iterator[str]:
    """Real extracts are only read with a key (specification 8)."""
    if not extract.is_seeds and not os.environ.get("PSEUDONYM_NOKKEL"):
        yield (
            "UTTREKK_MAPPE is set but PSEUDONYM_NOKKEL is not. Real extracts are only read with the secret key that "
            "persons are pseudonymised with: put it in the environment variable PSEUDONYM_NOKKEL."
        )


def of_the_folder(extract: Extract) -> Iterator[str]:
    """There is something in it."""
    if not extract.names:
        yield (
            f"UTTREKK_MAPPE names the folder {extract.folder}, which does not exist or is empty. "
            "Point it to an extract."
        )


def of_the_files(extract: Extract) -> Iterator[str]:
    """Each source is there, once, whole, with its columns."""
    yield from of_the_folder(extract)
    for path in extract.all_files():
        if not path.isascii() and path != path.encode(errors="replace").decode():
            yield f"The path {path!a} is not text in UTF-8. Give the file or its folder another name."
    for name in extract.not_read():
        named = name.encode(errors="replace").decode()
        yield (
            f"The file {named} in the extract folder {extract.folder} is not read: tables are called <name>.csv or "
            ".parquet, topics <name>*.jsonl or .jsonl.gz, in lower case. Give it such a name and form, or remove it."
        )
    for source in sorted(OBJECTS, key=lambda source: source.file):
        yield from of_one_source(extract, source)
    for table in TABLES:
        if table.instead_of:
            yield from of_two_forms(extract, table)


def of_one_source(extract: Extract, source: Table | Topic) -> Iterator[str]:
    """The files of one source."""
    found = extract.files(source)
    if not found and not source.optional:
        yield (
            f"The file {source.file}.csv or {source.file}.parquet is missing in the extract folder {extract.folder}. "
            "Put it there, or point UTTREKK_MAPPE to a complete extract."
        )
    elif len(found) > 1 and isinstance(source, Table):
        yield (
            f"The extract folder {extract.folder} has both {source.file}.csv and {source.file}.parquet. "
            "Remove the one that does not belong to this extract."
        )
    empty = []
    for path in found:
        # DuckDB takes what follows a question mark for an URL's query, and a backslash for what it is on Windows.
        if "?" in path or "\\" in path:
            yield f"The path {path} has a question mark or a backslash in it. Give the file or its folder another name."
        # Before it is looked through: what is written to it meanwhile has changed it.
        extract.states[path] = files.file_state(path)
        look = files.look_through(path)
        if look.empty and isinstance(source, Topic) and not extract.is_seeds:
            empty.append(path)
        elif look.fault:
            yield f"The file {path} cannot be read: {look.fault}. Fetch it again."
        if path.endswith(files.TABLE_ENDINGS):
            yield from of_the_columns(path, source.file_columns)
            if isinstance(source, Table):
                yield from of_the_types(path, source)
    # One partition of a topic may have no messages, but not all of them.
    if empty and len(empty) == len(found):
        yield (
            f"The file {empty[0]} cannot be read: it is empty, and so is the topic. Fetch it again. "
            f"If {source.file} really has no messages, remove the file."
        )


def of_the_types(path: str, table: Table) -> Iterator[str]:
    """Text in a Parquet file is UTF-8, and what has leading zeros is text."""
    if not path.endswith(".parquet"):
        return
    types = {name.strip().lower(): kind for name, kind in files.parquet_types(path)}
    texts = files.column_texts(path, list(table.file_columns), table.persons)
    for column in table.columns:
        if column.name not in types:
            continue
        try:
            ((values,),) = files.query(files.reader(path, f"count({texts[column.name]})"))
        except duckdb.Error:
            yield f"The column {column.name} in {path} is not text in UTF-8. Fetch it again."
            continue
        yield from of_the_type(column, types[column.name], path, bool(values))


def of_the_type(column: Column, kind: str, where: str, has_values: bool = True) -> Iterator[str]:
    """A column is of texts, or of values that are known as texts.

    Args:
        column: the column of the contract.
        kind: DuckDB's type of it.
        where: what has it.
        has_values: whether anything but null is in it.
    """
    if files.is_nested(kind) and not (column.kind == "list" and kind.endswith("[]")):
        yield f"The column {column.name} in {where} holds {kind}, and not texts. Fetch it again."
    if has_values and column.kind in ("person", "enhet") and files.is_number(kind):
        yield (
            f"The column {column.name} in {where} is numbers ({kind}), which have no leading zeros: "
            "0219 is then 219, and nobody can tell it from another. Fetch it again as text."
        )


def of_the_columns(path: str, columns: dict[str, bool]) -> Iterator[str]:
    """A table has its columns, each once, and every row can be read."""
    found = files.file_columns(path)
    for name, optional in columns.items():
        if found.count(name) != 1 and not (optional and name not in found):
            yield (
                f"The column {name} is {'there more than once' if name in found else 'missing'} in {path}. The file "
                "must be CSV in UTF-8 with a header and commas, or Parquet, with these columns, each once: "
                f"{', '.join(name for name, optional in columns.items() if not optional)}."
            )
    try:
        reject = files.csv_reject(path, list(columns)) if path.endswith(".csv") else None
    except duckdb.InvalidInputException:
        yield f"The file {path} cannot be read: its lines do not all end alike, in LF or in CRLF. Fetch it again."
        return
    if path.endswith(".csv") and not reject and not files.has_the_rows_it_should(path):
        yield (
            f"The header of {path} cannot be read: a column name has a line end in it, or a quotation mark before it. "
            "Give the column another name."
        )
    if reject:
        line, column, why = reject
        yield (
            f"Line {line} of {path} cannot be read ({why}{f' at column {column}' if column else ''}). "
            "The file must be CSV in UTF-8, quoted after RFC 4180."
        )


def of_two_forms(extract: Extract, table: Table) -> Iterator[str]:
    """Of two forms of the same participations an extract has one."""
    topic = next(topic for topic in TOPICS if topic.file == table.instead_of)
    found = bool(extract.files(table))
    if found == bool(extract.files(topic)):
        yield (
            f"The extract folder {extract.folder} has {'both' if found else 'neither'} {topic.file}*.jsonl (or "
            f".jsonl.gz) {'and' if found else 'nor'} {table.file}.csv (or .parquet). They are two forms of the same "
            f"participations: {'remove one of them' if found else 'put one of them there'}."
        )


def of_the_times(extract: Extract, memory: Memory) -> Iterator[str]:
    """The extract's time is the only clock: it can be read, and it does not go back (specification 2 and 4)."""
    path = extract.files(UTTREKK)[0]
    if any(taken.unreadable or taken.kilde is None for taken in extract.taken):
        yield (
            f"The column uttrekk_tidspunkt (or kilde) in {path} is empty or not an ISO 8601 time. "
            "Give each file of the extract one row with the time it was taken."
        )
    for table in TABLES:
        times = next((taken.times for taken in extract.taken if taken.kilde == table.file), 0)
        if table is not UTTREKK and not table.optional and not times:
            yield (
                f"The column kilde in {path} has no row for {table.file}. "
                "Give each file of the extract one row with the time it was taken."
            )
        if table.dated and times != 1:
            yield (
                f"The column kilde in {path} has {'more than one time' if times else 'no row'} for {table.file}. "
                "Its history is dated by that time: give it exactly one."
            )
    for taken in extract.taken:
        if set(taken.keys) - {file_fingerprint()}:
            yield (
                f"The column nokkel_avtrykk in {path} says that the idents of {taken.kilde} became pseudonyms with "
                "another PSEUDONYM_NOKKEL than this one. Use the key that it was fetched with, or fetch it again."
            )
    if memory.keys - {fingerprint(extract.is_seeds)}:
        yield (
            "This database was built with another PSEUDONYM_NOKKEL (or from the synthetic seeds): with a new key "
            "every person would be a new person, and their history lost. Use the same key, or another database file "
            "(TILTAK_DUCKDB)."
        )
    for taken in extract.taken:
        before = memory.latest.get(taken.kilde or "")
        if taken.time and before and taken.time < before:
            yield (
                f"This extract is older than one already loaded: {path} says that {taken.kilde} was taken at "
                f"{at(taken.time)}, and the extract of {at(before)} has been loaded. {NEWER}"
            )
    if memory.shown and extract.earliest and extract.earliest < memory.shown:
        yield (
            f"This extract is older than one already loaded: the earliest time in {path} is "
            f"{at(extract.earliest)}, and what has been published is of {at(memory.shown)}. {NEWER}"
        )


def of_the_scope(extract: Extract, memory: Memory, full_refresh: bool) -> Iterator[str]:
    """Only a topic may hold just what is new, and only after an extract that had all of it."""
    path = extract.files(UTTREKK)[0]
    for taken in extract.taken:
        if taken.scopes != 1 or taken.scope not in (None, "full", "endring"):
            yield (
                f"The column omfang in {path} does not say one thing of {taken.kilde}. Write full (all of it), or "
                "endring (what is new since the extract before); empty is full."
            )
        if taken.scope != "endring":
            continue
        says = f"The column omfang in {path} says endring of {taken.kilde}"
        topic = next((topic for topic in TOPICS if topic.file == taken.kilde), None)
        if topic is None:
            yield (
                f"{says}. Only a topic can hold just what is new ({', '.join(topic.file for topic in TOPICS)}): "
                "tables are always whole."
            )
            continue
        for table in TABLES:
            if table.instead_of == topic.file and extract.files(table):
                yield (
                    f"{says}, and the extract has {table.file} in its place, which is always whole. "
                    f"Say nothing of {topic.file}, or put it there."
                )
        if full_refresh or topic.name not in memory.topics:
            why = "with --full-refresh there is none before" if full_refresh else "the one before had nothing of it"
            yield (
                f"{says}: the extract holds what is new since the one before, and {why}. Nothing was changed. "
                f"Use an extract with all of {topic.file} (omfang full)."
            )
