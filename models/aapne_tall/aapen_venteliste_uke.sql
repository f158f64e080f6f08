with

celle as (
    {{ open_cells() }}
),

aapen as (
    {{ shown_waiting('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode, avdeling_navn, uke_start_dato
