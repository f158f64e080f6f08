with

kilde as (
    select * from {{ source('norg2', 'nav_enhet') }}
),

navngitt as (
    select
        enhetsnummer,
        navn as enhet_navn,
        type as enhet_type_kode,
        overordnet_enhetsnummer,
        status as enhet_status_kode
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands('enhetsnummer', 'enhet_navn, enhet_type_kode, overordnet_enhetsnummer, enhet_status_kode') }} as gjelder_flagg
    from navngitt
)

select * from rangert
