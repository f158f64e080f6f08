with

uke as (
    select
        uke_start_dato,
        fingeravtrykk
    from {{ ref('int_uke_fingeravtrykk') }}
    where relasjon_navn = 'fak_venteliste_uke' and enhetsnummer = '{{ all_offices() }}'
),

-- Det som gjelder alle uker: hvor kontorene er med, og tiltaksgruppene.
regel as (
    select {{ row_fingerprint(['enhetsnummer', 'enhet_nivaa_kode', 'nivaa_enhetsnummer']) }} as fingeravtrykk
    from {{ ref('int_enhet_nivaa') }}
    union all
    select {{ row_fingerprint(['tiltakskode', 'tiltaksgruppe_kode']) }} as fingeravtrykk
    from {{ ref('dim_tiltakstype') }}
),

vurdert as (
    {{ weeks_decided('int_venteliste_uke') }}
)

select * from vurdert
