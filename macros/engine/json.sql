{% macro json_fields(column, fields) %}
    {{ return(adapter.dispatch('json_fields')(column, fields)) }}
{% endmacro %}


{#- One list of paths is one parse of the text; a call for each field is a parse for each. -#}
{% macro default__json_fields(column, fields) -%}
    {%- set texts = [] -%}
    {%- set types = [] -%}
    {%- set selected = [] -%}
    {%- for name, path in fields.items() -%}
        {%- if path.startswith('type of ') -%}
            {%- do types.append("'" ~ path[8:] ~ "'") -%}
            {%- do selected.append('json_type(' ~ column ~ ', [' ~ '%types%' ~ '])[' ~ types | length ~ '] as ' ~ name) -%}
        {%- else -%}
            {%- do texts.append("'" ~ path ~ "'") -%}
            {%- do selected.append('json_extract_string(' ~ column ~ ', [' ~ '%texts%' ~ '])[' ~ texts | length ~ '] as ' ~ name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ selected | join(',\n') | replace('%types%', types | join(', ')) | replace('%texts%', texts | join(', ')) }}
{%- endmacro %}


{% macro line_checksum(text) %}
    {{ return(adapter.dispatch('line_checksum')(text)) }}
{% endmacro %}


{% macro default__line_checksum(text) -%}
    {{ keyed_checksum('cast(hash(' ~ text ~ ') as varchar)') }}
{%- endmacro %}
