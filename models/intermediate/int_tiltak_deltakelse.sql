with

melding as (
    select * from {{ ref('stg_komet__deltakermelding') }}
    where gjelder_flagg and not tombstone_flagg
),

deltakerstatus as (
    select * from {{ ref('kodeverk_deltakerstatus') }}
),

gjennomforing as (
    select * from {{ ref('int_tiltak_gjennomforing') }}
),

komet as (
    select
        melding.deltakelse_id,
        melding.person_id,
        melding.gjennomforing_id,
        melding.status_kode,
        deltakerstatus.kategori_kode,
        melding.aarsak_kode,
        melding.deltakelsesmengde_antall,
        melding.lesefeil_kode,
        melding.registrert_tid,
        melding.status_opprettet_tid,
        melding.start_dato,
        melding.slutt_dato,
        coalesce(gjennomforing.kjent_gjennomforing_flagg, false) as kjent_gjennomforing_flagg,
        gjennomforing.tiltakskode,
        gjennomforing.gjennomforing_status_kode,
        gjennomforing.slutt_dato as gjennomforing_slutt_dato,
        gjennomforing.kontor_enhetsnummer,
        -- En åpen slutt er null, og den tidligste av de andre gjelder (spesifikasjon 3).
        least(melding.slutt_dato, gjennomforing.slutt_dato, gjennomforing.avbrutt_dato) as siste_dato
    from melding
    left join deltakerstatus on melding.status_kode = deltakerstatus.status_kode
    left join gjennomforing on melding.gjennomforing_id = gjennomforing.gjennomforing_id
),

-- Hver deltakelse ender på nøyaktig ett sted: den telles, den venter, eller den er utelatt av en navngitt grunn (spesifikasjon 3 og 7).
vurdert as (
    select
        *,
        case
            when lesefeil_kode is not null then lesefeil_kode
            when kategori_kode is null then 'UKJENT_STATUS'
            when kategori_kode = 'venter' then 'VENTER'
            when kategori_kode = 'utkast' then 'UTKAST'
            when kategori_kode = 'deltok_ikke' then 'DELTOK_IKKE'
            when start_dato is null then 'START_DATO_MANGLER'
            when kategori_kode = 'har_deltatt' and slutt_dato is null then 'SLUTT_DATO_MANGLER'
            when gjennomforing_status_kode = 'AVLYST' then 'GJENNOMFORING_AVLYST'
            when siste_dato < start_dato then 'SLUTT_FOR_START'
            else 'TELLES'
        end as utfall_kode
    from komet
)

select * from vurdert
