with

celle as (
    select distinct tiltakskode from {{ ref('int_publisering_prikking') }}
    where publiseres_flagg and tiltakskode != 'ALLE'
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

publisert as (
    select
        celle.tiltakskode,
        coalesce(tiltakstype.tiltakstype_navn, celle.tiltakskode) as tiltakstype_navn
    from celle
    left join tiltakstype on celle.tiltakskode = tiltakstype.tiltakskode
)

select * from publisert
order by tiltakskode
