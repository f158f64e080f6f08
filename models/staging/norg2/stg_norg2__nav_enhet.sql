with

kilde as (
    select * from {{ source('norg2', 'nav_enhet') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        enhetsnummer,
        navn as enhet_navn,
        type as enhet_type_kode,
        overordnet_enhetsnummer,
        status as enhet_status_kode,
        coalesce(upper(status) = 'NEDLAGT', false) as nedlagt_flagg
    from kilde
),

-- Av to rader om en enhet gjelder den som ikke er nedlagt (spesifikasjon 2).
rangert as (
    select
        *,
        {{ row_stands(
            'enhetsnummer',
            'nedlagt_flagg, enhet_navn, enhet_type_kode, overordnet_enhetsnummer, enhet_status_kode'
        ) }}
            as gjelder_flagg
    from navngitt
)

select * from rangert
