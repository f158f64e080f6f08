{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed_weeks() }}",
) }}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

enhet_overordnet as (
    select * from {{ ref('int_enhet_overordnet') }}
),

uke as (
    {{ weeks_to_compute('obt_deltakelse_uke_totaler') }}
),

-- Det samme antallet trengs for kontoret, for hver enhet over det, og for landet.
nivaa as (
    select
        enhetsnummer,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer as nivaa_enhetsnummer
    from enhet_overordnet
    where enhetsnummer = over_enhetsnummer
    union all
    select
        enhetsnummer,
        'REGION' as enhet_nivaa_kode,
        over_enhetsnummer as nivaa_enhetsnummer
    from enhet_overordnet
    where region_flagg
    union all
    select
        enhetsnummer,
        'LAND' as enhet_nivaa_kode,
        'ALLE' as nivaa_enhetsnummer
    from enhet_overordnet
    where enhetsnummer = over_enhetsnummer
),

aktiv as (
    select
        uke.uke_start_dato,
        uke.fingeravtrykk,
        segment.person_id,
        segment.enhetsnummer,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        segment.innsatsgruppe_kode,
        segment.avdeling_navn,
        count(*) as deltakelse_antall
    from uke
    inner join segment
        on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
),

med_rader as (
    select
        *,
        count(*) over (partition by uke_start_dato, person_id) as rad_antall
    from aktiv
),

-- De fleste er bare ett sted i uken, og kan telles opp celle for celle. Bare de andre må telles som personer.
bidrag as (
    select
        uke_start_dato,
        fingeravtrykk,
        enhetsnummer,
        tiltakskode,
        tiltakstype_navn,
        innsatsgruppe_kode,
        avdeling_navn,
        case when rad_antall > 1 then person_id end as flere_steder_person_id,
        count(*) filter (where rad_antall = 1) as ett_sted_antall,
        sum(deltakelse_antall) as deltakelse_antall
    from med_rader
    group by all
),

-- En person kan være på flere tiltakstyper og i flere kontors antall, så hvert antall telles for seg.
talt as (
    select
        bidrag.uke_start_dato,
        bidrag.fingeravtrykk,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer,
        bidrag.tiltakskode,
        bidrag.innsatsgruppe_kode,
        bidrag.avdeling_navn,
        grouping(bidrag.tiltakskode) = 1 as alle_tiltakstyper_flagg,
        grouping(bidrag.innsatsgruppe_kode) = 1 as alle_innsatsgrupper_flagg,
        grouping(bidrag.avdeling_navn) = 1 as alle_avdelinger_flagg,
        min(bidrag.tiltakstype_navn) as tiltakstype_navn,
        cast(sum(bidrag.ett_sted_antall) + count(distinct bidrag.flere_steder_person_id) as bigint) as person_antall,
        cast(sum(bidrag.deltakelse_antall) as bigint) as deltakelse_antall
    from bidrag
    inner join nivaa on bidrag.enhetsnummer = nivaa.enhetsnummer
    group by
        bidrag.uke_start_dato, bidrag.fingeravtrykk, nivaa.enhet_nivaa_kode, nivaa.nivaa_enhetsnummer,
        cube(bidrag.tiltakskode, bidrag.innsatsgruppe_kode, bidrag.avdeling_navn)
),

navngitt as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        coalesce(nullif(concat_ws(
            '_',
            case when not alle_tiltakstyper_flagg then 'TILTAKSTYPE' end,
            case when not alle_innsatsgrupper_flagg then 'INNSATSGRUPPE' end,
            case when not alle_avdelinger_flagg then 'AVDELING' end
        ), ''), 'INGEN') as gruppering_kode,
        nivaa_enhetsnummer as enhetsnummer,
        case when alle_tiltakstyper_flagg then 'ALLE' else tiltakskode end as tiltakskode,
        case when alle_tiltakstyper_flagg then 'Alle' else tiltakstype_navn end as tiltakstype_navn,
        case when alle_innsatsgrupper_flagg then 'ALLE' else innsatsgruppe_kode end as innsatsgruppe_kode,
        case when alle_avdelinger_flagg then 'Alle' else avdeling_navn end as avdeling_navn,
        person_antall,
        deltakelse_antall,
        fingeravtrykk
    from talt
)

select * from navngitt
