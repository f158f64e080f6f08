{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'prikking') }}

with

celle as (
    select * from {{ ref('aapne_tall_celle') }}
    where aapen_flagg
),

-- Summene er laget av nivåene.
nivaa as (
    select sum(hash(enhetsnummer, enhet_nivaa_kode, nivaa_enhetsnummer)) as avtrykk
    from {{ ref('int_enhet_nivaa') }}
),

uke as (
    select
        celle.uke_start_dato,
        celle.populasjon_kode = 'VENTER' as vent_flagg,
        count(*) as celle_antall,
        md5(concat_ws(
            '|',
            {{ var('prikkegrense') }},
            nivaa.avtrykk,
            sum(hash(celle.key_serie, celle.antall, celle.folsom_flagg, celle.indre_flagg, celle.minst_antall))
        )) as uke_avtrykk
    from celle
    cross join nivaa
    group by celle.uke_start_dato, celle.populasjon_kode = 'VENTER', nivaa.avtrykk
)

select * from uke
