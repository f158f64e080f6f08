-- Hvor mange deltakelser har personene?
select
    enhet_nivaa_kode,
    enhetsnummer,
    person_antall,
    deltakelse_antall,
    deltakelse_antall - person_antall as flere_enn_en_antall
from {{ ref('obt_deltakelse_uke_totaler') }}
where
    uke_start_dato = {{ asked_week() }}
    and gruppering_kode = 'INGEN'
order by enhet_nivaa_kode, enhetsnummer
