-- Hvordan er kontorene i regionen ved siden av hverandre?
select
    dim_nav_enhet.enhet_navn,
    totaler.tiltaksgruppe_navn,
    totaler.person_antall
from {{ ref('obt_deltakelse_uke_totaler') }} as totaler
inner join {{ ref('dim_nav_enhet') }} as dim_nav_enhet
    on totaler.enhetsnummer = dim_nav_enhet.enhetsnummer
inner join {{ ref('dim_nav_enhet') }} as spurt
    on dim_nav_enhet.overordnet_enhetsnummer = spurt.overordnet_enhetsnummer
    and spurt.enhetsnummer = '{{ var("enhetsnummer") }}'
where
    totaler.uke_start_dato = {{ asked_week() }}
    and totaler.enhet_nivaa_kode = 'KONTOR'
    and totaler.gruppering_kode = 'TILTAKSGRUPPE'
order by totaler.tiltaksgruppe_navn, dim_nav_enhet.enhet_navn
