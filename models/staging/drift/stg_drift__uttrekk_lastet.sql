with

kilde as (
    select * from {{ source('drift', 'uttrekk_lastet') }}
)

select
    kilde,
    uttrekk_tid
from kilde
