{{ config(enabled=var('aapne_tall'), materialized='view') }}

with

nav_enhet as (
    select
        dim_nav_enhet.enhetsnummer,
        nummer.enhetsnummer is not null or enhetstype.enhet_type_kode is not null as bare_i_region_flagg
    from {{ ref('dim_nav_enhet') }} as dim_nav_enhet
    left join {{ ref('kodeverk_enhet_bare_i_region') }} as nummer on dim_nav_enhet.enhetsnummer = nummer.enhetsnummer
    left join {{ ref('kodeverk_enhet_bare_i_region') }} as enhetstype
        on dim_nav_enhet.enhet_type_kode = enhetstype.enhet_type_kode
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
