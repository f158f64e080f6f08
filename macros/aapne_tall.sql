{#- The cells as they may be shown, whatever the method. -#}
{% macro open_cells() -%}
    {{ return(ref('aapne_tall_prikking') if var('aapen_metode') == 'prikking' else ref('aapne_tall_stoy')) }}
{%- endmacro %}


{#- The rows of what is shown, in the open relations and on the internal page, from a relation of its cells: the columns
    of aapne_tall_celle, and prikket_flagg. -#}
{% macro shown_people(cells) -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        case when not prikket_flagg then cast(antall as bigint) end as person_antall,
        case when not prikket_flagg then cast(deltakelse_antall as bigint) end as deltakelse_antall,
        prikket_flagg
    from {{ cells }}
    where populasjon_kode = 'DELTAR'
{%- endmacro %}


{% macro shown_waiting(cells) -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        case when not prikket_flagg then cast(antall as bigint) end as vent_antall,
        prikket_flagg
    from {{ cells }}
    where populasjon_kode = 'VENTER'
{%- endmacro %}


{#- Where exact numbers are suppressed, one of them suppresses the three of who uses the places: two of them give the
    third. What a unit cannot have is null, and everyone knows. -#}
{% macro shown_places(cells) -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        case when bruker_kode = 'ALLE' then gruppering_kode else 'INGEN' end as gruppering_kode,
        tiltakskode,
        {% for column in ['deltakelse_antall', 'plass_antall'] -%}
            case
                when not coalesce(bool_or(prikket_flagg) filter (where bruker_kode = 'ALLE'), false)
                    then coalesce(sum({{ column }}) filter (where bruker_kode = 'ALLE'), 0)
            end as {{ column }},
        {% endfor -%}
        {% for bruker_kode, column in [('EGNE', 'egne_antall'), ('ANDRE', 'fra_andre_antall'),
            ('HOS_ANDRE', 'hos_andre_antall')] -%}
            case
                when bool_or(prikket_flagg) filter (where bruker_kode {{
                    "!= 'ALLE'" if var('aapen_metode') == 'prikking' else "= '" ~ bruker_kode ~ "'"
                }})
                    and bool_or(bruker_kode = '{{ bruker_kode }}') then null
                when bool_or(bruker_kode != 'ALLE')
                    then coalesce(sum(deltakelse_antall) filter (where bruker_kode = '{{ bruker_kode }}'), 0)
            end as {{ column }},
        {% endfor -%}
        coalesce(bool_or(prikket_flagg) filter (where bruker_kode = 'ALLE'), false) as prikket_flagg,
        coalesce(bool_or(prikket_flagg) filter (where bruker_kode != 'ALLE'), false) as bruk_prikket_flagg
    from {{ cells }}
    where populasjon_kode = 'KAPASITET'
    group by all
{%- endmacro %}


{#- People whom the region itself follows up are as an office in it. -#}
{% macro shown_units(cells) -%}
    select
        celle.enhet_nivaa_kode,
        celle.enhetsnummer,
        case when celle.enhet_nivaa_kode = 'LAND' then 'Hele landet' else nav_enhet.enhet_navn end as enhet_navn,
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
        coalesce(tiltakstype.tiltakstype_navn, celle.tiltakskode) as tiltakstype_navn
    from (select distinct tiltakskode from {{ cells }} where tiltakskode != 'ALLE') as celle
    left join {{ ref('dim_tiltakstype') }} as tiltakstype on celle.tiltakskode = tiltakstype.tiltakskode
{%- endmacro %}
