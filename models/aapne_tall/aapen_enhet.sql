with

celle as (
    select * from {{ ref('aapne_tall_prikking') }}
    where vises_flagg
),

aapen as (
    {{ shown_units('celle') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer
