with

kilde as (
    select distinct
        {{ clean('id') }} as tiltakstype_id,
        {{ clean('navn') }} as tiltakstype_navn,
        {{ clean('tiltakskode') }} as tiltakskode,
        {{ clean('arena_tiltakskode') }} as arena_tiltakskode
    from {{ read_uttrekk('valp', 'tiltakstype_view') }}
),

rangert as (
    select
        *,
        {{ row_stands('tiltakstype_id', 'tiltakstype_navn, tiltakskode, arena_tiltakskode') }} as gjelder_flagg
    from kilde
)

select * from rangert
