with

tiltaksgruppe as (
    select * from {{ ref('kodeverk_tiltaksgruppe') }}
),

aapen as (
    select
        tiltaksgruppe_kode,
        tiltaksgruppe_navn,
        sortering_nummer
    from tiltaksgruppe
)

select * from aapen
order by sortering_nummer
