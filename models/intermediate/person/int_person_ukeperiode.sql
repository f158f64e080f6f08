with

person as (
    select distinct person_id from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES' or vent_start_dato is not null
),

oppfolging as (
    select * from {{ ref('int_oppfolgingsbruker_historikk') }}
    where forste_uke_dato <= siste_uke_dato
),

tilordning as (
    select * from {{ ref('int_tilordnet_veileder_historikk') }}
    where forste_uke_dato <= siste_uke_dato
),

vent as (
    select * from {{ ref('int_vent_person_periode') }}
),

kvalifiseringsgruppe as (
    select * from {{ ref('kodeverk_kvalifiseringsgruppe') }}
),

-- Alt som beskriver en person, og ukene det gjelder i. En versjon går foran reserven fra uken den er kjent, så også der
-- deles ukene. Den siste gir alle personene hver uke, også dem ingen kilde sier noe om.
opplysning as (
    select
        person_id,
        forste_uke_dato,
        siste_uke_dato
    from oppfolging
    union all
    select
        person_id,
        forste_uke_dato,
        siste_uke_dato
    from tilordning
    union all
    select
        person_id,
        kjent_fra_uke_dato as forste_uke_dato,
        siste_uke_dato
    from oppfolging
    union all
    select
        person_id,
        kjent_fra_uke_dato as forste_uke_dato,
        siste_uke_dato
    from tilordning
    union all
    select
        person_id,
        forste_uke_dato,
        siste_uke_dato
    from vent
    union all
    select
        person_id,
        {{ first_week() }} as forste_uke_dato,
        {{ open_end() }} as siste_uke_dato
    from person
),

delt as (
    {{ week_periods('opplysning', 'person_id') }}
),

periode as (
    select
        delt.person_id,
        delt.forste_uke_dato,
        delt.siste_uke_dato
    from delt
    inner join person on delt.person_id = person.person_id
),

-- I uker før den er kjent, gjelder den første versjonen bare når reserven ikke sier noe om personen (spesifikasjon 4).
-- Vilkåret står utenfor koblingen: et «eller» i den får databasen til å sammenligne alle med alle.
koblet as (
    select
        periode.person_id,
        periode.forste_uke_dato,
        periode.siste_uke_dato,
        vent.enhetsnummer as vent_enhetsnummer,
        vent.kvalifiseringsgruppe_kode as vent_kvalifiseringsgruppe_kode,
        oppfolging.enhetsnummer,
        oppfolging.kvalifiseringsgruppe_kode,
        vent.person_id is null or periode.forste_uke_dato >= oppfolging.kjent_fra_uke_dato as oppfolging_gjelder_flagg,
        tilordning.veileder_id,
        tilordning.person_id is not null
        and (vent.person_id is null or periode.forste_uke_dato >= tilordning.kjent_fra_uke_dato)
            as tilordning_gjelder_flagg
    from periode
    left join vent
        on periode.person_id = vent.person_id
        and periode.forste_uke_dato between vent.forste_uke_dato and vent.siste_uke_dato
    left join oppfolging
        on periode.person_id = oppfolging.person_id
        and periode.forste_uke_dato between oppfolging.forste_uke_dato and oppfolging.siste_uke_dato
    left join tilordning
        on periode.person_id = tilordning.person_id
        and periode.forste_uke_dato between tilordning.forste_uke_dato and tilordning.siste_uke_dato
),

-- Innsatsgruppe og enhet har hver sin reserve: en oppfølging uten den ene kan ha den andre (spesifikasjon 4).
beskrevet as (
    select
        person_id,
        forste_uke_dato,
        siste_uke_dato,
        coalesce(case when oppfolging_gjelder_flagg then enhetsnummer end, vent_enhetsnummer) as enhetsnummer,
        coalesce(case when oppfolging_gjelder_flagg then kvalifiseringsgruppe_kode end, vent_kvalifiseringsgruppe_kode)
            as kvalifiseringsgruppe_kode,
        case when tilordning_gjelder_flagg then veileder_id end as veileder_id,
        tilordning_gjelder_flagg and veileder_id is null as ufordelt_flagg
    from koblet
),

med_innsatsgruppe as (
    select
        beskrevet.person_id,
        beskrevet.forste_uke_dato,
        beskrevet.siste_uke_dato,
        beskrevet.enhetsnummer,
        coalesce(kvalifiseringsgruppe.innsatsgruppe_kode, 'UKJENT') as innsatsgruppe_kode,
        beskrevet.veileder_id,
        beskrevet.ufordelt_flagg
    from beskrevet
    left join kvalifiseringsgruppe
        on beskrevet.kvalifiseringsgruppe_kode = kvalifiseringsgruppe.kvalifiseringsgruppe_kode
)

select * from med_innsatsgruppe
