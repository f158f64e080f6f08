with

celle as (
    {{ open_cells() }}
),

aapen as (
    {{ shown_places('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, uke_start_dato
