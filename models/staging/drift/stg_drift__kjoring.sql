with

kilde as (
    select * from {{ source('drift', 'kjoring') }}
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
from kilde
