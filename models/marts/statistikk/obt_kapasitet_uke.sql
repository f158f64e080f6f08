{{ config(materialized='view') }}
{%- set double = type_name('double') -%}

with

fakta as (
    select
        *,
        cast(deltakelse_antall as {{ type_name('decimal(38, 12)') }}) as deltakelse_desimal,
        cast(plass_antall as {{ type_name('decimal(38, 12)') }}) as plass_desimal
    from {{ ref('fak_kapasitet_uke') }}
),

enhet_overordnet as (
    select * from {{ ref('int_enhet_overordnet') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

-- Enheten er med når plassene er dens, når personene følges opp av den, eller begge deler. Den er seg selv og alt under
-- seg.
rolle as (
    select
        fakta.*,
        enhet_overordnet.over_enhetsnummer as enhetsnummer,
        true as plassen_er_vaar_flagg
    from fakta
    inner join enhet_overordnet on fakta.kapasitet_enhetsnummer = enhet_overordnet.enhetsnummer
    union all
    select
        fakta.*,
        enhet_overordnet.over_enhetsnummer as enhetsnummer,
        false as plassen_er_vaar_flagg
    from fakta
    inner join enhet_overordnet on fakta.oppfolging_enhetsnummer = enhet_overordnet.enhetsnummer
),

begge as (
    select
        uke_start_dato,
        kapasitet_enhetsnummer,
        oppfolging_enhetsnummer,
        enhetsnummer,
        tiltakskode,
        tiltakstype_navn,
        any_value(deltakelse_desimal) as deltakelse_antall,
        any_value(plass_desimal) as plass_antall,
        {{ dbt.bool_or('plassen_er_vaar_flagg') }} as plassen_er_vaar_flagg,
        {{ dbt.bool_or('not plassen_er_vaar_flagg') }} as personen_er_vaar_flagg
    from rolle
    group by
        uke_start_dato, kapasitet_enhetsnummer, oppfolging_enhetsnummer, enhetsnummer, tiltakskode, tiltakstype_navn
),

summert as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        tiltakstype_navn,
        coalesce(sum(case when plassen_er_vaar_flagg then deltakelse_antall end), 0) as deltakelse_antall,
        coalesce(sum(case when not personen_er_vaar_flagg then deltakelse_antall end), 0)
            as deltakelse_fra_andre_antall,
        coalesce(sum(case when not plassen_er_vaar_flagg then deltakelse_antall end), 0)
            as deltakelse_hos_andre_antall,
        coalesce(sum(case when plassen_er_vaar_flagg then plass_antall end), 0) as plass_antall,
        coalesce(sum(case when not personen_er_vaar_flagg then plass_antall end), 0) as plass_fra_andre_antall,
        coalesce(sum(case when not plassen_er_vaar_flagg then plass_antall end), 0) as plass_hos_andre_antall
    from begge
    group by uke_start_dato, enhetsnummer, tiltakskode, tiltakstype_navn
),

-- Deler av plasser vises til en milliondel, som de er nøyaktige til (spesifikasjon 6).
navngitt as (
    select
        summert.uke_start_dato,
        summert.enhetsnummer,
        nav_enhet.enhet_navn,
        summert.tiltakskode,
        summert.tiltakstype_navn,
        cast(round(summert.deltakelse_antall, 6) as {{ double }}) as deltakelse_antall,
        cast(round(summert.deltakelse_fra_andre_antall, 6) as {{ double }}) as deltakelse_fra_andre_antall,
        cast(round(summert.deltakelse_hos_andre_antall, 6) as {{ double }}) as deltakelse_hos_andre_antall,
        cast(round(summert.plass_antall, 6) as {{ double }}) as plass_antall,
        cast(round(summert.plass_fra_andre_antall, 6) as {{ double }}) as plass_fra_andre_antall,
        cast(round(summert.plass_hos_andre_antall, 6) as {{ double }}) as plass_hos_andre_antall
    from summert
    inner join nav_enhet on summert.enhetsnummer = nav_enhet.enhetsnummer
)

select * from navngitt
