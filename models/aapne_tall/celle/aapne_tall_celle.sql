with

nivaa as (
    select * from {{ ref('aapne_tall_nivaa') }}
),

kontor as (
    select
        enhet_nivaa_kode,
        enhetsnummer,
        bare_i_region_flagg
    from nivaa
    where enhet_nivaa_kode = 'KONTOR'
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

-- En person som venter på to tiltakstyper, venter to ganger.
venter as (
    select
        fak_venteliste_uke.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        {{ only_whole_group(group_of_type(), 'fak_venteliste_uke.tiltakskode') }},
        fak_venteliste_uke.tiltakskode,
        fak_venteliste_uke.innsatsgruppe_kode,
        fak_venteliste_uke.avdeling_navn,
        sum(fak_venteliste_uke.person_antall) as vent_antall
    from {{ ref('fak_venteliste_uke') }} as fak_venteliste_uke
    inner join nivaa on fak_venteliste_uke.enhetsnummer = nivaa.enhetsnummer
    left join tiltakstype on fak_venteliste_uke.tiltakskode = tiltakstype.tiltakskode
    group by {{ cube_of(
        ['fak_venteliste_uke.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        [
            [group_of_type(), 'fak_venteliste_uke.tiltakskode'],
            'fak_venteliste_uke.innsatsgruppe_kode', 'fak_venteliste_uke.avdeling_navn',
        ]
    ) }}
),

celle as (
    select
        'DELTAR' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltaksgruppe_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        'ALLE' as bruker_kode,
        cast(person_antall as double) as antall,
        cast(deltakelse_antall as double) as deltakelse_antall,
        cast(null as double) as plass_antall,
        false as folsom_flagg
    from {{ ref('obt_deltakelse_uke_totaler') }}
    union all
    select
        'VENTER' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code('venter') }} as gruppering_kode,
        coalesce(tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        coalesce(innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(avdeling_navn, 'Alle') as avdeling_navn,
        'ALLE' as bruker_kode,
        vent_antall as antall,
        null as deltakelse_antall,
        null as plass_antall,
        false as folsom_flagg
    from venter
    union all
    select
        'KAPASITET' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltaksgruppe_kode,
        tiltakskode,
        'ALLE' as innsatsgruppe_kode,
        'Alle' as avdeling_navn,
        bruker_kode,
        deltakelse_antall as antall,
        deltakelse_antall,
        plass_antall,
        folsom_flagg
    from {{ ref('aapne_tall_kapasitet') }}
),

-- Avdelinger er kontorets egne. Internt vises alle grupperingene, men ikke enheter som avslører, som kontor. I de åpne
-- tallene vises to av dimensjonene sammen bare der det er nok å vise: tiltakstype og avdeling på kontoret, tiltakstype
-- og innsatsgruppe over det, og ingen tiltaksgrupper. Kontorets tall er også med når bare summene over det vises, fordi
-- summene må gå opp.
vurdert as (
    select
        celle.*,
        coalesce(kontor.bare_i_region_flagg, false) as bare_i_region_flagg,
        celle.enhet_nivaa_kode = 'KONTOR' and celle.gruppering_kode = 'TILTAKSTYPE_INNSATSGRUPPE' as indre_flagg,
        not coalesce(kontor.bare_i_region_flagg, false) as intern_flagg,
        celle.gruppering_kode not like '%INNSATSGRUPPE_AVDELING'
        and celle.gruppering_kode not like 'TILTAKSGRUPPE%'
        and not (coalesce(kontor.bare_i_region_flagg, false) and celle.gruppering_kode like '%AVDELING')
            as aapen_flagg
    from celle
    left join kontor on celle.enhet_nivaa_kode = kontor.enhet_nivaa_kode and celle.enhetsnummer = kontor.enhetsnummer
    where
        (celle.antall > 0 or celle.bruker_kode != 'ALLE')
        and (celle.enhet_nivaa_kode = 'KONTOR' or celle.gruppering_kode not like '%AVDELING')
),

beskrevet as (
    select
        -- Det samme tallet fra uke til uke.
        concat_ws(
            '|', populasjon_kode, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode,
            bruker_kode, avdeling_navn, nullif(tiltaksgruppe_kode, 'ALLE')
        ) as key_serie,
        populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltaksgruppe_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        bruker_kode,
        antall,
        deltakelse_antall,
        plass_antall,
        intern_flagg,
        aapen_flagg,
        aapen_flagg and not indre_flagg and not bare_i_region_flagg as vises_flagg,
        aapen_flagg
        and not indre_flagg
        and (folsom_flagg or bare_i_region_flagg or antall > 0 and antall < {{ var('prikkegrense') }})
            as folsom_flagg,
        indre_flagg,
        -- En null vises, så det som er prikket, er minst en. Men ikke der også nuller er prikket, eller der en
        -- deltakelse deles på flere enheter.
        case when populasjon_kode = 'KAPASITET' or indre_flagg or bare_i_region_flagg then 0 else 1 end as minst_antall
    from vurdert
    where intern_flagg or aapen_flagg
)

select * from beskrevet
