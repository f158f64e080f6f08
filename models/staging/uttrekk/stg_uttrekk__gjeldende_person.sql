with

kilde as (
    select * from {{ source('uttrekk', 'gjeldende_person') }}
)

select
    person_id,
    gjeldende_person_id
from kilde
