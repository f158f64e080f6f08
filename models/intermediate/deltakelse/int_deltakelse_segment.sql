with

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
),

-- En deltakelse kan både ha ventet og deltatt.
dager as (
    select
        kilde,
        deltakelse_id,
        person_id,
        'DELTAR' as periode_kode,
        start_dato,
        siste_dato as slutt_dato,
        tiltakskode,
        kontor_enhetsnummer
    from deltakelse
    where utfall_kode = 'TELLES'
    union all
    select
        kilde,
        deltakelse_id,
        person_id,
        'VENTER' as periode_kode,
        vent_start_dato as start_dato,
        vent_slutt_dato as slutt_dato,
        tiltakskode,
        kontor_enhetsnummer
    from deltakelse
    where vent_start_dato is not null
),

-- Den er med i hver uke som den deler minst én dag med (spesifikasjon 3).
periode as (
    select
        kilde,
        deltakelse_id,
        person_id,
        periode_kode,
        start_dato,
        slutt_dato,
        coalesce(tiltakskode, 'UKJENT') as tiltakskode,
        kontor_enhetsnummer,
        greatest({{ week_start('start_dato') }}, {{ first_week() }}) as forste_uke_dato,
        coalesce({{ week_start('slutt_dato') }}, {{ open_end() }}) as siste_uke_dato
    from dager
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
        periode.kilde,
        periode.deltakelse_id,
        periode.person_id,
        periode.periode_kode,
        periode.start_dato,
        periode.slutt_dato,
        periode.tiltakskode,
        coalesce(person.enhetsnummer, periode.kontor_enhetsnummer, 'UKJENT') as enhetsnummer,
        person.innsatsgruppe_kode,
        person.veileder_id,
        person.ufordelt_flagg,
        greatest(periode.forste_uke_dato, person.forste_uke_dato) as forste_uke_dato,
        least(periode.siste_uke_dato, person.siste_uke_dato) as siste_uke_dato
    from periode
    inner join person
        on periode.person_id = person.person_id
        and periode.forste_uke_dato <= person.siste_uke_dato
        and periode.siste_uke_dato >= person.forste_uke_dato
),

-- Gruppen er veilederens på det kontoret personen følges opp av. En tilordning uten veileder er ufordelt (spesifikasjon
-- 4).
med_gruppe as (
    select
        med_person.kilde,
        med_person.deltakelse_id,
        med_person.person_id,
        med_person.periode_kode,
        med_person.start_dato,
        med_person.slutt_dato,
        med_person.tiltakskode,
        med_person.enhetsnummer,
        med_person.innsatsgruppe_kode,
        case when med_person.ufordelt_flagg then 'Ufordelt' else coalesce(veileder.veiledergruppe_navn, 'Ukjent') end
            as veiledergruppe_navn,
        {{ latest(['med_person.forste_uke_dato', 'veileder.forste_uke_dato']) }} as forste_uke_dato,
        {{ earliest(['med_person.siste_uke_dato', 'veileder.siste_uke_dato']) }} as siste_uke_dato
    from med_person
    left join veileder
        on med_person.veileder_id = veileder.veileder_id
        and med_person.enhetsnummer = veileder.enhetsnummer
        and med_person.forste_uke_dato <= veileder.siste_uke_dato
        and med_person.siste_uke_dato >= veileder.forste_uke_dato
),

segment as (
    select
        med_gruppe.kilde,
        med_gruppe.deltakelse_id,
        med_gruppe.person_id,
        med_gruppe.periode_kode,
        med_gruppe.start_dato,
        med_gruppe.slutt_dato,
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
),

-- Hvor langt personens tidligere segmenter rekker, i cellen og i alt, og når det neste begynner. Cellen er her kontoret
-- og tiltakstypen: i én uke har en person én innsatsgruppe, og på ett kontor én gruppe.
med_naboer as (
    select
        *,
        max(siste_uke_dato) over (
            partition by periode_kode, person_id, enhetsnummer, tiltakskode
            order by forste_uke_dato, siste_uke_dato, kilde, deltakelse_id
            rows between unbounded preceding and 1 preceding
        ) as dekket_i_cellen_til_uke_dato,
        max(siste_uke_dato) over (
            partition by periode_kode, person_id
            order by forste_uke_dato, siste_uke_dato, kilde, deltakelse_id
            rows between unbounded preceding and 1 preceding
        ) as dekket_til_uke_dato,
        lead(forste_uke_dato) over (
            partition by periode_kode, person_id
            order by forste_uke_dato, siste_uke_dato, kilde, deltakelse_id
        ) as neste_forste_uke_dato
    from segment
),

-- To deltakelser på samme tiltakstype og kontor er én person (spesifikasjon 5). Ukene før person_uke_dato teller et
-- tidligere segment personen i. Hvis det dekker alle, er person_uke_dato etter siste_uke_dato.
med_person_uke as (
    select
        kilde,
        deltakelse_id,
        person_id,
        periode_kode,
        start_dato,
        slutt_dato,
        forste_uke_dato,
        siste_uke_dato,
        enhetsnummer,
        avdeling_navn,
        veiledergruppe_navn,
        tiltakskode,
        tiltakstype_navn,
        innsatsgruppe_kode,
        {{ latest(['forste_uke_dato', add_days('dekket_i_cellen_til_uke_dato', 7)]) }} as person_uke_dato,
        coalesce(dekket_til_uke_dato < forste_uke_dato, true)
        and coalesce(neste_forste_uke_dato > siste_uke_dato, true) as alene_flagg
    from med_naboer
)

select * from med_person_uke
