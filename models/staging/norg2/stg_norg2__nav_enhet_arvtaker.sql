with

kilde as (
    select * from {{ source('norg2', 'nav_enhet_arvtaker') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

uttrekk as (
    select cast({{ uttrekk_time() }} as date) as uttrekk_dato from fil
),

feil as (
    select rad_id from {{ ref('stg_uttrekk__feil') }}
    where kilde = 'nav_enhet_arvtaker' and kolonne_navn = 'gyldig_fra_dato'
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        kilde.enhetsnummer,
        kilde.arvtaker_enhetsnummer,
        kilde.gyldig_fra_dato,
        coalesce(
            kilde.enhetsnummer is not null
            and kilde.arvtaker_enhetsnummer is not null
            and kilde.gyldig_fra_dato <= uttrekk.uttrekk_dato,
            false
        ) as i_kraft_flagg,
        feil.rad_id is not null as ugyldig_dato_flagg
    from kilde
    cross join uttrekk
    left join feil on cast(kilde.rad_nummer as {{ dbt.type_string() }}) = feil.rad_id
)

select * from navngitt
