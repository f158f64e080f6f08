{{ config(materialized='view') }}

with

nivaa as (
    select * from {{ ref('aapne_tall_nivaa') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

fakta as (
    select
        fak_kapasitet_uke.uke_start_dato,
        fak_kapasitet_uke.kapasitet_enhetsnummer as enhetsnummer,
        fak_kapasitet_uke.tiltakskode,
        fak_kapasitet_uke.kapasitet_enhetsnummer = fak_kapasitet_uke.oppfolging_enhetsnummer as egne_flagg,
        fak_kapasitet_uke.oppfolging_enhetsnummer,
        -- Desimaltall, for summer av flyttall er ikke like fra gang til gang, og da ville hver uke se ut som endret.
        cast(fak_kapasitet_uke.deltakelse_antall as decimal(38, 15)) as deltakelse_antall,
        cast(fak_kapasitet_uke.plass_antall as decimal(38, 15)) as plass_antall
    from {{ ref('fak_kapasitet_uke') }} as fak_kapasitet_uke
    inner join nivaa
        on fak_kapasitet_uke.kapasitet_enhetsnummer = nivaa.enhetsnummer
        and nivaa.enhet_nivaa_kode = 'KONTOR'
),

kapasitet as (
    select
        fakta.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        {{ only_whole_group(group_of_type(), 'fakta.tiltakskode') }},
        fakta.tiltakskode,
        round(sum(fakta.deltakelse_antall), 9) as deltakelse_antall,
        round(sum(fakta.plass_antall), 9) as plass_antall
    from fakta
    inner join nivaa on fakta.enhetsnummer = nivaa.enhetsnummer
    left join tiltakstype on fakta.tiltakskode = tiltakstype.tiltakskode
    group by {{ cube_of(
        ['fakta.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        [[group_of_type(), 'fakta.tiltakskode']]
    ) }}
),

-- Hvem som bruker plassene: enhetens egne personer eller andres. Og enhetens personer på andres plasser.
bruk as (
    select
        uke_start_dato,
        enhetsnummer,
        case when egne_flagg then deltakelse_antall else 0 end as egne_antall,
        case when egne_flagg then 0 else deltakelse_antall end as fra_andre_antall,
        0 as hos_andre_antall
    from fakta
    union all
    select
        uke_start_dato,
        oppfolging_enhetsnummer as enhetsnummer,
        0 as egne_antall,
        0 as fra_andre_antall,
        deltakelse_antall as hos_andre_antall
    from fakta
    where not egne_flagg
),

bruk_per_enhet as (
    select
        uke_start_dato,
        enhetsnummer,
        round(sum(egne_antall), 9) as egne_antall,
        round(sum(fra_andre_antall), 9) as fra_andre_antall,
        round(sum(hos_andre_antall), 9) as hos_andre_antall
    from bruk
    group by all
),

bruker as (
    -- At en enhet ikke har plasser, eller ikke følger opp noen, vises. Da er to av tallene null, og det tredje er det
    -- samme som totalen.
    {% set plasser = 'bruk_per_enhet.egne_antall + bruk_per_enhet.fra_andre_antall > 0' -%}
    {% set personer = 'bruk_per_enhet.egne_antall + bruk_per_enhet.hos_andre_antall > 0' -%}
    {% for bruker_kode, kolonne, gruppering_kode, kan_vaere in [
        ('EGNE', 'egne_antall', 'BRUKER', plasser ~ ' and ' ~ personer),
        ('ANDRE', 'fra_andre_antall', 'BRUKER', plasser),
        ('HOS_ANDRE', 'hos_andre_antall', 'BRUKER_HOS_ANDRE', personer),
    ] -%}
        select
            bruk_per_enhet.uke_start_dato,
            bruk_per_enhet.enhetsnummer,
            '{{ gruppering_kode }}' as gruppering_kode,
            '{{ bruker_kode }}' as bruker_kode,
            bruk_per_enhet.{{ kolonne }} as deltakelse_antall,
            -- De to skiller seg fra summen av dem, og fra antallet deltakelser enheten følger opp, med de to andre: ett
            -- lite tall skjuler alle.
            least(
                {% for liten in ['egne_antall', 'fra_andre_antall', 'hos_andre_antall'] -%}
                    case when bruk_per_enhet.{{ liten }} > 0 then bruk_per_enhet.{{ liten }} end
                    {{- ',' if not loop.last }}
                {% endfor -%}
            ) < {{ var('prikkegrense') }} as folsom_flagg
        from bruk_per_enhet
        where {{ kan_vaere }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

celle as (
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        case
            when tiltaksgruppe_kode is not null then 'TILTAKSGRUPPE'
            when tiltakskode is not null then 'TILTAKSTYPE'
            else 'INGEN'
        end as gruppering_kode,
        coalesce(tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        'ALLE' as bruker_kode,
        deltakelse_antall,
        plass_antall,
        false as folsom_flagg
    from kapasitet
    union all
    select
        uke_start_dato,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        'ALLE' as tiltaksgruppe_kode,
        'ALLE' as tiltakskode,
        bruker_kode,
        deltakelse_antall,
        null as plass_antall,
        folsom_flagg
    from bruker
)

select * from celle
