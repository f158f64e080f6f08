with

kilde as (
    select * from {{ source('komet', 'amt_deltaker_ekstern_v1_deltakelsesmengde') }}
),

-- En prosent som mangler, eller som ikke er over 0 og høyst 100, er 100. Bare den siste er et avvik (spesifikasjon 6).
vurdert as (
    select
        *,
        coalesce(not (deltakelsesprosent > 0 and deltakelsesprosent <= 100), false) as ugyldig_prosent_flagg
    from kilde
),

navngitt as (
    select
        'amt.deltaker-ekstern-v1' as kilde,
        deltakelse_id,
        gyldig_fra_dato,
        opprettet_tidspunkt as opprettet_tid,
        case when ugyldig_prosent_flagg then 100 else coalesce(deltakelsesprosent, 100) end as deltakelsesprosent,
        ugyldig_prosent_flagg
    from vurdert
)

select * from navngitt
