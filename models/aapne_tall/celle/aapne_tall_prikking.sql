{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'prikking') }}

with

celle as (
    select * from {{ ref('aapne_tall_celle') }}
    where aapen_flagg
),

prikket as (
    select
        celle.key_serie,
        celle.populasjon_kode,
        celle.uke_start_dato,
        celle.enhet_nivaa_kode,
        celle.enhetsnummer,
        celle.gruppering_kode,
        celle.tiltaksgruppe_kode,
        celle.tiltakskode,
        celle.innsatsgruppe_kode,
        celle.avdeling_navn,
        celle.bruker_kode,
        celle.antall,
        celle.deltakelse_antall,
        celle.plass_antall,
        celle.vises_flagg,
        celle.folsom_flagg,
        celle.indre_flagg,
        celle.minst_antall,
        avgjort.avgjort_tid,
        -- Det som ikke er avgjort, vises ikke.
        coalesce(avgjort.prikket_flagg, true) as prikket_flagg,
        avgjort.flytting_liste
    from celle
    left join {{ ref('aapne_tall_avgjort') }} as avgjort
        on celle.uke_start_dato = avgjort.uke_start_dato
        and celle.key_serie = avgjort.key_serie
)

select * from prikket
