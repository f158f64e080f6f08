{% macro pseudonym(ident) -%}
    sha256(getvariable('hmac_ytre') || unhex(sha256(getvariable('hmac_indre') || encode({{ unkeyed_hash(ident) }}))))
{%- endmacro %}


{% macro unkeyed_hash(ident) -%}
    case when {{ is_unkeyed_hash(ident) }} then lower({{ ident }}) else sha256({{ ident }}) end
{%- endmacro %}


{% macro is_unkeyed_hash(value) -%}
    regexp_full_match({{ value }}, '[0-9A-Fa-f]{64}')
{%- endmacro %}


{% macro key_fingerprint(of='uttrekk' if uttrekk_folder() else 'seeds') -%}
    {{ pseudonym(sql_text(of)) }}
{%- endmacro %}


{% macro keyed_checksum(text) -%}
    left(sha256(getvariable('hmac_ytre') || encode({{ text }})), 32)
{%- endmacro %}
