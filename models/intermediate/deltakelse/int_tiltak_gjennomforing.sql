with

gjennomforing as (
    select * from {{ ref('stg_valp__gjennomforing') }}
    where gjelder_flagg
),

tiltakstype as (
    select * from {{ ref('stg_valp__tiltakstype') }}
    where gjelder_flagg
),

gjennomforing_enhet as (
    select * from {{ ref('stg_valp__gjennomforing_nav_enhet') }}
    where gjelder_flagg
),

nav_enhet as (
    select * from {{ ref('stg_norg2__nav_enhet') }}
    where gjelder_flagg
),

-- Gjennomføringens kontor finnes bare når den har nøyaktig en enhet av typen LOKAL. Regionene ved siden av teller ikke
-- (spesifikasjon 4).
kontor as (
    select
        gjennomforing_enhet.gjennomforing_id,
        min(gjennomforing_enhet.enhetsnummer) as kontor_enhetsnummer
    from gjennomforing_enhet
    inner join nav_enhet on gjennomforing_enhet.enhetsnummer = nav_enhet.enhetsnummer
    where nav_enhet.enhet_type_kode = 'LOKAL'
    group by all
    having count(*) = 1
),

-- Slutten er sluttdatoen, med mindre den er før startdatoen: da er det ingen. En avbrutt uten sluttdato slutter dagen
-- den ble avsluttet, når den er etter starten. Arena ga starten som avsluttet, så tidspunktet overstyrer aldri
-- sluttdatoen (spesifikasjon 3).
slutt as (
    select
        gjennomforing_id,
        case
            when slutt_for_start_flagg then null
            when slutt_dato is not null then slutt_dato
            when gjennomforing_status_kode = 'AVBRUTT' and coalesce(start_dato < cast(avsluttet_tid as date), true)
                then cast(avsluttet_tid as date)
        end as slutt_dato
    from gjennomforing
),

-- En gjennomføring som registeret ikke har, kan likevel ha et kontor.
samlet as (
    select
        coalesce(gjennomforing.gjennomforing_id, kontor.gjennomforing_id) as gjennomforing_id,
        gjennomforing.gjennomforing_id is not null as kjent_gjennomforing_flagg,
        tiltakstype.tiltakskode,
        gjennomforing.gjennomforing_status_kode,
        slutt.slutt_dato,
        kontor.kontor_enhetsnummer
    from gjennomforing
    left join slutt on gjennomforing.gjennomforing_id = slutt.gjennomforing_id
    left join tiltakstype on gjennomforing.tiltakstype_id = tiltakstype.tiltakstype_id
    full join kontor on gjennomforing.gjennomforing_id = kontor.gjennomforing_id
)

select * from samlet
