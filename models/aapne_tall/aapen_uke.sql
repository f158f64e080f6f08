with

uke as (
    select * from {{ ref('dim_uke') }}
),

aapen as (
    select
        uke_start_dato,
        uke_slutt_dato,
        aar,
        uke,
        forelopig_flagg,
        for_forste_uttrekk_flagg
    from uke
)

select * from aapen
order by uke_start_dato
