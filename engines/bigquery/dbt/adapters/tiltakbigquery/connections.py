"""Where BigQuery is: the service, or an emulator on this machine."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from dbt.adapters.bigquery.connections import BigQueryConnectionManager
from dbt.adapters.bigquery.credentials import BigQueryCredentials


@dataclass
class TiltakBigQueryCredentials(BigQueryCredentials):
    """dbt-bigquery's credentials, with the address of an emulator, and the folders of the project's Python.

    Attributes:
        emulator: the address of an emulator, which needs no credentials; empty for the service.
        module_paths: folders with the project's plugins, as in the profile of DuckDB.
    """

    emulator: str | None = None
    module_paths: list[str] = field(default_factory=list)

    @classmethod
    def __pre_deserialize__(cls, data: dict[str, Any]) -> dict[str, Any]:
        """With an emulator, ask nobody who we are."""
        if data.get("emulator"):
            data = {**data, "api_endpoint": data["emulator"], "method": "oauth-secrets", "token": "emulator"}
        return super().__pre_deserialize__(data)

    def __post_init__(self) -> None:
        """Let the project's plugins be imported."""
        super().__post_init__()  # type: ignore[no-untyped-call]
        for path in self.module_paths:
            if path not in sys.path:
                sys.path.insert(0, path)

    @property
    def type(self) -> str:
        """The adapter's name in the profile."""
        return "tiltakbigquery"


class TiltakBigQueryConnectionManager(BigQueryConnectionManager):
    """dbt-bigquery's, by this adapter's name."""

    TYPE = "tiltakbigquery"
