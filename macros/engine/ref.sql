{#-
    A view on DuckDB names no database: the file can be called something else, or be reached through a link.
    What `dbt docs generate` compiles is never run, and has the whole name: tools read column lineage out of it.
-#}
{% macro ref() %}{{ return(without_database(builtins.ref(*varargs, **kwargs))) }}{% endmacro %}


{% macro source() %}{{ return(without_database(builtins.source(*varargs))) }}{% endmacro %}


{% macro without_database(relation) %}
    {%- set left_out = target.type == 'duckdb' and flags.WHICH != 'generate' and relation.include is defined -%}
    {{ return(relation.include(database=false) if left_out else relation) }}
{% endmacro %}
