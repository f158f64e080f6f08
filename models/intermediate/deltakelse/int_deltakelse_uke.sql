{{ config(materialized='view') }}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

uke as (
    select * from {{ ref('dim_uke') }}
),

aktiv as (
    select
        uke.uke_start_dato,
        segment.periode_kode,
        segment.kilde || '/' || segment.deltakelse_id as key_deltakelse,
        segment.person_id,
        segment.enhetsnummer,
        segment.avdeling_navn,
        segment.veiledergruppe_navn,
        segment.tiltakskode,
        segment.innsatsgruppe_kode,
        case when segment.periode_kode = 'VENTER' then {{ days_waited('uke.uke_start_dato') }} end as ventedager_antall
    from segment
    inner join uke on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
)

select * from aktiv
