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
        {{ element_of('uke_start_dato') }},
        uttrekk.siste_uke_dato
    from uttrekk
    {{ each_of(weeks_from_to(first_week(), 'uttrekk.siste_uke_dato'), 'uke_start_dato') }}
),

beskrevet as (
    select
        uke_start_dato,
        {{ add_days('uke_start_dato', 6) }} as uke_slutt_dato,
        {{ iso_year('uke_start_dato') }} as aar,
        cast({{ iso_week('uke_start_dato') }} as integer) as uke,
        {{ days_between('uke_start_dato', 'siste_uke_dato') }} / 7 < {{ var('endelig_etter_uker') }} as forelopig_flagg
    from uke
)

select * from beskrevet
