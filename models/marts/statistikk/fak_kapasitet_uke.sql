{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    partition_by=stored_by_week(),
    cluster_by=['kapasitet_enhetsnummer', 'tiltakskode'] if stored_by_week() else none,
    pre_hook=[
        "{{ log_changed_weeks('kapasitet_enhetsnummer') }}",
        "{{ delete_changed_weeks('kapasitet_enhetsnummer') }}",
    ],
) }}

with

segment as (
    select * from {{ ref('int_kapasitet_segment') }}
),

uke as (
    {{ weeks_to_compute('fak_kapasitet_uke', 'kapasitet_enhetsnummer') }}
),

talt as (
    select
        uke.uke_start_dato,
        segment.kapasitet_enhetsnummer,
        segment.oppfolging_enhetsnummer,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        cast(sum(segment.deltakelse_andel) as {{ type_name('double') }}) as deltakelse_antall,
        cast(sum(segment.deltakelse_andel * segment.deltakelsesprosent) as {{ type_name('double') }}) / 100
            as plass_antall,
        uke.fingeravtrykk
    from uke
    inner join segment
        on uke.enhetsnummer = segment.kapasitet_enhetsnummer
        and uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
)

select * from talt
order by uke_start_dato, kapasitet_enhetsnummer, oppfolging_enhetsnummer, tiltakskode
