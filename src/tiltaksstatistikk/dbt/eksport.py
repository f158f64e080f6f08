"""Lets SQL export: macros call the functions of `tiltaksstatistikk.export` by these names."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from tiltaksstatistikk.export.internal import write_internal_files, write_internal_pages
from tiltaksstatistikk.export.open_files import write_open_files
from tiltaksstatistikk.export.page import write_pages
from tiltaksstatistikk.export.run_summary import write_run_summary
from tiltaksstatistikk.export.sets import erase, publish, start


def answer(function: Callable[[], Any]) -> str:
    """Return as JSON what a function returns, or the `fault` that stopped it: DuckDB would print Python's stack."""
    try:
        return json.dumps({"answer": function()})
    except (OSError, ValueError, duckdb.Error) as error:
        return json.dumps({"fault": str(error)})


class Plugin(BasePlugin):
    """Registers the SQL functions below, whose names begin with `export_`."""

    def configure_connection(self, conn: Any) -> None:
        """Register them on a new connection; every cursor of the database sees them. They return what `answer` does."""

        def export_start(folder: str, name: str) -> str:
            return answer(lambda: str(start(Path(folder), name)))

        def export_write(path: str, text: str) -> str:
            return answer(lambda: Path(path).write_text(text, encoding="utf-8"))

        def export_page(folder: str) -> str:
            return answer(lambda: write_pages(Path(folder)))

        def export_internal_files(folder: str, dictionary: str) -> str:
            return answer(lambda: write_internal_files(Path(folder), json.loads(dictionary)))

        def export_internal_pages(folder: str) -> str:
            return answer(lambda: write_internal_pages(Path(folder)))

        def export_open_files(folder: str, dictionary: str) -> str:
            return answer(lambda: write_open_files(Path(folder), json.loads(dictionary)))

        def export_run_summary(folder: str, kjoring_id: str, database: str, then_and_now: str) -> str:
            return answer(lambda: write_run_summary(Path(folder), kjoring_id, Path(database), json.loads(then_and_now)))

        def export_publish(new: str, manifest: str) -> str:
            return answer(lambda: str(publish(Path(new), json.loads(manifest))))

        def export_erase(folder: str, name: str, ids: list[str]) -> str:
            return answer(lambda: erase(Path(folder), name, ids))

        for function, types in [
            (export_start, ["VARCHAR", "VARCHAR"]),
            (export_write, ["VARCHAR", "VARCHAR"]),
            (export_open_files, ["VARCHAR", "VARCHAR"]),
            (export_page, ["VARCHAR"]),
            (export_internal_files, ["VARCHAR", "VARCHAR"]),
            (export_internal_pages, ["VARCHAR"]),
            (export_run_summary, ["VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"]),
            (export_publish, ["VARCHAR", "VARCHAR"]),
            (export_erase, ["VARCHAR", "VARCHAR", "VARCHAR[]"]),
        ]:
            conn.create_function(function.__name__, function, types, "VARCHAR", side_effects=True)
