{{ config(materialized='view') }}

with

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

telt_for_mange as (
    select * from {{ ref('int_totaler_telt_for_mange') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

paa_nivaa as (
    select
        fakta.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        fakta.tiltakskode,
        fakta.innsatsgruppe_kode,
        fakta.avdeling_navn,
        sum(fakta.person_antall) as person_antall,
        sum(fakta.deltakelse_antall) as deltakelse_antall
    from fakta
    inner join nivaa on fakta.enhetsnummer = nivaa.enhetsnummer
    group by all
),

-- Ingen av de tre mangler i fakta, så det som mangler her, er samlet.
summert as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall
    from paa_nivaa
    group by {{ cube_of(
        ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer'], ['tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn']
    ) }}
),

-- En sum av celler har dem som er i flere, med flere ganger. Hver person skal være med én gang.
ulike as (
    select * from summert
    union all
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        -person_antall as person_antall,
        0 as deltakelse_antall
    from telt_for_mange
),

talt as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        cast(sum(person_antall) as bigint) as person_antall,
        cast(sum(deltakelse_antall) as bigint) as deltakelse_antall
    from ulike
    group by all
),

navngitt as (
    select
        talt.uke_start_dato,
        talt.enhet_nivaa_kode,
        {{ grouping_code('talt') }} as gruppering_kode,
        talt.enhetsnummer,
        coalesce(talt.tiltakskode, 'ALLE') as tiltakskode,
        case when talt.tiltakskode is null then 'Alle' else tiltakstype.tiltakstype_navn end as tiltakstype_navn,
        coalesce(talt.innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(talt.avdeling_navn, 'Alle') as avdeling_navn,
        talt.person_antall,
        talt.deltakelse_antall
    from talt
    left join tiltakstype on talt.tiltakskode = tiltakstype.tiltakskode
)

select * from navngitt
