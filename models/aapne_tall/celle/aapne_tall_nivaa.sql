{{ config(materialized='view') }}

with

nav_enhet as (
    select
        dim_nav_enhet.enhetsnummer,
        exists(
            select 1 from {{ ref('kodeverk_enhet_bare_i_region') }} as kodeverk
            where
                dim_nav_enhet.enhetsnummer = kodeverk.enhetsnummer
                or dim_nav_enhet.enhet_type_kode = kodeverk.enhet_type_kode
        ) as bare_i_region_flagg
    from {{ ref('dim_nav_enhet') }} as dim_nav_enhet
),

nivaa as (
    select
        int_enhet_nivaa.enhetsnummer,
        int_enhet_nivaa.enhet_nivaa_kode,
        int_enhet_nivaa.nivaa_enhetsnummer,
        nav_enhet.bare_i_region_flagg
    from {{ ref('int_enhet_nivaa') }} as int_enhet_nivaa
    inner join nav_enhet on int_enhet_nivaa.enhetsnummer = nav_enhet.enhetsnummer
)

select * from nivaa
