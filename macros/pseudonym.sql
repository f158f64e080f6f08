{% macro pseudonym(ident) -%}
    {{ return(adapter.dispatch('pseudonym')(ident)) }}
{%- endmacro %}


{% macro default__pseudonym(ident) -%}
    {{ hmac_of(unkeyed_hash(ident)) }}
{%- endmacro %}


{#- What is sent to BigQuery is pseudonyms already (uttrekk_query). Anything else there is nobody. -#}
{% macro bigquery__pseudonym(ident) -%}
    case when {{ is_unkeyed_hash(ident) }} then lower({{ ident }}) end
{%- endmacro %}


{% macro unkeyed_hash(ident) -%}
    case when {{ is_unkeyed_hash(ident) }} then lower({{ ident }}) else {{ sha256_of(ident) }} end
{%- endmacro %}


{% macro is_unkeyed_hash(value) -%}
    {{ full_match(value, '[0-9A-Fa-f]{64}') }}
{%- endmacro %}


{% macro key_fingerprint(of='uttrekk' if uttrekk_folder() else 'seeds') -%}
    {{ return(adapter.dispatch('key_fingerprint')(of)) }}
{%- endmacro %}


{% macro default__key_fingerprint(of) -%}
    {{ pseudonym(sql_text(of)) }}
{%- endmacro %}


{% macro bigquery__key_fingerprint(of) -%}
    {%- set found = adapter.ask_duckdb('select ' ~ adapter.in_duckdb(pseudonym, sql_text(of))) if execute -%}
    {{ sql_text(found) if found else 'cast(null as string)' }}
{%- endmacro %}
