-- Summen over kapasitetsenhetene er deltakelsene, for hver uke, oppfølgingsenhet og tiltakstype (spesifikasjon 6).
with

kapasitet as (
    select
        uke_start_dato,
        oppfolging_enhetsnummer as enhetsnummer,
        tiltakskode,
        sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_kapasitet_uke') }}
    group by all
),

fakta as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }}
    group by all
)

select
    coalesce(fakta.uke_start_dato, kapasitet.uke_start_dato) as uke_start_dato,
    fakta.deltakelse_antall,
    kapasitet.deltakelse_antall as fordelt_antall
from fakta
full join kapasitet
    on fakta.uke_start_dato = kapasitet.uke_start_dato
    and fakta.enhetsnummer = kapasitet.enhetsnummer
    and fakta.tiltakskode = kapasitet.tiltakskode
where coalesce(abs(fakta.deltakelse_antall - kapasitet.deltakelse_antall), 1) > 1e-6
