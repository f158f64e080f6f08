with

vent as (
    select * from {{ ref('stg_effekt__vent_person_periode') }}
    where person_id is not null and periode_dato is not null
),

kvalifiseringsgruppe as (
    select * from {{ ref('kodeverk_kvalifiseringsgruppe') }}
),

-- Kodene i §14a-vedtak leses som Arenas, så to koder som betyr det samme, ikke står mot hverandre.
lest as (
    select
        vent.person_id,
        vent.periode_dato,
        coalesce(kvalifiseringsgruppe.arena_kvalifiseringsgruppe_kode, vent.kvalifiseringsgruppe_kode)
            as kvalifiseringsgruppe_kode,
        vent.enhetsnummer
    from vent
    left join kvalifiseringsgruppe on vent.kvalifiseringsgruppe_kode = kvalifiseringsgruppe.kvalifiseringsgruppe_kode
),

-- To ulike koder for samme person og periode gjør koden ukjent. Det samme gjelder kontorene, hver for seg
-- (spesifikasjon 4).
periode as (
    select
        person_id,
        periode_dato,
        case when count(distinct kvalifiseringsgruppe_kode) > 1 then 'UKJENT' else min(kvalifiseringsgruppe_kode) end
            as kvalifiseringsgruppe_kode,
        case when count(distinct enhetsnummer) > 1 then 'UKJENT' else min(enhetsnummer) end as enhetsnummer,
        count(distinct kvalifiseringsgruppe_kode) > 1 as motstridende_innsatsgruppe_flagg,
        count(distinct enhetsnummer) > 1 as motstridende_enhet_flagg
    from lest
    group by all
),

-- Raden gjelder fra uken der den første dagen i måneden ikke er etter søndagen, til den neste tar over.
med_uker as (
    select
        *,
        {{ week_start('periode_dato') }} as forste_uke_dato,
        coalesce(
            {{ add_days(
                'lead(' ~ week_start('periode_dato') ~ ') over (partition by person_id order by periode_dato)', -7
            ) }},
            {{ open_end() }}
        ) as siste_uke_dato
    from periode
)

select * from med_uker
