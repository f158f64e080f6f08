{#- Ti nivåer er tre ganger så mange som Nav har, og en ring tar slutt. Rekursjon trengs ikke, og motorene har ikke
    felles ord for den. -#}
{%- set nivaaer = range(2, 11) -%}

with

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

direkte as (
    select
        enhetsnummer,
        overordnet_enhetsnummer
    from nav_enhet
    where overordnet_enhetsnummer != enhetsnummer
),

nivaa_1 as (
    select
        enhetsnummer,
        overordnet_enhetsnummer as over_enhetsnummer
    from direkte
),

{% for nivaa in nivaaer -%}
    nivaa_{{ nivaa }} as (
        select
            under.enhetsnummer,
            direkte.overordnet_enhetsnummer as over_enhetsnummer
        from nivaa_{{ nivaa - 1 }} as under
        inner join direkte on under.over_enhetsnummer = direkte.enhetsnummer
    ),

{% endfor -%}
-- En enhet er seg selv og alt under seg.
med_seg_selv as (
    select
        enhetsnummer,
        enhetsnummer as over_enhetsnummer
    from nav_enhet
    {% for nivaa in [1] + nivaaer | list -%}
        union distinct
        select
            enhetsnummer,
            over_enhetsnummer
        from nivaa_{{ nivaa }}
    {% endfor %}
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
