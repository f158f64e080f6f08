{#- As dbt's own, with one addition: a test's `where` may call a macro, without braces. dbt renders that text without
    the project's macros. -#}
{% macro get_where_subquery(relation) -%}
    {%- set parts = [] -%}
    {%- for part in modules.re.split('(newest_week|computed_weeks|quoted)\\(([^()]+)\\)', config.get('where') or '') -%}
        {%- do parts.append(part) -%}
    {%- endfor -%}
    {%- set where = namespace(text=parts[0]) -%}
    {%- for macro_name, arguments, rest in parts[1:] | batch(3) -%}
        {%- set macro = {
            'newest_week': newest_week, 'computed_weeks': computed_weeks, 'quoted': adapter.quote,
        }[macro_name] -%}
        {%- set found = macro(*arguments.split(', ')) -%}
        {%- set where.text = where.text ~ found ~ rest -%}
    {%- endfor -%}
    {{ return(
        '(select * from ' ~ relation ~ ' where ' ~ where.text ~ ') as dbt_subquery' if where.text else relation
    ) }}
{%- endmacro %}
