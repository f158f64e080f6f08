"""dbt-bigquery with what the project's plugins are to DuckDB."""

from dbt.adapters.base.plugin import AdapterPlugin
from dbt.adapters.tiltakbigquery.connections import TiltakBigQueryCredentials
from dbt.adapters.tiltakbigquery.impl import TiltakBigQueryAdapter
from dbt.include.tiltakbigquery import PACKAGE_PATH

Plugin = AdapterPlugin(
    adapter=TiltakBigQueryAdapter,
    credentials=TiltakBigQueryCredentials,
    include_path=PACKAGE_PATH,
    dependencies=["bigquery"],
)
