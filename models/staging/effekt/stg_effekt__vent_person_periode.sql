with

kilde as (
    select * from {{ source('effekt', 'vent_person_periode_v') }}
),

navngitt as (
    select
        person_id,
        periode,
        innsatsgruppe as kvalifiseringsgruppe_kode,
        nav_kontor as enhetsnummer,
        periode_dato
    from kilde
)

select * from navngitt
