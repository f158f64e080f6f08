with

celle as (
    select distinct tiltakskode from {{ open_cells() }}
    where vises_flagg and tiltakskode != 'ALLE'
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

aapen as (
    select
        celle.tiltakskode,
        coalesce(tiltakstype.tiltakstype_navn, celle.tiltakskode) as tiltakstype_navn
    from celle
    left join tiltakstype on celle.tiltakskode = tiltakstype.tiltakskode
)

select * from aapen
order by tiltakskode
