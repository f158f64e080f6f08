with

nivaa as (
    select * from {{ ref('aapne_tall_nivaa') }}
    where enhet_nivaa_kode != 'KONTOR' or not bare_i_region_flagg
),

revisjon as (
    select
        uke_revisjon.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        sum(uke_revisjon.forste_person_antall) as forste_person_antall,
        sum(uke_revisjon.person_antall) as person_antall,
        sum(uke_revisjon.person_avstand_antall) as person_avstand_antall
    from {{ ref('uke_revisjon') }} as uke_revisjon
    inner join nivaa on uke_revisjon.enhetsnummer = nivaa.enhetsnummer
    group by all
)

select * from revisjon
