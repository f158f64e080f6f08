"""The adapter: dbt-bigquery, and a DuckDB in dbt's own process that reads the extract for it.

An extract is read, and its persons pseudonymised, where dbt runs. What is sent to BigQuery has neither the key nor an
ident in it: the parameters of a job can be read in its metadata by others, and a table that was dropped, for a week.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import tempfile
import threading
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.base.meta import available
from dbt.adapters.bigquery.impl import BigQueryAdapter
from dbt.adapters.factory import FACTORY
from dbt.adapters.tiltakbigquery.connections import TiltakBigQueryConnectionManager
from dbt_common.exceptions import DbtRuntimeError
from google.cloud.bigquery import LoadJobConfig, SchemaField

# What macros call a plugin, and where it is.
PLUGINS = {"uttrekk_filer": "tiltaksstatistikk.dbt.uttrekk_filer"}

# The types of the models' text that are called something else.
TYPE_NAMES = {
    "timestamp": "datetime",
    "double": "float64",
    "integer": "int64",
    "bigint": "int64",
    "boolean": "bool",
    "varchar": "string",
}

# NUMERIC has room for so many decimals. A share with more is a FLOAT64: BIGNUMERIC is not in the emulator.
NUMERIC_DECIMALS = 9

# Stands for the ends of lines in what is sent: a CSV file whose fields have them cannot be read in parallel.
ENDS_OF_LINES = {10: 0xE000, 13: 0xE001}

words = threading.local()

# dbt is to know the name that `type` gives while macros write DuckDB's words.
FACTORY.load_plugin("duckdb")


class TiltakBigQueryAdapter(BigQueryAdapter):
    """dbt-bigquery, with the project's Python functions and its reading of files as methods that macros can call."""

    ConnectionManager = TiltakBigQueryConnectionManager

    def __init__(self, *arguments: Any) -> None:
        """Nothing has been sent yet."""
        super().__init__(*arguments)
        self.sent: dict[str, tuple[Any, ...]] = {}

    @classmethod
    def type(cls) -> str:
        """The adapter that macros are chosen for: DuckDB while they write what it is to read."""
        return "duckdb" if getattr(words, "duckdb", False) else "tiltakbigquery"

    @classmethod
    def quote(cls, identifier: str) -> str:
        """Quote a name in the words that are spoken now."""
        return f'"{identifier}"' if getattr(words, "duckdb", False) else str(super().quote(identifier))

    @available
    def in_duckdb(self, called: Any, *arguments: Any) -> Any:
        """Return what a macro gives in DuckDB's words: the macros that it calls are chosen as for DuckDB."""
        words.duckdb = True
        try:
            return called(*arguments)
        finally:
            words.duckdb = False

    @available
    def ask_python(self, module: str, function: str, arguments: list[Any]) -> Any:
        """Call a function of a plugin. On DuckDB the same function is called from SQL."""
        return getattr(importlib.import_module(PLUGINS.get(module, module)), function)(*arguments)

    @available.parse_none
    def ask_duckdb(self, sql: str) -> Any:
        """Return the one value of a query that DuckDB answers, with the key of the pseudonyms at hand."""
        with duckdb.connect() as connection:
            self._with_key(connection)
            found = connection.execute(sql).fetchone()
        return found[0] if found else None

    @available.parse(lambda *_: "")
    def send(self, sql: str, files: list[str], schema: str, name: str) -> str:
        """Load what DuckDB finds in files into a table, unless this run has done so, and return the table's name.

        Args:
            sql: a query in DuckDB's words. Its columns are text, but for `linje_nummer`.
            files: the files that it reads.
            schema: the dataset that the table is put in, without the project.
            name: what the table's name begins with.
        """
        file_state = importlib.import_module(PLUGINS["uttrekk_filer"]).file_state
        state = tuple(file_state(file) for file in files)
        table = f"{name}_{hashlib.sha256(sql.encode()).hexdigest()[:12]}"
        project = self.config.credentials.database
        whole_name = f"`{project}`.`{schema}`.`{table}`"
        if self.sent.get(table) != state:
            self.connections.create_dataset(project, schema)
            self._load(sql, self.connections.table_ref(project, schema, table))  # type: ignore[no-untyped-call]
            # A run that dies drops nothing.
            self.execute(
                f"alter table {whole_name} set options "
                "(expiration_timestamp = timestamp_add(current_timestamp(), interval 12 hour))"
            )
            self.sent[table] = state
        return whole_name

    @available.parse_none
    def forget_sent(self) -> list[str]:
        """Return the names of the tables that this run has sent, to be dropped, and forget them."""
        tables, self.sent = list(self.sent), {}
        return tables

    def _load(self, sql: str, table: Any) -> None:
        """Write what a query finds to a CSV file, and load that."""
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
            self._with_key(connection)
            path = Path(folder) / "sendes.csv"
            try:
                columns = [row[0] for row in connection.execute(f"describe {sql}").fetchall()]
                fields = ", ".join(
                    name
                    if name == "linje_nummer"
                    else f"translate({name}, chr(10) || chr(13), {self._stand_ins()}) as {name}"
                    for name in columns
                )
                connection.execute(f"copy (select {fields} from ({sql})) to '{path}' (format csv, header false)")
            except duckdb.Error as error:
                # DuckDB quotes the content that it failed on.
                raise DbtRuntimeError(f"The extract could not be read for {table}: {type(error).__name__}") from None
            config = LoadJobConfig(
                schema=[SchemaField(name, "INT64" if name == "linje_nummer" else "STRING") for name in columns],
                write_disposition="WRITE_TRUNCATE",
            )
            self.connections._write_file_to_table(
                self.connections.get_thread_connection().handle, str(path), table, config, 300
            )

    @staticmethod
    def _stand_ins() -> str:
        return " || ".join(f"chr({number})" for number in ENDS_OF_LINES.values())

    @staticmethod
    def _with_key(connection: duckdb.DuckDBPyConnection) -> None:
        """Hand the key over as the plugin of DuckDB does, in variables."""
        importlib.import_module("tiltaksstatistikk.dbt.pseudonym").Plugin._set_variables(connection)

    @available
    @classmethod
    def type_name(cls, name: str) -> str:
        """Return what BigQuery calls a type of the models' text."""
        if decimals := re.fullmatch(r"decimal\(\d+, (\d+)\)", name):
            return "numeric" if int(decimals[1]) <= NUMERIC_DECIMALS else "float64"
        return TYPE_NAMES.get(name, name)

    @available.parse(lambda *_: {})
    @classmethod
    def nest_column_data_types(
        cls, columns: dict[str, dict[str, Any]], constraints: dict[str, str] | None = None
    ) -> dict[str, dict[str, str | None]]:
        """Return the columns of a contract with BigQuery's names of their types."""
        named = {
            name: {**column, "data_type": cls.type_name(column["data_type"])} if column.get("data_type") else column
            for name, column in columns.items()
        }
        return super().nest_column_data_types(named, constraints)  # type: ignore[no-any-return]
