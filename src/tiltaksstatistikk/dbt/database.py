"""Opens the database file: waits for it, says who has it, and reads and writes it encrypted if it has a key."""

import shutil
import time
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

WAIT_SECONDS = 30


def load_cryptography(connection: Any) -> None:
    """Let a connection write encrypted files too: DuckDB's own cryptography only reads."""
    folder = resources.files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
    connection.load_extension(str(folder / "httpfs.duckdb_extension"))


class Plugin(BasePlugin):
    """Attaches the database file, encrypted or not."""

    deadline: float | None = None

    def configure_connection(self, conn: Any) -> None:
        """Attach the file before dbt does."""
        for attachment in (self.creds and self.creds.attach) or []:
            if (attachment.options or {}).get("encryption_key"):
                load_cryptography(conn)
            self.opened(attachment.path, partial(conn.execute, attachment.to_sql()))
            # A run that was killed may have put idents on disk for want of memory. Nobody else has that file now.
            shutil.rmtree(f"{attachment.path}.tmp", ignore_errors=True)

    def configure_cursor(self, cursor: Any) -> None:
        """Let a name without a database be one of the file's."""
        for attachment in (self.creds and self.creds.attach) or []:
            cursor.execute(f"use {attachment.alias}")

    def opened(self, path: str, how: Callable[[], Any]) -> Any:
        """Open a database file, and wait for up to half a minute when another process has it.

        Args:
            path: the file, for the message.
            how: what opens it.

        Returns:
            What `how` returns.

        Raises:
            DbtRuntimeError: another process still has it, or it cannot be read with the key that is set, or without.
        """
        if not Path(path).parent.is_dir():
            raise DbtRuntimeError(f"The folder {Path(path).parent} of the database is not there. Make it first.")
        # dbt tries again with another connection when the first one fails: the wait is for both.
        deadline = self.deadline = self.deadline or time.monotonic() + WAIT_SECONDS
        while True:
            try:
                found = how()
                self.deadline = None
                return found
            except duckdb.IOException as error:
                if "lock" not in str(error):
                    raise DbtRuntimeError(f"The database {path} cannot be opened. {error}") from None
                if time.monotonic() > deadline:
                    raise DbtRuntimeError(
                        f"{error}\nOnly one process can have the database open. "
                        "Nothing was changed. Run again when it is free."
                    ) from None
                time.sleep(1)
            except duckdb.Error as error:
                raise DbtRuntimeError(
                    f"The database {path} cannot be opened. {error}\nIf the file is encrypted, set "
                    "DBT_ENV_SECRET_TILTAK_DUCKDB to its key. If not, unset the variable."
                ) from None
