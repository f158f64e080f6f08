with

kilde as (
    select distinct
        {{ clean('enhetsnummer') }} as enhetsnummer,
        {{ clean('navn') }} as enhet_navn,
        {{ clean('type') }} as enhet_type_kode,
        {{ clean('overordnet_enhetsnummer') }} as overordnet_enhetsnummer,
        {{ clean('status') }} as enhet_status_kode
    from {{ read_uttrekk('norg2', 'nav_enhet') }}
),

rangert as (
    select
        *,
        {{ row_stands('enhetsnummer', 'enhet_navn, enhet_type_kode, overordnet_enhetsnummer, enhet_status_kode') }} as gjelder_flagg
    from kilde
)

select * from rangert
