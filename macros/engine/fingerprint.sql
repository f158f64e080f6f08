{% macro row_fingerprint(columns) %}
    {{ return(adapter.dispatch('row_fingerprint')(columns)) }}
{% endmacro %}


{#- Another version of DuckDB may give other numbers: then everything is computed once more, and nothing is wrong. -#}
{% macro default__row_fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) as decimal(38, 0))
{%- endmacro %}


{#- Spark passes over nulls, so that two of them side by side would change places unseen. -#}
{% macro spark__row_fingerprint(columns) -%}
    cast(xxhash64(
        {%- for column in columns -%}
            coalesce(cast({{ column }} as string), '(null)'){{ ', ' if not loop.last }}
        {%- endfor -%}
    ) as decimal(38, 0))
{%- endmacro %}
