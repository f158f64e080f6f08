{%- set rekkefolge = 'order by forste_uke_dato, siste_uke_dato, enhetsnummer' -%}
{%- set i_cellen = 'over (partition by person_id, enhetsnummer, tiltakskode order by forste_uke_dato)' -%}
{%- set paa_tiltakstypen = 'partition by person_id, tiltakskode' -%}

with

uke as (
    select * from {{ ref('dim_uke') }}
),

-- Ukene som et segment teller personen i. På ett kontor og én tiltakstype er hver uke i høyst ett av dem.
telt as (
    select
        person_id,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        person_uke_dato as forste_uke_dato,
        siste_uke_dato
    from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR' and person_uke_dato <= siste_uke_dato
),

-- Cellene før og etter på det samme kontoret, og hvor langt personen er på tiltakstypen fra før, på hvilket kontor som
-- helst.
med_naboer as (
    select
        *,
        lag(siste_uke_dato) {{ i_cellen }} as forrige_siste_uke_dato,
        lag(avdeling_navn) {{ i_cellen }} as forrige_avdeling_navn,
        lag(innsatsgruppe_kode) {{ i_cellen }} as forrige_innsatsgruppe_kode,
        lead(forste_uke_dato) {{ i_cellen }} as neste_forste_uke_dato,
        lead(avdeling_navn) {{ i_cellen }} as neste_avdeling_navn,
        lead(innsatsgruppe_kode) {{ i_cellen }} as neste_innsatsgruppe_kode,
        max(siste_uke_dato) over (
            {{ paa_tiltakstypen }} {{ rekkefolge }} rows between unbounded preceding and 1 preceding
        ) as dekket_til_uke_dato
    from telt
),

-- Uker på rad på tiltakstypen er én periode, også om personen bytter kontor i den. En uke uten er et brudd.
nummerert as (
    select
        *,
        sum(case when {{ add_days('dekket_til_uke_dato', 7) }} >= forste_uke_dato then 0 else 1 end) over (
            {{ paa_tiltakstypen }} {{ rekkefolge }} rows between unbounded preceding and current row
        ) as periode_nummer
    from med_naboer
),

med_periode as (
    select
        *,
        min(forste_uke_dato) over ({{ paa_tiltakstypen }}, periode_nummer) as periode_forste_uke_dato,
        max(siste_uke_dato) over ({{ paa_tiltakstypen }}, periode_nummer) as periode_siste_uke_dato
    from nummerert
),

-- Av flere grunner til en flytting gjelder den første: kontoret, avdelingen, innsatsgruppen.
inn as (
    select
        forste_uke_dato as uke_start_dato,
        person_id,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        case
            when forste_uke_dato = periode_forste_uke_dato then 'BEGYNTE'
            when forrige_siste_uke_dato is null or {{ add_days('forrige_siste_uke_dato', 7) }} < forste_uke_dato
                then 'INN_KONTOR'
            when forrige_avdeling_navn != avdeling_navn then 'INN_AVDELING'
            when forrige_innsatsgruppe_kode != innsatsgruppe_kode then 'INN_INNSATSGRUPPE'
        end as bevegelse_kode
    from med_periode
),

ut as (
    select
        {{ add_days('siste_uke_dato', 7) }} as uke_start_dato,
        person_id,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        case
            when siste_uke_dato = periode_siste_uke_dato then 'SLUTTET'
            when neste_forste_uke_dato is null or neste_forste_uke_dato > {{ add_days('siste_uke_dato', 7) }}
                then 'UT_KONTOR'
            when neste_avdeling_navn != avdeling_navn then 'UT_AVDELING'
            when neste_innsatsgruppe_kode != innsatsgruppe_kode then 'UT_INNSATSGRUPPE'
        end as bevegelse_kode
    from med_periode
),

begge as (
    select * from inn
    union all
    select * from ut
),

-- Den første uken i statistikken har ingen uke før seg, og ingen vet hvem som begynte i den.
bevegelse as (
    select
        begge.uke_start_dato,
        begge.person_id,
        begge.enhetsnummer,
        begge.avdeling_navn,
        begge.tiltakskode,
        begge.innsatsgruppe_kode,
        begge.bevegelse_kode
    from begge
    inner join uke on begge.uke_start_dato = uke.uke_start_dato
    where begge.bevegelse_kode is not null and begge.uke_start_dato > {{ first_week() }}
)

select * from bevegelse
