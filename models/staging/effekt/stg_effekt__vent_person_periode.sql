with

kilde as (
    select * from {{ source('effekt', 'vent_person_periode_v') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        person_id,
        periode,
        innsatsgruppe as kvalifiseringsgruppe_kode,
        nav_kontor as enhetsnummer,
        periode_dato
    from kilde
)

select * from navngitt
