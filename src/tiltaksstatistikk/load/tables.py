"""Sources that are tables: their rows, each once, typed, with comparable keys and pseudonyms."""

import duckdb

from tiltaksstatistikk.load import files
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.objects import Column, Table
from tiltaksstatistikk.load.values import KINDS, pseudonym, trimmed
from tiltaksstatistikk.load.workplace import Workplace, unreadable


def load_table(place: Workplace, extract: Extract, table: Table) -> None:
    """Replace the clean table of a source.

    Each row has a number, `rad_nummer`, that a fault of it is found by. A row that is exactly as another counts once; a
    row about an erased person is left out. Without a file the table is empty.
    """
    columns = list(enumerate(table.columns))
    try:
        place.do(f"create or replace temporary table lest as {texts(extract, table)}")
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error:
        # Its errors quote what they failed on.
        raise Refused(
            f"The file {extract.files(table)[0]} cannot be read: it is damaged. Nothing was changed. Fetch it again."
        ) from None
    people = [number for number, column in columns if column.kind in ("person", "veileder")]
    persons = [number for number, column in columns if column.kind == "person"]
    for number in people:
        place.meet(f"tekst_{number}", "lest")
    # Two rows are the same when their persons, ids, codes and names are, in their one form.
    compared = ", ".join(
        [f"{compare(column, number)} as tekst_{number}" for number, column in columns]
        + [f"coalesce(not person_{number}.gyldig_flagg, false) as ugyldig_{number}" for number in persons]
    )
    joins = " ".join(
        f"left join person as person_{number} on tekst_{number} = person_{number}.ident" for number in people
    )
    person = next((f"tekst_{number}" for number, column in columns if column.to == "person_id"), "null")
    erased = f"coalesce({person} in (select id from slettet), false)"
    rows = f"select *, {erased} as slettet_person_flagg from (select distinct {compared} from lest {joins})"
    if table.instead_of:
        # A participation is counted, also of a person of whom nothing is kept.
        nothing = ", ".join(
            [f"case when not slettet_person_flagg then tekst_{n} end as tekst_{n}" for n, _ in columns]
            + [f"ugyldig_{n} and not slettet_person_flagg as ugyldig_{n}" for n in persons]
        )
        rows = f"select slettet_person_flagg, {nothing} from ({rows})"
    else:
        rows = f"select * from ({rows}) where not slettet_person_flagg"
    values = ", ".join(f"{value(column, number)} as {column.to}" for number, column in columns)
    place.do(
        f"create or replace temporary table ren as select row_number() over () as rad_nummer, *, {values} from ({rows})"
    )
    kept = ["rad_nummer", *(column.to for column in table.columns if column.kind != "list")]
    kept += ["slettet_person_flagg"] if table.instead_of else []
    place.do(f"create or replace table {place.table(table.name)} as select {', '.join(kept)} from ren")
    for number, column in columns:
        if KINDS[column.kind].fault:
            condition = f"ugyldig_{number}" if number in persons else unreadable(column, f"tekst_{number}", column.to)
            place.fault(table.file, column, "cast(rad_nummer as varchar)", "ren", condition)
    if table.people:
        load_people(place, table)


def compare(column: Column, number: int) -> str:
    """Return the SQL of what a column is compared by: its value if that is a text in one form, else the text."""
    if column.kind in ("person", "veileder"):
        return f"person_{number}.id"
    return KINDS[column.kind].sql(f"tekst_{number}") if KINDS[column.kind].comparable else f"tekst_{number}"


def value(column: Column, number: int) -> str:
    """Return the SQL of a column's value, from what `compare` gave."""
    return f"tekst_{number}" if KINDS[column.kind].comparable else KINDS[column.kind].sql(f"tekst_{number}")


def texts(extract: Extract, table: Table) -> str:
    """Return the SQL query of a source's columns as trimmed texts `tekst_<number>`."""
    found = extract.files(table)
    if not found:
        empty = ", ".join(f"cast(null as varchar) as tekst_{number}" for number, _ in enumerate(table.columns))
        return f"select {empty} where false"
    known = list(table.file_columns)
    as_text = files.column_texts(found[0], known, table.persons)
    as_read = ", ".join(f"{as_text[column.name]} as lest_{number}" for number, column in enumerate(table.columns))
    as_trimmed = ", ".join(f"{trimmed(f'lest_{number}')} as tekst_{number}" for number, _ in enumerate(table.columns))
    return f"select {as_trimmed} from ({files.reader(found[0], as_read, known)})"


def load_people(place: Workplace, table: Table) -> None:
    """Replace the table of the persons in a source's list: a row for each of them and each row of the source."""
    assert table.people
    name, key = table.people
    of_list = next(column.to for column in table.columns if column.kind == "list")
    place.do(
        f"create or replace table {place.table(name)} as "
        f"select distinct rad_nummer, {key}, {pseudonym('ident')} as veileder_id from "
        f"(select rad_nummer, {key}, {trimmed('ident')} as ident from "
        f"(select rad_nummer, {key}, unnest({of_list}) as ident from ren)) where ident is not null"
    )
