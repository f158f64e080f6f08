with

kilde as (
    select * from {{ source('pto', 'siste_tilordnet_veileder') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
    where kilde = 'siste_tilordnet_veileder'
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        kilde.person_id,
        kilde.veileder_id,
        {{ known_time('kilde.tilordnet_tidspunkt', 'fil.uttrekk_tid') }} as tilordnet_tid
    from kilde
    cross join fil
),

rangert as (
    select
        *,
        {{ row_stands('person_id', 'tilordnet_tid desc, veileder_id') }} as gjelder_flagg
    from navngitt
)

select * from rangert
