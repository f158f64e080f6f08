with

gruppe as (
    select * from {{ ref('int_veiledergruppe_historikk') }}
    where forste_uke_dato <= siste_uke_dato
),

medlem as (
    select
        unnest(string_split(veileder_id_liste, ',')) as veileder_id,
        enhetsnummer,
        veiledergruppe_id,
        veiledergruppe_navn,
        opprettet_tid,
        forste_uke_dato,
        siste_uke_dato
    from gruppe
    where veileder_id_liste != ''
),

-- Hver uke veilederens grupper på kontoret kan bli andre, fra og med statistikkens første uke.
skille as (
    select veileder_id, enhetsnummer, {{ first_week() }} as forste_uke_dato from medlem
    union
    select veileder_id, enhetsnummer, forste_uke_dato from medlem
    union
    select veileder_id, enhetsnummer, cast(siste_uke_dato + interval 7 days as date) from medlem
),

periode as (
    select
        *,
        coalesce(
            cast(lead(forste_uke_dato) over (partition by veileder_id, enhetsnummer order by forste_uke_dato) - interval 7 days as date),
            {{ open_end() }}
        ) as siste_uke_dato
    from skille
    where forste_uke_dato between {{ first_week() }} and {{ open_end() }}
),

-- Av flere grupper gjelder den som ble opprettet først, så den med lavest filter_id som tall (spesifikasjon 4).
valgt as (
    select
        periode.veileder_id,
        periode.enhetsnummer,
        periode.forste_uke_dato,
        periode.siste_uke_dato,
        medlem.veiledergruppe_navn
    from periode
    left join medlem
        on periode.veileder_id = medlem.veileder_id
        and periode.enhetsnummer = medlem.enhetsnummer
        and periode.forste_uke_dato between medlem.forste_uke_dato and medlem.siste_uke_dato
    qualify row_number() over (
        partition by periode.veileder_id, periode.enhetsnummer, periode.forste_uke_dato
        order by medlem.opprettet_tid, try_cast(medlem.veiledergruppe_id as bigint) nulls last, medlem.veiledergruppe_id
    ) = 1
)

select * from valgt
