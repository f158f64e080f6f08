with

kilde as (
    select * from {{ source('effekt', 'vent_person_periode_v') }}
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        {{ current_person('kilde') }} as person_id,
        kilde.periode,
        kilde.innsatsgruppe as kvalifiseringsgruppe_kode,
        kilde.nav_kontor as enhetsnummer,
        kilde.periode_dato
    from kilde
    left join gjeldende on kilde.person_id = gjeldende.person_id
)

select * from navngitt
