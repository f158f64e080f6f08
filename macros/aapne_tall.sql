{#- The cells as they may be shown, whatever the method. -#}
{% macro open_cells() -%}
    {%- if var('aapen_metode') == 'stoy' -%}
        select * from {{ ref('aapne_tall_stoy') }}
    {%- elif target.type == 'duckdb' -%}
        select * from {{ ref('aapne_tall_prikking') }}
        where vises_flagg
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            'Suppression (aapen_metode: prikking) is on DuckDB alone. Run without it, for noise, or on DuckDB.'
        ) }}
    {%- endif -%}
{%- endmacro %}


{#- The rows of what is shown, in the open relations and on the internal page, from a relation of its cells: the columns
    of aapne_tall_celle, and prikket_flagg. -#}
{% macro shown_people(cells) -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltaksgruppe_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        case when not prikket_flagg then cast(antall as {{ type_name('bigint') }}) end as person_antall,
        case when not prikket_flagg then cast(deltakelse_antall as {{ type_name('bigint') }}) end
            as deltakelse_antall,
        prikket_flagg
    from {{ cells }}
    where populasjon_kode = 'DELTAR'
{%- endmacro %}


{#- How long they have waited is exact: it is shown of ten or more alone, and in whole weeks (spesifikasjon 10). -#}
{% macro shown_waiting(cells, waited, is_exact=false) -%}
    {%- set keys = ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'gruppering_kode', 'tiltaksgruppe_kode',
        'tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn'] -%}
    select
        {% for key in keys -%}
            celle.{{ key }},
        {% endfor -%}
        case when not celle.prikket_flagg then cast(celle.antall as {{ type_name('bigint') }}) end as vent_antall,
        {% if is_exact -%}
            ventet.ventedager_median,
            ventet.ventedager_maks,
        {% else -%}
            case
                when not celle.prikket_flagg and celle.antall >= 10 then {{ whole('ventet.ventedager_median / 7') }} * 7
            end as ventedager_median,
        {% endif -%}
        celle.prikket_flagg
    from {{ cells }} as celle
    left join {{ waited }} as ventet
        on {% for key in keys %}celle.{{ key }} = ventet.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    where celle.populasjon_kode = 'VENTER'
{%- endmacro %}


{#- Where exact numbers are suppressed, one of them suppresses the three of who uses the places: two of them give the
    third. What a unit cannot have is null, and everyone knows. -#}
{% macro shown_places(cells) -%}
    {%- set is_total = "bruker_kode = 'ALLE'" -%}
    {%- set is_use = "bruker_kode != 'ALLE'" -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        case when {{ is_total }} then gruppering_kode else 'INGEN' end as gruppering_kode,
        tiltaksgruppe_kode,
        tiltakskode,
        {% for column in ['deltakelse_antall', 'plass_antall'] -%}
            case
                when not {{ in_any_row(is_total ~ ' and prikket_flagg') }}
                    then coalesce(sum(case when {{ is_total }} then {{ column }} end), 0)
            end as {{ column }},
        {% endfor -%}
        {% for bruker_kode, column in [('EGNE', 'egne_antall'), ('ANDRE', 'fra_andre_antall'),
            ('HOS_ANDRE', 'hos_andre_antall')] -%}
            {%- set is_this = "bruker_kode = '" ~ bruker_kode ~ "'" -%}
            {%- set suppressing = is_use if var('aapen_metode') == 'prikking' else is_this -%}
            case
                when {{ in_any_row(suppressing ~ ' and prikket_flagg') }} and {{ in_any_row(is_this) }} then null
                when {{ in_any_row(is_use) }} then coalesce(sum(case when {{ is_this }} then deltakelse_antall end), 0)
            end as {{ column }},
        {% endfor -%}
        {{ in_any_row(is_total ~ ' and prikket_flagg') }} as prikket_flagg,
        {{ in_any_row(is_use ~ ' and prikket_flagg') }} as bruk_prikket_flagg
    from {{ cells }}
    where populasjon_kode = 'KAPASITET'
    group by
        uke_start_dato, enhet_nivaa_kode, enhetsnummer, tiltaksgruppe_kode, tiltakskode,
        case when {{ is_total }} then gruppering_kode else 'INGEN' end
{%- endmacro %}


{% macro in_any_row(condition) -%}
    max(case when {{ condition }} then 1 else 0 end) = 1
{%- endmacro %}


{#- People whom the region itself follows up are as an office in it. -#}
{% macro shown_units(cells) -%}
    select
        celle.enhet_nivaa_kode,
        celle.enhetsnummer,
        {{ unit_name('celle') }} as enhet_navn,
        case
            when celle.enhet_nivaa_kode = 'KONTOR' then coalesce(egen.enhetsnummer, hoyere.enhetsnummer)
            else hoyere.enhetsnummer
        end as overordnet_enhetsnummer
    from (select distinct enhet_nivaa_kode, enhetsnummer from {{ cells }}) as celle
    left join {{ ref('dim_nav_enhet') }} as nav_enhet
        on celle.enhetsnummer = nav_enhet.enhetsnummer and celle.enhet_nivaa_kode != 'LAND'
    {% for name, key in [('egen', 'celle.enhetsnummer'), ('hoyere', 'nav_enhet.overordnet_enhetsnummer')] -%}
        left join (select distinct enhetsnummer from {{ cells }} where enhet_nivaa_kode = 'REGION') as {{ name }}
            on {{ key }} = {{ name }}.enhetsnummer
    {% endfor -%}
{%- endmacro %}


{% macro shown_types(cells) -%}
    select
        celle.tiltakskode,
        coalesce(tiltakstype.tiltakstype_navn, celle.tiltakskode) as tiltakstype_navn,
        coalesce(tiltakstype.tiltaksgruppe_kode, 'UKJENT') as tiltaksgruppe_kode
    from (select distinct tiltakskode from {{ cells }} where tiltakskode != 'ALLE') as celle
    left join {{ ref('dim_tiltakstype') }} as tiltakstype on celle.tiltakskode = tiltakstype.tiltakskode
{%- endmacro %}
