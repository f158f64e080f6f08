{{ config(materialized='view') }}

with

enhet_overordnet as (
    select * from {{ ref('int_enhet_overordnet') }}
),

-- Det samme antallet trengs for kontoret, for hver enhet over det, og for landet.
nivaa as (
    select
        enhetsnummer,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer as nivaa_enhetsnummer
    from enhet_overordnet
    where enhetsnummer = over_enhetsnummer
    union all
    select
        enhetsnummer,
        'REGION' as enhet_nivaa_kode,
        over_enhetsnummer as nivaa_enhetsnummer
    from enhet_overordnet
    where region_flagg
    union all
    select
        enhetsnummer,
        'LAND' as enhet_nivaa_kode,
        'ALLE' as nivaa_enhetsnummer
    from enhet_overordnet
    where enhetsnummer = over_enhetsnummer
)

select * from nivaa
