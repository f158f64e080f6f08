with

kilde as (
    select * from {{ source('uttrekk', 'serie_nokkel') }}
)

select hemmelig_tekst as serie_beskrivelse
from kilde
