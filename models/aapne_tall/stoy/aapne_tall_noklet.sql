{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'stoy') }}

with

rad as (
    select * from {{ ref('aapne_tall_grunnlag') }}
),

-- Det kan avsløre noe om noen at de er på kontoret. Da er det med i landet alene: en region uten kontorene sine ville
-- vise det, når tallene er jevnet ut over mange uker (spesifikasjon 10).
nivaa as (
    select
        enhetsnummer,
        enhet_nivaa_kode,
        nivaa_enhetsnummer
    from {{ ref('aapne_tall_nivaa') }}
    where not bare_i_region_flagg or enhet_nivaa_kode = 'LAND'
),

nokkel as (
    select * from {{ ref('stg_uttrekk__person_nokkel') }}
),

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR' and not alene_flagg
),

uke as (
    select * from {{ ref('aapne_tall_stoyuke') }}
    where regnes_ut_flagg
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

person as (
    {{ persons_in_several_cells() }}
),

for_mange as (
    select
        'DELTAR' as populasjon_kode,
        person.uke_start_dato,
        person.enhet_nivaa_kode,
        person.enhetsnummer,
        person.tiltaksgruppe_kode,
        person.tiltakskode,
        person.innsatsgruppe_kode,
        person.avdeling_navn,
        sum(person.person_antall) as person_antall,
        sum(person.person_antall * nokkel.nokkel_nummer) as person_nokkel_nummer
    from person
    inner join nokkel on person.person_id = nokkel.person_id
    group by {{ cube_of(
        [
            'person.uke_start_dato', 'person.enhet_nivaa_kode', 'person.enhetsnummer', 'person.tiltaksgruppe_kode',
            'person.tiltakskode', 'person.avdeling_navn',
        ],
        ['person.innsatsgruppe_kode']
    ) }}
),

-- Den som er i flere celler, er med én gang i summen av dem, og det er nøkkelen også. Avdelinger er kontorets egne.
talt as (
    {{ totals_of(
        ['populasjon_kode'],
        ['person_antall', 'deltakelse_antall', 'person_nokkel_nummer', 'deltakelse_nokkel_nummer'],
        corrected=['person_antall', 'person_nokkel_nummer'],
        avdeling="case when nivaa.enhet_nivaa_kode = 'KONTOR' then rad.avdeling_navn else '' end"
    ) }}
),

vist as (
    select * from talt
    where enhet_nivaa_kode = 'KONTOR' or avdeling_navn is null
)

select * from vist
