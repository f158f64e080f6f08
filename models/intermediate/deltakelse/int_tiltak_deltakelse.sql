with

-- Komets to former holder det samme, men viewet mangler noe av det (spesifikasjon 3).
melding as (
    select
        kilde,
        rad_id,
        deltakelse_id,
        person_id,
        gjennomforing_id,
        status_kode,
        aarsak_kode,
        lesefeil_kode,
        start_dato,
        slutt_dato,
        registrert_tid,
        status_opprettet_tid,
        nav_veileder_enhetsnummer,
        deltakelsesmengde_antall,
        ugyldig_deltakelsesmengde_flagg,
        ugyldig_prosent_flagg,
        false as duplikat_flagg
    from {{ ref('stg_komet__deltakermelding') }}
    where tilstand_kode = 'STAAR'
    union all
    select
        kilde,
        rad_id,
        deltakelse_id,
        person_id,
        gjennomforing_id,
        status_kode,
        null as aarsak_kode,
        lesefeil_kode,
        start_dato,
        slutt_dato,
        null as registrert_tid,
        null as status_opprettet_tid,
        null as nav_veileder_enhetsnummer,
        0 as deltakelsesmengde_antall,
        false as ugyldig_deltakelsesmengde_flagg,
        false as ugyldig_prosent_flagg,
        duplikat_flagg
    from {{ ref('stg_komet__deltaker_siste_status') }}
    where tilstand_kode = 'STAAR'
),

avtalehendelse as (
    select * from {{ ref('stg_tiltak__avtalehendelse') }}
    where tilstand_kode = 'STAAR'
),

deltakerstatus as (
    select * from {{ ref('kodeverk_deltakerstatus') }}
),

avtalestatus as (
    select * from {{ ref('kodeverk_avtalestatus') }}
),

tiltakstype as (
    select * from {{ ref('kodeverk_tiltakstype') }}
),

gjennomforing as (
    select * from {{ ref('int_tiltak_gjennomforing') }}
),

komet as (
    select
        melding.kilde,
        melding.rad_id,
        melding.deltakelse_id,
        melding.person_id,
        melding.gjennomforing_id,
        melding.status_kode,
        deltakerstatus.kategori_kode,
        melding.aarsak_kode,
        melding.lesefeil_kode,
        melding.start_dato,
        melding.slutt_dato,
        deltakerstatus.kategori_kode = 'har_deltatt' as krever_slutt_dato_flagg,
        cast(melding.registrert_tid as date) as registrert_dato,
        cast(melding.status_opprettet_tid as date) as status_dato,
        deltakerstatus.har_ventet_flagg,
        coalesce(gjennomforing.kjent_gjennomforing_flagg, false) as kjent_gjennomforing_flagg,
        gjennomforing.gjennomforing_status_kode,
        gjennomforing.slutt_dato as gjennomforing_slutt_dato,
        -- En åpen slutt er null, og den andre gjelder (spesifikasjon 3).
        {{ earliest(['melding.slutt_dato', 'gjennomforing.slutt_dato']) }} as siste_dato,
        gjennomforing.tiltakskode,
        null as oppgitt_tiltakstype_kode,
        melding.nav_veileder_enhetsnummer as oppgitt_enhetsnummer,
        -- Kontoret til veilederen i meldingen er den siste reserven (spesifikasjon 4).
        coalesce(gjennomforing.kontor_enhetsnummer, melding.nav_veileder_enhetsnummer) as kontor_enhetsnummer,
        null as kapasitet_enhetsnummer,
        melding.deltakelsesmengde_antall,
        melding.ugyldig_deltakelsesmengde_flagg as ugyldig_mengde_flagg,
        melding.ugyldig_prosent_flagg,
        melding.duplikat_flagg
    from melding
    left join deltakerstatus on melding.status_kode = deltakerstatus.status_kode
    left join gjennomforing on melding.gjennomforing_id = gjennomforing.gjennomforing_id
),

