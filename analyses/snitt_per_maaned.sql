-- Hvor mange var det i gjennomsnitt i hver måned?
-- Uker summeres aldri: det gir personuker. En uke hører til måneden torsdagen er i. En uke uten noen har ingen rad.
select
    {{ dbt.date_trunc('month', add_days('totaler.uke_start_dato', 3)) }} as maaned_dato,
    count(*) as uke_antall,
    round(avg(totaler.person_antall), 1) as person_snitt_antall
from {{ ref('obt_deltakelse_uke_totaler') }} as totaler
where
    totaler.enhet_nivaa_kode = 'KONTOR'
    and totaler.enhetsnummer = '{{ var("enhetsnummer") }}'
    and totaler.gruppering_kode = 'INGEN'
    and totaler.uke_start_dato > {{ add_days(asked_week(), -364) }}
    and totaler.uke_start_dato <= {{ asked_week() }}
group by maaned_dato
order by maaned_dato
