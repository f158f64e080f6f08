-- Hvor mange er uten veileder eller uten kjent avdeling?
select
    dim_nav_enhet.enhet_navn,
    sum(case when totaler.gruppering_kode = 'INGEN' then totaler.person_antall else 0 end) as person_antall,
    sum(case when totaler.avdeling_navn = 'Ufordelt' then totaler.person_antall else 0 end) as ufordelt_person_antall,
    sum(case when totaler.avdeling_navn = 'Ukjent' then totaler.person_antall else 0 end) as ukjent_person_antall
from {{ ref('obt_deltakelse_uke_totaler') }} as totaler
inner join {{ ref('dim_nav_enhet') }} as dim_nav_enhet
    on totaler.enhetsnummer = dim_nav_enhet.enhetsnummer
where
    totaler.uke_start_dato = {{ asked_week() }}
    and totaler.enhet_nivaa_kode = 'KONTOR'
    and totaler.gruppering_kode in ('INGEN', 'AVDELING')
group by dim_nav_enhet.enhet_navn
order by dim_nav_enhet.enhet_navn
