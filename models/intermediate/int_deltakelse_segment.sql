with

deltakelse as (
    select
        deltakelse_id,
        person_id,
        coalesce(tiltakskode, 'UKJENT') as tiltakskode,
        kontor_enhetsnummer,
        greatest({{ week_start('start_dato') }}, {{ first_week() }}) as forste_uke_dato,
        coalesce({{ week_start('siste_dato') }}, {{ open_end() }}) as siste_uke_dato
    from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES'
),

person as (
    select * from {{ ref('int_person_ukeperiode') }}
),

veileder as (
    select * from {{ ref('int_veileder_ukeperiode') }}
),

gruppe_avdeling as (
    select * from {{ ref('stg_navkontor__veiledergruppe_avdeling') }}
    where gjelder_flagg
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

-- Gjennomføringens kontor er siste reserve for enheten (spesifikasjon 4).
med_person as (
    select
        deltakelse.deltakelse_id,
        deltakelse.person_id,
        deltakelse.tiltakskode,
        coalesce(person.enhetsnummer, deltakelse.kontor_enhetsnummer, 'UKJENT') as enhetsnummer,
        person.innsatsgruppe_kode,
        person.veileder_id,
        person.ufordelt_flagg,
        greatest(deltakelse.forste_uke_dato, person.forste_uke_dato) as forste_uke_dato,
        least(deltakelse.siste_uke_dato, person.siste_uke_dato) as siste_uke_dato
    from deltakelse
    inner join person
        on deltakelse.person_id = person.person_id
        and deltakelse.forste_uke_dato <= person.siste_uke_dato
        and deltakelse.siste_uke_dato >= person.forste_uke_dato
),

-- Gruppen er veilederens på det kontoret personen følges opp av. En tilordning uten veileder er ufordelt (spesifikasjon 4).
med_gruppe as (
    select
        med_person.deltakelse_id,
        med_person.person_id,
        med_person.tiltakskode,
        med_person.enhetsnummer,
        med_person.innsatsgruppe_kode,
        case when med_person.ufordelt_flagg then 'Ufordelt' else coalesce(veileder.veiledergruppe_navn, 'Ukjent') end
            as veiledergruppe_navn,
        greatest(med_person.forste_uke_dato, veileder.forste_uke_dato) as forste_uke_dato,
        least(med_person.siste_uke_dato, veileder.siste_uke_dato) as siste_uke_dato
    from med_person
    left join veileder
        on med_person.veileder_id = veileder.veileder_id
        and med_person.enhetsnummer = veileder.enhetsnummer
        and med_person.forste_uke_dato <= veileder.siste_uke_dato
        and med_person.siste_uke_dato >= veileder.forste_uke_dato
),

segment as (
    select
        med_gruppe.deltakelse_id,
        med_gruppe.person_id,
        med_gruppe.forste_uke_dato,
        med_gruppe.siste_uke_dato,
        med_gruppe.enhetsnummer,
        {{ avdeling('gruppe_avdeling.avdeling_navn', 'med_gruppe.veiledergruppe_navn') }} as avdeling_navn,
        med_gruppe.veiledergruppe_navn,
        med_gruppe.tiltakskode,
        tiltakstype.tiltakstype_navn,
        med_gruppe.innsatsgruppe_kode
    from med_gruppe
    inner join tiltakstype on med_gruppe.tiltakskode = tiltakstype.tiltakskode
    left join gruppe_avdeling
        on med_gruppe.enhetsnummer = gruppe_avdeling.enhetsnummer
        and med_gruppe.veiledergruppe_navn = gruppe_avdeling.veiledergruppe_navn
)

select * from segment
