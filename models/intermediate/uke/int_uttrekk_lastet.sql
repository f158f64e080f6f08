{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail',
    pre_hook="{{ check_unchanged() }}",
) }}

with

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

lastet as (
    select
        kilde,
        uttrekk_tid,
        {{ key_fingerprint() }} as nokkel_avtrykk
    from fil
)

select * from lastet
{% if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as tidligere
        where tidligere.kilde = lastet.kilde and tidligere.uttrekk_tid = lastet.uttrekk_tid
    )
{% endif %}
