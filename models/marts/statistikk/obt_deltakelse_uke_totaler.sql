{{ config(materialized='view') }}

with

rad as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

for_mange as (
    select * from {{ ref('int_totaler_telt_for_mange') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

tiltaksgruppe as (
    select distinct
        tiltaksgruppe_kode,
        tiltaksgruppe_navn
    from tiltakstype
),

talt as (
    {{ totals_of([], ['person_antall', 'deltakelse_antall'], corrected=['person_antall']) }}
),

navngitt as (
    select
        talt.uke_start_dato,
        talt.enhet_nivaa_kode,
        {{ grouping_code('talt') }} as gruppering_kode,
        talt.enhetsnummer,
        coalesce(talt.tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        case when talt.tiltaksgruppe_kode is null then 'Alle' else tiltaksgruppe.tiltaksgruppe_navn end
            as tiltaksgruppe_navn,
        coalesce(talt.tiltakskode, 'ALLE') as tiltakskode,
        case when talt.tiltakskode is null then 'Alle' else tiltakstype.tiltakstype_navn end as tiltakstype_navn,
        coalesce(talt.innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(talt.avdeling_navn, 'Alle') as avdeling_navn,
        cast(talt.person_antall as bigint) as person_antall,
        cast(talt.deltakelse_antall as bigint) as deltakelse_antall,
        {{ unit_name('talt') }} as enhet_navn
    from talt
    left join nav_enhet on talt.enhetsnummer = nav_enhet.enhetsnummer
    left join tiltakstype on talt.tiltakskode = tiltakstype.tiltakskode
    left join tiltaksgruppe on talt.tiltaksgruppe_kode = tiltaksgruppe.tiltaksgruppe_kode
)

select * from navngitt
