{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=["{{ log_changed_weeks() }}", "{{ delete_changed_weeks() }}"],
) }}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

-- Ukene som skal regnes ut: alle første gang, siden de som mangler fordi de er nye eller delete_changed_weeks har tatt dem bort.
uke as (
    select * from {{ ref('int_uke_fingeravtrykk') }} as naa
    {% if is_incremental() %}
        where not exists (
            select 1 from {{ this }} as fra_for
            where fra_for.uke_start_dato = naa.uke_start_dato
        )
    {% endif %}
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
        count(distinct segment.person_id) as person_antall,
        count(*) as deltakelse_antall,
        uke.fingeravtrykk
    from uke
    inner join segment
        on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
)

select * from talt
