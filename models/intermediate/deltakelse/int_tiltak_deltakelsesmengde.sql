{{ config(materialized='view') }}

with

avtalehendelse as (
    select * from {{ ref('stg_tiltak__avtalehendelse') }}
    where tilstand_kode = 'STAAR'
),

-- En ny kilde er en til her. En avtale med en arbeidsgiver har stillingsprosenten som sin eneste mengde (spesifikasjon
-- 9).
samlet as (
    select
        kilde,
        deltakelse_id,
        gyldig_fra_dato,
        opprettet_tid,
        deltakelsesprosent
    from {{ ref('stg_komet__deltakelsesmengde') }}
    union all
    select
        kilde,
        deltakelse_id,
        start_dato as gyldig_fra_dato,
        cast(null as {{ type_name('timestamp') }}) as opprettet_tid,
        coalesce(stillingprosent, 100) as deltakelsesprosent
    from avtalehendelse
)

select * from samlet
