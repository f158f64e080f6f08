{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'stoy', materialized='view') }}

with

segment as (
    select * from {{ ref('int_kapasitet_segment') }}
),

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES'
),

nokkel as (
    select * from {{ ref('stg_uttrekk__person_nokkel') }}
),

uke as (
    select * from {{ ref('aapne_tall_stoyuke') }}
    where regnes_ut_flagg
),

nivaa as (
    select
        enhetsnummer,
        enhet_nivaa_kode,
        nivaa_enhetsnummer
    from {{ ref('aapne_tall_nivaa') }}
    where not bare_i_region_flagg or enhet_nivaa_kode = 'LAND'
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

grunnlag as (
    select
        uke.uke_start_dato,
        segment.kapasitet_enhetsnummer,
        segment.oppfolging_enhetsnummer,
        segment.tiltakskode,
        sum(segment.deltakelse_andel) as deltakelse_antall,
        -- Desimaltall helt til slutt: summen av flyttall er en annen i en annen rekkefølge.
        sum(segment.deltakelse_andel * segment.deltakelsesprosent) as plassprosent_antall,
        sum(nokkel.nokkel_nummer) as nokkel_nummer
    from segment
    inner join deltakelse on segment.kilde = deltakelse.kilde and segment.deltakelse_id = deltakelse.deltakelse_id
    inner join nokkel on deltakelse.person_id = nokkel.person_id
    inner join uke on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
),

plass as (
    select
        grunnlag.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        {{ only_whole_group(group_of_type(), 'grunnlag.tiltakskode') }},
        grunnlag.tiltakskode,
        sum(grunnlag.deltakelse_antall) as deltakelse_antall,
        sum(grunnlag.plassprosent_antall) as plassprosent_antall,
        sum(grunnlag.nokkel_nummer) as nokkel_nummer
    from grunnlag
    inner join nivaa on grunnlag.kapasitet_enhetsnummer = nivaa.enhetsnummer
    left join tiltakstype on grunnlag.tiltakskode = tiltakstype.tiltakskode
    group by {{ cube_of(
        ['grunnlag.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        [[group_of_type(), 'grunnlag.tiltakskode']]
    ) }}
),

-- Enhetens egne personer på egne plasser, andres på dem, og enhetens egne på andres: tre tall hver for seg.
bruk as (
    select
        uke_start_dato,
        kapasitet_enhetsnummer as enhetsnummer,
        case when kapasitet_enhetsnummer = oppfolging_enhetsnummer then 'EGNE' else 'ANDRE' end as bruker_kode,
        deltakelse_antall,
        nokkel_nummer
    from grunnlag
    union all
    select
        uke_start_dato,
        oppfolging_enhetsnummer as enhetsnummer,
        'HOS_ANDRE' as bruker_kode,
        deltakelse_antall,
        nokkel_nummer
    from grunnlag
    where kapasitet_enhetsnummer != oppfolging_enhetsnummer
),

begge as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltaksgruppe_kode,
        tiltakskode,
        'ALLE' as bruker_kode,
        deltakelse_antall,
        plassprosent_antall,
        nokkel_nummer
    from plass
    union all
    select
        bruk.uke_start_dato,
        'KONTOR' as enhet_nivaa_kode,
        bruk.enhetsnummer,
        null as tiltaksgruppe_kode,
        null as tiltakskode,
        bruk.bruker_kode,
        sum(bruk.deltakelse_antall) as deltakelse_antall,
        null as plassprosent_antall,
        sum(bruk.nokkel_nummer) as nokkel_nummer
    from bruk
    inner join nivaa on bruk.enhetsnummer = nivaa.enhetsnummer and nivaa.enhet_nivaa_kode = 'KONTOR'
    group by all
)

select * from begge
