{{ config(materialized='view') }}

{%- set celle = ['uke_start_dato', 'enhetsnummer', 'avdeling_navn', 'tiltakskode', 'innsatsgruppe_kode'] -%}
{%- set bevegelsene = ['begynte_antall', 'inn_kontor_antall', 'inn_avdeling_antall', 'inn_innsatsgruppe_antall',
    'sluttet_antall', 'ut_kontor_antall', 'ut_avdeling_antall', 'ut_innsatsgruppe_antall'] %}

with

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

bevegelse as (
    select * from {{ ref('int_bevegelse_uke') }}
),

uke as (
    select * from {{ ref('dim_uke') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

-- Hver celle der noen var i uken, var i uken før, eller flyttet på seg. Antallene er fakta sine.
celle as (
    select
        {{ celle | join(',\n        ') }},
        0 as forrige_uke_person_antall,
        {{ bevegelsene | join(',\n        ') }},
        0 as person_antall
    from bevegelse
    union all
    select
        {{ celle | join(',\n        ') }},
        0 as forrige_uke_person_antall,
        {% for antall in bevegelsene %}0 as {{ antall }},
        {% endfor -%}
        person_antall
    from fakta
    union all
    select
        {{ add_days('uke_start_dato', 7) }} as uke_start_dato,
        {{ celle[1:] | join(',\n        ') }},
        person_antall as forrige_uke_person_antall,
        {% for antall in bevegelsene %}0 as {{ antall }},
        {% endfor -%}
        0 as person_antall
    from fakta
),

summert as (
    select
        celle.{{ celle | join(',\n        celle.') }},
        cast(sum(celle.forrige_uke_person_antall) as bigint) as forrige_uke_person_antall,
        cast(sum(celle.begynte_antall) as bigint) as begynte_antall,
        cast(sum(celle.inn_kontor_antall) as bigint) as inn_kontor_antall,
        cast(sum(celle.inn_avdeling_antall) as bigint) as inn_avdeling_antall,
        cast(sum(celle.inn_innsatsgruppe_antall) as bigint) as inn_innsatsgruppe_antall,
        cast(sum(celle.sluttet_antall) as bigint) as sluttet_antall,
        cast(sum(celle.ut_kontor_antall) as bigint) as ut_kontor_antall,
        cast(sum(celle.ut_avdeling_antall) as bigint) as ut_avdeling_antall,
        cast(sum(celle.ut_innsatsgruppe_antall) as bigint) as ut_innsatsgruppe_antall,
        cast(sum(celle.person_antall) as bigint) as person_antall
    from celle
    inner join uke on celle.uke_start_dato = uke.uke_start_dato
    where celle.uke_start_dato > {{ first_week() }}
    group by all
),

navngitt as (
    select
        summert.uke_start_dato,
        summert.enhetsnummer,
        nav_enhet.enhet_navn,
        summert.avdeling_navn,
        summert.tiltakskode,
        tiltakstype.tiltakstype_navn,
        summert.innsatsgruppe_kode,
        summert.forrige_uke_person_antall,
        summert.begynte_antall,
        summert.inn_kontor_antall,
        summert.inn_avdeling_antall,
        summert.inn_innsatsgruppe_antall,
        summert.sluttet_antall,
        summert.ut_kontor_antall,
        summert.ut_avdeling_antall,
        summert.ut_innsatsgruppe_antall,
        summert.person_antall
    from summert
    inner join nav_enhet on summert.enhetsnummer = nav_enhet.enhetsnummer
    inner join tiltakstype on summert.tiltakskode = tiltakstype.tiltakskode
)

select * from navngitt
