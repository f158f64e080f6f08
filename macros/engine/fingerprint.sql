{% macro row_fingerprint(columns) %}
    {{ return(adapter.dispatch('row_fingerprint')(columns)) }}
{% endmacro %}


{#- Another version of DuckDB may give other numbers: then everything is computed once more, and nothing is wrong. -#}
{% macro default__row_fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) as decimal(38, 0))
{%- endmacro %}
