{#- The relation `nivaa` says which levels an office is counted at, `segment` and `uke` whom and when, and `tiltakstype`
    which group a tiltakstype is in. -#}
{% macro persons_in_several_cells() -%}
    with

    -- Cellene i fakta personen er telt i.
    celle as (
        select
            uke.uke_start_dato,
            segment.enhetsnummer,
            segment.person_id,
            segment.tiltakskode,
            segment.innsatsgruppe_kode,
            segment.avdeling_navn,
            count(*) over (partition by uke.uke_start_dato, segment.person_id) as celle_antall
        from segment
        inner join uke on uke.uke_start_dato between segment.person_uke_dato and segment.siste_uke_dato
    ),

    -- Personer som er i flere av dem, på hvert nivå kontoret er med i.
    paa_nivaa as (
        select
            celle.uke_start_dato,
            nivaa.enhet_nivaa_kode,
            nivaa.nivaa_enhetsnummer as enhetsnummer,
            celle.person_id,
            {{ group_of_type() }} as tiltaksgruppe_kode,
            celle.tiltakskode,
            celle.innsatsgruppe_kode,
            celle.avdeling_navn
        from celle
        inner join nivaa on celle.enhetsnummer = nivaa.enhetsnummer
        left join tiltakstype on celle.tiltakskode = tiltakstype.tiltakskode
        where celle.celle_antall > 1
    ),

    -- En sum av celler teller personen én gang i hver. Alle utenom den første er for mye, i innsatsgruppen (som hen har
    -- én av i uken) og samlet.
    person as (
        select
            uke_start_dato,
            enhet_nivaa_kode,
            enhetsnummer,
            person_id,
            {{ only_whole_group() }},
            tiltakskode,
            innsatsgruppe_kode,
            avdeling_navn,
            count(*) - 1 as person_antall
        from paa_nivaa
        group by {{ cube_of(
            ['uke_start_dato', 'enhet_nivaa_kode', 'enhetsnummer', 'person_id', 'innsatsgruppe_kode'],
            [['tiltaksgruppe_kode', 'tiltakskode'], 'avdeling_navn']
        ) }}
        having count(*) > 1
    )

    select * from person
{%- endmacro %}
