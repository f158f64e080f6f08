with

kilde as (
    select distinct
        {{ clean('enhetsnummer') }} as enhetsnummer,
        {{ clean('filter_navn') }} as veiledergruppe_navn,
        {{ clean('avdeling') }} as avdeling_navn
    from {{ read_uttrekk('navkontor', 'veiledergruppe_avdeling') }}
),

rangert as (
    select
        *,
        {{ row_stands(['enhetsnummer', 'veiledergruppe_navn'], 'avdeling_navn') }} as gjelder_flagg
    from kilde
)

select * from rangert
