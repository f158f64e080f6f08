with

celle as (
    select
        *,
        false as prikket_flagg
    from {{ ref('aapne_tall_celle') }}
    where intern_flagg
),

intern as (
    {{ shown_units('celle') }}
)

select * from intern
