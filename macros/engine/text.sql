{#- Patterns are RE2's, which DuckDB and BigQuery read, and which but for what is changed here mean the same to Java. -#}
{% macro matches(value, pattern) -%}
    {{ return(adapter.dispatch('matches')(value, pattern)) }}
{%- endmacro %}


{% macro default__matches(value, pattern) -%}
    regexp_matches({{ value }}, '{{ pattern }}')
{%- endmacro %}


{% macro spark__matches(value, pattern) -%}
    ({{ value }} rlike {{ java_pattern(pattern) }})
{%- endmacro %}


{% macro bigquery__matches(value, pattern) -%}
    regexp_contains({{ value }}, r'{{ pattern }}')
{%- endmacro %}


{% macro full_match(value, pattern) -%}
    {{ return(adapter.dispatch('full_match')(value, pattern)) }}
{%- endmacro %}


{% macro default__full_match(value, pattern) -%}
    regexp_full_match({{ value }}, '{{ pattern }}')
{%- endmacro %}


{% macro spark__full_match(value, pattern) -%}
    ({{ value }} rlike {{ java_pattern('^(?:' ~ pattern ~ ')\\z') }})
{%- endmacro %}


{% macro bigquery__full_match(value, pattern) -%}
    regexp_contains({{ value }}, r'^(?:{{ pattern }})$')
{%- endmacro %}


{% macro replace_matches(value, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_matches')(value, pattern, replacement)) }}
{%- endmacro %}


{% macro default__replace_matches(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}


{% macro spark__replace_matches(value, pattern, replacement) -%}
    regexp_replace({{ value }}, {{ java_pattern(pattern) }}, '{{ modules.re.sub('\\\\(\\d)', '$\\1', replacement) }}')
{%- endmacro %}


{% macro bigquery__replace_matches(value, pattern, replacement) -%}
    regexp_replace({{ value }}, r'{{ pattern }}', r'{{ replacement }}')
{%- endmacro %}


{#- To Java a letter such as å is part of a word, and a text may end before its last newline. -#}
{% macro java_pattern(pattern) -%}
    r'{{ pattern | replace('\\b', '(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))') | replace('$', '\\z') }}'
{%- endmacro %}


{% macro sql_text(value) %}
    {{ return(adapter.dispatch('sql_text')(value)) }}
{% endmacro %}


{% macro default__sql_text(value) %}
    {{ return("'" ~ value | replace("'", "''") ~ "'") }}
{% endmacro %}


{% macro spark__sql_text(value) %}
    {{ return("'" ~ value | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{% endmacro %}


{% macro bigquery__sql_text(value) %}
    {{ return(spark__sql_text(value)) }}
{% endmacro %}


{#- Without any of some characters at its ends. -#}
{% macro trimmed(text, characters) -%}
    {{ return(adapter.dispatch('trimmed')(text, characters)) }}
{%- endmacro %}


{% macro default__trimmed(text, characters) -%}
    trim(both {{ characters }} from {{ text }})
{%- endmacro %}


{% macro bigquery__trimmed(text, characters) -%}
    trim({{ text }}, {{ characters }})
{%- endmacro %}
