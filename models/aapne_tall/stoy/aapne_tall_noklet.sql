{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'stoy') }}

with

grunnlag as (
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

-- Avdelinger er kontorets egne.
per_nivaa as (
    select
        grunnlag.populasjon_kode,
        grunnlag.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        grunnlag.tiltakskode,
        grunnlag.innsatsgruppe_kode,
        case when nivaa.enhet_nivaa_kode = 'KONTOR' then grunnlag.avdeling_navn else '' end as avdeling_navn,
        sum(grunnlag.person_antall) as person_antall,
        sum(grunnlag.deltakelse_antall) as deltakelse_antall,
        sum(grunnlag.person_nokkel_nummer) as person_nokkel_nummer,
        sum(grunnlag.deltakelse_nokkel_nummer) as deltakelse_nokkel_nummer
    from grunnlag
    inner join nivaa on grunnlag.enhetsnummer = nivaa.enhetsnummer
    group by all
),

summert as (
    select
        populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall,
        sum(person_nokkel_nummer) as person_nokkel_nummer,
        sum(deltakelse_nokkel_nummer) as deltakelse_nokkel_nummer
    from per_nivaa
    group by {{ cube_of(
        ['populasjon_kode', 'uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer'],
        ['tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn']
    ) }}
),

person as (
    {{ persons_in_several_cells() }}
),

for_mange as (
    select
        person.uke_start_dato,
        person.enhet_nivaa_kode,
        person.enhetsnummer,
        person.tiltakskode,
        person.innsatsgruppe_kode,
        person.avdeling_navn,
        sum(person.person_antall) as person_antall,
        sum(person.person_antall * nokkel.nokkel_nummer) as person_nokkel_nummer
    from person
    inner join nokkel on person.person_id = nokkel.person_id
    group by {{ cube_of(
        [
            'person.uke_start_dato', 'person.enhet_nivaa_kode', 'person.enhetsnummer', 'person.tiltakskode',
            'person.avdeling_navn',
        ],
        ['person.innsatsgruppe_kode']
    ) }}
),

-- Den som er i flere celler, er med én gang i summen av dem, og det er nøkkelen også.
ulike as (
    select * from summert
    where enhet_nivaa_kode = 'KONTOR' or avdeling_navn is null
    union all
    select
        'DELTAR' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        -person_antall as person_antall,
        0 as deltakelse_antall,
        -person_nokkel_nummer as person_nokkel_nummer,
        0 as deltakelse_nokkel_nummer
    from for_mange
    where enhet_nivaa_kode = 'KONTOR' or avdeling_navn is null
),

talt as (
    select
        populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall,
        sum(person_nokkel_nummer) as person_nokkel_nummer,
        sum(deltakelse_nokkel_nummer) as deltakelse_nokkel_nummer
    from ulike
    group by all
)

select * from talt
