{#- The rows of a text with commas in it. -#}
{% macro each_of_list(list, name) -%}
    {{ return(adapter.dispatch('each_of_list')(list, name)) }}
{%- endmacro %}


{% macro default__each_of_list(list, name) -%}
    cross join unnest(string_split({{ list }}, ',')) as element ({{ name }})
{%- endmacro %}


{% macro spark__each_of_list(list, name) -%}
    lateral view explode(split({{ list }}, ',')) element as {{ name }}
{%- endmacro %}


{% macro bigquery__each_of_list(list, name) -%}
    cross join unnest(split({{ list }}, ',')) as {{ name }}
{%- endmacro %}


{% macro sql_text(value) %}
    {%- set value = value if target.type == 'duckdb' else value | replace('\\', '\\\\') -%}
    {{ return("'" ~ dbt.escape_single_quotes(value) ~ "'") }}
{% endmacro %}
