with

kilde as (
    select * from {{ source('uttrekk', 'nokkelregnskap') }}
)

select
    kilde,
    tilstand_kode,
    antall
from kilde
