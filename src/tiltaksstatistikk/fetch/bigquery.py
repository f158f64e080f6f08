"""Tables from BigQuery: one query each, streamed in batches of Arrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import Forbidden, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from tiltaksstatistikk.fetch.folder import Fetched
from tiltaksstatistikk.fetch.kilder import Kilde
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.fetch.tables import checked_columns, write_batches
from tiltaksstatistikk.load.checks import Refused


def client() -> Any:
    """Return a client of the service, or of the emulator that the environment names.

    TILTAK_BIGQUERY_PROSJEKT is the project that pays for the queries; without it, the credentials' own.
    """
    project = os.environ.get("TILTAK_BIGQUERY_PROSJEKT") or None
    if address := os.environ.get("TILTAK_BIGQUERY_EMULATOR"):
        options = ClientOptions(api_endpoint=address)
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call, unused-ignore]
        return bigquery.Client(project or "lokal", nobody, client_options=options)
    return bigquery.Client(project)


def query_of(kilde: Kilde, connection: Any) -> str:
    """Return the query: of a view its columns of the contract alone, since BigQuery is paid by the column.

    Raises:
        Refused: there is no such view, or a column is missing.
    """
    if kilde.way == "sporring":
        return kilde.where
    try:
        schema = connection.get_table(kilde.where).schema
    except NotFound:
        raise Refused(f"{kilde.source.file}: there is no table or view {kilde.where} in BigQuery.") from None
    # The type is looked at when the rows come.
    named = checked_columns(kilde, [(field.name, "VARCHAR") for field in schema])
    return f"select {', '.join(f'`{column}`' for column in named.values())} from `{kilde.where}`"


def storage() -> Any:
    """Return a client of the Storage API, which is faster; None when there is none, or only an emulator."""
    if os.environ.get("TILTAK_BIGQUERY_EMULATOR"):
        return None
    try:
        from google.cloud import bigquery_storage
    except ImportError:
        return None
    return bigquery_storage.BigQueryReadClient()  # type: ignore[no-untyped-call, unused-ignore]


def fetch_bigquery(kilde: Kilde, path: Path, found: Fetched, progress: Progress) -> list[Path]:
    """Fetch a table into a Parquet file, and note rows and bytes.

    Raises:
        Refused: there is no such view, or its columns are not the contract's.
    """
    connection = client()
    job = connection.query(query_of(kilde, connection))
    rows = job.result()
    found.bytes_scanned = int(job.total_bytes_processed or 0)
    progress.begin(kilde.source.file, int(rows.total_rows or 0))

    def batches(through: Any) -> Iterator[Any]:
        for batch in rows.to_arrow_iterable(bqstorage_client=through):
            found.bytes_in += batch.nbytes
            progress.advance(batch.num_rows)
            yield batch

    def write(through: Any) -> None:
        # The first batch says what the columns are in Arrow. Without rows they may as well be texts.
        stream = batches(through)
        first = next(stream, None)
        schema = first.schema if first else pyarrow.schema([(field.name, pyarrow.string()) for field in rows.schema])
        found.rows = write_batches(kilde, schema, chain([first] if first else [], stream), path)

    try:
        write(storage())
    except Forbidden:
        progress.say(f"{kilde.source.file}: no permission for the Storage API (bigquery.readsessions.create): by REST")
        rows, found.bytes_in = job.result(), 0
        write(None)
    if found.rows != rows.total_rows:
        raise ConnectionError(f"{found.rows} of {rows.total_rows} rows came")
    return [path]
