"""The plugins of dbt-duckdb. profiles.yml names each by its module."""