-- Tiltak hos arbeidsgiver har ingen gjennomføring: avtalen har tiltakstypen, kontoret og stillingsprosenten selv
-- (spesifikasjon 9).
arbeidsgiver as (
    select
        avtalehendelse.kilde,
        avtalehendelse.rad_id,
        avtalehendelse.deltakelse_id,
        avtalehendelse.person_id,
        null as gjennomforing_id,
        coalesce(avtalestatus.avtale_status_kode, avtalehendelse.status_kode) as status_kode,
        case
            when avtalestatus.kategori_kode is null then null
            when avtalehendelse.feilregistrert_flagg then 'deltok_ikke'
            -- Annullert før start er deltok_ikke i kodeverket. Fra og med startdagen er det en egen grunn.
            when
                avtalestatus.avtale_status_kode = 'ANNULLERT'
                and cast(avtalehendelse.annullert_tid as date) >= avtalehendelse.start_dato
                then 'avtale_annullert'
            when avtalestatus.kategori_kode in ('deltar', 'har_deltatt') and not avtalehendelse.avtale_inngatt_flagg
                then 'avtale_ikke_inngatt'
            else avtalestatus.kategori_kode
        end as kategori_kode,
        null as aarsak_kode,
        avtalehendelse.lesefeil_kode,
        avtalehendelse.start_dato,
        avtalehendelse.slutt_dato,
        false as krever_slutt_dato_flagg,
        cast(avtalehendelse.avtale_inngatt_tid as date) as registrert_dato,
        cast(avtalehendelse.annullert_tid as date) as status_dato,
        not avtalehendelse.feilregistrert_flagg as har_ventet_flagg,
        null as kjent_gjennomforing_flagg,
        null as gjennomforing_status_kode,
        null as gjennomforing_slutt_dato,
        avtalehendelse.slutt_dato as siste_dato,
        tiltakstype.tiltakskode,
        avtalehendelse.tiltakstype_kode as oppgitt_tiltakstype_kode,
        avtalehendelse.enhetsnummer as oppgitt_enhetsnummer,
        avtalehendelse.enhetsnummer as kontor_enhetsnummer,
        'ARBEIDSGIVER' as kapasitet_enhetsnummer,
        1 as deltakelsesmengde_antall,
        avtalehendelse.ugyldig_stillingprosent_flagg as ugyldig_mengde_flagg,
        false as ugyldig_prosent_flagg,
        false as duplikat_flagg
    from avtalehendelse
    left join avtalestatus on avtalehendelse.status_kode = avtalestatus.topic_status_kode
    left join tiltakstype on avtalehendelse.tiltakstype_kode = tiltakstype.tiltakshistorikk_kode
),

-- En ny kilde er en til her. Ingenting etter dette vet hvor en deltakelse kommer fra.
samlet as (
    select * from komet
    union all
    select * from arbeidsgiver
),

-- Hver deltakelse ender på nøyaktig ett sted: den telles, den venter, eller den er utelatt av en navngitt grunn
-- (spesifikasjon 3 og 7). Den første grunnen i rekken gjelder. En som kan telle, får også de andre grunnene som avvik.
vurdert as (
    select
        *,
        lesefeil_kode is null and coalesce(kategori_kode in ('deltar', 'har_deltatt'), false) as kan_telle_flagg,
        case
            when lesefeil_kode is not null then lesefeil_kode
            when kategori_kode is null then 'UKJENT_STATUS'
            when kategori_kode not in ('deltar', 'har_deltatt') then upper(kategori_kode)
            when start_dato is null then 'START_DATO_MANGLER'
            when krever_slutt_dato_flagg and slutt_dato is null then 'SLUTT_DATO_MANGLER'
            when gjennomforing_status_kode = 'AVLYST' then 'GJENNOMFORING_AVLYST'
            when siste_dato < start_dato then 'SLUTT_FOR_START'
            else 'TELLES'
        end as utfall_kode
    from samlet
),

-- En deltakelse som telles, ventet fra registreringen til dagen før start. En som det ikke ble noe av, ventet til dagen
-- før statusen ble satt.
vent as (
    select
        *,
        case
            when
                utfall_kode in ('VENTER', 'TELLES')
                or (utfall_kode = 'DELTOK_IKKE' and har_ventet_flagg and status_dato is not null)
                then registrert_dato
        end as fra_dato,
        case utfall_kode
            when 'TELLES' then {{ add_days('start_dato', -1) }}
            when 'DELTOK_IKKE' then {{ add_days('status_dato', -1) }}
        end as til_dato
    from vurdert
),

-- En ventetid som slutter før den begynner, er ingen. Uten slutt ventes det fortsatt.
med_vent as (
    select
        kilde,
        rad_id,
        deltakelse_id,
        person_id,
        gjennomforing_id,
        status_kode,
        kategori_kode,
        aarsak_kode,
        lesefeil_kode,
        start_dato,
        slutt_dato,
        registrert_dato,
        kjent_gjennomforing_flagg,
        gjennomforing_status_kode,
        gjennomforing_slutt_dato,
        siste_dato,
        tiltakskode,
        oppgitt_tiltakstype_kode,
        oppgitt_enhetsnummer,
        kontor_enhetsnummer,
        kapasitet_enhetsnummer,
        deltakelsesmengde_antall,
        ugyldig_mengde_flagg,
        ugyldig_prosent_flagg,
        duplikat_flagg,
        kan_telle_flagg,
        utfall_kode,
        case when til_dato is null or fra_dato <= til_dato then fra_dato end as vent_start_dato,
        case when fra_dato <= til_dato then til_dato end as vent_slutt_dato
    from vent
)

select * from med_vent
