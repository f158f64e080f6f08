with

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES' and {{ list_length('deltakelsesmengde_liste') }} > 0
),

utpakket as (
    select
        deltakelse.kilde,
        deltakelse.deltakelse_id,
        deltakelse.siste_dato,
        {{ field_of('mengde', 'gyldig_fra_dato') }} as gyldig_fra_dato,
        {{ field_of('mengde', 'opprettet_tid') }} as opprettet_tid,
        {{ field_of('mengde', 'deltakelsesprosent') }} as deltakelsesprosent
    from deltakelse
    {{ each_of('deltakelse.deltakelsesmengde_liste', 'mengde') }}
),

-- Før det første innslaget er deltakelsen en hel plass (spesifikasjon 6).
innslag as (
    select
        kilde,
        deltakelse_id,
        siste_dato,
        gyldig_fra_dato,
        opprettet_tid,
        deltakelsesprosent,
        true as oppgitt_flagg
    from utpakket
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
            {{ add_days('lead(forste_uke_dato) over (partition by kilde, deltakelse_id order by forste_uke_dato)', -7) }}, {{ open_end() }}
        ) as siste_uke_dato
    from gjeldende
)

select * from periode
