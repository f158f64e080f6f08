with

celle as (
    select * from {{ ref('aapne_tall_prikking') }}
    where vises_flagg
),

aapen as (
    {{ shown_types('celle') }}
)

select * from aapen
order by tiltakskode
