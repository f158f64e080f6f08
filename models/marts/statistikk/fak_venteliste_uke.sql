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
    where periode_kode = 'VENTER'
),

uke as (
    {{ weeks_to_compute('fak_venteliste_uke') }}
),

ventet as (
    select
        uke.uke_start_dato,
        uke.fingeravtrykk,
        segment.enhetsnummer,
        segment.avdeling_navn,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        segment.innsatsgruppe_kode,
        uke.uke_start_dato >= segment.person_uke_dato as ny_person_flagg,
        {{ days_waited('uke.uke_start_dato') }} as ventedager_antall
    from uke
    inner join segment
        on uke.enhetsnummer = segment.enhetsnummer
        and uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
),

talt as (
    select
        uke_start_dato,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        tiltakstype_navn,
        innsatsgruppe_kode,
        count(case when ny_person_flagg then 1 end) as person_antall,
        count(*) as deltakelse_antall,
        cast({{ median_of('ventedager_antall') }} as {{ type_name('double') }}) as ventedager_median,
        fingeravtrykk
    from ventet
    group by all
)

select * from talt
order by uke_start_dato, enhetsnummer, tiltakskode, avdeling_navn, innsatsgruppe_kode
