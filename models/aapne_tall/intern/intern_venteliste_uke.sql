with

celle as (
    select
        *,
        false as prikket_flagg
    from {{ ref('aapne_tall_celle') }}
    where intern_flagg
),

ventet as (
    select * from {{ ref('obt_venteliste_uke') }}
),

intern as (
    {{ shown_waiting('celle', 'ventet', is_exact=true) }}
)

select * from intern
