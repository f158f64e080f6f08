with

kilde as (
    select distinct
        {{ clean_code('enhetsnummer') }} as enhetsnummer,
        {{ clean_name('navn') }} as enhet_navn,
        {{ clean_code('type') }} as enhet_type_kode,
        {{ clean_code('overordnet_enhetsnummer') }} as overordnet_enhetsnummer,
        {{ clean_code('status') }} as enhet_status_kode
    from {{ read_uttrekk('norg2', 'nav_enhet') }}
),

rangert as (
    select
        *,
        {{ row_stands('enhetsnummer', 'enhet_navn, enhet_type_kode, overordnet_enhetsnummer, enhet_status_kode') }} as gjelder_flagg
    from kilde
)

select * from rangert
