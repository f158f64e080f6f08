with

gjennomforing_enhet as (
    select * from {{ ref('stg_valp__gjennomforing_nav_enhet') }}
    where gjelder_flagg
),

nav_enhet as (
    select * from {{ ref('stg_norg2__nav_enhet') }}
    where gjelder_flagg
),

gjennomforing as (
    select gjennomforing_id from {{ ref('stg_valp__gjennomforing') }}
    where gjelder_flagg
    union distinct
    select gjennomforing_id from gjennomforing_enhet
    union distinct
    select gjennomforing_id from {{ ref('int_tiltak_deltakelse') }}
    where gjennomforing_id is not null
),

med_type as (
    select
        gjennomforing_enhet.gjennomforing_id,
        gjennomforing_enhet.enhetsnummer,
        coalesce(nav_enhet.enhet_type_kode = 'LOKAL', false) as lokal_flagg
    from gjennomforing_enhet
    left join nav_enhet on gjennomforing_enhet.enhetsnummer = nav_enhet.enhetsnummer
),

-- Plassene hører til kontorene. Hvis det ikke er noen kontorer, hører de til de andre enhetene (spesifikasjon 6).
med_lokale as (
    select
        *,
        {{ dbt.bool_or('lokal_flagg') }} over (partition by gjennomforing_id) as har_lokal_flagg
    from med_type
),

med_plasser as (
    select
        gjennomforing_id,
        enhetsnummer
    from med_lokale
    where lokal_flagg or not har_lokal_flagg
),

fordelt as (
    select
        gjennomforing.gjennomforing_id,
        coalesce(med_plasser.enhetsnummer, 'UKJENT') as kapasitet_enhetsnummer,
        cast(count(*) over (partition by gjennomforing.gjennomforing_id) as integer) as enhet_antall
    from gjennomforing
    left join med_plasser on gjennomforing.gjennomforing_id = med_plasser.gjennomforing_id
),

med_andel as (
    select
        *,
        cast(1 as {{ type_name('double') }}) / enhet_antall as plass_andel
    from fordelt
)

select * from med_andel
