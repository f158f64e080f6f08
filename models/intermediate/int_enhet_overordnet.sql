with recursive

nav_enhet as (
    select
        enhetsnummer,
        overordnet_enhetsnummer
    from {{ ref('dim_nav_enhet') }}
    where overordnet_enhetsnummer != enhetsnummer
),

-- Hver enhet over en enhet, hvor langt opp det enn er. Unionen fjerner like rader, så en ring tar slutt.
over as (
    select
        enhetsnummer,
        overordnet_enhetsnummer as over_enhetsnummer
    from nav_enhet
    union
    select
        over.enhetsnummer,
        nav_enhet.overordnet_enhetsnummer as over_enhetsnummer
    from over
    inner join nav_enhet on over.over_enhetsnummer = nav_enhet.enhetsnummer
),

-- En enhet er seg selv og alt under seg.
med_seg_selv as (
    select
        enhetsnummer,
        over_enhetsnummer
    from over
    union
    select
        enhetsnummer,
        enhetsnummer as over_enhetsnummer
    from {{ ref('dim_nav_enhet') }}
),

beskrevet as (
    select
        enhetsnummer,
        over_enhetsnummer,
        over_enhetsnummer in (select nav_enhet.overordnet_enhetsnummer from nav_enhet) as region_flagg
    from med_seg_selv
)

select * from beskrevet
