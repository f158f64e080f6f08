-- Summen over kapasitetsenhetene er deltakelsene og plassene de bruker, for hver uke, oppfølgingsenhet og tiltakstype
-- (spesifikasjon 6).
with

kapasitet as (
    select
        uke_start_dato,
        oppfolging_enhetsnummer as enhetsnummer,
        tiltakskode,
        sum(deltakelse_antall) as deltakelse_antall,
        sum(plass_antall) as plass_antall
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
),

plass as (
    select
        uke.uke_start_dato,
        segment.enhetsnummer,
        segment.tiltakskode,
        sum(coalesce(mengde.deltakelsesprosent, 100)) / 100 as plass_antall
    from {{ ref('dim_uke') }} as uke
    inner join {{ ref('int_deltakelse_segment') }} as segment
        on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    left join {{ ref('int_deltakelsesmengde_ukeperiode') }} as mengde
        on segment.kilde = mengde.kilde
        and segment.deltakelse_id = mengde.deltakelse_id
        and uke.uke_start_dato between mengde.forste_uke_dato and mengde.siste_uke_dato
    where segment.periode_kode = 'DELTAR'
    group by all
)

select
    coalesce(fakta.uke_start_dato, kapasitet.uke_start_dato) as uke_start_dato,
    fakta.deltakelse_antall,
    kapasitet.deltakelse_antall as fordelt_deltakelse_antall,
    plass.plass_antall,
    kapasitet.plass_antall as fordelt_plass_antall
from fakta
full join kapasitet
    on fakta.uke_start_dato = kapasitet.uke_start_dato
    and fakta.enhetsnummer = kapasitet.enhetsnummer
    and fakta.tiltakskode = kapasitet.tiltakskode
left join plass
    on kapasitet.uke_start_dato = plass.uke_start_dato
    and kapasitet.enhetsnummer = plass.enhetsnummer
    and kapasitet.tiltakskode = plass.tiltakskode
where
    coalesce(abs(fakta.deltakelse_antall - kapasitet.deltakelse_antall), 1) > 1e-6
    or coalesce(abs(plass.plass_antall - kapasitet.plass_antall), 1) > 1e-6
