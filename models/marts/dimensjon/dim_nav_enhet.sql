with

nav_enhet as (
    select * from {{ ref('stg_norg2__nav_enhet') }}
    where gjelder_flagg
),

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

kobling as (
    select * from {{ ref('kobling_gjennomforing_enhet') }}
),

arvtaker as (
    select * from {{ ref('int_enhet_arvtaker') }}
    where dagens_enhetsnummer != enhetsnummer
),

-- Plasser som ikke hører til noen enhet i registeret, og det de kalles.
uten_register as (
    select
        kapasitet_enhetsnummer,
        kapasitet_enhet_navn
    from {{ ref('kodeverk_kilde') }}
    where kapasitet_enhetsnummer is not null
),

brukt as (
    select enhetsnummer from segment
    union distinct
    select kapasitet_enhetsnummer as enhetsnummer from kobling
    union distinct
    select kapasitet_enhetsnummer as enhetsnummer from {{ ref('int_tiltak_deltakelse') }}
    where kapasitet_enhetsnummer is not null
    union distinct
    select overordnet_enhetsnummer as enhetsnummer from nav_enhet
    where overordnet_enhetsnummer is not null
    union distinct
    select dagens_enhetsnummer as enhetsnummer from arvtaker
),

-- En enhet som registeret ikke har, får en rad her, så hver nøkkel i en faktatabell finnes (spesifikasjon 7).
samlet as (
    select
        enhetsnummer,
        coalesce(enhet_navn, enhetsnummer) as enhet_navn,
        enhet_type_kode,
        overordnet_enhetsnummer,
        enhet_status_kode,
        true as i_register_flagg
    from nav_enhet
    union all
    select
        brukt.enhetsnummer,
        coalesce(uten_register.kapasitet_enhet_navn, 'Ukjent') as enhet_navn,
        null as enhet_type_kode,
        null as overordnet_enhetsnummer,
        null as enhet_status_kode,
        false as i_register_flagg
    from brukt
    left join nav_enhet on brukt.enhetsnummer = nav_enhet.enhetsnummer
    left join uten_register on brukt.enhetsnummer = uten_register.kapasitet_enhetsnummer
    where nav_enhet.enhetsnummer is null
),

med_dagens as (
    select
        samlet.*,
        coalesce(arvtaker.dagens_enhetsnummer, samlet.enhetsnummer) as dagens_enhetsnummer,
        arvtaker.enhetsnummer is not null
        or samlet.enhetsnummer in (select arvet.dagens_enhetsnummer from arvtaker as arvet)
            as sammenslaatt_flagg
    from samlet
    left join arvtaker on samlet.enhetsnummer = arvtaker.enhetsnummer
)

select * from med_dagens
