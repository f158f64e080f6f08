"""Lets dbt load an extract before its first node, and ask what only Python knows: of the extract, key and solver."""

import json
import os
from datetime import datetime
from importlib import import_module
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from tiltaksstatistikk.load.checks import without_times
from tiltaksstatistikk.load.compared import Volume
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.keys import fingerprint, pseudonym
from tiltaksstatistikk.load.loader import STOPS, load, sentence


class Plugin(BasePlugin):
    """Registers the SQL functions below on a new connection; every cursor of the database sees them."""

    def configure_connection(self, conn: Any) -> None:
        """Register them. Those that can fail return JSON with `fault`, since DuckDB would print Python's stack."""

        def last_uttrekk(database: str, full_refresh: bool, left_out: str, volume: str) -> str:
            return answer(
                lambda: load(conn, database, full_refresh, json.loads(left_out), Volume(**json.loads(volume)))
            )

        def uttrekk_feil() -> str | None:
            return without_times(Extract.named())

        def uttrekk_tatt(kilde: str) -> datetime | None:
            return Extract.named().time_of(kilde)

        def slettes_person_id() -> str | None:
            ident = os.environ.get("SLETT_PERSON_IDENT", "").strip()
            return pseudonym(ident) if ident and os.environ.get("PSEUDONYM_NOKKEL") else None

        def nokkel_avtrykk(of_seeds: bool) -> str:
            return fingerprint(of_seeds)

        def har_highspy() -> bool:
            try:
                import_module("highspy")
            except ImportError:
                return False
            return True

        for function, arguments, returned in [
            (last_uttrekk, ["VARCHAR", "BOOLEAN", "VARCHAR", "VARCHAR"], "VARCHAR"),
            (uttrekk_feil, [], "VARCHAR"),
            (uttrekk_tatt, ["VARCHAR"], "TIMESTAMP"),
            (slettes_person_id, [], "VARCHAR"),
            (nokkel_avtrykk, ["BOOLEAN"], "VARCHAR"),
            (har_highspy, [], "BOOLEAN"),
        ]:
            conn.create_function(
                function.__name__, function, arguments, returned, side_effects=True, null_handling="special"
            )


def answer(function: Any) -> str:
    """Return as JSON nothing, or the `fault` that stopped a function: DuckDB would print Python's stack."""
    try:
        function()
    except STOPS as error:
        return json.dumps({"fault": sentence(error)})
    return "{}"
