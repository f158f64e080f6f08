{% macro pseudonym(ident) -%}
    {{ hmac_of(unkeyed_hash(ident)) }}
{%- endmacro %}


{% macro unkeyed_hash(ident) -%}
    case when {{ is_unkeyed_hash(ident) }} then lower({{ ident }}) else {{ sha256_of(ident) }} end
{%- endmacro %}


{% macro is_unkeyed_hash(value) -%}
    {{ full_match(value, '[0-9A-Fa-f]{64}') }}
{%- endmacro %}


{% macro key_fingerprint(of='uttrekk' if uttrekk_folder() else 'seeds') -%}
    {{ pseudonym(sql_text(of)) }}
{%- endmacro %}
