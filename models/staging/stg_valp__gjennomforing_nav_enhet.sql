with

kilde as (
    select distinct
        {{ clean_id('gjennomforing_id') }} as gjennomforing_id,
        {{ clean_code('enhetsnummer') }} as enhetsnummer
    from {{ read_uttrekk('valp', 'gjennomforing_nav_enhet_view') }}
),

rangert as (
    select
        *,
        {{ row_stands(['gjennomforing_id', 'enhetsnummer'], 'gjennomforing_id') }} as gjelder_flagg
    from kilde
)

select * from rangert
