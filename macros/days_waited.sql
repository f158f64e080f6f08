{#- To the Sunday, or to the last day of a wait that ended in the week, both counted. -#}
{% macro days_waited(week) -%}
    {{ days_between('segment.start_dato', earliest(['segment.slutt_dato', add_days(week, 6)])) }} + 1
{%- endmacro %}
