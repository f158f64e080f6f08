-- Hva skjer med dem som slutter på et tiltak?
-- Året før den siste uken, i hele landet. Uker der de tretten ukene etterpå ikke er over, er ikke med.
select
    etterpaa_kode,
    neste_tiltakstype_navn,
    sum(person_antall) as person_antall
from {{ ref('obt_etter_tiltak_uke') }}
where
    tiltakskode = '{{ var("tiltakskode") }}'
    and innen_uker_antall = 13
    and uke_start_dato > {{ add_days(asked_week(), -364) }}
    and uke_start_dato <= {{ asked_week() }}
group by etterpaa_kode, neste_tiltakstype_navn
order by etterpaa_kode asc, person_antall desc, neste_tiltakstype_navn asc
