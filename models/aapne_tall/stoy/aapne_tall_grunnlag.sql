{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'stoy') }}

with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

uke as (
    select * from {{ ref('aapne_tall_stoyuke') }}
    where regnes_ut_flagg
),

nokkel as (
    select * from {{ ref('stg_uttrekk__person_nokkel') }}
),

-- Det samme som fakta og ventelisten teller, med summen av nøklene til dem som er talt: den er like mye en sum som
-- antallet.
talt as (
    select
        segment.periode_kode as populasjon_kode,
        uke.uke_start_dato,
        segment.enhetsnummer,
        segment.tiltakskode,
        segment.innsatsgruppe_kode,
        segment.avdeling_navn,
        count(case when uke.uke_start_dato >= segment.person_uke_dato then 1 end) as person_antall,
        count(*) as deltakelse_antall,
        sum(case when uke.uke_start_dato >= segment.person_uke_dato then nokkel.nokkel_nummer else 0 end)
            as person_nokkel_nummer,
        sum(nokkel.nokkel_nummer) as deltakelse_nokkel_nummer
    from segment
    inner join uke on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    inner join nokkel on segment.person_id = nokkel.person_id
    group by all
)

select * from talt
