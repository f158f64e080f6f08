{% macro pseudonym(ident) -%}
    sha256(getvariable('hmac_ytre') || unhex(sha256(getvariable('hmac_indre') || encode({{ ident }}))))
{%- endmacro %}


{% macro key_fingerprint(of='uttrekk' if uttrekk_folder() else 'seeds') -%}
    {{ pseudonym(sql_text(of)) }}
{%- endmacro %}
