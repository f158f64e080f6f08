{% macro row_stands(key, order_by) %}
    {%- set keys = [key] if key is string else key -%}
    {{ keys | join(' is not null and ') }} is not null
        and row_number() over (partition by {{ keys | join(', ') }} order by {{ nulls_last(order_by) }}) = 1
{%- endmacro %}


{#- Said, since the engines do not agree on where nulls stand when nothing is said. -#}
{% macro nulls_last(order_by) -%}
    {%- for column in order_by.split(', ') -%}
        {{ column }}{{ '' if column.endswith('nulls last') else ' nulls last' }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro is_duplicate(key) %}
    gjelder_flagg and count(*) over (partition by {{ key }}) > 1
{%- endmacro %}
