with

innsatsgruppe as (
    select * from {{ ref('dim_innsatsgruppe') }}
),

aapen as (
    select
        innsatsgruppe_kode,
        innsatsgruppe_navn,
        -- Slik §14a-vedtak har kalt dem siden 2024, med det eldre navnet etter.
        coalesce(innsatsgruppe_14a_v2_navn || ' (' || lower(innsatsgruppe_navn) || ')', innsatsgruppe_navn)
            as innsatsgruppe_visningsnavn,
        sortering_nummer
    from innsatsgruppe
)

select * from aapen
order by sortering_nummer
