{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='append_new_columns',
) }}

with

avstemming as (
    select * from {{ ref('avstemming') }}
),

avvik as (
    select * from {{ ref('avvik') }}
),

siste_uke as (
    select
        cast(uke_start_dato as {{ dbt.type_string() }}) as telling_kode,
        person_antall
    from {{ ref('obt_deltakelse_uke_totaler') }}
    where
        enhet_nivaa_kode = 'LAND' and gruppering_kode = 'INGEN'
        and uke_start_dato = (select max(dim_uke.uke_start_dato) from {{ ref('dim_uke') }} as dim_uke)
),

talt as (
    select
        'avstemming' as relasjon_navn,
        'ALLE' as kilde,
        steg_kode as telling_kode,
        antall
    from avstemming
    union all
    select
        'avvik' as relasjon_navn,
        kilde,
        avvikstype_kode as telling_kode,
        count(*) as antall
    from avvik
    group by all
    union all
    select
        'obt_deltakelse_uke_totaler' as relasjon_navn,
        'ALLE' as kilde,
        telling_kode,
        person_antall as antall
    from siste_uke
),

med_kjoring as (
    select
        '{{ invocation_id }}' as kjoring_id,
        {{ run_started_time() }} as startet_tid,
        (select {{ uttrekk_time() }} from {{ ref('stg_uttrekk__fil') }}) as uttrekk_tid,
        relasjon_navn,
        kilde,
        telling_kode,
        antall
    from talt
)

select * from med_kjoring
