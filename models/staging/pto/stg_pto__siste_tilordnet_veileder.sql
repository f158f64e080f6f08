with

kilde as (
    select * from {{ source('pto', 'siste_tilordnet_veileder') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
    where kilde = 'siste_tilordnet_veileder'
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        kilde.person_id as observert_person_id,
        {{ current_person('kilde') }} as person_id,
        kilde.veileder_id,
        {{ known_time('kilde.tilordnet_tidspunkt', 'fil.uttrekk_tid') }} as tilordnet_tid
    from kilde
    cross join fil
    left join gjeldende on kilde.person_id = gjeldende.person_id
),

rangert as (
    select
        *,
        {{ row_stands('observert_person_id', 'tilordnet_tid desc, veileder_id') }} as gjelder_flagg
    from navngitt
)

select * from rangert
