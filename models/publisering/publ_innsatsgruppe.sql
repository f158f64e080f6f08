with

innsatsgruppe as (
    select * from {{ ref('dim_innsatsgruppe') }}
),

publisert as (
    select
        innsatsgruppe_kode,
        innsatsgruppe_navn,
        sortering_nummer
    from innsatsgruppe
)

select * from publisert
order by sortering_nummer
