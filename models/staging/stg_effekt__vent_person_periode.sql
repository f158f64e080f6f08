with

kilde as (
    select distinct
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ clean('periode') }} as periode,
        {{ clean('innsatsgruppe') }} as kvalifiseringsgruppe_kode,
        {{ clean('nav_kontor') }} as enhetsnummer
    from {{ read_uttrekk('effekt', 'vent_person_periode_v') }}
),

typet as (
    select
        person_id,
        periode,
        kvalifiseringsgruppe_kode,
        enhetsnummer,
        case
            when regexp_full_match(periode, '\d{6}') then try_cast(periode[1:4] || '-' || periode[5:6] || '-01' as date)
        end as periode_dato
    from kilde
)

select * from typet
