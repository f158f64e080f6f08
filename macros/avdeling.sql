{% macro avdeling(registered, group_name) -%}
    coalesce({{ registered }}, case when {{ group_name }} = 'Ufordelt' then 'Ufordelt' end, 'Ukjent')
{%- endmacro %}
