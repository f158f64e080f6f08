-- Hvem bruker plassene til hvem?
select
    tiltakstype_navn,
    round(plass_antall, 2) as plass_antall,
    round(plass_fra_andre_antall, 2) as plass_fra_andre_antall,
    round(plass_hos_andre_antall, 2) as plass_hos_andre_antall
from {{ ref('obt_kapasitet_uke') }}
where
    uke_start_dato = {{ asked_week() }}
    and enhetsnummer = '{{ var("enhetsnummer") }}'
order by tiltakstype_navn
