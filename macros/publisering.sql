{% macro publishing_method() -%}
    {%- if var('publiser_metode') == 'avrunding' -%}
        {{ return('AVRUNDING') }}
    {%- endif -%}
    {{ return('INGEN' if var('prikkegrense') | int <= 1 else 'PRIKKING') }}
{%- endmacro %}


{#- Over the cells in an order where those of a unit stand together, and so do those of a region: what a total of cells in a row is wrong by, is less than the
    base, however many they are (Fellegi, «Controlled random rounding», Survey Methodology 1, 1975). Across units it is another order, and another start. -#}
{% macro rounded(column, unit, parts, across, alias=none) -%}
    {%- if publishing_method() == 'AVRUNDING' -%}
        {%- set base = var('avrunding_base') | int -%}
        {%- set order = ['overordnet_enhetsnummer'] + (parts + [unit] if across else [unit] + parts) -%}
        {%- set upto = 'sum(' ~ column ~ ') over (partition by uke_start_dato order by ' ~ order | join(', ') ~ ' rows unbounded preceding)' -%}
        {%- set start = '(cast(md5_number_lower(cast(uke_start_dato as string)) % ' ~ base ~ ' as integer) + ' ~ (base // 2 if across else 0) ~ ')' -%}
        {{ base }} * (floor(({{ upto }} + {{ start }}) / {{ base }}) - floor(({{ upto }} - {{ column }} + {{ start }}) / {{ base }})){{ ' as ' ~ alias if alias }}
    {%- else -%}
        {{ column }}{{ ' as ' ~ alias if alias and alias != column.split('.') | last }}
    {%- endif -%}
{%- endmacro %}


{#- Both ways to round; one where nothing is. -#}
{% macro across_units() -%}
    {{ return([false, true] if publishing_method() == 'AVRUNDING' else [false]) }}
{%- endmacro %}


{% macro grouping_code(columns) -%}
    coalesce(nullif(substring(
        {%- for column, code in columns.items() %}
        case when {{ column }} is not null then '_{{ code }}' else '' end{{ ' ||' if not loop.last }}
        {%- endfor %},
        2
    ), ''), 'INGEN')
{%- endmacro %}
