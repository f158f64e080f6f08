with

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
),

utfall as (
    select * from {{ ref('kodeverk_utfall') }}
),

talt as (
    select
        kilde,
        deltakelse_id,
        min(forste_uke_dato) as forste_uke_dato,
        max(siste_uke_dato) as siste_uke_dato
    from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
    group by all
),

vurdert as (
    select
        deltakelse.kilde,
        deltakelse.deltakelse_id,
        deltakelse.utfall_kode,
        case
            when deltakelse.utfall_kode = 'TELLES' and talt.deltakelse_id is null then 'UTENFOR_UKENE'
            else deltakelse.utfall_kode
        end as forklaring_kode,
        deltakelse.start_dato,
        deltakelse.siste_dato as slutt_dato,
        talt.forste_uke_dato,
        talt.siste_uke_dato
    from deltakelse
    left join talt on deltakelse.kilde = talt.kilde and deltakelse.deltakelse_id = talt.deltakelse_id
),

forklart as (
    select
        vurdert.kilde,
        vurdert.deltakelse_id,
        vurdert.utfall_kode,
        utfall.utfall_forklaring,
        vurdert.start_dato,
        vurdert.slutt_dato,
        vurdert.forste_uke_dato,
        vurdert.siste_uke_dato
    from vurdert
    left join utfall on vurdert.forklaring_kode = utfall.utfall_kode
)

select * from forklart
