with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

uke as (
    select * from {{ ref('dim_uke') }}
),

-- Alt et segment bidrar med i en uke. Ukene er ikke med: avtrykket er det samme hvordan enn deltakelsen er delt opp.
bidrag as (
    select
        forste_uke_dato,
        siste_uke_dato,
        cast(md5_number_lower(concat_ws(
            chr(31),
            person_id, deltakelse_id, enhetsnummer, avdeling_navn, veiledergruppe_navn, tiltakskode, tiltakstype_navn, innsatsgruppe_kode
        )) as decimal(38, 0)) as bidrag
    from segment
),

endring as (
    select
        forste_uke_dato as uke_start_dato,
        bidrag
    from bidrag
    union all
    select
        {{ add_days('siste_uke_dato', 7) }} as uke_start_dato,
        -bidrag as bidrag
    from bidrag
),

endring_uke as (
    select
        uke_start_dato,
        sum(bidrag) as endring
    from endring
    group by all
),

-- Summen av alle bidrag til uken: en løpende sum over det som kommer til og det som faller fra.
fingeravtrykk as (
    select
        uke.uke_start_dato,
        cast(coalesce(sum(endring_uke.endring) over (order by uke.uke_start_dato), 0) as decimal(38, 0)) as fingeravtrykk
    from uke
    left join endring_uke on uke.uke_start_dato = endring_uke.uke_start_dato
)

select * from fingeravtrykk
