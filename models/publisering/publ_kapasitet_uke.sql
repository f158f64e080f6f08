with

celle as (
    select * from {{ ref('int_publisering_prikking') }}
    where populasjon_kode = 'KAPASITET' and publiseres_flagg
),

plass as (
    select * from celle
    where bruker_kode = 'ALLE'
),

-- Ett tall som er prikket, prikker de tre: med to av dem er det tredje gitt.
bruk as (
    select
        uke_start_dato,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer,
        'INGEN' as gruppering_kode,
        'ALLE' as tiltakskode,
        sum(case when bruker_kode = 'EGNE' then deltakelse_antall else 0 end) as egne_antall,
        sum(case when bruker_kode = 'ANDRE' then deltakelse_antall else 0 end) as fra_andre_antall,
        sum(case when bruker_kode = 'HOS_ANDRE' then deltakelse_antall else 0 end) as hos_andre_antall,
        bool_or(prikket_flagg) as bruk_prikket_flagg
    from celle
    where bruker_kode != 'ALLE'
    group by all
),

publisert as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        case when plass.prikket_flagg then null else coalesce(plass.deltakelse_antall, 0) end as deltakelse_antall,
        case when plass.prikket_flagg then null else coalesce(plass.plass_antall, 0) end as plass_antall,
        case when not bruk.bruk_prikket_flagg then bruk.egne_antall end as egne_antall,
        case when not bruk.bruk_prikket_flagg then bruk.fra_andre_antall end as fra_andre_antall,
        case when not bruk.bruk_prikket_flagg then bruk.hos_andre_antall end as hos_andre_antall,
        coalesce(plass.prikket_flagg, false) as prikket_flagg,
        coalesce(bruk.bruk_prikket_flagg, false) as bruk_prikket_flagg
    from plass
    full join bruk using (uke_start_dato, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode)
)

select * from publisert
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, uke_start_dato
