{{ config(materialized='view') }}

with

venteliste as (
    select * from {{ ref('int_venteliste_uke') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

tiltaksgruppe as (
    select distinct
        tiltaksgruppe_kode,
        tiltaksgruppe_navn
    from tiltakstype
),

navngitt as (
    select
        venteliste.uke_start_dato,
        venteliste.enhet_nivaa_kode,
        venteliste.gruppering_kode,
        venteliste.enhetsnummer,
        venteliste.tiltaksgruppe_kode,
        coalesce(tiltaksgruppe.tiltaksgruppe_navn, 'Alle') as tiltaksgruppe_navn,
        venteliste.tiltakskode,
        coalesce(tiltakstype.tiltakstype_navn, 'Alle') as tiltakstype_navn,
        venteliste.innsatsgruppe_kode,
        venteliste.avdeling_navn,
        venteliste.person_antall,
        venteliste.ventedager_median,
        venteliste.ventedager_p90,
        venteliste.ventedager_maks,
        {{ unit_name('venteliste') }} as enhet_navn
    from venteliste
    left join nav_enhet on venteliste.enhetsnummer = nav_enhet.enhetsnummer
    left join tiltakstype on venteliste.tiltakskode = tiltakstype.tiltakskode
    left join tiltaksgruppe on venteliste.tiltaksgruppe_kode = tiltaksgruppe.tiltaksgruppe_kode
)

select * from navngitt
