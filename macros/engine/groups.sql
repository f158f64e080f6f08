{% macro median_of(column) -%}
    {{ return(adapter.dispatch('median_of')(column)) }}
{%- endmacro %}


{% macro default__median_of(column) -%}
    median({{ column }})
{%- endmacro %}


{#- The mean of the two in the middle, which are the same one when the number of them is odd. -#}
{% macro bigquery__median_of(column) -%}
    {%- set sorted = 'array_agg(' ~ column ~ ' order by ' ~ column ~ ')' -%}
    ({{ sorted }}[offset(count(*) - 1 - div(count(*), 2))] + {{ sorted }}[offset(div(count(*), 2))]) / 2
{%- endmacro %}


{#- The sets of a cube of `parts`, each with `columns`: BigQuery reads no cube beside other columns. -#}
{% macro cube_of(columns, parts) -%}
    {%- if target.type != 'bigquery' -%}
        {{ return(columns | join(', ') ~ ', cube(' ~ parts | join(', ') ~ ')') }}
    {%- endif -%}
    {%- set sets = namespace(all=[columns]) -%}
    {%- for part in parts -%}
        {%- set longer = [] -%}
        {%- for chosen in sets.all -%}{%- do longer.extend([chosen + [part], chosen]) -%}{%- endfor -%}
        {%- set sets.all = longer -%}
    {%- endfor -%}
    grouping sets ({% for chosen in sets.all %}({{ chosen | join(', ') }}){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
