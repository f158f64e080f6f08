{#- Models say types as DuckDB and Spark do. -#}
{% macro type_name(type) -%}
    {{ return(adapter.dispatch('type_name')(type)) }}
{%- endmacro %}


{% macro default__type_name(type) -%}
    {{ type }}
{%- endmacro %}


{% macro bigquery__type_name(type) -%}
    {{ adapter.type_name(type) }}
{%- endmacro %}


{% macro try_cast(expression, type) -%}
    {{ return(adapter.dispatch('try_cast')(expression, type)) }}
{%- endmacro %}


{% macro default__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}


{% macro bigquery__try_cast(expression, type) -%}
    safe_cast({{ expression }} as {{ type_name(type) }})
{%- endmacro %}
