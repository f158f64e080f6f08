with

kilde as (
    select * from {{ source('valp', 'gjennomforing_nav_enhet_view') }}
),

rangert as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        gjennomforing_id,
        enhetsnummer,
        {{ row_stands(['gjennomforing_id', 'enhetsnummer'], 'gjennomforing_id') }} as gjelder_flagg
    from kilde
)

select * from rangert
