-- Hver melding og hver personuke står på nøyaktig ett steg: det som kom inn i et regnskap, er det som kom ut (spesifikasjon 7).
select
    regnskap_kode,
    sum(antall) filter (where side_kode = 'INN') as inn_antall,
    sum(antall) filter (where side_kode = 'UT') as ut_antall
from {{ ref('avstemming') }}
group by all
having inn_antall is distinct from ut_antall
