with

kilde as (
    select distinct
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ clean_code('periode') }} as periode,
        {{ clean_code('innsatsgruppe') }} as kvalifiseringsgruppe_kode,
        {{ clean_code('nav_kontor') }} as enhetsnummer
    from {{ read_uttrekk('effekt', 'vent_person_periode_v') }}
),

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

typet as (
    select
        person_id,
        periode,
        kvalifiseringsgruppe_kode,
        enhetsnummer,
        case when length(periode) = 6 then {{ to_date("substring(periode, 1, 4) || '-' || substring(periode, 5, 2) || '-01'") }} end as periode_dato
    from kilde
    where {{ not_erased('kilde') }}
)

select * from typet
