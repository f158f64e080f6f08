-- Hvor mange er på et tiltak, etter avdeling, nå og for ett år siden?
-- Innsatsgruppene kan summeres her: på ett tiltak har en person én innsatsgruppe i en uke.
select
    naa.avdeling_navn,
    naa.person_antall,
    naa.forrige_uke_person_antall,
    naa.fjoraar_person_antall,
    naa.fjoraar_publisert_person_antall as fjoraar_vist_person_antall
from (
    select
        avdeling_navn,
        sum(person_antall) as person_antall,
        sum(forrige_uke_person_antall) as forrige_uke_person_antall,
        sum(fjoraar_person_antall) as fjoraar_person_antall,
        sum(fjoraar_publisert_person_antall) as fjoraar_publisert_person_antall
    from {{ ref('uke_sammenligning') }}
    where
        uke_start_dato = {{ asked_week() }}
        and enhetsnummer = '{{ var("enhetsnummer") }}'
        and tiltakskode = '{{ var("tiltakskode") }}'
    group by avdeling_navn
) as naa
order by naa.avdeling_navn
