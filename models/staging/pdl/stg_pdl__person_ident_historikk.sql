with

kilde as (
    select * from {{ source('pdl', 'person_ident_historikk') }}
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        {{ current_person('kilde') }} as person_id,
        kilde.gjeldende_person_id is not null as gjeldende_ident_flagg
    from kilde
    left join gjeldende on kilde.person_id = gjeldende.person_id
)

select * from navngitt
