{{ config(materialized='view') }}

with

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

uke as (
    select
        min(uke_start_dato) as forste_dato,
        max(uke_slutt_dato) as siste_dato
    from {{ ref('dim_uke') }}
),

-- En ventetid er over når deltakelsen har startet: fra dagen den ble registrert, til dagen før start.
ventet as (
    select
        cast({{ dbt.date_trunc('month', 'deltakelse.start_dato') }} as date) as maaned_dato,
        coalesce(deltakelse.tiltakskode, 'UKJENT') as tiltakskode,
        {{ days_between('deltakelse.vent_start_dato', 'deltakelse.start_dato') }} as ventedager_antall
    from deltakelse
    inner join uke on deltakelse.start_dato between uke.forste_dato and uke.siste_dato
    where deltakelse.utfall_kode = 'TELLES' and deltakelse.vent_start_dato is not null
),

nummerert as (
    select
        *,
        row_number() over (partition by maaned_dato, tiltakskode order by ventedager_antall) as nummer,
        count(*) over (partition by maaned_dato, tiltakskode) as antall
    from ventet
),

talt as (
    select
        maaned_dato,
        tiltakskode,
        count(*) as deltakelse_antall,
        {{ waited_measures() }}
    from nummerert
    group by all
),

navngitt as (
    select
        talt.maaned_dato,
        talt.tiltakskode,
        tiltakstype.tiltakstype_navn,
        talt.deltakelse_antall,
        talt.ventedager_median,
        cast(talt.ventedager_p90 as {{ type_name('integer') }}) as ventedager_p90,
        cast(talt.ventedager_maks as {{ type_name('integer') }}) as ventedager_maks
    from talt
    inner join tiltakstype on talt.tiltakskode = tiltakstype.tiltakskode
)

select * from navngitt
