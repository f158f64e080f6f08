with

innsatsgruppe as (
    select * from {{ ref('dim_innsatsgruppe') }}
),

aapen as (
    select
        innsatsgruppe_kode,
        innsatsgruppe_navn,
        sortering_nummer
    from innsatsgruppe
)

select * from aapen
order by sortering_nummer
