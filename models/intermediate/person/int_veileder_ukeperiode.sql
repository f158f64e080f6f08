with

gruppe as (
    select * from {{ ref('int_veiledergruppe_historikk') }}
    where forste_uke_dato <= siste_uke_dato
),

medlem as (
    select
        veileder_id,
        enhetsnummer,
        veiledergruppe_id,
        veiledergruppe_navn,
        opprettet_tid,
        forste_uke_dato,
        siste_uke_dato
    from gruppe
    {{ each_of_list('veileder_id_liste', 'veileder_id') }}
    where veileder_id_liste != ''
),

periode as (
    {{ week_periods('medlem', 'veileder_id, enhetsnummer') }}
),

-- Av flere grupper gjelder den som ble opprettet først, så den med lavest filter_id som tall (spesifikasjon 4).
rangert as (
    select
        periode.veileder_id,
        periode.enhetsnummer,
        periode.forste_uke_dato,
        periode.siste_uke_dato,
        medlem.veiledergruppe_navn,
        row_number() over (
            partition by periode.veileder_id, periode.enhetsnummer, periode.forste_uke_dato
            order by
                medlem.opprettet_tid asc nulls last,
                {{ try_cast('medlem.veiledergruppe_id', 'bigint') }} asc nulls last,
                medlem.veiledergruppe_id asc nulls last
        ) as nummer
    from periode
    left join medlem
        on periode.veileder_id = medlem.veileder_id
        and periode.enhetsnummer = medlem.enhetsnummer
        and periode.forste_uke_dato between medlem.forste_uke_dato and medlem.siste_uke_dato
),

valgt as (
    select
        veileder_id,
        enhetsnummer,
        forste_uke_dato,
        siste_uke_dato,
        veiledergruppe_navn
    from rangert
    where nummer = 1
)

select * from valgt
