{#- The first twelve bits of a text's SHA-256, as a number. -#}
{% macro key_of_text(text) -%}
    {{ return(adapter.dispatch('key_of_text')(text)) }}
{%- endmacro %}


{% macro default__key_of_text(text) -%}
    cast('0x' || left(sha256({{ text }}), 3) as integer)
{%- endmacro %}


{% macro spark__key_of_text(text) -%}
    cast(conv(left(sha2({{ text }}, 256), 3), 16, 10) as integer)
{%- endmacro %}


{% macro bigquery__key_of_text(text) -%}
    cast('0x' || left(to_hex(sha256({{ text }})), 3) as int64)
{%- endmacro %}


{#- The first twelve of the last 32 bits of a sum of persons' keys. -#}
{% macro key_of_sum(sum) -%}
    cast(floor(mod({{ sum }}, 4294967296) / 1048576) as integer)
{%- endmacro %}


{#- To a whole number, a half up. Sums of shares may lack the last decimals. -#}
{% macro whole(number) -%}
    round(round({{ number }}, 9))
{%- endmacro %}


{% macro with_noise(relation, table, count, key, name) -%}
    select
        celle.*,
        celle.{{ count }} + coalesce(stoy.stoy_antall, 0) as {{ name }}
    from {{ relation }} as celle
    left join {{ ref(table) }} as stoy
        on least(celle.{{ count }}, 2) = stoy.antall
        and celle.{{ key }} between stoy.fra_nokkel_nummer and stoy.til_nokkel_nummer
{%- endmacro %}
