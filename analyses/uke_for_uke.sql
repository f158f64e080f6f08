-- Hvordan har det vært uke for uke det siste året?
select
    dim_uke.aar,
    dim_uke.uke,
    totaler.person_antall,
    dim_uke.forelopig_flagg
from {{ ref('obt_deltakelse_uke_totaler') }} as totaler
inner join {{ ref('dim_uke') }} as dim_uke
    on totaler.uke_start_dato = dim_uke.uke_start_dato
where
    totaler.uke_start_dato > {{ add_days(asked_week(), -364) }}
    and totaler.uke_start_dato <= {{ asked_week() }}
    and totaler.enhet_nivaa_kode = 'KONTOR'
    and totaler.enhetsnummer = '{{ var("enhetsnummer") }}'
    and totaler.gruppering_kode = 'INGEN'
order by dim_uke.aar, dim_uke.uke
