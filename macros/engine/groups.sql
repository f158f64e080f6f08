{% macro any_true(condition) -%}
    {{ return(adapter.dispatch('any_true')(condition)) }}
{%- endmacro %}


{% macro default__any_true(condition) -%}
    bool_or({{ condition }})
{%- endmacro %}


{% macro bigquery__any_true(condition) -%}
    logical_or({{ condition }})
{%- endmacro %}


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


{#- Grouping by some columns, and by each part of some others: a sum for each, and for what they have together. -#}
{% macro each_and_together(columns, parts) -%}
    {{ return(adapter.dispatch('each_and_together')(columns, parts)) }}
{%- endmacro %}


{% macro default__each_and_together(columns, parts) -%}
    {{ columns | join(', ') }}, cube({{ parts | join(', ') }})
{%- endmacro %}


{#- BigQuery reads no cube beside other columns: the same sets, written out. -#}
{% macro bigquery__each_and_together(columns, parts) -%}
    {%- set sets = namespace(all=[[]]) -%}
    {%- for part in parts -%}
        {%- set longer = [] -%}
        {%- for chosen in sets.all -%}{%- do longer.append(chosen + [part]) -%}{%- do longer.append(chosen) -%}{%- endfor -%}
        {%- set sets.all = longer -%}
    {%- endfor -%}
    grouping sets (
        {%- for chosen in sets.all %}
        ({{ (columns + chosen) | join(', ') }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
