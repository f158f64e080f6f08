{{ config(materialized='view') }}
{%- set metode = publishing_method() -%}
{%- set deler = {'tiltakskode': 'TILTAKSTYPE', 'innsatsgruppe_kode': 'INNSATSGRUPPE', 'avdeling_navn': 'AVDELING'} -%}
{%- set rekkefolge = ['overordnet_enhetsnummer', 'enhetsnummer', 'tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn'] -%}

with

nav_enhet as (
    select
        dim_nav_enhet.enhetsnummer,
        coalesce(dim_nav_enhet.overordnet_enhetsnummer, '') as overordnet_enhetsnummer,
        {{ 'true' if metode != 'INGEN' else 'false' }} and kodeverk.begrunnelse_beskrivelse is not null as bare_i_region_flagg
    from {{ ref('dim_nav_enhet') }} as dim_nav_enhet
    left join {{ ref('kodeverk_enhet_bare_i_region') }} as kodeverk
        on dim_nav_enhet.enhetsnummer = kodeverk.enhetsnummer or dim_nav_enhet.enhet_type_kode = kodeverk.enhet_type_kode
),

nivaa as (
    select * from {{ ref('int_enhet_nivaa') }}
),

totaler as (
    select * from {{ ref('obt_deltakelse_uke_totaler') }}
),

{% if metode == 'AVRUNDING' -%}
fakta as (
    select
        fak_tiltaksdeltakelse_uke.uke_start_dato,
        nav_enhet.overordnet_enhetsnummer,
        fak_tiltaksdeltakelse_uke.enhetsnummer,
        fak_tiltaksdeltakelse_uke.tiltakskode,
        fak_tiltaksdeltakelse_uke.innsatsgruppe_kode,
        fak_tiltaksdeltakelse_uke.avdeling_navn,
        sum(fak_tiltaksdeltakelse_uke.person_antall) as person_antall,
        sum(fak_tiltaksdeltakelse_uke.deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }} as fak_tiltaksdeltakelse_uke
    inner join nav_enhet on fak_tiltaksdeltakelse_uke.enhetsnummer = nav_enhet.enhetsnummer
    group by all
),

-- Summen av avrundede tall: personer på en tiltakstype, og deltakelser. Ingen har færre deltakelser enn personer.
avrundet_delt as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        {{ rounded('person_antall', rekkefolge) }} as person_antall,
        {{ rounded('person_antall', rekkefolge) }} + {{ rounded('(deltakelse_antall - person_antall)', rekkefolge) }} as deltakelse_antall
    from fakta
),

-- Ulike personer på alle tiltakstypene.
avrundet_samlet as (
    select
        totaler.uke_start_dato,
        totaler.enhetsnummer,
        totaler.innsatsgruppe_kode,
        totaler.avdeling_navn,
        {{ rounded('person_antall', ['overordnet_enhetsnummer', 'totaler.enhetsnummer', 'innsatsgruppe_kode', 'avdeling_navn']) }} as person_antall
    from totaler
    inner join nav_enhet on totaler.enhetsnummer = nav_enhet.enhetsnummer
    where totaler.enhet_nivaa_kode = 'KONTOR' and totaler.gruppering_kode = 'INNSATSGRUPPE_AVDELING'
),

avrundet as (
    select
        avrundet_delt.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        avrundet_delt.tiltakskode,
        avrundet_delt.innsatsgruppe_kode,
        avrundet_delt.avdeling_navn,
        case when avrundet_delt.tiltakskode is not null then sum(avrundet_delt.person_antall) else 0 end as person_antall,
        sum(avrundet_delt.deltakelse_antall) as deltakelse_antall
    from avrundet_delt
    inner join nivaa on avrundet_delt.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(
        ['avrundet_delt.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['avrundet_delt.tiltakskode', 'avrundet_delt.innsatsgruppe_kode', 'avrundet_delt.avdeling_navn']
    ) }}
    union all
    select
        avrundet_samlet.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        null as tiltakskode,
        avrundet_samlet.innsatsgruppe_kode,
        avrundet_samlet.avdeling_navn,
        sum(avrundet_samlet.person_antall) as person_antall,
        0 as deltakelse_antall
    from avrundet_samlet
    inner join nivaa on avrundet_samlet.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(
        ['avrundet_samlet.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['avrundet_samlet.innsatsgruppe_kode', 'avrundet_samlet.avdeling_navn']
    ) }}
),

