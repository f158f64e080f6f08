with

celle as (
    select * from {{ open_cells() }}
    where vises_flagg
),

aapen as (
    {{ shown_types('celle') }}
)

select * from aapen
order by tiltakskode
