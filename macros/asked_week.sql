{% macro asked_week() -%}
    {%- if var('uke') -%}
        cast({{ sql_text(var('uke')) }} as date)
    {%- else -%}
        (select max(siste.uke_start_dato) from {{ ref('dim_uke') }} as siste)
    {%- endif -%}
{%- endmacro %}
