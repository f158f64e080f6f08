"""Hands secrets to DuckDB without them ever being part of any SQL text."""

import hashlib
import os
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

# The key of the synthetic default extract. It protects nobody; real extracts need PSEUDONYM_NOKKEL.
SYNTHETIC_KEY = "syntetisk"
BLOCK_BYTES = 64


class Plugin(BasePlugin):
    """Sets the session variables that the macros `pseudonym` and `slett_person` read.

    `slett_person_ident` is the environment variable SLETT_PERSON_IDENT. `hmac_indre` and `hmac_ytre` are the two padded
    keys of HMAC-SHA256 (RFC 2104). The key is the environment variable PSEUDONYM_NOKKEL. Without it the project's own
    seeds get a public key. A real extract gets none: every pseudonym is then null, also in what `check_run` does not
    stop, such as `dbt show` (specification 8).
    """

    def configure_connection(self, conn: Any) -> None:
        """Set them on a new connection."""
        self._set_variables(conn)

    def configure_cursor(self, cursor: Any) -> None:
        """Set them on a new cursor: DuckDB's variables belong to one of them, not to the database."""
        self._set_variables(cursor)

    @staticmethod
    def _set_variables(cursor: Any) -> None:
        if ident := os.environ.get("SLETT_PERSON_IDENT"):
            cursor.execute("set variable slett_person_ident = ?", [ident])
        secret = os.environ.get("PSEUDONYM_NOKKEL")
        if not secret and os.environ.get("UTTREKK_MAPPE"):
            return
        key = (secret or SYNTHETIC_KEY).encode()
        if len(key) > BLOCK_BYTES:
            key = hashlib.sha256(key).digest()
        block = key.ljust(BLOCK_BYTES, b"\0")
        cursor.execute("set variable hmac_indre = ?::blob", [bytes(byte ^ 0x36 for byte in block)])
        cursor.execute("set variable hmac_ytre = ?::blob", [bytes(byte ^ 0x5C for byte in block)])
