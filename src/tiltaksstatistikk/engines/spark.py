"""Clean tables on Spark, as Iceberg tables: in dbt's kind of session, or through a Thrift server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from dbt.adapters.spark.connections import SparkConnectionMethod, SparkCredentials
from dbt.adapters.spark.session import Connection
from pyhive import hive


class Spark:
    """Spark's tables.

    Args:
        connection: dbt's to a session, or one to a Thrift server.
    """

    file_format = "parquet"

    def __init__(self, connection: Any) -> None:
        """Keep the connection."""
        self.connection = connection

    def ask(self, sql: str) -> Any:
        """Execute a statement, and return its cursor. A session's cursor remembers the rows of its first statement."""
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor

    @classmethod
    @contextmanager
    def connected(cls, credentials: SparkCredentials) -> Iterator[Spark]:
        """Connect as dbt-spark does, and give Spark's tables."""
        if credentials.method == SparkConnectionMethod.SESSION:
            yield cls(Connection(server_side_parameters=credentials.server_side_parameters))
        else:
            with closing(hive.connect(credentials.host, credentials.port, credentials.user)) as connection:
                yield cls(connection)

    def rows(self, schema: str, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table, or nothing when there is no such table."""
        if not self.has(schema, table):
            return []
        return [tuple(row) for row in self.ask(f"select {columns} from {schema}.{table}").fetchall()]

    def has(self, schema: str, table: str) -> bool:
        """Whether there is such a table."""
        for question, name in ((f"show schemas like '{schema}'", schema), (f"show tables in {schema}", table)):
            if name not in {str(value) for row in self.ask(question).fetchall() for value in row}:
                return False
        return True

    def stream(self, schema: str, table: str) -> Iterator[Sequence[Any]]:
        """Give the names of a table's columns, and then its rows, a few at a time. Nothing when it is not there."""
        if not self.has(schema, table):
            return
        cursor = self.ask(f"select * from {schema}.{table}")
        # Hive's driver puts the table's name before that of the column.
        yield [column[0].rpartition(".")[2] for column in cursor.description]
        # The cursor of dbt's session fetches all rows at once.
        yield from cursor._df.toLocalIterator() if hasattr(cursor, "_df") else iter(cursor)

    def remove(self, schema: str, table: str) -> None:
        """Remove a table, if it is there."""
        self.ask(f"create schema if not exists {schema}")
        self.ask(f"drop table if exists {schema}.{table}")

    def put(self, schema: str, table: str, file: Path, columns: dict[str, str]) -> None:
        """Replace a table with the rows of a Parquet file."""
        selected = ", ".join(
            f"cast({name} as {'string' if kind == 'VARCHAR' else kind}) as {name}" for name, kind in columns.items()
        )
        # Days are as they are written, not as the calendar before 1582 had them.
        self.ask(
            "create or replace temporary view leveres using parquet "
            f"options (path 'file:{file}', datetimeRebaseMode 'CORRECTED')"
        )
        self.ask(f"create schema if not exists {schema}")
        self.ask(f"create or replace table {schema}.{table} using iceberg as select {selected} from leveres")
