{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- On BigQuery a dataset has its name in the whole project. -#}
    {%- set prefix = target.schema ~ '_' if target.type == 'bigquery' else '' -%}
    {{ (prefix ~ custom_schema_name if custom_schema_name else target.schema) | trim }}
{%- endmacro %}
