{{ config(materialized='view') }}
{% set rekkefolge = ['overordnet_enhetsnummer', 'enhetsnummer', 'tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn'] -%}

with

totaler as (
    select * from {{ ref('obt_deltakelse_uke_totaler') }}
),

{% if publishing_method() == 'AVRUNDING' -%}
nav_enhet as (
    select
        enhetsnummer,
        coalesce(overordnet_enhetsnummer, '') as overordnet_enhetsnummer
    from {{ ref('dim_nav_enhet') }}
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

fakta as (
    select
        fak_tiltaksdeltakelse_uke.uke_start_dato,
        nav_enhet.overordnet_enhetsnummer,
        fak_tiltaksdeltakelse_uke.enhetsnummer,
        fak_tiltaksdeltakelse_uke.tiltakskode,
        fak_tiltaksdeltakelse_uke.innsatsgruppe_kode,
        fak_tiltaksdeltakelse_uke.avdeling_navn,
        sum(fak_tiltaksdeltakelse_uke.person_antall) as person_antall,
        sum(fak_tiltaksdeltakelse_uke.deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }} as fak_tiltaksdeltakelse_uke
    inner join nav_enhet on fak_tiltaksdeltakelse_uke.enhetsnummer = nav_enhet.enhetsnummer
    group by all
),

-- Summen av avrundede tall: personer på en tiltakstype, og deltakelser. Ingen har færre deltakelser enn personer.
avrundet_delt as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        {{ rounded('person_antall', rekkefolge) }} as person_antall,
        {{ rounded('person_antall', rekkefolge) }} + {{ rounded('(deltakelse_antall - person_antall)', rekkefolge) }} as deltakelse_antall
    from fakta
),

-- Ulike personer på alle tiltakstypene.
avrundet_samlet as (
    select
        totaler.uke_start_dato,
        totaler.enhetsnummer,
        totaler.innsatsgruppe_kode,
        totaler.avdeling_navn,
        {{ rounded('person_antall', ['overordnet_enhetsnummer', 'totaler.enhetsnummer', 'innsatsgruppe_kode', 'avdeling_navn']) }} as person_antall
    from totaler
    inner join nav_enhet on totaler.enhetsnummer = nav_enhet.enhetsnummer
    where totaler.enhet_nivaa_kode = 'KONTOR' and totaler.gruppering_kode = 'INNSATSGRUPPE_AVDELING'
),

avrundet as (
    select
        avrundet_delt.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        avrundet_delt.tiltakskode,
        avrundet_delt.innsatsgruppe_kode,
        avrundet_delt.avdeling_navn,
        case when avrundet_delt.tiltakskode is not null then sum(avrundet_delt.person_antall) else 0 end as person_antall,
        sum(avrundet_delt.deltakelse_antall) as deltakelse_antall
    from avrundet_delt
    inner join nivaa on avrundet_delt.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(
        ['avrundet_delt.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['avrundet_delt.tiltakskode', 'avrundet_delt.innsatsgruppe_kode', 'avrundet_delt.avdeling_navn']
    ) }}
    union all
    select
        avrundet_samlet.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        null as tiltakskode,
        avrundet_samlet.innsatsgruppe_kode,
        avrundet_samlet.avdeling_navn,
        sum(avrundet_samlet.person_antall) as person_antall,
        0 as deltakelse_antall
    from avrundet_samlet
    inner join nivaa on avrundet_samlet.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(
        ['avrundet_samlet.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['avrundet_samlet.innsatsgruppe_kode', 'avrundet_samlet.avdeling_navn']
    ) }}
),

deltar as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code({'tiltakskode': 'TILTAKSTYPE', 'innsatsgruppe_kode': 'INNSATSGRUPPE', 'avdeling_navn': 'AVDELING'}) }} as gruppering_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        coalesce(innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(avdeling_navn, 'Alle') as avdeling_navn,
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall
    from avrundet
    group by all
)
{%- else -%}
    deltar as (
        select
            uke_start_dato,
            enhet_nivaa_kode,
            enhetsnummer,
            gruppering_kode,
            tiltakskode,
            innsatsgruppe_kode,
            avdeling_navn,
            person_antall,
            deltakelse_antall
        from totaler
    )
{%- endif %}

select * from deltar
