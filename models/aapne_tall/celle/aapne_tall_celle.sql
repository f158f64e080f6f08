{%- set metode = open_method() -%}

with

nivaa as (
    select * from {{ ref('aapne_tall_nivaa') }}
),

kontor as (
    select
        enhet_nivaa_kode,
        enhetsnummer,
        overordnet_enhetsnummer,
        bare_i_region_flagg
    from nivaa
    where enhet_nivaa_kode = 'KONTOR'
),

vent as (
    select
        fak_venteliste_uke.uke_start_dato,
        kontor.overordnet_enhetsnummer,
        fak_venteliste_uke.enhetsnummer,
        fak_venteliste_uke.tiltakskode,
        fak_venteliste_uke.innsatsgruppe_kode,
        fak_venteliste_uke.avdeling_navn,
        fak_venteliste_uke.person_antall as vent_antall
    from {{ ref('fak_venteliste_uke') }} as fak_venteliste_uke
    inner join kontor on fak_venteliste_uke.enhetsnummer = kontor.enhetsnummer
),

ventende as (
    {{ rounded('vent', ['tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn'], ['vent_antall']) }}
),

-- En person som venter på to tiltakstyper, venter to ganger.
venter as (
    select
        ventende.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        ventende.tiltakskode,
        ventende.innsatsgruppe_kode,
        ventende.avdeling_navn,
        sum(ventende.vent_antall) as vent_antall
    from ventende
    inner join nivaa
        on ventende.enhetsnummer = nivaa.enhetsnummer
        and ventende.avrunding_nummer = nivaa.avrunding_nummer
    group by {{ cube_of(
        ['ventende.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['ventende.tiltakskode', 'ventende.innsatsgruppe_kode', 'ventende.avdeling_navn']
    ) }}
),

celle as (
    select
        'DELTAR' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        'ALLE' as bruker_kode,
        cast(person_antall as double) as antall,
        cast(deltakelse_antall as double) as deltakelse_antall,
        cast(null as double) as plass_antall,
        false as folsom_flagg
    from {{ ref('aapne_tall_deltar') }}
    union all
    select
        'VENTER' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code('venter') }} as gruppering_kode,
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

-- Avdelinger er kontorets egne. Når små tall skal skjules, vises to av dimensjonene sammen bare der det er nok å vise:
-- tiltakstype og avdeling på kontoret, tiltakstype og innsatsgruppe over det. Kontorets tall er også med når bare
-- summene over det vises, fordi summene må gå opp.
aktuell as (
    select
        celle.*,
        coalesce(kontor.bare_i_region_flagg, false) as bare_i_region_flagg,
        {{ "celle.enhet_nivaa_kode = 'KONTOR' and celle.gruppering_kode = 'TILTAKSTYPE_INNSATSGRUPPE'"
            if metode == 'PRIKKING' else 'false' }}
            as indre_flagg
    from celle
    left join kontor on celle.enhet_nivaa_kode = kontor.enhet_nivaa_kode and celle.enhetsnummer = kontor.enhetsnummer
    where
        (celle.antall > 0 or celle.deltakelse_antall > 0 or celle.plass_antall > 0 or celle.bruker_kode != 'ALLE')
        and (celle.enhet_nivaa_kode = 'KONTOR' or celle.gruppering_kode not like '%AVDELING')
        {% if metode == 'PRIKKING' -%}
            and celle.gruppering_kode not like '%INNSATSGRUPPE_AVDELING'
            and not (coalesce(kontor.bare_i_region_flagg, false) and celle.gruppering_kode like '%AVDELING')
        {%- else -%}
        and not coalesce(kontor.bare_i_region_flagg, false)
        {%- endif %}
),

beskrevet as (
    select
        -- Det samme tallet fra uke til uke.
        concat_ws(
            '|', populasjon_kode, enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, innsatsgruppe_kode,
            bruker_kode, avdeling_navn
        ) as key_serie,
        populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        bruker_kode,
        antall,
        deltakelse_antall,
        plass_antall,
        not indre_flagg and not bare_i_region_flagg as vises_flagg,
        {% if metode == 'PRIKKING' -%}
            not indre_flagg
            and (folsom_flagg or bare_i_region_flagg or antall > 0 and antall < {{ var('prikkegrense') }})
                as folsom_flagg,
        {%- else -%}
        false as folsom_flagg,
        {%- endif %}
        indre_flagg,
        -- En null vises, så det som er prikket, er minst en. Men ikke der også nuller er prikket, eller der en
        -- deltakelse deles på flere enheter.
        case when populasjon_kode = 'KAPASITET' or indre_flagg or bare_i_region_flagg then 0 else 1 end as minst_antall
    from aktuell
)

select * from beskrevet
