{% macro publishing_method() -%}
    {%- if var('publiser_metode') == 'avrunding' -%}
        {{ return('AVRUNDING') }}
    {%- endif -%}
    {{ return('INGEN' if var('prikkegrense') | int <= 1 else 'PRIKKING') }}
{%- endmacro %}


{#- Over the cells in an order where those of a unit stand together, and so do those of a region: what a total of cells in a row is wrong by, is less than the
    base, however many they are (Fellegi, «Controlled random rounding», Survey Methodology 1, 1975). Each way to round has an order and a start of its own. -#}
{% macro rounded(relation, parts, measures, others=[]) -%}
    {%- set rounding = publishing_method() == 'AVRUNDING' -%}
    {%- set base = var('avrunding_base') | int -%}
    {%- set region, unit = 'overordnet_enhetsnummer', 'enhetsnummer' -%}
    {%- set orders = [[region, unit] + parts, [region] + parts + [unit], parts + [region, unit]] -%}
    {%- for order in (orders if rounding else orders[:1]) -%}
        {%- set start = '(cast(md5_number_lower(cast(uke_start_dato as string)) % ' ~ base ~ ' as integer) + ' ~ loop.index0 * (base // 2) ~ ')' %}
        select
            uke_start_dato,
            {{ ([unit] + parts + others) | join(', ') }},
            {{ loop.index0 }} as avrunding_nummer,
            {% for measure in measures -%}
                {%- set upto = 'sum(' ~ measure ~ ') over (partition by uke_start_dato order by ' ~ order | join(', ') ~ ' rows unbounded preceding)' -%}
                {% if rounding -%}
                    {{ base }} * (floor(({{ upto }} + {{ start }}) / {{ base }}) - floor(({{ upto }} - {{ measure }} + {{ start }}) / {{ base }})) as {{ measure }}
                {%- else -%}
                    {{ measure }}
                {%- endif %}{{ ',' if not loop.last }}
            {% endfor -%}
        from {{ relation }}
        {{ 'union all' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
