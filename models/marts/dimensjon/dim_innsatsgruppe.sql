with

kodeverk as (
    select * from {{ ref('kodeverk_innsatsgruppe') }}
),

innsatsgruppe as (
    select
        innsatsgruppe_kode,
        innsatsgruppe_navn,
        innsatsgruppe_14a_v1_kode,
        innsatsgruppe_14a_v2_kode,
        innsatsgruppe_14a_v2_navn,
        sortering_nummer
    from kodeverk
)

select * from innsatsgruppe
