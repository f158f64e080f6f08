-- Hvor langt fra dagens tall var det første vi viste?
select
    revisjon.enhetsnummer,
    count(*) as uke_antall,
    sum(case when revisjon.person_avstand_antall > 0 then 1 else 0 end) as rettet_uke_antall,
    max(revisjon.person_avstand_antall) as storste_avstand_antall
from {{ ref('uke_revisjon') }} as revisjon
group by revisjon.enhetsnummer
order by revisjon.enhetsnummer
