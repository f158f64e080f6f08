{{ config(materialized='view') }}

with

beregnet as (
    select * from {{ ref('stg_drift__uke_beregnet') }}
    where relasjon_navn = 'fak_tiltaksdeltakelse_uke'
),

kjoring as (
    select * from {{ ref('stg_drift__kjoring') }}
),

uke as (
    select * from {{ ref('dim_uke') }}
),

-- Uken ble først publisert av den første kjøringen som regnet den ut, også om ingen var der.
forste as (
    select
        beregnet.uke_start_dato,
        min(kjoring.publisert_tid) as forste_publisert_tid
    from beregnet
    inner join kjoring on beregnet.kjoring_id = kjoring.kjoring_id
    inner join uke on beregnet.uke_start_dato = uke.uke_start_dato
    group by all
)

select * from forste
