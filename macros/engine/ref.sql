{#- A view on DuckDB names no database: the file can be called something else, or be reached through a link. -#}
{% macro ref() %}
    {%- set relation = builtins.ref(*varargs, **kwargs) -%}
    {{ return(
        relation.include(database=false) if target.type == 'duckdb' and relation.include is defined else relation
    ) }}
{% endmacro %}


{% macro source() %}
    {%- set relation = builtins.source(*varargs) -%}
    {{ return(
        relation.include(database=false) if target.type == 'duckdb' and relation.include is defined else relation
    ) }}
{% endmacro %}
