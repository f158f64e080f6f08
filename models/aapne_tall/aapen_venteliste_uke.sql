with

celle as (
    {{ open_cells() }}
),

ventet as (
    select * from {{ ref('obt_venteliste_uke') }}
),

aapen as (
    {{ shown_waiting('celle', 'ventet') }}
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode, avdeling_navn, uke_start_dato
