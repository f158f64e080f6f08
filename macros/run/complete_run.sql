{% macro complete_run(seconds) %}
    {{ return(adapter.dispatch('complete_run')(seconds)) }}
{% endmacro %}


{#- Readers of an engine's tables have the tables themselves: there is no file that only one process can open. -#}
{% macro default__complete_run(seconds) %}
    {%- do run_query(mark_as_complete(seconds)) -%}
    {{ return('the schema ' ~ target.schema) }}
{% endmacro %}


{#- The run is complete in what is exported, and in the database only when that is published. -#}
{% macro duckdb__complete_run(seconds) %}
    {%- do run_query('begin') -%}
    {%- do run_query(mark_as_complete(seconds)) -%}
    {%- set published = publish_export(write_export()) -%}
    {%- do run_query('commit') -%}
    {{ return(published) }}
{% endmacro %}


{% macro mark_as_complete(seconds) -%}
    {{ update_rows(
        drift_table('kjoring'), {'fullfort_flagg': 'true', 'sekund_antall': seconds},
        'kjoring_id = ' ~ sql_text(invocation_id), ['kjoring_id']
    ) }}
{%- endmacro %}
