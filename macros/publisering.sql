{% macro publishing_method() -%}
    {%- if var('publiser_metode') == 'avrunding' -%}
        {{ return('AVRUNDING') }}
    {%- endif -%}
    {{ return('INGEN' if var('prikkegrense') | int <= 1 else 'PRIKKING') }}
{%- endmacro %}


{#- Over the cells in an order where those of a unit stand together, and so do those of a region: what a total of cells in a row is wrong by, is less than the
    base, however many they are (Fellegi, «Controlled random rounding», Survey Methodology 1, 1975). Each way to round has an order and a start of its own. -#}
{% macro rounded(column, unit, parts, number, alias=none) -%}
    {%- if publishing_method() == 'AVRUNDING' -%}
        {%- set base = var('avrunding_base') | int -%}
        {%- set region = 'overordnet_enhetsnummer' -%}
        {%- set order = [[region, unit] + parts, [region] + parts + [unit], parts + [region, unit]][number] -%}
        {%- set upto = 'sum(' ~ column ~ ') over (partition by uke_start_dato order by ' ~ order | join(', ') ~ ' rows unbounded preceding)' -%}
        {%- set start = '(cast(md5_number_lower(cast(uke_start_dato as string)) % ' ~ base ~ ' as integer) + ' ~ number * (base // 2) ~ ')' -%}
        {{ base }} * (floor(({{ upto }} + {{ start }}) / {{ base }}) - floor(({{ upto }} - {{ column }} + {{ start }}) / {{ base }})){{ ' as ' ~ alias if alias }}
    {%- else -%}
        {{ column }}{{ ' as ' ~ alias if alias and alias != column.split('.') | last }}
    {%- endif -%}
{%- endmacro %}


{% macro rounding_numbers() -%}
    {{ return([0, 1, 2] if publishing_method() == 'AVRUNDING' else [0]) }}
{%- endmacro %}


{% macro grouping_code(columns) -%}
    coalesce(nullif(substring(
        {%- for column, code in columns.items() %}
        case when {{ column }} is not null then '_{{ code }}' else '' end{{ ' ||' if not loop.last }}
        {%- endfor %},
        2
    ), ''), 'INGEN')
{%- endmacro %}
