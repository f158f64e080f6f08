with

celle as (
    select * from {{ open_cells() }}
    where populasjon_kode = 'VENTER' and vises_flagg
),

aapen as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        case when not prikket_flagg then cast(antall as bigint) end as vent_antall,
        prikket_flagg
    from celle
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode, avdeling_navn, uke_start_dato
