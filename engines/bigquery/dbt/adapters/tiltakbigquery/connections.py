"""Where BigQuery is: the service, or an emulator on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dbt.adapters.bigquery.connections import BigQueryConnectionManager
from dbt.adapters.bigquery.credentials import BigQueryCredentials


@dataclass
class TiltakBigQueryCredentials(BigQueryCredentials):
    """dbt-bigquery's credentials, with the address of an emulator.

    Attributes:
        emulator: the address of an emulator, which needs no credentials; empty for the service.
    """

    emulator: str | None = None

    @classmethod
    def __pre_deserialize__(cls, data: dict[str, Any]) -> dict[str, Any]:
        """With an emulator, ask nobody who we are."""
        if data.get("emulator"):
            data = {**data, "api_endpoint": data["emulator"], "method": "oauth-secrets", "token": "emulator"}
        return super().__pre_deserialize__(data)

    @property
    def type(self) -> str:
        """The adapter's name in the profile."""
        return "tiltakbigquery"


class TiltakBigQueryConnectionManager(BigQueryConnectionManager):
    """dbt-bigquery's, by this adapter's name."""

    TYPE = "tiltakbigquery"
