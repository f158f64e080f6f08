{#- dbt's own asks the machine. -#}
{% macro snapshot_get_time() -%}
    (select uttrekk_tid from {{ relation_of('stg_uttrekk__fil') }} where kilde = '{{ model.config.meta.kilde }}')
{%- endmacro %}
