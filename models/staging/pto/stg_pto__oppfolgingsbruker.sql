with

kilde as (
    select * from {{ source('pto', 'oppfolgingsbruker') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
    where kilde = 'oppfolgingsbruker'
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        kilde.person_id as observert_person_id,
        {{ current_person('kilde') }} as person_id,
        kilde.enhetsnummer,
        kilde.kvalifiseringsgruppe as kvalifiseringsgruppe_kode,
        kilde.diskresjonskode,
        kilde.sperret_ansatt as sperret_ansatt_flagg,
        {{ known_time('kilde.sist_endret_tidspunkt', 'fil.uttrekk_tid') }} as sist_endret_tid
    from kilde
    cross join fil
    left join gjeldende on kilde.person_id = gjeldende.person_id
),

rangert as (
    select
        *,
        {{ row_stands(
            'observert_person_id',
            'sist_endret_tid desc, enhetsnummer, kvalifiseringsgruppe_kode, diskresjonskode, sperret_ansatt_flagg'
        ) }}
            as gjelder_flagg
    from navngitt
)

select * from rangert