{% endif -%}
deltar as (
    {% if metode == 'AVRUNDING' -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code(deler) }} as gruppering_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        coalesce(innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(avdeling_navn, 'Alle') as avdeling_navn,
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall
    from avrundet
    group by all
    {%- else -%}
    select
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        tiltakskode,
        innsatsgruppe_kode,
        avdeling_navn,
        person_antall,
        deltakelse_antall
    from totaler
    {%- endif %}
),

ventende as (
    select
        fak_venteliste_uke.uke_start_dato,
        fak_venteliste_uke.enhetsnummer,
        fak_venteliste_uke.tiltakskode,
        fak_venteliste_uke.innsatsgruppe_kode,
        fak_venteliste_uke.avdeling_navn,
        {{ rounded('person_antall', ['overordnet_enhetsnummer', 'fak_venteliste_uke.enhetsnummer', 'tiltakskode', 'innsatsgruppe_kode', 'avdeling_navn']) }}
            as vent_antall
    from {{ ref('fak_venteliste_uke') }} as fak_venteliste_uke
    inner join nav_enhet on fak_venteliste_uke.enhetsnummer = nav_enhet.enhetsnummer
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
    inner join nivaa on ventende.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(
        ['ventende.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'],
        ['ventende.tiltakskode', 'ventende.innsatsgruppe_kode', 'ventende.avdeling_navn']
    ) }}
),

plass as (
    select
        uke_start_dato,
        kapasitet_enhetsnummer as enhetsnummer,
        tiltakskode,
        kapasitet_enhetsnummer = oppfolging_enhetsnummer as egne_flagg,
        oppfolging_enhetsnummer,
        {{ rounded('deltakelse_antall', ['kapasitet_enhetsnummer', 'tiltakskode', 'oppfolging_enhetsnummer']) }} as deltakelse_antall,
        {{ rounded('plass_antall', ['kapasitet_enhetsnummer', 'tiltakskode', 'oppfolging_enhetsnummer']) }} as plass_antall
    from {{ ref('fak_kapasitet_uke') }}
),

kapasitet as (
    select
        plass.uke_start_dato,
        nivaa.enhet_nivaa_kode,
        nivaa.nivaa_enhetsnummer as enhetsnummer,
        plass.tiltakskode,
        round(sum(plass.deltakelse_antall), 9) as deltakelse_antall,
        round(sum(plass.plass_antall), 9) as plass_antall
    from plass
    inner join nivaa on plass.enhetsnummer = nivaa.enhetsnummer
    group by {{ each_and_together(['plass.uke_start_dato', 'nivaa.enhet_nivaa_kode', 'nivaa.nivaa_enhetsnummer'], ['plass.tiltakskode']) }}
),

-- Hvem som bruker plassene: enhetens egne personer eller andres. Og enhetens personer på andres plasser.
bruk as (
    select
        uke_start_dato,
        enhetsnummer,
        sum(case when egne_flagg then deltakelse_antall else 0 end) as egne_antall,
        sum(case when egne_flagg then 0 else deltakelse_antall end) as fra_andre_antall,
        0 as hos_andre_antall
    from plass
    group by all
    union all
    select
        uke_start_dato,
        oppfolging_enhetsnummer as enhetsnummer,
        0 as egne_antall,
        0 as fra_andre_antall,
        sum(deltakelse_antall) as hos_andre_antall
    from plass
    where not egne_flagg
    group by all
),

bruk_per_enhet as (
    select
        uke_start_dato,
        enhetsnummer,
        -- Summer av brøker er ikke like fra gang til gang i den siste desimalen.
        round(sum(egne_antall), 9) as egne_antall,
        round(sum(fra_andre_antall), 9) as fra_andre_antall,
        round(sum(hos_andre_antall), 9) as hos_andre_antall
    from bruk
    group by all
),

