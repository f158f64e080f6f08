{% macro grouping_code(relation) -%}
    coalesce(nullif(substring(
        {%- for column, code in {
            'tiltaksgruppe_kode': 'TILTAKSGRUPPE', 'tiltakskode': 'TILTAKSTYPE', 'innsatsgruppe_kode': 'INNSATSGRUPPE',
            'avdeling_navn': 'AVDELING',
        }.items() %}
        case when {{ relation }}.{{ column }} is not null then '_{{ code }}' else '' end{{ ' ||' if not loop.last }}
        {%- endfor %},
        2
    ), ''), 'INGEN')
{%- endmacro %}
