{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=["{{ log_changed_weeks() }}", "{{ delete_changed_weeks() }}"],
) }}

{%- set gruppe = [
    'uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn',
] -%}
{%- set alle_flagg = [
    'grouping(tiltakskode) = 1 as alle_tiltakstyper_flagg', 'grouping(innsatsgruppe_kode) = 1 as alle_innsatsgrupper_flagg',
    'grouping(avdeling_navn) = 1 as alle_avdelinger_flagg',
] %}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
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

-- De fleste er bare ett sted i uken, og kan telles opp celle for celle. Bare de andre må telles som personer.
bidrag as (
    select
        uke.uke_start_dato,
        segment.enhetsnummer,
        segment.tiltakskode,
        segment.innsatsgruppe_kode,
        segment.avdeling_navn,
        case when not segment.alene_flagg then segment.person_id end as flere_steder_person_id,
        count(*) filter (where segment.alene_flagg) as ett_sted_antall,
        count(*) as deltakelse_antall
    from uke
    inner join segment
        on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
),

paa_nivaa as (
    select
        bidrag.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        bidrag.tiltakskode,
        bidrag.innsatsgruppe_kode,
        bidrag.avdeling_navn,
        bidrag.flere_steder_person_id,
        cast(sum(bidrag.ett_sted_antall) as bigint) as ett_sted_antall,
        cast(sum(bidrag.deltakelse_antall) as bigint) as deltakelse_antall
    from bidrag
    inner join nivaa on bidrag.enhetsnummer = nivaa.enhetsnummer
    group by all
),

ett_sted as (
    select
        {{ gruppe | join(',\n        ') }},
        {{ alle_flagg | join(',\n        ') }},
        cast(sum(ett_sted_antall) as bigint) as person_antall,
        cast(sum(deltakelse_antall) as bigint) as deltakelse_antall
    from paa_nivaa
    group by uke_start_dato, enhet_nivaa_kode, enhetsnummer, cube(tiltakskode, innsatsgruppe_kode, avdeling_navn)
),

-- En person kan være på flere tiltakstyper og i flere kontors antall, så hvert antall har henne én gang.
person_flere_steder as (
    select
        {{ gruppe | join(',\n        ') }},
        {{ alle_flagg | join(',\n        ') }}
    from paa_nivaa
    where flere_steder_person_id is not null
    group by
        uke_start_dato, enhet_nivaa_kode, enhetsnummer, flere_steder_person_id, cube(tiltakskode, innsatsgruppe_kode, avdeling_navn)
),

flere_steder as (
    select
        *,
        count(*) as person_antall,
        0 as deltakelse_antall
    from person_flere_steder
    group by all
),

hvert_sted as (
    select * from ett_sted
    union all
    select * from flere_steder
),

talt as (
    select
        {{ gruppe | join(',\n        ') }},
        alle_tiltakstyper_flagg,
        alle_innsatsgrupper_flagg,
        alle_avdelinger_flagg,
        cast(sum(person_antall) as bigint) as person_antall,
        cast(sum(deltakelse_antall) as bigint) as deltakelse_antall
    from hvert_sted
    group by all
),

navngitt as (
    select
        talt.uke_start_dato,
        talt.enhet_nivaa_kode,
        coalesce(nullif(concat_ws(
            '_',
            case when not talt.alle_tiltakstyper_flagg then 'TILTAKSTYPE' end,
            case when not talt.alle_innsatsgrupper_flagg then 'INNSATSGRUPPE' end,
            case when not talt.alle_avdelinger_flagg then 'AVDELING' end
        ), ''), 'INGEN') as gruppering_kode,
        talt.enhetsnummer,
        case when talt.alle_tiltakstyper_flagg then 'ALLE' else talt.tiltakskode end as tiltakskode,
        case when talt.alle_tiltakstyper_flagg then 'Alle' else tiltakstype.tiltakstype_navn end as tiltakstype_navn,
        case when talt.alle_innsatsgrupper_flagg then 'ALLE' else talt.innsatsgruppe_kode end as innsatsgruppe_kode,
        case when talt.alle_avdelinger_flagg then 'Alle' else talt.avdeling_navn end as avdeling_navn,
        talt.person_antall,
        talt.deltakelse_antall,
        uke.fingeravtrykk
    from talt
    inner join uke on talt.uke_start_dato = uke.uke_start_dato
    left join tiltakstype on talt.tiltakskode = tiltakstype.tiltakskode
)

select * from navngitt