bruker as (
    {% for bruker_kode, kolonne, gruppering_kode in [
        ('EGNE', 'egne_antall', 'BRUKER'), ('ANDRE', 'fra_andre_antall', 'BRUKER'), ('HOS_ANDRE', 'hos_andre_antall', 'BRUKER_HOS_ANDRE'),
    ] -%}
        select
            bruk_per_enhet.uke_start_dato,
            bruk_per_enhet.enhetsnummer,
            '{{ gruppering_kode }}' as gruppering_kode,
            '{{ bruker_kode }}' as bruker_kode,
            bruk_per_enhet.{{ kolonne }} as deltakelse_antall,
            -- De to skiller seg fra summen av dem, og fra antallet deltakelser enheten følger opp, med de to andre: ett lite tall skjuler alle.
            least(
                {% for liten in ['egne_antall', 'fra_andre_antall', 'hos_andre_antall'] -%}
                    case when bruk_per_enhet.{{ liten }} > 0 then bruk_per_enhet.{{ liten }} end{{ ',' if not loop.last }}
                {% endfor -%}
            ) < {{ var('prikkegrense') }} as folsom_flagg,
            -- Ingen av enhetens egne er på plassene uten å følges opp av den. Er det få av dem, er heller ikke det antallet kjent.
            {% if bruker_kode == 'EGNE' -%}
            case when egne_antall + hos_andre_antall >= {{ var('prikkegrense') }} then egne_antall + hos_andre_antall end as hoyst_antall
            {%- else -%}
            null as hoyst_antall
            {%- endif %}
        from bruk_per_enhet
        {{ "where egne_antall + fra_andre_antall > 0" if bruker_kode != 'HOS_ANDRE' else "where hos_andre_antall > 0" }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
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
        false as folsom_flagg,
        cast(null as double) as hoyst_antall
    from deltar
    union all
    select
        'VENTER' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        {{ grouping_code(deler) }} as gruppering_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        coalesce(innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(avdeling_navn, 'Alle') as avdeling_navn,
        'ALLE' as bruker_kode,
        vent_antall as antall,
        null as deltakelse_antall,
        null as plass_antall,
        false as folsom_flagg,
        null as hoyst_antall
    from venter
    union all
    select
        'KAPASITET' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        case when tiltakskode is null then 'INGEN' else 'TILTAKSTYPE' end as gruppering_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        'ALLE' as innsatsgruppe_kode,
        'Alle' as avdeling_navn,
        'ALLE' as bruker_kode,
        deltakelse_antall as antall,
        deltakelse_antall,
        plass_antall,
        false as folsom_flagg,
        null as hoyst_antall
    from kapasitet
    union all
    select
        'KAPASITET' as populasjon_kode,
        uke_start_dato,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer,
        gruppering_kode,
        'ALLE' as tiltakskode,
        'ALLE' as innsatsgruppe_kode,
        'Alle' as avdeling_navn,
        bruker_kode,
        deltakelse_antall as antall,
        deltakelse_antall,
        null as plass_antall,
        folsom_flagg,
        hoyst_antall
    from bruker
),

-- Avdelinger er kontorets egne. Når små tall skal skjules, vises to av dimensjonene sammen bare der det er nok å vise: tiltakstype og
-- avdeling på kontoret, tiltakstype og innsatsgruppe over det. Tallene på kontoret som summene over det er av, er med fordi de må gå opp.
aktuell as (
    select
        celle.*,
        coalesce(nav_enhet.bare_i_region_flagg, false) as bare_i_region_flagg,
        {{ "celle.enhet_nivaa_kode = 'KONTOR' and celle.gruppering_kode = 'TILTAKSTYPE_INNSATSGRUPPE'" if metode == 'PRIKKING' else 'false' }}
            as indre_flagg
    from celle
    left join nav_enhet on celle.enhetsnummer = nav_enhet.enhetsnummer and celle.enhet_nivaa_kode = 'KONTOR'
    where
        (celle.antall > 0 or celle.gruppering_kode = 'BRUKER')
        and (celle.enhet_nivaa_kode = 'KONTOR' or celle.avdeling_navn = 'Alle' and celle.gruppering_kode not like '%AVDELING')
        {% if metode == 'PRIKKING' -%}
        and celle.gruppering_kode not like '%INNSATSGRUPPE_AVDELING'
        and not (coalesce(nav_enhet.bare_i_region_flagg, false) and celle.gruppering_kode like '%AVDELING')
        {%- else -%}
        and not coalesce(nav_enhet.bare_i_region_flagg, false)
        {%- endif %}
),

beskrevet as (
    select
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
        not indre_flagg and not bare_i_region_flagg as publiseres_flagg,
        {% if metode == 'PRIKKING' -%}
        not indre_flagg and (folsom_flagg or bare_i_region_flagg or antall > 0 and antall < {{ var('prikkegrense') }}) as folsom_flagg,
        {%- else -%}
        false as folsom_flagg,
        {%- endif %}
        indre_flagg,
        -- En null vises, så det som er prikket, er minst en. Men ikke der også nuller er prikket, eller der en deltakelse deles på flere enheter.
        case when populasjon_kode = 'KAPASITET' or indre_flagg or bare_i_region_flagg then 0 else 1 end as minst_antall,
        hoyst_antall
    from aktuell
)

select * from beskrevet
