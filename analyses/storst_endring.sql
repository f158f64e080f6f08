-- Hvilke tiltakstyper har økt og falt mest på et år?
with

totaler as (
    select
        uke_start_dato,
        tiltakskode,
        tiltakstype_navn,
        person_antall
    from {{ ref('obt_deltakelse_uke_totaler') }}
    where
        enhet_nivaa_kode = 'KONTOR'
        and enhetsnummer = '{{ var("enhetsnummer") }}'
        and gruppering_kode = 'TILTAKSTYPE'
),

-- Det som er borte, er også en endring.
begge as (
    select
        tiltakstype_navn,
        sum(case when uke_start_dato = {{ asked_week() }} then person_antall else 0 end) as person_antall,
        sum(case when uke_start_dato < {{ asked_week() }} then person_antall else 0 end) as fjoraar_person_antall
    from totaler
    where uke_start_dato in ({{ asked_week() }}, {{ add_days(asked_week(), -364) }})
    group by tiltakstype_navn
)

select
    tiltakstype_navn,
    person_antall,
    fjoraar_person_antall,
    person_antall - fjoraar_person_antall as endring_antall
from begge
order by endring_antall desc, tiltakstype_navn asc
