-- Blir ventetiden lengre?
select
    uke_start_dato,
    person_antall,
    ventedager_median,
    ventedager_p90,
    ventedager_maks
from {{ ref('obt_venteliste_uke') }}
where
    uke_start_dato > {{ add_days(asked_week(), -84) }}
    and uke_start_dato <= {{ asked_week() }}
    and enhet_nivaa_kode = 'LAND'
    and gruppering_kode = 'INGEN'
order by uke_start_dato
