"""Opens the database file: waits for it, says who has it, and reads and writes it encrypted if it has a key."""

import shutil
import time
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

WAIT_SECONDS = 30


class Plugin(BasePlugin):
    """Opens the file of the target `duckdb`, and attaches the encrypted one of the target `kryptert`."""

    first: duckdb.DuckDBPyConnection | None = None
    deadline: float | None = None

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Open the file before dbt does, which then gets the same database."""
        if creds.path != ":memory:":
            self.first = self.opened(creds.path, lambda: duckdb.connect(creds.path, config=config))
            # What a run that was killed had put on disk for want of memory may hold idents. Nobody else has it now.
            shutil.rmtree(f"{creds.path}.tmp", ignore_errors=True)

    def configure_connection(self, conn: Any) -> None:
        """Attach what the profile attaches. DuckDB's own cryptography only reads; its extension httpfs also writes."""
        self.first = None
        for attachment in (self.creds and self.creds.attach) or []:
            folder = resources.files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
            conn.load_extension(str(folder / "httpfs.duckdb_extension"))
            self.opened(attachment.path, partial(conn.execute, attachment.to_sql()))

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
                    f"The database {path} cannot be opened. {error}\nIs it encrypted, set DBT_ENV_SECRET_TILTAK_DUCKDB "
                    "to the key that it was made with; is it not, unset it."
                ) from None
