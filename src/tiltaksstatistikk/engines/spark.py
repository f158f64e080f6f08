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
        cursor: of a session, or of a connection to a Thrift server.
    """

    file_format = "parquet"

    def __init__(self, cursor: Any) -> None:
        """Keep the cursor."""
        self.cursor = cursor

    @classmethod
    @contextmanager
    def connected(cls, credentials: SparkCredentials) -> Iterator[Spark]:
        """Connect as dbt-spark does, and give Spark's tables."""
        if credentials.method == SparkConnectionMethod.SESSION:
            yield cls(Connection(server_side_parameters=credentials.server_side_parameters).cursor())
        else:
            with closing(hive.connect(credentials.host, credentials.port, credentials.user)) as connection:
                yield cls(connection.cursor())

    def rows(self, schema: str, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table, or nothing when there is no such table."""
        if not self.has(schema, table):
            return []
        self.cursor.execute(f"select {columns} from {schema}.{table}")
        return [tuple(row) for row in self.cursor.fetchall()]

    def has(self, schema: str, table: str) -> bool:
        """Whether there is such a table."""
        for question, name in ((f"show schemas like '{schema}'", schema), (f"show tables in {schema}", table)):
            self.cursor.execute(question)
            if name not in {str(value) for row in self.cursor.fetchall() for value in row}:
                return False
        return True

    def stream(self, schema: str, table: str) -> Iterator[Sequence[Any]]:
        """Give the names of a table's columns, and then its rows, a few at a time. Nothing when it is not there."""
        if not self.has(schema, table):
            return
        self.cursor.execute(f"select * from {schema}.{table}")
        # Hive's driver puts the table's name before that of the column.
        yield [column[0].rpartition(".")[2] for column in self.cursor.description]
        # The cursor of dbt's session fetches all rows at once.
        yield from self.cursor._df.toLocalIterator() if hasattr(self.cursor, "_df") else iter(self.cursor)

    def remove(self, schema: str, table: str) -> None:
        """Remove a table, if it is there."""
        self.cursor.execute(f"create schema if not exists {schema}")
        self.cursor.execute(f"drop table if exists {schema}.{table}")

    def put(self, schema: str, table: str, file: Path, columns: dict[str, str]) -> None:
        """Replace a table with the rows of a Parquet file."""
        selected = ", ".join(
            f"cast({name} as {'string' if kind == 'VARCHAR' else kind}) as {name}" for name, kind in columns.items()
        )
        # Days are as they are written, not as the calendar before 1582 had them.
        self.cursor.execute(
            "create or replace temporary view leveres using parquet "
            f"options (path 'file:{file}', datetimeRebaseMode 'CORRECTED')"
        )
        self.cursor.execute(f"create schema if not exists {schema}")
        self.cursor.execute(f"create or replace table {schema}.{table} using iceberg as select {selected} from leveres")
