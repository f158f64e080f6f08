-- Hver melding og hver personuke står på nøyaktig ett steg. I hvert regnskap er inn lik ut
-- (spesifikasjon 7).
with

regnskap as (
    select
        regnskap_kode,
        sum(case when side_kode = 'INN' then antall end) as inn_antall,
        sum(case when side_kode = 'UT' then antall end) as ut_antall
    from {{ ref('avstemming') }}
    group by all
)

select * from regnskap
where inn_antall is distinct from ut_antall
