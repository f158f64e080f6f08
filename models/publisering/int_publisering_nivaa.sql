{{ config(materialized='view') }}

with

nav_enhet as (
    select
        dim_nav_enhet.enhetsnummer,
        coalesce(dim_nav_enhet.overordnet_enhetsnummer, '') as overordnet_enhetsnummer,
        {{ publishing_method() != 'INGEN' }} and exists (
            select 1 from {{ ref('kodeverk_enhet_bare_i_region') }} as kodeverk
            where dim_nav_enhet.enhetsnummer = kodeverk.enhetsnummer or dim_nav_enhet.enhet_type_kode = kodeverk.enhet_type_kode
        ) as bare_i_region_flagg
    from {{ ref('dim_nav_enhet') }} as dim_nav_enhet
),

-- Det som er over en enhet som bare er i det: landet er det for kontorene som ikke er i en region.
nivaa as (
    select
        int_enhet_nivaa.enhetsnummer,
        nav_enhet.overordnet_enhetsnummer,
        int_enhet_nivaa.enhet_nivaa_kode,
        int_enhet_nivaa.nivaa_enhetsnummer,
        nav_enhet.bare_i_region_flagg,
        bool_or(nav_enhet.bare_i_region_flagg) over (
            partition by
                int_enhet_nivaa.enhet_nivaa_kode,
                case
                    when int_enhet_nivaa.enhet_nivaa_kode = 'LAND' then nav_enhet.overordnet_enhetsnummer
                    else int_enhet_nivaa.nivaa_enhetsnummer
                end
        ) as med_skjult_enhet_flagg
    from {{ ref('int_enhet_nivaa') }} as int_enhet_nivaa
    inner join nav_enhet on int_enhet_nivaa.enhetsnummer = nav_enhet.enhetsnummer
),

-- Ellers var det en region har mer enn kontorene som vises i den, det som enheten er avrundet til. Landet er summen av regionene.
avrundet as (
    select
        enhetsnummer,
        overordnet_enhetsnummer,
        enhet_nivaa_kode,
        nivaa_enhetsnummer,
        bare_i_region_flagg,
        {{ publishing_method() == 'AVRUNDING' }} and case
            when enhet_nivaa_kode = 'LAND' then bool_or(med_skjult_enhet_flagg) over (partition by enhetsnummer)
            else med_skjult_enhet_flagg
        end as avrundet_paa_tvers_flagg
    from nivaa
)

select * from avrundet
