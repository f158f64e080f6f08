-- Hvor mange begynte, sluttet og flyttet i uken?
select
    tiltakstype_navn,
    sum(forrige_uke_person_antall) as forrige_uke_person_antall,
    sum(begynte_antall) as begynte_antall,
    sum(inn_kontor_antall + inn_avdeling_antall + inn_innsatsgruppe_antall) as flyttet_inn_antall,
    sum(sluttet_antall) as sluttet_antall,
    sum(ut_kontor_antall + ut_avdeling_antall + ut_innsatsgruppe_antall) as flyttet_ut_antall,
    sum(person_antall) as person_antall
from {{ ref('obt_bevegelse_uke') }}
where
    uke_start_dato = {{ asked_week() }}
    and enhetsnummer = '{{ var("enhetsnummer") }}'
group by tiltakstype_navn
order by tiltakstype_navn
