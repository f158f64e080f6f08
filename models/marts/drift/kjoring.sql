{{ config(materialized='view') }}

with

kjoring as (
    select * from {{ ref('stg_drift__kjoring') }}
)

select
    kjoring_id,
    startet_tid,
    uttrekk_tid,
    publisert_tid,
    beregnet_uke_antall,
    ny_uke_liste,
    endret_uke_liste,
    omregnet_uke_liste,
    utgaatt_uke_liste,
    rad_antall,
    sekund_antall,
    fullfort_flagg
from kjoring
