"""dbt-spark with what the project's plugins are to DuckDB."""

from dbt.adapters.base.plugin import AdapterPlugin
from dbt.adapters.tiltakspark.connections import TiltakSparkCredentials
from dbt.adapters.tiltakspark.impl import TiltakSparkAdapter
from dbt.include.tiltakspark import PACKAGE_PATH

Plugin = AdapterPlugin(
    adapter=TiltakSparkAdapter,
    credentials=TiltakSparkCredentials,
    include_path=PACKAGE_PATH,
    dependencies=["spark"],
)
