"""The workplace of one load: a cursor with a transaction, the schema `uttrekk`, and the persons that it has met."""

from dataclasses import dataclass
from typing import Any

from tiltaksstatistikk.load.objects import Column
from tiltaksstatistikk.load.values import KINDS, is_person_ident, pseudonym, quoted, sql_text

FAULTS = "feil"


@dataclass
class Workplace:
    """A cursor in a transaction.

    Attributes:
        cursor: of the database, with the key set.
        database: its name in DuckDB.
    """

    cursor: Any
    database: str

    def do(self, sql: str) -> None:
        """Run a statement."""
        self.cursor.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        found: list[tuple[Any, ...]] = self.cursor.execute(sql).fetchall()
        return found

    def put(self, table: str, *columns: list[Any]) -> None:
        """Insert rows, given column by column: one statement, where one for each row takes minutes of many."""
        if columns[0]:
            self.cursor.execute(f"insert into {table} select {', '.join('unnest(?)' for _ in columns)}", list(columns))

    def table(self, name: str, schema: str = "uttrekk") -> str:
        """Return the whole name of a table, also in a database that is called as a schema is."""
        return f"{quoted(self.database)}.{schema}.{name}"

    def prepare(self) -> None:
        """Make the schema, and tables for what one load alone needs."""
        self.do(f"create schema if not exists {quoted(self.database)}.uttrekk")
        self.do("create or replace temporary table person (ident varchar, id varchar, gyldig_flagg boolean)")
        self.do("create or replace temporary table slettet (id varchar)")
        self.do(
            f"create table if not exists {self.table(FAULTS)} "
            "(kilde varchar, rad_id varchar, kolonne_navn varchar, feil_kode varchar)"
        )

    def meet(self, ident: str, relation: str) -> None:
        """Give the persons in a column of idents pseudonyms, but those that this load has met: each is hashed once."""
        self.do(
            f"insert into person select ident, {pseudonym('ident')}, {is_person_ident('ident')} from "
            f"(select distinct {ident} as ident from {relation}) as ny where ident is not null "
            "and not exists (select 1 from person as kjent where kjent.ident = ny.ident)"
        )

    def fault(self, kilde: str, column: Column, row: str, relation: str, condition: str) -> None:
        """Write a fault for each row in which the value of a column cannot be read.

        Args:
            kilde: the source.
            column: which column.
            row: the SQL of what a row is found by, as text.
            relation: where the rows are.
            condition: the SQL of which they are.
        """
        name = column.name.removeprefix("$.value.").strip('"')
        self.do(
            f"insert into {self.table(FAULTS)} select {sql_text(kilde)}, {row}, {sql_text(name)}, "
            f"{sql_text(KINDS[column.kind].fault or '')} from {relation} where {condition}"
        )


def unreadable(column: Column, text: str, value: str) -> str:
    """Return the SQL of whether a text has no value, though there is one or must be."""
    return f"{value} is null" if KINDS[column.kind].required else f"{text} is not null and {value} is null"
