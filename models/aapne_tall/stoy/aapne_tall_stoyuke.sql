{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'stoy') }}

with

uke as (
    select
        uke_start_dato,
        sum(fingeravtrykk) as fingeravtrykk
    from {{ ref('int_uke_fingeravtrykk') }}
    where enhetsnummer = '{{ all_offices() }}'
    group by uke_start_dato
),

-- Det som gjelder alle uker: hvor kontorene er med, støyen, tiltaksgruppene, og grensen for små tall.
{%- set nivaa = ['enhetsnummer', 'enhet_nivaa_kode', 'nivaa_enhetsnummer', 'bare_i_region_flagg'] %}
regel as (
    select {{ row_fingerprint(nivaa) }} as fingeravtrykk
    from {{ ref('aapne_tall_nivaa') }}
    {% for seed in ['kodeverk_stoy_serie', 'kodeverk_stoy_celle'] -%}
        union all
        select {{ row_fingerprint([
            "'" ~ seed ~ "'", 'antall', 'fra_nokkel_nummer', 'til_nokkel_nummer', 'stoy_antall'
        ]) }} as fingeravtrykk
        from {{ ref(seed) }}
    {% endfor -%}
    union all
    select {{ row_fingerprint(['tiltakskode', 'tiltaksgruppe_kode']) }} as fingeravtrykk
    from {{ ref('dim_tiltakstype') }}
    union all
    select {{ row_fingerprint(["'prikkegrense'", var('prikkegrense')]) }} as fingeravtrykk
),

vurdert as (
    {{ weeks_decided('aapne_tall_stoy') }}
)

select * from vurdert
