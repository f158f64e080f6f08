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


{#- Fifteen hexadecimal digits are a whole number that BigQuery reads, and never one with a sign. -#}
{% macro bigquery__row_fingerprint(columns) -%}
    cast(cast(concat('0x', left(to_hex(md5(concat(
        {%- for column in columns -%}
            coalesce(cast({{ column }} as string), '(null)'){{ ", '|', " if not loop.last }}
        {%- endfor -%}
    ))), 15)) as int64) as numeric)
{%- endmacro %}
