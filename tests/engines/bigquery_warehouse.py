"""A warehouse on BigQuery, or an emulator of it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
from google.api_core.client_options import ClientOptions
from google.cloud import bigquery
from google.oauth2.credentials import Credentials

from tests.engines.engine_warehouse import EngineWarehouse

PROJECT = "lokal"


class BigQueryWarehouse(EngineWarehouse):
    """The datasets of an emulator that begin with the folder's name, and a copy of them.

    Args:
        folder: an empty folder for the copy, the extracts and what dbt writes.
        address: where the emulator is.
        fra_uke_dato: the dbt var, None for the project's own.
    """

    target = "bigquery"

    def __init__(self, folder: Path, address: str, fra_uke_dato: date | None = None) -> None:
        """Make the folder."""
        super().__init__(folder, fra_uke_dato)
        nobody = Credentials("emulator")  # type: ignore[no-untyped-call, unused-ignore]
        self.client = bigquery.Client(PROJECT, nobody, client_options=ClientOptions(api_endpoint=address))
        self.address = address

    def point_to(self, uttrekk: Path) -> None:
        """Have the environment name an extract, and this warehouse."""
        super().point_to(uttrekk)
        os.environ["TILTAK_BIGQUERY_EMULATOR"] = self.address
        os.environ["TILTAK_BIGQUERY_PROSJEKT"] = PROJECT
        os.environ["TILTAK_BIGQUERY_DATASETT"] = self.folder.name

    def copy(self) -> None:
        """Copy every table and view to the DuckDB file, in the schemas of DuckDB."""
        self.path.unlink(missing_ok=True)
        with duckdb.connect(str(self.path)) as copy:
            for dataset in self.client.list_datasets():
                if dataset.dataset_id.partition("_")[0] != self.folder.name:
                    continue
                schema = dataset.dataset_id.partition("_")[2] or "main"
                copy.execute(f"create schema if not exists {schema}")
                for table in self.client.list_tables(dataset.dataset_id):
                    name = f"{table.project}.{table.dataset_id}.{table.table_id}"
                    rows = self.client.query(f"select * from `{name}`").result().to_arrow(create_bqstorage_client=False)
                    copy.execute(f'create table {schema}."{table.table_id}" as from rows')
                    assert copy.execute(f'select count(*) from {schema}."{table.table_id}"').fetchone() == (len(rows),)
