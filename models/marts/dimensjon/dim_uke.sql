with

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

-- Uttrekkets dato er den eneste klokken. Siste uke er den siste som har sin søndag før den (spesifikasjon 2).
uttrekk as (
    select {{ last_complete_week(uttrekk_time()) }} as siste_uke_dato
    from fil
),

-- Det første uttrekket databasen har sett. Loggen over dem blir aldri laget på nytt.
forste_uttrekk as (
    select {{ last_complete_week(uttrekk_time()) }} as siste_uke_dato
    from {{ ref('stg_drift__uttrekk_lastet') }}
),

-- Nok uker til hundre år.
nummer as (
    {{ dbt.generate_series(5200) }}
),

uke as (
    select
        {{ add_days(first_week(), 'cast(7 * (nummer.generated_number - 1) as integer)') }} as uke_start_dato,
        uttrekk.siste_uke_dato,
        forste_uttrekk.siste_uke_dato as siste_uke_for_forste_uttrekk_dato
    from nummer
    cross join uttrekk
    cross join forste_uttrekk
    where {{ add_days(first_week(), 'cast(7 * (nummer.generated_number - 1) as integer)') }} <= uttrekk.siste_uke_dato
),

beskrevet as (
    select
        uke_start_dato,
        {{ add_days('uke_start_dato', 6) }} as uke_slutt_dato,
        {{ iso_year('uke_start_dato') }} as aar,
        cast({{ iso_week('uke_start_dato') }} as integer) as uke,
        {{ days_between('uke_start_dato', 'siste_uke_dato') }} / 7 < {{ var('endelig_etter_uker') }} as forelopig_flagg,
        uke_start_dato <= siste_uke_for_forste_uttrekk_dato as for_forste_uttrekk_flagg
    from uke
)

select * from beskrevet
