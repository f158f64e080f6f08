with

kilde as (
    select distinct
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ pseudonym(clean('veileder_ident')) }} as veileder_id,
        {{ clean('tilordnet_tidspunkt') }} as tilordnet_tidspunkt
    from {{ read_uttrekk('pto', 'siste_tilordnet_veileder') }}
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
        kilde.veileder_id,
        {{ known_time(to_oslo_time('kilde.tilordnet_tidspunkt'), 'fil.uttrekk_tid') }} as tilordnet_tid
    from kilde
    inner join fil on fil.kilde = 'siste_tilordnet_veileder'
    where {{ not_erased('kilde') }}
),

rangert as (
    select
        *,
        {{ row_stands('person_id', 'tilordnet_tid desc, veileder_id') }} as gjelder_flagg
    from typet
)

select * from rangert
