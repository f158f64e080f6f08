with

celle as (
    select * from {{ open_cells() }}
    where vises_flagg
),

aapen as (
    {{ shown_places('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, uke_start_dato
