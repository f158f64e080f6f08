with

kilde as (
    select distinct
        {{ clean_code('enhetsnummer') }} as enhetsnummer,
        {{ clean_name('filter_navn') }} as veiledergruppe_navn,
        {{ clean_name('avdeling') }} as avdeling_navn
    from {{ read_uttrekk('navkontor', 'veiledergruppe_avdeling') }}
),

rangert as (
    select
        *,
        {{ row_stands(['enhetsnummer', 'veiledergruppe_navn'], 'avdeling_navn') }} as gjelder_flagg
    from kilde
)

select * from rangert
