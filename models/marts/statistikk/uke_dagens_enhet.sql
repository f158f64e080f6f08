{{ config(materialized='view') }}

with

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

sammenslaatt as (
    select * from {{ ref('int_tiltaksdeltakelse_uke_arvtaker') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

-- En veileder er i én gruppe på kontoret sitt, så gruppene kan summeres.
uendret as (
    select
        fakta.uke_start_dato,
        fakta.enhetsnummer as dagens_enhetsnummer,
        fakta.avdeling_navn,
        fakta.tiltakskode,
        fakta.tiltakstype_navn,
        fakta.innsatsgruppe_kode,
        false as sammenslaatt_flagg,
        cast(sum(fakta.person_antall) as {{ dbt.type_bigint() }}) as person_antall,
        cast(sum(fakta.deltakelse_antall) as {{ dbt.type_bigint() }}) as deltakelse_antall
    from fakta
    inner join nav_enhet on fakta.enhetsnummer = nav_enhet.enhetsnummer
    where not nav_enhet.sammenslaatt_flagg
    group by all
),

begge as (
    select * from uendret
    union all
    select
        uke_start_dato,
        dagens_enhetsnummer,
        avdeling_navn,
        tiltakskode,
        tiltakstype_navn,
        innsatsgruppe_kode,
        true as sammenslaatt_flagg,
        person_antall,
        deltakelse_antall
    from sammenslaatt
),

navngitt as (
    select
        begge.uke_start_dato,
        begge.dagens_enhetsnummer,
        nav_enhet.enhet_navn as dagens_enhet_navn,
        begge.avdeling_navn,
        begge.tiltakskode,
        begge.tiltakstype_navn,
        begge.innsatsgruppe_kode,
        begge.sammenslaatt_flagg,
        begge.person_antall,
        begge.deltakelse_antall
    from begge
    inner join nav_enhet on begge.dagens_enhetsnummer = nav_enhet.enhetsnummer
)

select * from navngitt
