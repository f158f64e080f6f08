-- Hvem venter lengst, og på hva?
select
    tiltakstype_navn,
    person_antall,
    ventedager_median,
    ventedager_p90,
    ventedager_maks
from {{ ref('obt_venteliste_uke') }}
where
    uke_start_dato = {{ asked_week() }}
    and enhet_nivaa_kode = 'KONTOR'
    and enhetsnummer = '{{ var("enhetsnummer") }}'
    and gruppering_kode = 'TILTAKSTYPE'
order by ventedager_maks desc, tiltakstype_navn asc
