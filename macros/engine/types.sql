{#- Models say types as DuckDB and Spark do. BigQuery's NUMERIC has nine decimals; a share with more is a FLOAT64. -#}
{% macro type_name(type) -%}
    {%- set names = {
        'timestamp': 'datetime', 'double': 'float64', 'integer': 'int64', 'bigint': 'int64', 'boolean': 'bool',
        'varchar': 'string',
    } -%}
    {%- if target.type != 'bigquery' -%}
        {{ return(type) }}
    {%- elif type.startswith('decimal') -%}
        {{ return('numeric' if type.split(',')[1].strip(' )') | int <= 9 else 'float64') }}
    {%- endif -%}
    {{ return(names.get(type, type)) }}
{%- endmacro %}


{% macro try_cast(expression, type) -%}
    {{ 'safe_cast' if target.type == 'bigquery' else 'try_cast' }}({{ expression }} as {{ type_name(type) }})
{%- endmacro %}
