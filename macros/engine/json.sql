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


{#- Spark's JSON functions do not say what kind of value they found, but parse to nothing what is not of the kind they are asked for. -#}
{% macro spark__json_fields(column, fields) -%}
    {%- for name, path in fields.items() -%}
        {%- if path.startswith('type of ') -%}
            {%- set steps = path[8:].split('.')[1:] -%}
            {%- set kinds = namespace(object='map<string, string>', list='array<string>', field='') -%}
            {%- for step in steps | reverse -%}
                {%- set kinds.object = 'struct<' ~ step ~ ': ' ~ kinds.object ~ '>' -%}
                {%- set kinds.list = 'struct<' ~ step ~ ': ' ~ kinds.list ~ '>' -%}
            {%- endfor -%}
            {%- set kinds.field = '.' ~ steps | join('.') if steps else '' -%}
            {%- set above = "get_json_object(" ~ column ~ ", '$." ~ steps[:-1] | join('.') ~ "')" if steps | length > 1 else column -%}
        case
            {%- if not steps %}
            when not ({{ is_one_json_value(column) }}) then null
            {%- endif %}
            when from_json({{ column }}, '{{ kinds.object }}'){{ kinds.field }} is not null then 'OBJECT'
            when from_json({{ column }}, '{{ kinds.list }}'){{ kinds.field }} is not null then 'ARRAY'
            when get_json_object({{ column }}, '{{ path[8:] }}') is not null then 'VARCHAR'
            {%- if steps %}
            when array_contains(map_keys(from_json({{ above }}, 'map<string, string>')), '{{ steps | last }}') then 'NULL'
            {%- endif %}
        end
        {%- else -%}
        get_json_object({{ column }}, '{{ path | replace('"', '') }}')
        {%- endif %} as {{ name }}{{ ',\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- The fields were found when the lines were read (uttrekk_query). An empty text and none are the same to all who read them. -#}
{% macro bigquery__json_fields(column, fields) -%}
    nokkel_id_avtrykk,
    {%- for name in fields %}
    nullif({{ name }}, '') as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro json_field(text, path) -%}
    {{ return(adapter.dispatch('json_field')(text, path)) }}
{%- endmacro %}


{% macro default__json_field(text, path) -%}
    json_extract_string({{ text }}, '{{ path }}')
{%- endmacro %}


{% macro spark__json_field(text, path) -%}
    get_json_object({{ text }}, '{{ path }}')
{%- endmacro %}


{#- An object or a list is given as JSON, as DuckDB gives it. -#}
{% macro bigquery__json_field(text, path) -%}
    coalesce(json_value({{ text }}, '{{ path }}'), regexp_extract(json_query({{ text }}, '{{ path }}'), r'^[{\[].*'))
{%- endmacro %}


{% macro json_elements(text) -%}
    {{ return(adapter.dispatch('json_elements')(text)) }}
{%- endmacro %}


{% macro default__json_elements(text) -%}
    json_extract({{ text }}, '$[*]')
{%- endmacro %}


{% macro spark__json_elements(text) -%}
    from_json({{ text }}, 'array<string>')
{%- endmacro %}


{% macro bigquery__json_elements(text) -%}
    json_query_array({{ text }})
{%- endmacro %}


{% macro json_text_list(column) -%}
    {{ return(adapter.dispatch('json_text_list')(column)) }}
{%- endmacro %}


{% macro default__json_text_list(column) -%}
    case
        when json_valid({{ column }}) and json_type({{ column }}) = 'ARRAY' then from_json({{ column }}, '["VARCHAR"]')
    end
{%- endmacro %}


{% macro spark__json_text_list(column) -%}
    case when {{ is_one_json_value(column) }} then from_json({{ column }}, 'array<string>') end
{%- endmacro %}


{#- Spark reads one value and passes over what follows it, and reads ' as ". What is alone both in brackets and in braces is alone. -#}
{% macro is_one_json_value(text) -%}
    size(from_json('[' || {{ text }} || ']', 'array<string>', map('allowSingleQuotes', 'false'))) = 1
    and get_json_object('{"verdi": ' || {{ text }} || '}', '$.verdi') is not null
{%- endmacro %}


{% macro bigquery__json_text_list(column) -%}
    case when {{ column }} like '[%' then json_value_array({{ column }}) end
{%- endmacro %}
