with

tiltakstype as (
    select * from {{ ref('stg_valp__tiltakstype') }}
    where gjelder_flagg and tiltakskode != 'UKJENT'
),

kodeverk as (
    select * from {{ ref('kodeverk_tiltakstype') }}
),

tiltaksgruppe as (
    select * from {{ ref('kodeverk_tiltaksgruppe') }}
),

deltakelse as (
    select distinct tiltakskode from {{ ref('int_tiltak_deltakelse') }}
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

-- Tiltak hos arbeidsgiver har navnet fra kodeverket når registeret ikke har koden, og bare når noen er på dem: ellers
-- kunne en tiltakstype som ingen bruker, endret navnet på en annen (spesifikasjon 9).
brukt as (
    select * from registrert
    union all
    select
        kodeverk.tiltakskode,
        kodeverk.tiltakstype_navn as registrert_navn,
        kodeverk.arena_tiltakskode
    from deltakelse
    inner join kodeverk on deltakelse.tiltakskode = kodeverk.tiltakskode
    where kodeverk.tiltakskode not in (select registrert.tiltakskode from registrert)
),

-- To tiltakstyper med samme navn skilles på koden, overalt (spesifikasjon 5). Det gjør også en som heter det en annen
-- ville fått.
navngitt as (
    select
        brukt.tiltakskode,
        case
            when
                count(*) over (partition by brukt.registrert_navn) > 1
                or brukt.registrert_navn in (
                    select andre.registrert_navn || ' (' || andre.tiltakskode || ')' from brukt as andre
                )
                then brukt.registrert_navn || ' (' || brukt.tiltakskode || ')'
            else brukt.registrert_navn
        end as tiltakstype_navn,
        brukt.arena_tiltakskode,
        kodeverk.form_navn as tiltakstype_form_navn,
        kodeverk.system_kode as tiltakstype_system_kode,
        -- En ny tiltakstype er i gruppen «Ukjent» til kodeverket har den.
        coalesce(kodeverk.tiltaksgruppe_kode, 'UKJENT') as tiltaksgruppe_kode
    from brukt
    left join kodeverk on brukt.tiltakskode = kodeverk.tiltakskode
),

gruppert as (
    select
        navngitt.*,
        tiltaksgruppe.tiltaksgruppe_navn
    from navngitt
    left join tiltaksgruppe on navngitt.tiltaksgruppe_kode = tiltaksgruppe.tiltaksgruppe_kode
)

select * from gruppert
