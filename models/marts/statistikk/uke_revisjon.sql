{{ config(materialized='view') }}

with

publisert as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke_publisert') }}
),

forste as (
    select * from {{ ref('int_uke_forste_publisert') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

versjon as (
    select
        publisert.*,
        forste.forste_publisert_tid,
        {{ published_as_of('forste.forste_publisert_tid') }} as forste_flagg,
        publisert.publisert_til_tid is null as naa_flagg
    from publisert
    inner join forste on publisert.uke_start_dato = forste.uke_start_dato
),

celle as (
    select
        uke_start_dato,
        enhetsnummer,
        forste_publisert_tid,
        coalesce(sum(case when forste_flagg then person_antall end), 0) as forste_person_antall,
        coalesce(sum(case when naa_flagg then person_antall end), 0) as person_antall,
        coalesce(sum(case when forste_flagg then deltakelse_antall end), 0) as forste_deltakelse_antall,
        coalesce(sum(case when naa_flagg then deltakelse_antall end), 0) as deltakelse_antall
    from versjon
    where forste_flagg or naa_flagg
    group by
        uke_start_dato, enhetsnummer, forste_publisert_tid, avdeling_navn, veiledergruppe_navn, tiltakskode,
        tiltakstype_navn, innsatsgruppe_kode
),

-- En flytting mellom to celler endrer ikke summen, men avstanden.
revisjon as (
    select
        uke_start_dato,
        enhetsnummer,
        forste_publisert_tid,
        cast(sum(forste_person_antall) as bigint) as forste_person_antall,
        cast(sum(person_antall) as bigint) as person_antall,
        cast(sum(abs(person_antall - forste_person_antall)) as bigint) as person_avstand_antall,
        cast(sum(forste_deltakelse_antall) as bigint) as forste_deltakelse_antall,
        cast(sum(deltakelse_antall) as bigint) as deltakelse_antall
    from celle
    group by uke_start_dato, enhetsnummer, forste_publisert_tid
),

-- En enhet vi har vist tall for, kan være borte fra registeret.
navngitt as (
    select
        revisjon.uke_start_dato,
        revisjon.enhetsnummer,
        revisjon.forste_publisert_tid,
        revisjon.forste_person_antall,
        revisjon.person_antall,
        revisjon.person_avstand_antall,
        revisjon.forste_deltakelse_antall,
        revisjon.deltakelse_antall,
        coalesce(nav_enhet.enhet_navn, 'Ukjent') as enhet_navn
    from revisjon
    left join nav_enhet on revisjon.enhetsnummer = nav_enhet.enhetsnummer
)

select * from navngitt
