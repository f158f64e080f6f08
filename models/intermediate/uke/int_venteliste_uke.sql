{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    partition_by=stored_by_week(),
    pre_hook="{{ delete_weeks(ref('int_venteliste_beregningsuke')) }}",
) }}
{%- set celle = ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'tiltaksgruppe_kode', 'tiltakskode',
    'innsatsgruppe_kode', 'avdeling_navn'] %}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'VENTER'
),

uke as (
    select * from {{ ref('int_venteliste_beregningsuke') }}
    where regnes_ut_flagg
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

-- Den lengste ventetiden hver person har i hver celle.
ventet as (
    select
        uke.uke_start_dato,
        segment.enhetsnummer,
        segment.tiltakskode,
        segment.innsatsgruppe_kode,
        segment.avdeling_navn,
        segment.person_id,
        max({{ days_waited('uke.uke_start_dato') }}) as ventedager_antall
    from uke
    inner join segment on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
),

per_nivaa as (
    select
        ventet.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        {{ group_of_type() }} as tiltaksgruppe_kode,
        ventet.tiltakskode,
        ventet.innsatsgruppe_kode,
        ventet.avdeling_navn,
        ventet.person_id,
        max(ventet.ventedager_antall) as ventedager_antall
    from ventet
    inner join nivaa on ventet.enhetsnummer = nivaa.enhetsnummer
    left join tiltakstype on ventet.tiltakskode = tiltakstype.tiltakskode
    group by all
),

person as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ only_whole_group() }},
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        max(ventedager_antall) as ventedager_antall
    from per_nivaa
    group by {{ cube_of(
        ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'person_id'],
        [['tiltaksgruppe_kode', 'tiltakskode'], 'innsatsgruppe_kode', 'avdeling_navn']
    ) }}
),

nummerert as (
    select
        *,
        row_number() over (partition by {{ celle | join(', ') }} order by ventedager_antall) as nummer,
        count(*) over (partition by {{ celle | join(', ') }}) as antall
    from person
),

talt as (
    select
        {% for kolonne in celle -%}
            {{ kolonne }},
        {% endfor -%}
        count(*) as person_antall,
        {{ waited_measures() }}
    from nummerert
    group by all
),

navngitt as (
    select
        talt.uke_start_dato,
        talt.enhet_nivaa_kode,
        {{ grouping_code('talt') }} as gruppering_kode,
        talt.enhetsnummer,
        coalesce(talt.tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        coalesce(talt.tiltakskode, 'ALLE') as tiltakskode,
        coalesce(talt.innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(talt.avdeling_navn, 'Alle') as avdeling_navn,
        talt.person_antall,
        talt.ventedager_median,
        cast(talt.ventedager_p90 as {{ type_name('integer') }}) as ventedager_p90,
        cast(talt.ventedager_maks as {{ type_name('integer') }}) as ventedager_maks,
        uke.fingeravtrykk
    from talt
    inner join uke on talt.uke_start_dato = uke.uke_start_dato
)

select * from navngitt
order by uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode
