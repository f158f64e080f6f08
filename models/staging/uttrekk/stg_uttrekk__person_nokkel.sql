with

kilde as (
    select * from {{ source('uttrekk', 'person_nokkel') }}
)

select
    person_id,
    nokkel_nummer
from kilde
