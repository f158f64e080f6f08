with

kilde as (
    select * from {{ source('komet', 'amt_deltaker_ekstern_v1_deltakelsesmengde') }}
),

-- En prosent som mangler, er 100 (spesifikasjon 6).
navngitt as (
    select
        'amt.deltaker-ekstern-v1' as kilde,
        deltakelse_id,
        gyldig_fra_dato,
        opprettet_tidspunkt as opprettet_tid,
        coalesce(deltakelsesprosent, 100) as deltakelsesprosent
    from kilde
)

select * from navngitt
