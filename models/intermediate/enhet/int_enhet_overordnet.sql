{{ with_all_above(ref('dim_nav_enhet'), 'enhetsnummer', 'overordnet_enhetsnummer') }},

-- En enhet er seg selv og alt under seg.
med_seg_selv as (
    select
        enhetsnummer,
        over_enhetsnummer
    from oppover
    union distinct
    select
        enhetsnummer,
        enhetsnummer as over_enhetsnummer
    from {{ ref('dim_nav_enhet') }}
),

region as (
    select distinct overordnet_enhetsnummer from direkte
),

beskrevet as (
    select
        med_seg_selv.enhetsnummer,
        med_seg_selv.over_enhetsnummer,
        region.overordnet_enhetsnummer is not null as region_flagg
    from med_seg_selv
    left join region on med_seg_selv.over_enhetsnummer = region.overordnet_enhetsnummer
)

select * from beskrevet
