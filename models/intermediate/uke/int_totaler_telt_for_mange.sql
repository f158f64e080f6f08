with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR' and not alene_flagg
),

uke as (
    select * from {{ ref('dim_uke') }}
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

person as (
    {{ persons_in_several_cells() }}
),

for_mange as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        tiltaksgruppe_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        cast(sum(person_antall) as bigint) as person_antall
    from person
    group by {{ cube_of(
        [
            'uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'tiltaksgruppe_kode', 'tiltakskode', 'avdeling_navn',
        ],
        ['innsatsgruppe_kode']
    ) }}
)

select * from for_mange
