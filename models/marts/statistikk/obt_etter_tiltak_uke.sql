{{ config(materialized='view') }}

with

etter as (
    select * from {{ ref('int_etter_tiltak_uke') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

navngitt as (
    select
        etter.uke_start_dato,
        etter.enhetsnummer,
        nav_enhet.enhet_navn,
        etter.tiltakskode,
        tiltakstype.tiltakstype_navn,
        etter.innen_uker_antall,
        etter.etterpaa_kode,
        etter.neste_tiltakskode,
        coalesce(neste.tiltakstype_navn, 'Ingen') as neste_tiltakstype_navn,
        etter.person_antall
    from etter
    inner join nav_enhet on etter.enhetsnummer = nav_enhet.enhetsnummer
    inner join tiltakstype on etter.tiltakskode = tiltakstype.tiltakskode
    left join tiltakstype as neste on etter.neste_tiltakskode = neste.tiltakskode
)

select * from navngitt
