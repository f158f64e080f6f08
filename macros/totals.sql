{#- Reads the caller's relations `rad`, `nivaa`, `tiltakstype` and `for_mange`. -#}
{% macro totals_of(keys, numbers, corrected, avdeling='rad.avdeling_navn') -%}
    {%- set of_cell = keys + [
        'uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'tiltaksgruppe_kode', 'tiltakskode',
        'innsatsgruppe_kode', 'avdeling_navn',
    ] -%}
    with

    per_nivaa as (
        select
            {% for key in keys -%}
                rad.{{ key }},
            {% endfor -%}
            rad.uke_start_dato,
            nivaa.enhet_nivaa_kode,
            nivaa.nivaa_enhetsnummer as enhetsnummer,
            {{ group_of_type() }} as tiltaksgruppe_kode,
            rad.tiltakskode,
            rad.innsatsgruppe_kode,
            {{ avdeling }} as avdeling_navn,
            {% for number in numbers -%}
                sum(rad.{{ number }}) as {{ number }}{{ ',' if not loop.last }}
            {% endfor %}
        from rad
        inner join nivaa on rad.enhetsnummer = nivaa.enhetsnummer
        left join tiltakstype on rad.tiltakskode = tiltakstype.tiltakskode
        group by all
    ),

    -- Hver rad i hver sum den er med i. DuckDB har alle grupperingene i minnet samtidig når de er GROUPING SETS, og
    -- landets får ikke plass.
    sumnivaa as (
        select
            tiltak.tiltak_nivaa_kode,
            innsatsgruppe.innsatsgruppe_flagg,
            avdeling.avdeling_flagg
        from (
            select 'TYPE' as tiltak_nivaa_kode
            union all select 'GRUPPE' as tiltak_nivaa_kode
            union all select 'ALLE' as tiltak_nivaa_kode
        ) as tiltak
        cross join (select true as innsatsgruppe_flagg union all select false as innsatsgruppe_flagg) as innsatsgruppe
        cross join (select true as avdeling_flagg union all select false as avdeling_flagg) as avdeling
    ),

    -- En sum av celler har dem som er i flere, med flere ganger. Hver person skal være med én gang.
    ulike as (
        select
            {% for column in keys + ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer'] -%}
                per_nivaa.{{ column }},
            {% endfor -%}
            case when sumnivaa.tiltak_nivaa_kode = 'GRUPPE' then per_nivaa.tiltaksgruppe_kode end as tiltaksgruppe_kode,
            case when sumnivaa.tiltak_nivaa_kode = 'TYPE' then per_nivaa.tiltakskode end as tiltakskode,
            case when sumnivaa.innsatsgruppe_flagg then per_nivaa.innsatsgruppe_kode end as innsatsgruppe_kode,
            case when sumnivaa.avdeling_flagg then per_nivaa.avdeling_navn end as avdeling_navn,
            {% for number in numbers -%}
                per_nivaa.{{ number }}{{ ',' if not loop.last }}
            {% endfor %}
        from per_nivaa
        cross join sumnivaa
        union all
        select
            {% for column in of_cell -%}
                {{ column }},
            {% endfor -%}
            {% for number in numbers -%}
                {{ '-' ~ number if number in corrected else '0' }} as {{ number }}{{ ',' if not loop.last }}
            {% endfor %}
        from for_mange
    ),

    talt as (
        select
            {% for column in of_cell -%}
                {{ column }},
            {% endfor -%}
            {% for number in numbers -%}
                sum({{ number }}) as {{ number }}{{ ',' if not loop.last }}
            {% endfor %}
        from ulike
        group by all
    )

    select * from talt
{%- endmacro %}


{#- Rows of a tiltakstype are of no group: of a group are only rows of the whole of it. -#}
{% macro only_whole_group(group='tiltaksgruppe_kode', tiltakskode='tiltakskode') -%}
    case when {{ tiltakskode }} is null then {{ group }} end as tiltaksgruppe_kode
{%- endmacro %}


{#- Also of a tiltakstype that is not in the register: it would be lost, or be in every sum of all. -#}
{% macro group_of_type() -%}
    coalesce(tiltakstype.tiltaksgruppe_kode, 'UKJENT')
{%- endmacro %}


{#- Reads the caller's `nav_enhet`, joined on the number. The country is no unit, whatever number it stands under. -#}
{% macro unit_name(rows) -%}
    case when {{ rows }}.enhet_nivaa_kode = 'LAND' then 'Hele landet' else nav_enhet.enhet_navn end
{%- endmacro %}
