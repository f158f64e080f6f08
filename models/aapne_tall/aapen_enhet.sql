with

celle as (
    select * from {{ open_cells() }}
    where vises_flagg
),

aapen as (
    {{ shown_units('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer
