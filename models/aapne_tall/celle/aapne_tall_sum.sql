{{ config(enabled=var('aapne_tall') and var('aapen_metode') == 'prikking', materialized='view') }}

with

celle as (
    select * from {{ ref('aapne_tall_celle') }}
    where aapen_flagg
),

nivaa as (
    select
        enhetsnummer,
        enhet_nivaa_kode,
        nivaa_enhetsnummer,
        count(*) over (partition by enhet_nivaa_kode, nivaa_enhetsnummer) as kontor_antall,
        case enhet_nivaa_kode when 'KONTOR' then 1 when 'REGION' then 2 else 3 end as nivaa_nummer
    from {{ ref('int_enhet_nivaa') }}
),

-- Enheten nærmest over, i rekken fra hvert kontor til landet.
kjede as (
    select
        enhet_nivaa_kode,
        nivaa_enhetsnummer,
        lead(enhet_nivaa_kode) over oppover as over_nivaa_kode,
        lead(nivaa_enhetsnummer) over oppover as over_enhetsnummer
    from nivaa
    window oppover as (partition by enhetsnummer order by nivaa_nummer, kontor_antall, nivaa_enhetsnummer)
),

over as (
    select distinct * from kjede
    where over_enhetsnummer is not null
),

-- En celle er en del av cellen som ikke er delt opp etter en av dimensjonene dens, og av den samme cellen for enheten
-- over. Slik er landets plasser landets deltakelser, og en enhets deltakelser de på egne plasser og de på andres
-- (spesifikasjon 6).
kandidat as (
    {% for kode in ['TILTAKSTYPE', 'INNSATSGRUPPE', 'AVDELING', 'BRUKER'] -%}
        select
            celle.uke_start_dato,
            celle.key_serie as key_del,
            '{{ kode }}' as relasjon_kode,
            true as del_flagg,
            celle.populasjon_kode,
            celle.enhet_nivaa_kode,
            celle.enhetsnummer,
            coalesce(
                nullif(trim(replace(replace(celle.gruppering_kode, '{{ kode }}', ''), '__', '_'), '_'), ''), 'INGEN'
            ) as gruppering_kode,
            {{ "'ALLE' as tiltakskode" if kode == 'TILTAKSTYPE' else 'celle.tiltakskode' }},
            {{ "'ALLE' as innsatsgruppe_kode" if kode == 'INNSATSGRUPPE' else 'celle.innsatsgruppe_kode' }},
            {{ "'Alle' as avdeling_navn" if kode == 'AVDELING' else 'celle.avdeling_navn' }},
            {{ "'ALLE' as bruker_kode" if kode == 'BRUKER' else 'celle.bruker_kode' }}
        from celle
        where celle.gruppering_kode {{ "= 'BRUKER'" if kode == 'BRUKER' else "like '%" ~ kode ~ "%'" }}
        union all
    {% endfor -%}
    select
        celle.uke_start_dato,
        celle.key_serie as key_del,
        over.over_nivaa_kode as relasjon_kode,
        true as del_flagg,
        celle.populasjon_kode,
        over.over_nivaa_kode as enhet_nivaa_kode,
        over.over_enhetsnummer as enhetsnummer,
        celle.gruppering_kode,
        celle.tiltakskode,
        celle.innsatsgruppe_kode,
        celle.avdeling_navn,
        celle.bruker_kode
    from celle
    inner join over on celle.enhet_nivaa_kode = over.enhet_nivaa_kode and celle.enhetsnummer = over.nivaa_enhetsnummer
    union all
    select
        uke_start_dato,
        key_serie as key_del,
        'PLASS' as relasjon_kode,
        false as del_flagg,
        'DELTAR' as populasjon_kode,
        enhet_nivaa_kode,
        enhetsnummer,
        case when bruker_kode = 'ALLE' then gruppering_kode else 'INGEN' end as gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        'ALLE' as bruker_kode
    from celle
    where populasjon_kode = 'KAPASITET' and (enhet_nivaa_kode = 'LAND' or bruker_kode in ('EGNE', 'HOS_ANDRE'))
),

summer as (
    select
        kandidat.uke_start_dato,
        kandidat.populasjon_kode = 'VENTER' as vent_flagg,
        celle.key_serie as key_sum,
        kandidat.key_del,
        kandidat.relasjon_kode,
        kandidat.del_flagg
    from kandidat
    inner join celle
        on kandidat.uke_start_dato = celle.uke_start_dato
        and kandidat.populasjon_kode = celle.populasjon_kode
        and kandidat.enhet_nivaa_kode = celle.enhet_nivaa_kode
        and kandidat.enhetsnummer = celle.enhetsnummer
        and kandidat.gruppering_kode = celle.gruppering_kode
        and kandidat.tiltakskode = celle.tiltakskode
        and kandidat.innsatsgruppe_kode = celle.innsatsgruppe_kode
        and kandidat.avdeling_navn = celle.avdeling_navn
        and kandidat.bruker_kode = celle.bruker_kode
)

select * from summer
