{% macro sha256_of(text) -%}
    {{ return(adapter.dispatch('sha256_of')(text)) }}
{%- endmacro %}


{% macro default__sha256_of(text) -%}
    sha256({{ text }})
{%- endmacro %}


{% macro spark__sha256_of(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}


{% macro hmac_of(text) -%}
    {{ return(adapter.dispatch('hmac_of')(text)) }}
{%- endmacro %}


{% macro default__hmac_of(text) -%}
    sha256(getvariable('hmac_ytre') || unhex(sha256(getvariable('hmac_indre') || encode({{ text }}))))
{%- endmacro %}


{#- Spark puts its settings in the place of ${...} when it reads a statement: the compiled text has only their names. Of one that is not set
    it makes nothing at all, and a hash without a key hides nobody: then there is no hash. -#}
{% macro spark_key(name) -%}
    unhex(nullif('${spark.tiltak.{{ name }}}', ''))
{%- endmacro %}


{% macro spark__hmac_of(text) -%}
    sha2(concat(
        {{ spark_key('hmac_ytre') }},
        unhex(sha2(concat({{ spark_key('hmac_indre') }}, encode({{ text }}, 'UTF-8')), 256))
    ), 256)
{%- endmacro %}


{% macro keyed_checksum(text) -%}
    {{ return(adapter.dispatch('keyed_checksum')(text)) }}
{%- endmacro %}


{% macro default__keyed_checksum(text) -%}
    left(sha256(getvariable('hmac_ytre') || encode({{ text }})), 32)
{%- endmacro %}


{% macro spark__keyed_checksum(text) -%}
    left(sha2(concat({{ spark_key('hmac_ytre') }}, encode({{ text }}, 'UTF-8')), 256), 32)
{%- endmacro %}


{% macro line_checksum(text) %}
    {{ return(adapter.dispatch('line_checksum')(text)) }}
{% endmacro %}


{% macro default__line_checksum(text) -%}
    {{ keyed_checksum('cast(hash(' ~ text ~ ') as varchar)') }}
{%- endmacro %}


{% macro spark__line_checksum(text) -%}
    {{ keyed_checksum('cast(xxhash64(' ~ text ~ ') as string)') }}
{%- endmacro %}


{#- What the key is needed for has been done before anything was sent to BigQuery (uttrekk_query): here are the answers. -#}
{% macro bigquery__line_checksum(text) -%}
    {{ text }}
{%- endmacro %}


{% macro bigquery__keyed_checksum(text) -%}
    {{ text }}_avtrykk
{%- endmacro %}
