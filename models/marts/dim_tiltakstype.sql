with

tiltakstype as (
    select * from {{ ref('stg_valp__tiltakstype') }}
    where gjelder_flagg and tiltakskode != 'UKJENT'
),

kodeverk as (
    select * from {{ ref('kodeverk_tiltakstype') }}
),

registrert as (
    select
        tiltakskode,
        min(coalesce(tiltakstype_navn, tiltakskode)) as registrert_navn,
        min(arena_tiltakskode) as arena_tiltakskode
    from tiltakstype
    group by all
    union all
    select
        'UKJENT' as tiltakskode,
        'Ukjent' as registrert_navn,
        null as arena_tiltakskode
),

-- To tiltakstyper med samme navn skilles på koden, overalt (spesifikasjon 5).
navngitt as (
    select
        registrert.tiltakskode,
        case
            when count(*) over (partition by registrert.registrert_navn) > 1
                then registrert.registrert_navn || ' (' || registrert.tiltakskode || ')'
            else registrert.registrert_navn
        end as tiltakstype_navn,
        registrert.arena_tiltakskode,
        kodeverk.form_navn as tiltakstype_form_navn,
        kodeverk.system_kode as tiltakstype_system_kode
    from registrert
    left join kodeverk on registrert.tiltakskode = kodeverk.tiltakskode
)

select * from navngitt
