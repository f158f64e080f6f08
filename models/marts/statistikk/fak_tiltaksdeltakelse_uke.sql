{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    partition_by=stored_by_week(),
    cluster_by=['enhetsnummer', 'tiltakskode'] if stored_by_week() else none,
    pre_hook=["{{ log_changed_weeks() }}", "{{ delete_changed_weeks() }}"],
) }}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

uke as (
    {{ weeks_to_compute('fak_tiltaksdeltakelse_uke') }}
),

talt as (
    select
        uke.uke_start_dato,
        segment.enhetsnummer,
        segment.avdeling_navn,
        segment.veiledergruppe_navn,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        segment.innsatsgruppe_kode,
        count(case when uke.uke_start_dato >= segment.person_uke_dato then 1 end) as person_antall,
        count(*) as deltakelse_antall,
        uke.fingeravtrykk
    from uke
    inner join segment
        on uke.enhetsnummer = segment.enhetsnummer
        and uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
)

select * from talt
order by uke_start_dato, enhetsnummer, tiltakskode, avdeling_navn, veiledergruppe_navn, innsatsgruppe_kode
