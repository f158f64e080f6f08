with

kilde as (
    select * from {{ source('uttrekk', 'feil') }}
)

select
    kilde,
    rad_id,
    kolonne_navn,
    feil_kode
from kilde
