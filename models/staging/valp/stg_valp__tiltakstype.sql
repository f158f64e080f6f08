with

kilde as (
    select * from {{ source('valp', 'tiltakstype_view') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        id as tiltakstype_id,
        navn as tiltakstype_navn,
        tiltakskode,
        arena_tiltakskode
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands('tiltakstype_id', 'tiltakstype_navn, tiltakskode, arena_tiltakskode') }} as gjelder_flagg
    from navngitt
)

select * from rangert
