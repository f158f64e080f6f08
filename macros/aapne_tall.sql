{% macro open_method() -%}
    {{ return(var('aapen_metode') | upper) }}
{%- endmacro %}


{#- The cells as they may be shown, whatever the method. -#}
{% macro open_cells() -%}
    {{ return(ref('aapne_tall_prikking') if open_method() == 'PRIKKING' else ref('aapne_tall_stoy')) }}
{%- endmacro %}


{#- Depends on the key: a reader who knew where the sum begins would know a week's first number to within the base. -#}
{% macro rounding_start(week, base) -%}
    cast(md5_number_lower(
        sha256(getvariable('hmac_ytre') || unhex(sha256(
            getvariable('hmac_indre') || encode(sha256(cast({{ week }} as varchar)))
        )))
    ) % {{ base }} as integer)
{%- endmacro %}


{#- The cells are rounded in an order where those of a unit stand together, and those of a region. A total of cells in a
    row is then wrong by less than the base, however many they are (Fellegi, «Controlled random rounding», Survey
    Methodology 1, 1975). Each way to round has an order and a start of its own. -#}
{% macro rounded(relation, parts, measures) -%}
    {%- set rounding = open_method() == 'AVRUNDING' -%}
    {%- set base = var('avrunding_base') | int -%}
    {%- set region, unit = 'overordnet_enhetsnummer', 'enhetsnummer' -%}
    {%- set orders = [[region, unit] + parts, [region] + parts + [unit], parts + [region, unit]] -%}
    {%- for order in (orders if rounding else orders[:1]) -%}
        {%- set start = '(start.start_nummer + ' ~ loop.index0 * (base // 2) ~ ')' %}
        select
            tall.uke_start_dato,
            {{ ([unit] + parts) | join(', ') }},
            {{ loop.index0 }} as avrunding_nummer,
            {% for measure in measures -%}
                {%- set upto = 'sum(' ~ measure ~ ') over (partition by tall.uke_start_dato order by '
                    ~ order | join(', ') ~ ' rows unbounded preceding)' -%}
                {% if rounding -%}
                    {{ base }} * (
                        floor(({{ upto }} + {{ start }}) / {{ base }})
                        - floor(({{ upto }} - {{ measure }} + {{ start }}) / {{ base }})
                    ) as {{ measure }}
                {%- else -%}
                    {{ measure }}
                {%- endif %}{{ ',' if not loop.last }}
            {% endfor -%}
        from {{ relation }} as tall
        {%- if rounding %}
        inner join (
            select
                uke_start_dato,
                {{ rounding_start('uke_start_dato', base) }} as start_nummer
            from (select distinct uke_start_dato from {{ relation }}) as ukene
        ) as start on tall.uke_start_dato = start.uke_start_dato
        {%- endif %}
        {{ 'union all' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
