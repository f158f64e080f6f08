with

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

-- Uttrekkets dato er den eneste klokken. Siste uke er den siste som har sin søndag før den (spesifikasjon 2).
uttrekk as (
    select {{ last_complete_week(uttrekk_time()) }} as siste_uke_dato
    from fil
),

uke as (
    select
        cast(unnest(generate_series({{ first_week() }}, siste_uke_dato, interval 7 days)) as date) as uke_start_dato,
        siste_uke_dato
    from uttrekk
),

beskrevet as (
    select
        uke_start_dato,
        {{ add_days('uke_start_dato', 6) }} as uke_slutt_dato,
        cast(extract(isoyear from uke_start_dato) as integer) as aar,
        cast(extract(week from uke_start_dato) as integer) as uke,
        (siste_uke_dato - uke_start_dato) / 7 < {{ var('endelig_etter_uker') }} as forelopig_flagg
    from uke
)

select * from beskrevet
