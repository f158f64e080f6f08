"""Clean tables on BigQuery: loaded as texts, and made into tables with types by one statement each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dbt.adapters.bigquery.clients import create_bigquery_client
from dbt.adapters.bigquery.credentials import BigQueryCredentials
from google.api_core.exceptions import NotFound
from google.cloud.bigquery import Dataset, LoadJobConfig, SchemaField

# What BigQuery calls DuckDB's types. A time without a zone is a DATETIME.
TYPES = {"VARCHAR": "string", "TIMESTAMP": "datetime", "BIGINT": "int64", "BOOLEAN": "bool", "DATE": "date"}


class BigQuery:
    """The datasets that begin with the profile's.

    Args:
        credentials: dbt's.
    """

    # The emulator loads CSV alone, and no times. A missing value is empty, and an empty text is quoted.
    file_format = "csv, header false"

    def __init__(self, credentials: BigQueryCredentials) -> None:
        """Connect as dbt-bigquery does."""
        self.client = create_bigquery_client(credentials)
        self.dataset = f"{credentials.database}.{credentials.schema}"
        self.location = credentials.location
        self.is_emulator = bool(credentials.api_endpoint)

    def name(self, schema: str, table: str) -> str:
        """Return the whole name of a table. The schema of the marts is nothing."""
        return f"{self.dataset}_{schema}.{table}" if schema else f"{self.dataset}.{table}"

    def rows(self, schema: str, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table, or nothing when there is no such table."""
        try:
            self.client.get_table(self.name(schema, table))
        except NotFound:
            return []
        found = self.client.query(f"select {columns} from `{self.name(schema, table)}`").result()
        return [tuple(row.values()) for row in found]

    def stream(self, schema: str, table: str) -> Iterator[Sequence[Any]]:
        """Give the names of a table's columns, and then its rows, a few at a time. Nothing when it is not there."""
        try:
            self.client.get_table(self.name(schema, table))
        except NotFound:
            return
        found = self.client.query(f"select * from `{self.name(schema, table)}`").result()
        yield [field.name for field in found.schema]
        for row in found:
            yield row.values()

    def remove(self, schema: str, table: str) -> None:
        """Remove a table, if it is there."""
        self.client.delete_table(self.name(schema, table), not_found_ok=True)

    def put(self, schema: str, table: str, file: Path, columns: dict[str, str]) -> None:
        """Replace a table with the rows of a file."""
        dataset = Dataset(f"{self.dataset}_{schema}")
        dataset.location = self.location
        self.client.create_dataset(dataset, exists_ok=True)
        texts = self.name(schema, f"{table}_leveres")
        config = LoadJobConfig(
            schema=[SchemaField(name, "STRING") for name in columns], write_disposition="WRITE_TRUNCATE"
        )
        if not self.is_emulator:
            # An emulator always does, and refuses to be told.
            config.allow_quoted_newlines = True
        with file.open("rb") as content:
            self.client.load_table_from_file(content, texts, job_config=config).result()
        selected = ", ".join(
            f"cast({name} as {TYPES.get(kind, 'numeric')}) as {name}" for name, kind in columns.items()
        )
        self.client.query(
            f"create or replace table `{self.name(schema, table)}` as select {selected} from `{texts}`"
        ).result()
        self.remove(schema, f"{table}_leveres")
