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


{#- A part is a column, or a list of columns of which each is of the one before: a rollup. -#}
{% macro cube_of(columns, parts) -%}
    {{ return(adapter.dispatch('cube_of')(columns, parts)) }}
{%- endmacro %}


{% macro default__cube_of(columns, parts) -%}
    {{ columns | join(', ') }}
    {%- for part in parts if part is not string -%}, rollup({{ part | join(', ') }}){%- endfor -%}
    {%- set single = parts | select('string') | list -%}
    {%- if single -%}, cube({{ single | join(', ') }}){%- endif -%}
{%- endmacro %}


{#- BigQuery reads neither beside other columns. -#}
{% macro bigquery__cube_of(columns, parts) -%}
    {%- set sets = namespace(all=[columns]) -%}
    {%- for part in parts -%}
        {%- set levels = [part] if part is string else part -%}
        {%- set longer = [] -%}
        {%- for chosen in sets.all -%}
            {%- for level in range(levels | length + 1) -%}
                {%- do longer.append(chosen + levels[:level]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set sets.all = longer -%}
    {%- endfor -%}
    grouping sets ({% for chosen in sets.all %}({{ chosen | join(', ') }}){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
