"""Opens Spark for dbt: Iceberg tables in a folder, and the key of the pseudonyms in the session's settings.

The key is in no SQL that dbt renders, and so in no compiled file, manifest or log. Models have `${spark.tiltak.*}`
(macros/engine/hash.sql), which Spark itself puts the settings in when it reads a statement.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.spark.connections import (
    PyhiveConnectionWrapper,
    SparkConnectionManager,
    SparkConnectionMethod,
    SparkCredentials,
)
from dbt_common.clients.agate_helper import table_from_data_flat
from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession

# The key of the synthetic default extract. It protects nobody; real extracts need PSEUDONYM_NOKKEL.
SYNTHETIC_KEY = "syntetisk"
BLOCK_BYTES = 64
# How the two padded keys look wherever Spark would show them.
PADDED_KEY = re.compile(r"[0-9A-Fa-f]{128}")

logger = AdapterLogger("Spark")


def iceberg_jar() -> Path:
    """Return the path of Iceberg's runtime for Spark."""
    folder = Path(str(resources.files("snowpark_connect_deps_iceberg"))) / "jars"
    return next(folder.glob("iceberg-spark-runtime-3.5_2.12-*.jar"))


def catalog_parameters(folder: Path) -> dict[str, str]:
    """Return Spark's settings for Iceberg tables in a folder, with a metastore of its own beside them."""
    return {
        "spark.sql.warehouse.dir": str(folder / "tabeller"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder / 'metastore'};create=true",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.spark_catalog": "org.apache.iceberg.spark.SparkSessionCatalog",
        "spark.sql.catalog.spark_catalog.type": "hive",
        "spark.sql.catalog.spark_catalog.warehouse": str(folder / "tabeller"),
        # One run writes at a time, and Derby has no table of Hive's locks.
        "spark.hadoop.iceberg.engine.hive.lock-enabled": "false",
        # Each connection has a session with a catalog of its own, which is to see what another has made or removed.
        "spark.sql.catalog.spark_catalog.cache-enabled": "false",
        # Times are Oslo's, without a zone (docs/decisions/0003): Spark is not to move them.
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.redaction.string.regex": PADDED_KEY.pattern,
    }


def session_parameters(folder: Path) -> dict[str, str]:
    """Return Spark's settings for a session in dbt's own process, which nothing outside the machine can reach."""
    return {
        **catalog_parameters(folder),
        "spark.jars": str(iceberg_jar()),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder} -Duser.timezone=UTC",
    }


def key_parameters() -> dict[str, str]:
    """Return the settings with the two padded keys of HMAC-SHA256 (RFC 2104) in hex.

    Without PSEUDONYM_NOKKEL the project's own seeds get a public key. A real extract gets what is no hex, of which
    every pseudonym is null (specification 8). Of a name with `secret` in it Spark gives asterisks, not the value.
    """
    pads = {"spark.tiltak.hmac_indre": 0x36, "spark.tiltak.hmac_ytre": 0x5C}
    secret = os.environ.get("PSEUDONYM_NOKKEL")
    if not secret and os.environ.get("UTTREKK_MAPPE"):
        return dict.fromkeys(pads, "ingen")
    key = (secret or SYNTHETIC_KEY).encode()
    if len(key) > BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    block = key.ljust(BLOCK_BYTES, b"\0")
    return {name: bytes(byte ^ pad for byte in block).hex().upper() for name, pad in pads.items()}


@dataclass
class TiltakSparkCredentials(SparkCredentials):
    """The profile: as dbt-spark's, and where the tables are (`folder`)."""

    host: str | None = "127.0.0.1"
    folder: str | None = None

    def __post_init__(self) -> None:
        """Settle what depends on the folder and on the environment."""
        super().__post_init__()
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        if self.method == SparkConnectionMethod.SESSION:
            if not self.folder:
                raise DbtRuntimeError("The profile has no folder for Spark's tables. Set TILTAK_SPARK.")
            folder = Path(self.folder).resolve()
            self.server_side_parameters = {**session_parameters(folder), **self.server_side_parameters}
        else:
            # Without the prefix the server takes them for its own, and no statement sees them.
            key = {f"set:hiveconf:{name}": value for name, value in key_parameters().items()}
            self.server_side_parameters = {**self.server_side_parameters, **key}

    @property
    def type(self) -> str:
        """The adapter's name in the profile."""
        return "tiltakspark"


class TiltakSparkConnectionManager(SparkConnectionManager):
    """Keeps the key out of what Spark says when a statement fails."""

    TYPE = "tiltakspark"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection. Spark is to speak of what fails only: it warns of a session at each statement."""
        connection = super().open(connection)
        if connection.credentials.method == SparkConnectionMethod.SESSION:
            cursor: Any = connection.handle.cursor()
            cursor.execute("select 1")
            spark = SparkSession.active()
            spark.sparkContext.setLogLevel("ERROR")
            # Not before it has started: what Spark starts with is on Java's command line, which everyone can read.
            for name, value in key_parameters().items():
                spark.conf.set(name, value)
        return connection

    @classmethod
    def get_result_from_cursor(cls, cursor: Any, limit: int | None) -> Any:
        """Return what a statement found. Over Thrift one that finds nothing may have nothing to be asked for."""
        try:
            return super().get_result_from_cursor(cursor, limit)
        except TypeError:
            if not isinstance(cursor, PyhiveConnectionWrapper):
                raise
            names = [column[0] for column in cursor.description or ()]
            return table_from_data_flat([], names)

    @contextmanager
    def exception_handler(self, sql: str) -> Iterator[None]:
        """Raise and log what Spark says without the key: it quotes the statement as it read it."""
        try:
            yield
        except Exception as error:
            response = error.args[0] if error.args else error
            status = getattr(response, "status", None)
            # What comes after the first line of Java's stack is as long as it is of no use.
            said = re.split(r"\n\s*at [\w.$]+\(", str(status.errorMessage if status else error))[0]
            said = PADDED_KEY.sub("(nøkkel)", said)
            logger.debug(f"Error while running:\n{sql}\n{said}")
            raise DbtRuntimeError(said) from None
