{{ config(materialized='view') }}

with

nav_enhet as (
    select
        dim_nav_enhet.enhetsnummer,
        coalesce(dim_nav_enhet.overordnet_enhetsnummer, '') as overordnet_enhetsnummer,
        {{ open_method() != 'INGEN' }} and exists (
            select 1 from {{ ref('kodeverk_enhet_bare_i_region') }} as kodeverk
            where
                dim_nav_enhet.enhetsnummer = kodeverk.enhetsnummer
                or dim_nav_enhet.enhet_type_kode = kodeverk.enhet_type_kode
        ) as bare_i_region_flagg
    from {{ ref('dim_nav_enhet') }} as dim_nav_enhet
),

-- Nivået over en enhet som bare vises der: landet, for kontor som ikke er i en region.
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

-- Kontorene er avrundet sammen (0), en region med en enhet som ikke vises, for seg (1), og landet for seg når en slik
-- ikke er i noen region (2). Ellers kunne enhetens avrundede tall regnes ut, som det de har mer enn enhetene som
-- vises. Landet er ellers summen av regionene.
avrundet as (
    select
        enhetsnummer,
        overordnet_enhetsnummer,
        enhet_nivaa_kode,
        nivaa_enhetsnummer,
        bare_i_region_flagg,
        {% if open_method() == 'AVRUNDING' -%}
            case
                when enhet_nivaa_kode = 'LAND' and bool_or(bare_i_region_flagg and overordnet_enhetsnummer = '') over ()
                    then 2
                when enhet_nivaa_kode = 'LAND' and bool_or(med_skjult_enhet_flagg) over (partition by enhetsnummer)
                    then 1
                when med_skjult_enhet_flagg then 1
                else 0
            end as avrunding_nummer
        {%- else -%}
            0 as avrunding_nummer
        {%- endif %}
    from nivaa
)

select * from avrundet
