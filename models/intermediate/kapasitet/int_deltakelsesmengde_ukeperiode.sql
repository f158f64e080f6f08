with

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES' and deltakelsesmengde_antall > 0
),

mengde as (
    select * from {{ ref('int_tiltak_deltakelsesmengde') }}
),

-- Før det første innslaget er deltakelsen en hel plass (spesifikasjon 6).
innslag as (
    select
        deltakelse.kilde,
        deltakelse.deltakelse_id,
        deltakelse.siste_dato,
        mengde.gyldig_fra_dato,
        mengde.opprettet_tid,
        mengde.deltakelsesprosent,
        true as oppgitt_flagg
    from deltakelse
    inner join mengde
        on deltakelse.kilde = mengde.kilde
        and deltakelse.deltakelse_id = mengde.deltakelse_id
    union all
    select
        kilde,
        deltakelse_id,
        siste_dato,
        date '0001-01-01' as gyldig_fra_dato,
        null as opprettet_tid,
        100 as deltakelsesprosent,
        false as oppgitt_flagg
    from deltakelse
),

-- I hver uke gjelder det siste innslaget som ikke er etter søndagen eller deltakelsens siste dag (spesifikasjon 6).
rangert as (
    select
        kilde,
        deltakelse_id,
        deltakelsesprosent,
        {{ week_start('gyldig_fra_dato') }} as forste_uke_dato,
        row_number() over (
            partition by kilde, deltakelse_id, {{ week_start('gyldig_fra_dato') }}
            order by oppgitt_flagg desc, gyldig_fra_dato desc, opprettet_tid desc nulls last, deltakelsesprosent desc
        ) as nummer
    from innslag
    where gyldig_fra_dato <= coalesce(siste_dato, gyldig_fra_dato)
),

gjeldende as (
    select
        kilde,
        deltakelse_id,
        deltakelsesprosent,
        forste_uke_dato
    from rangert
    where nummer = 1
),

periode as (
    select
        *,
        coalesce(
            {{ add_days(
                'lead(forste_uke_dato) over (partition by kilde, deltakelse_id order by forste_uke_dato)', -7
            ) }},
            {{ open_end() }}
        ) as siste_uke_dato
    from gjeldende
)

select * from periode
