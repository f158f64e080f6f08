-- Å se tallene i dagens kontorer flytter deltakelser mellom kontorer, og mister ingen.
with

fakta as (
    select
        uke_start_dato,
        tiltakskode,
        sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }}
    group by all
),

dagens as (
    select
        uke_start_dato,
        tiltakskode,
        sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('uke_dagens_enhet') }}
    group by all
)

select
    fakta.uke_start_dato,
    fakta.tiltakskode,
    fakta.deltakelse_antall,
    dagens.deltakelse_antall as dagens_deltakelse_antall
from fakta
full outer join dagens
    on fakta.uke_start_dato = dagens.uke_start_dato
    and fakta.tiltakskode = dagens.tiltakskode
where coalesce(fakta.deltakelse_antall, -1) != coalesce(dagens.deltakelse_antall, -1)
