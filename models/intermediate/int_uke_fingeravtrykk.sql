{%- set celle = ['deltakelse_id', 'person_id', 'enhetsnummer', 'avdeling_navn', 'tiltakskode', 'tiltakstype_navn', 'innsatsgruppe_kode'] -%}

with

deltar as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

enhet_sti as (
    select
        enhetsnummer,
        string_agg(over_enhetsnummer, ',' order by over_enhetsnummer) as enhet_liste
    from {{ ref('int_enhet_overordnet') }}
    where region_flagg
    group by all
),

i_region as (
    select
        deltar.*,
        coalesce(enhet_sti.enhet_liste, '') as enhet_liste
    from deltar
    left join enhet_sti on deltar.enhetsnummer = enhet_sti.enhetsnummer
),

venter as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'VENTER'
),

-- Dagen ventetiden tok slutt, betyr bare noe i den uken, og bare når det ikke var søndagen.
vent_slutt as (
    select
        * exclude (forste_uke_dato, siste_uke_dato),
        {{ week_start('slutt_dato') }} as forste_uke_dato,
        {{ week_start('slutt_dato') }} as siste_uke_dato
    from venter
    where
        {{ week_start('slutt_dato') }} between forste_uke_dato and siste_uke_dato
        and slutt_dato < {{ add_days(week_start('slutt_dato'), 6) }}
),

kapasitet as (
    select * from {{ ref('int_kapasitet_segment') }}
),

uke as (
    select * from {{ ref('dim_uke') }}
),

-- Alt et segment bidrar med i en uke, for hver relasjon som regnes ut per uke. Ukene er ikke med: avtrykket er det samme hvordan enn
-- deltakelsen er delt opp.
bidrag as (
    {{ week_contributions([
        {'relasjon': 'fak_tiltaksdeltakelse_uke', 'fra': 'deltar', 'kolonner': celle + ['veiledergruppe_navn']},
        {'relasjon': 'fak_venteliste_uke', 'fra': 'venter', 'kolonner': celle + ['start_dato']},
        {'relasjon': 'fak_venteliste_uke', 'fra': 'vent_slutt', 'kolonner': celle + ['start_dato', 'slutt_dato']},
        {'relasjon': 'fak_kapasitet_uke', 'fra': 'kapasitet', 'kolonner': [
            'deltakelse_id', 'kapasitet_enhetsnummer', 'oppfolging_enhetsnummer', 'tiltakskode', 'tiltakstype_navn', 'deltakelse_andel',
            'deltakelsesprosent',
        ]},
        {'relasjon': 'obt_deltakelse_uke_totaler', 'fra': 'i_region', 'kolonner': celle + ['enhet_liste']},
    ]) }}
),

endring as (
    select
        relasjon_navn,
        forste_uke_dato as uke_start_dato,
        bidrag
    from bidrag
    union all
    select
        relasjon_navn,
        {{ add_days('siste_uke_dato', 7) }} as uke_start_dato,
        -bidrag as bidrag
    from bidrag
),

endring_uke as (
    select
        relasjon_navn,
        uke_start_dato,
        sum(bidrag) as endring
    from endring
    group by all
),

relasjon as (
    select unnest([
        'fak_tiltaksdeltakelse_uke', 'fak_venteliste_uke', 'fak_kapasitet_uke', 'obt_deltakelse_uke_totaler'
    ]) as relasjon_navn
),

-- Summen av alle bidrag til uken: en løpende sum over det som kommer til og det som faller fra.
fingeravtrykk as (
    select
        relasjon.relasjon_navn,
        uke.uke_start_dato,
        cast(
            coalesce(sum(endring_uke.endring) over (partition by relasjon.relasjon_navn order by uke.uke_start_dato), 0) as decimal(38, 0)
        ) as fingeravtrykk
    from relasjon
    cross join uke
    left join endring_uke
        on relasjon.relasjon_navn = endring_uke.relasjon_navn
        and uke.uke_start_dato = endring_uke.uke_start_dato
)

select * from fingeravtrykk
