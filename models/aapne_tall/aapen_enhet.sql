with

celle as (
    {{ open_cells() }}
),

aapen as (
    {{ shown_units('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer
