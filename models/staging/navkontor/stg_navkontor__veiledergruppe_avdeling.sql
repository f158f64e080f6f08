with

kilde as (
    select * from {{ source('navkontor', 'veiledergruppe_avdeling') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        enhetsnummer,
        filter_navn as veiledergruppe_navn,
        avdeling as avdeling_navn
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands(['enhetsnummer', 'veiledergruppe_navn'], 'avdeling_navn') }} as gjelder_flagg
    from navngitt
)

select * from rangert
