with

kilde as (
    select distinct
        {{ clean_id('id') }} as tiltakstype_id,
        {{ clean_name('navn') }} as tiltakstype_navn,
        {{ clean_code('tiltakskode') }} as tiltakskode,
        {{ clean_code('arena_tiltakskode') }} as arena_tiltakskode
    from {{ read_uttrekk('valp', 'tiltakstype_view') }}
),

rangert as (
    select
        *,
        {{ row_stands('tiltakstype_id', 'tiltakstype_navn, tiltakskode, arena_tiltakskode') }} as gjelder_flagg
    from kilde
)

select * from rangert
