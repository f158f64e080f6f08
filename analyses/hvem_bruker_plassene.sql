-- Hvem bruker plassene til hvem?
select
    tiltakstype_navn,
    plass_antall,
    plass_fra_andre_antall,
    plass_hos_andre_antall
from {{ ref('obt_kapasitet_uke') }}
where
    uke_start_dato = {{ asked_week() }}
    and enhetsnummer = '{{ var("enhetsnummer") }}'
order by tiltakstype_navn
