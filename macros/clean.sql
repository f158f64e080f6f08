{% macro clean(column) -%}
    nullif({{ trimmed(column, "' ' || chr(9) || chr(10) || chr(13) || chr(160)") }}, '')
{%- endmacro %}


{% macro is_like_ident(value) -%}
    length({{ value }}) in (11, 13, 64) and ({{ full_match(value, '\\d+') }} or {{ is_unkeyed_hash(value) }})
{%- endmacro %}


{% macro ident_pattern() -%}
    \d{11,}|(\b|_)[A-Za-z]\d{6}(\b|_)|[0-9A-Fa-f]{64}
{%- endmacro %}


{% macro clean_code(column) -%}
    case when {{ matches(clean(column), ident_pattern()) }} then '(ident)' else {{ clean(column) }} end
{%- endmacro %}


{% macro message_code(column) -%}
    {%- set code = clean(column) -%}
    case
        when {{ code }} is null or {{ full_match(code, '[0-9A-Za-zÆØÅæøå_-]{1,60}') }} then {{ clean_code(code) }}
        else '(ugyldig kode)'
    end
{%- endmacro %}


{% macro clean_id(column) -%}
    case when {{ is_like_ident(clean(column)) }} then {{ pseudonym(clean(column)) }} else {{ clean(column) }} end
{%- endmacro %}


{% macro clean_name(column) -%}
    {{ replace_matches(clean(column), ident_pattern(), '(ident)') }}
{%- endmacro %}


{% macro uttrekk_file_stem(column) -%}
    {{ replace_matches('trim(' ~ column ~ ')', '\\*?\\.(csv|parquet|jsonl)(\\.gz)?$', '') }}
{%- endmacro %}


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


{% macro to_percent(column) -%}
    {{ try_cast(try_cast(column, 'double'), 'decimal(18, 9)') }}
{%- endmacro %}
