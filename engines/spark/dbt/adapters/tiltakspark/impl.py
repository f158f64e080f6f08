"""The adapter: dbt-spark's, with the project's Python functions as methods that macros can call."""

from __future__ import annotations

import importlib
from typing import Any

from dbt.adapters.base.meta import available
from dbt.adapters.spark.impl import SparkAdapter
from dbt.adapters.tiltakspark.connections import TiltakSparkConnectionManager

# What macros call a plugin, and where it is.
PLUGINS = {"uttrekk_filer": "tiltaksstatistikk.dbt.uttrekk_filer"}


class TiltakSparkAdapter(SparkAdapter):
    """dbt-spark, and Python's part of the checks of an extract."""

    ConnectionManager = TiltakSparkConnectionManager

    @available
    def ask_python(self, module: str, function: str, arguments: list[Any]) -> Any:
        """Call a function of a plugin. On DuckDB the same function is called from SQL."""
        return getattr(importlib.import_module(PLUGINS.get(module, module)), function)(*arguments)
