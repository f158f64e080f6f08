{% macro clean(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}


{% macro uttrekk_file_stem(column) -%}
    regexp_replace(trim({{ column }}), '\*?\.(csv|parquet|jsonl)(\.gz)?$', '')
{%- endmacro %}


{% macro json_text_list(column) -%}
    case
        when json_valid({{ column }}) and json_type({{ column }}) = 'ARRAY' then from_json({{ column }}, '["VARCHAR"]')
    end
{%- endmacro %}


{% macro row_stands(key, order_by) %}
    {%- set keys = [key] if key is string else key -%}
    {{ keys | join(' is not null and ') }} is not null
        and row_number() over (partition by {{ keys | join(', ') }} order by {{ order_by }}) = 1
{%- endmacro %}


{% macro is_duplicate(key) %}
    gjelder_flagg and count(*) over (partition by {{ key }}) > 1
{%- endmacro %}
