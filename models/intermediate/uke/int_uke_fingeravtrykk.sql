{#- Kolonnene som betyr noe for hver relasjon, i CTE-en radene er i. -#}
{%- set celle = ['deltakelse_id', 'person_id', 'avdeling_navn', 'tiltakskode', 'tiltakstype_navn',
    'innsatsgruppe_kode'] -%}
{%- set bidragene = [
    {'relasjon': 'fak_tiltaksdeltakelse_uke', 'fra': 'deltar', 'enhet': 'enhetsnummer',
        'kolonner': celle + ['veiledergruppe_navn']},
    {'relasjon': 'fak_venteliste_uke', 'fra': 'venter', 'enhet': 'enhetsnummer', 'kolonner': celle + ['start_dato']},
    {'relasjon': 'fak_venteliste_uke', 'fra': 'vent_slutt', 'enhet': 'enhetsnummer',
        'kolonner': celle + ['start_dato', 'slutt_dato']},
    {'relasjon': 'fak_kapasitet_uke', 'fra': 'kapasitet', 'enhet': 'kapasitet_enhetsnummer', 'kolonner': [
        'deltakelse_id', 'oppfolging_enhetsnummer', 'tiltakskode', 'tiltakstype_navn', 'deltakelse_andel',
            'deltakelsesprosent',
    ]},
] -%}

with

deltar as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

venter as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'VENTER'
),

-- Dagen ventetiden tok slutt, betyr bare noe i den uken, og bare når det ikke var søndagen.
vent_slutt as (
    select
        {{ celle | join(',\n        ') }},
        enhetsnummer,
        start_dato,
        slutt_dato,
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

-- Alt et segment bidrar med på kontoret i en uke, for hver relasjon som regnes ut per uke og kontor. Uken er ikke med:
-- avtrykket er det samme hvordan enn deltakelsen er delt opp. Kontoret er med, ellers ville en flytting ikke endret
-- summen for alle kontorene.
bidrag as (
    {%- for bidrag in bidragene %}
        select
            '{{ bidrag.relasjon }}' as relasjon_navn,
            {{ bidrag.enhet }} as enhetsnummer,
            forste_uke_dato,
            siste_uke_dato,
            {{ row_fingerprint([bidrag.enhet] + bidrag.kolonner) }} as bidrag
        from {{ bidrag.fra }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Et bidrag kommer til i sin første uke, og faller fra i uken etter sin siste.
endring as (
    select
        relasjon_navn,
        enhetsnummer,
        forste_uke_dato as uke_start_dato,
        bidrag
    from bidrag
    union all
    select
        relasjon_navn,
        enhetsnummer,
        {{ add_days('siste_uke_dato', 7) }} as uke_start_dato,
        -bidrag as bidrag
    from bidrag
),

endring_uke as (
    select
        relasjon_navn,
        enhetsnummer,
        uke_start_dato,
        sum(bidrag) as endring
    from endring
    group by all
),

kontor as (
    select distinct
        relasjon_navn,
        enhetsnummer
    from endring_uke
),

-- Summen av alle bidrag til uken: en løpende sum over det som kommer til og det som faller fra.
kontor_uke as (
    select
        kontor.relasjon_navn,
        uke.uke_start_dato,
        kontor.enhetsnummer,
        coalesce(
            sum(endring_uke.endring) over (
                partition by kontor.relasjon_navn, kontor.enhetsnummer
                order by uke.uke_start_dato
            ),
            0
        ) as fingeravtrykk
    from kontor
    cross join uke
    left join endring_uke
        on kontor.relasjon_navn = endring_uke.relasjon_navn
        and kontor.enhetsnummer = endring_uke.enhetsnummer
        and uke.uke_start_dato = endring_uke.uke_start_dato
),

relasjon as (
    {% for relasjon_navn in bidragene | map(attribute='relasjon') | unique -%}
        select '{{ relasjon_navn }}' as relasjon_navn
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Hver uke har en rad for alle kontorene sammen, også når ingen var på noe av dem.
alle_kontorer as (
    select
        relasjon.relasjon_navn,
        uke.uke_start_dato,
        '{{ all_offices() }}' as enhetsnummer,
        coalesce(sum(kontor_uke.fingeravtrykk), 0) as fingeravtrykk
    from relasjon
    cross join uke
    left join kontor_uke
        on relasjon.relasjon_navn = kontor_uke.relasjon_navn
        and uke.uke_start_dato = kontor_uke.uke_start_dato
    group by all
),

begge as (
    select
        relasjon_navn,
        uke_start_dato,
        enhetsnummer,
        cast(fingeravtrykk as {{ type_name('decimal(38, 0)') }}) as fingeravtrykk
    from kontor_uke
    where fingeravtrykk != 0
    union all
    select
        relasjon_navn,
        uke_start_dato,
        enhetsnummer,
        cast(fingeravtrykk as {{ type_name('decimal(38, 0)') }}) as fingeravtrykk
    from alle_kontorer
)

select * from begge
