{% macro duckdb__snapshot_get_time() -%}
    (select uttrekk_tid from {{ relation_of('stg_uttrekk__fil') }} where kilde = '{{ model.config.meta.kilde }}')
{%- endmacro %}


{% macro spark__snapshot_get_time() -%}
    {{ duckdb__snapshot_get_time() }}
{%- endmacro %}


{% macro bigquery__snapshot_get_time() -%}
    {{ duckdb__snapshot_get_time() }}
{%- endmacro %}
