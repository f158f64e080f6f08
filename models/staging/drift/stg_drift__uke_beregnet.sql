with

kilde as (
    select * from {{ source('drift', 'uke_beregnet') }}
)

select
    kjoring_id,
    relasjon_navn,
    startet_tid,
    uttrekk_tid,
    uke_start_dato,
    enhetsnummer,
    aarsak_kode
from kilde
