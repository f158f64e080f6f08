with

celle as (
    select distinct
        enhet_nivaa_kode,
        enhetsnummer
    from {{ open_cells() }}
    where vises_flagg
),

region as (
    select enhetsnummer from celle
    where enhet_nivaa_kode = 'REGION'
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

-- Personer som regionen selv følger opp, regnes som et kontor i den.
aapen as (
    select
        celle.enhet_nivaa_kode,
        celle.enhetsnummer,
        case when celle.enhet_nivaa_kode = 'LAND' then 'Hele landet' else nav_enhet.enhet_navn end as enhet_navn,
        case
            when celle.enhet_nivaa_kode = 'KONTOR' then coalesce(egen.enhetsnummer, hoyere.enhetsnummer)
            else hoyere.enhetsnummer
        end
            as overordnet_enhetsnummer
    from celle
    left join nav_enhet on celle.enhetsnummer = nav_enhet.enhetsnummer and celle.enhet_nivaa_kode != 'LAND'
    left join region as egen on celle.enhetsnummer = egen.enhetsnummer
    left join region as hoyere on nav_enhet.overordnet_enhetsnummer = hoyere.enhetsnummer
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer
