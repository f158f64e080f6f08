-- I hver celle er antallet i fakta antallet der i uken før, med dem som begynte og kom inn, uten dem som sluttet og
-- gikk ut. Den første uken har ingen før seg.
with

endring as (
    select
        uke_start_dato,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        person_antall as antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }}
    union all
    select
        {{ add_days('uke_start_dato', 7) }} as uke_start_dato,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        -person_antall as antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }}
    union all
    select
        uke_start_dato,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        sluttet_antall + ut_kontor_antall + ut_avdeling_antall + ut_innsatsgruppe_antall
        - begynte_antall - inn_kontor_antall - inn_avdeling_antall - inn_innsatsgruppe_antall as antall
    from {{ ref('int_bevegelse_uke') }}
)

select
    uke_start_dato,
    enhetsnummer,
    avdeling_navn,
    tiltakskode,
    innsatsgruppe_kode,
    sum(antall) as avvik_antall
from endring
where
    uke_start_dato > {{ first_week() }}
    and uke_start_dato <= (select max(uke.uke_start_dato) from {{ ref('dim_uke') }} as uke)
group by all
having sum(antall) != 0
