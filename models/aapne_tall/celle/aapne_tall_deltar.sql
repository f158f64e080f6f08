{{ config(materialized='view') }}

with

totaler as (
    select * from {{ ref('obt_deltakelse_uke_totaler') }}
),

{% if open_method() == 'AVRUNDING' -%}
nivaa as (
    select * from {{ ref('aapne_tall_nivaa') }}
),

kontor as (
    select
        enhetsnummer,
        overordnet_enhetsnummer
    from nivaa
    where enhet_nivaa_kode = 'KONTOR'
),

fakta as (
    select
        fak_tiltaksdeltakelse_uke.uke_start_dato,
        kontor.overordnet_enhetsnummer,
        fak_tiltaksdeltakelse_uke.enhetsnummer,
        fak_tiltaksdeltakelse_uke.tiltakskode,
        fak_tiltaksdeltakelse_uke.innsatsgruppe_kode,
        fak_tiltaksdeltakelse_uke.avdeling_navn,
        sum(fak_tiltaksdeltakelse_uke.person_antall) as person_antall,
        sum(fak_tiltaksdeltakelse_uke.deltakelse_antall - fak_tiltaksdeltakelse_uke.person_antall) as flere_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }} as fak_tiltaksdeltakelse_uke
    inner join kontor on fak_tiltaksdeltakelse_uke.enhetsnummer = kontor.enhetsnummer
    group by all
),

-- Ulike personer på alle tiltakstypene.
samlet as (
    select
        totaler.uke_start_dato,
        kontor.overordnet_enhetsnummer,
        totaler.enhetsnummer,
        totaler.innsatsgruppe_kode,
        totaler.avdeling_navn,
        totaler.person_antall
    from totaler
    inner join kontor on totaler.enhetsnummer = kontor.enhetsnummer
    where totaler.enhet_nivaa_kode = 'KONTOR' and totaler.gruppering_kode = 'INNSATSGRUPPE_AVDELING'
),

avrundet_delt as (
    {{ rounded('fakta', ['tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn'], ['person_antall', 'flere_antall']) }}
),

avrundet_samlet as (
    {{ rounded('samlet', ['innsatsgruppe_kode', 'avdeling_navn'], ['person_antall']) }}
),

-- Summen av avrundede tall: personer på en tiltakstype, og deltakelser. Ingen har færre deltakelser enn personer.
avrundet as (
    select
        avrundet_delt.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        avrundet_delt.tiltakskode,
        avrundet_delt.innsatsgruppe_kode,
        avrundet_delt.avdeling_navn,
        case
            when avrundet_delt.tiltakskode is not null then sum(avrundet_delt.person_antall)
            else 0
        end as person_antall,
        sum(avrundet_delt.person_antall + avrundet_delt.flere_antall) as deltakelse_antall
    from avrundet_delt
    inner join nivaa
        on avrundet_delt.enhetsnummer = nivaa.enhetsnummer and avrundet_delt.avrunding_nummer = nivaa.avrunding_nummer
    group by {{ cube_of(
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
    inner join nivaa
        on avrundet_samlet.enhetsnummer = nivaa.enhetsnummer
        and avrundet_samlet.avrunding_nummer = nivaa.avrunding_nummer
    group by {{ cube_of(
        ['avrundet_samlet.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['avrundet_samlet.innsatsgruppe_kode', 'avrundet_samlet.avdeling_navn']
    ) }}
),

deltar as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code('avrundet') }} as gruppering_kode,
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
