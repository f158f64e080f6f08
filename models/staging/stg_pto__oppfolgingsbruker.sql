with

kilde as (
    select distinct
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ clean_code('enhetsnummer') }} as enhetsnummer,
        {{ clean_code('kvalifiseringsgruppe') }} as kvalifiseringsgruppe_kode,
        {{ clean_code('diskresjonskode') }} as diskresjonskode,
        {{ clean_code('sperret_ansatt') }} as sperret_ansatt,
        {{ clean('sist_endret_tidspunkt') }} as sist_endret_tidspunkt
    from {{ read_uttrekk('pto', 'oppfolgingsbruker') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

typet as (
    select
        kilde.person_id,
        kilde.enhetsnummer,
        kilde.kvalifiseringsgruppe_kode,
        kilde.diskresjonskode,
        {{ try_cast('kilde.sperret_ansatt', 'boolean') }} as sperret_ansatt_flagg,
        {{ known_time(to_oslo_time('kilde.sist_endret_tidspunkt'), 'fil.uttrekk_tid') }} as sist_endret_tid
    from kilde
    inner join fil on fil.kilde = 'oppfolgingsbruker'
    where {{ not_erased('kilde') }}
),

rangert as (
    select
        *,
        {{ row_stands('person_id', 'sist_endret_tid desc, enhetsnummer, kvalifiseringsgruppe_kode, diskresjonskode, sperret_ansatt_flagg') }}
            as gjelder_flagg
    from typet
)

select * from rangert
