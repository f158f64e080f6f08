-- Hvilke innsatsgrupper er på hvilke tiltaksgrupper?
select
    totaler.tiltaksgruppe_navn,
    dim_innsatsgruppe.innsatsgruppe_navn,
    totaler.person_antall
from {{ ref('obt_deltakelse_uke_totaler') }} as totaler
inner join {{ ref('dim_innsatsgruppe') }} as dim_innsatsgruppe
    on totaler.innsatsgruppe_kode = dim_innsatsgruppe.innsatsgruppe_kode
where
    totaler.uke_start_dato = {{ asked_week() }}
    and totaler.enhet_nivaa_kode = 'KONTOR'
    and totaler.enhetsnummer = '{{ var("enhetsnummer") }}'
    and totaler.gruppering_kode = 'TILTAKSGRUPPE_INNSATSGRUPPE'
order by totaler.tiltaksgruppe_navn, dim_innsatsgruppe.sortering_nummer
