-- Hver kode i dataene står i kodeverket, eller er et avvik (spesifikasjon 7). Kodene som er utelatt av en annen grunn,
-- er ikke lest.
with

kode as (
    select
        deltakelse_id as objekt_id,
        status_kode as kode,
        'UKJENT_STATUS' as avvikstype_kode
    from {{ ref('int_tiltak_deltakelse') }}
    where
        lesefeil_kode is null
        and status_kode not in (
            select k.status_kode from {{ ref('kodeverk_deltakerstatus') }} as k
            union all
            select k.avtale_status_kode from {{ ref('kodeverk_avtalestatus') }} as k
        )
    union all
    select
        deltakelse_id as objekt_id,
        oppgitt_tiltakstype_kode as kode,
        'UKJENT_TILTAKSTYPE' as avvikstype_kode
    from {{ ref('int_tiltak_deltakelse') }}
    where
        lesefeil_kode is null
        and utfall_kode != 'UKJENT_STATUS'
        and oppgitt_tiltakstype_kode not in (select k.tiltakshistorikk_kode from {{ ref('kodeverk_tiltakstype') }} as k)
    union all
    select
        deltakelse_id as objekt_id,
        aarsak_kode as kode,
        'UKJENT_AARSAK' as avvikstype_kode
    from {{ ref('int_tiltak_deltakelse') }}
    where
        lesefeil_kode is null
        and utfall_kode != 'UKJENT_STATUS'
        and aarsak_kode not in (select k.aarsak_kode from {{ ref('kodeverk_deltakeraarsak') }} as k)
    union all
    select
        gjennomforing_id as objekt_id,
        gjennomforing_status_kode as kode,
        'UKJENT_STATUS' as avvikstype_kode
    from {{ ref('stg_valp__gjennomforing') }}
    where
        gjelder_flagg
        and gjennomforing_status_kode not in (
            select k.gjennomforing_status_kode from {{ ref('kodeverk_gjennomforingstatus') }} as k
        )
    union all
    select
        person_id as objekt_id,
        kvalifiseringsgruppe_kode as kode,
        'UKJENT_INNSATSGRUPPE' as avvikstype_kode
    from {{ ref('stg_pto__oppfolgingsbruker') }}
    where
        gjelder_flagg
        and kvalifiseringsgruppe_kode not in (
            select k.kvalifiseringsgruppe_kode from {{ ref('kodeverk_kvalifiseringsgruppe') }} as k
        )
    union all
    select
        person_id || '/' || periode as objekt_id,
        kvalifiseringsgruppe_kode as kode,
        'UKJENT_INNSATSGRUPPE' as avvikstype_kode
    from {{ ref('stg_effekt__vent_person_periode') }}
    where
        person_id is not null
        and periode_dato is not null
        and kvalifiseringsgruppe_kode not in (
            select k.kvalifiseringsgruppe_kode from {{ ref('kodeverk_kvalifiseringsgruppe') }} as k
        )
)

select kode.*
from kode
left join {{ ref('avvik') }} as avvik
    on kode.objekt_id = avvik.objekt_id
    and kode.avvikstype_kode = avvik.avvikstype_kode
where avvik.objekt_id is null
