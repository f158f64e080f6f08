with

celle as (
    {{ open_cells() }}
),

aapen as (
    {{ shown_types('celle') }}
)

select * from aapen
order by tiltakskode
