{#- On DuckDB the weeks are deleted by themselves: it adds no column to a table that the transaction has deleted from.
    Weeks that a run deletes and does not write are computed by the next one. The others have no such transaction, and
    their adapters run no hook outside one. -#}
{%- set delete_first = "{{ delete_weeks(ref('aapne_tall_stoyuke')) }}" -%}
{{ config(
    enabled=var('aapne_tall') and var('aapen_metode') == 'stoy',
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    partition_by=stored_by_week(),
    pre_hook=before_begin(delete_first) if target.type == 'duckdb' else delete_first,
) }}
{%- set celle = "'|' || celle.enhet_nivaa_kode || '|' || celle.enhetsnummer || '|' || celle.tiltak_beskrivelse || '|' "
    ~ "|| celle.innsatsgruppe_kode || '|' || celle.bruker_kode || '|' || celle.avdeling_navn" -%}

with

celle as (
    select
        noklet.populasjon_kode,
        noklet.uke_start_dato,
        noklet.enhet_nivaa_kode,
        noklet.enhetsnummer,
        {{ grouping_code('noklet') }} as gruppering_kode,
        coalesce(noklet.tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        coalesce(noklet.tiltakskode, 'ALLE') as tiltakskode,
        coalesce(noklet.innsatsgruppe_kode, 'ALLE') as innsatsgruppe_kode,
        coalesce(noklet.avdeling_navn, 'Alle') as avdeling_navn,
        'ALLE' as bruker_kode,
        noklet.person_antall as sant_antall,
        {{ key_of_sum('noklet.person_nokkel_nummer') }} as celle_nokkel_nummer,
        case when noklet.populasjon_kode = 'DELTAR' then noklet.deltakelse_antall end as sant_deltakelse_antall,
        -- En annen nøkkel enn personenes, også når ingen har flere deltakelser.
        {{ key_of_sum('noklet.deltakelse_nokkel_nummer + 2863311530') }} as deltakelse_nokkel_nummer,
        cast(null as {{ type_name('double') }}) as plasser_per_deltakelse_antall
    from {{ ref('aapne_tall_noklet') }} as noklet
    where noklet.person_antall > 0
    union all
    select
        'KAPASITET' as populasjon_kode,
        uke_start_dato,
        enhet_nivaa_kode,
        enhetsnummer,
        case
            when bruker_kode = 'HOS_ANDRE' then 'BRUKER_HOS_ANDRE'
            when bruker_kode != 'ALLE' then 'BRUKER'
            when tiltaksgruppe_kode is not null then 'TILTAKSGRUPPE'
            when tiltakskode is not null then 'TILTAKSTYPE'
            else 'INGEN'
        end as gruppering_kode,
        coalesce(tiltaksgruppe_kode, 'ALLE') as tiltaksgruppe_kode,
        coalesce(tiltakskode, 'ALLE') as tiltakskode,
        'ALLE' as innsatsgruppe_kode,
        'Alle' as avdeling_navn,
        bruker_kode,
        cast({{ whole('deltakelse_antall') }} as {{ type_name('bigint') }}) as sant_antall,
        {{ key_of_sum('nokkel_nummer') }} as celle_nokkel_nummer,
        null as sant_deltakelse_antall,
        null as deltakelse_nokkel_nummer,
        cast(plassprosent_antall as {{ type_name('double') }})
        / 100
        / cast(deltakelse_antall as {{ type_name('double') }})
            as plasser_per_deltakelse_antall
    from {{ ref('aapne_tall_plassnoklet') }}
    where deltakelse_antall > 0
),

serie_nokkel as (
    select serie_beskrivelse from {{ ref('stg_uttrekk__serie_nokkel') }}
),

tiltaksgruppe as (
    select
        tiltaksgruppe_kode,
        min(tiltakskode) as forste_tiltakskode,
        count(*) as tiltakstype_antall
    from {{ ref('kodeverk_tiltakstype') }}
    group by all
),

-- En gruppe med én tiltakstype er den samme serien som tiltakstypen: med en serie til ville det samme antallet hatt to
-- tall med støy.
beskrevet as (
    select
        celle.*,
        case
            when celle.tiltaksgruppe_kode = 'ALLE' then celle.tiltakskode
            when tiltaksgruppe.tiltakstype_antall = 1 then tiltaksgruppe.forste_tiltakskode
            else 'TILTAKSGRUPPE ' || celle.tiltaksgruppe_kode
        end as tiltak_beskrivelse
    from celle
    left join tiltaksgruppe on celle.tiltaksgruppe_kode = tiltaksgruppe.tiltaksgruppe_kode
),

-- Den samme i alle uker, så gjennomsnittet av mange uker er ikke nærmere sannheten enn én.
med_serie as (
    select
        celle.*,
        {{ key_of_text("serie_nokkel.serie_beskrivelse || '|serie|' || celle.populasjon_kode || " ~ celle) }}
            as serie_nokkel_nummer,
        {{ key_of_text("serie_nokkel.serie_beskrivelse || '|serie|DELTAKELSE' || " ~ celle) }}
            as deltakelse_serie_nummer
    from beskrevet as celle
    cross join serie_nokkel
),

-- Først med serien, så med personene i cellen: de samme personene i den samme serien gir det samme tallet.
serie_antall as (
    {{ with_noise('med_serie', 'kodeverk_stoy_serie', 'sant_antall', 'serie_nokkel_nummer', 'serie_antall') }}
),

antall as (
    {{ with_noise('serie_antall', 'kodeverk_stoy_celle', 'serie_antall', 'celle_nokkel_nummer', 'antall') }}
),

serie_deltakelse as (
    {{ with_noise(
        'antall', 'kodeverk_stoy_serie', 'sant_deltakelse_antall', 'deltakelse_serie_nummer', 'serie_deltakelse_antall'
    ) }}
),

deltakelse as (
    {{ with_noise(
        'serie_deltakelse', 'kodeverk_stoy_celle', 'serie_deltakelse_antall', 'deltakelse_nokkel_nummer',
        'stoyet_deltakelse_antall'
    ) }}
),

-- Ingen har færre deltakelser enn personer. En celle med 0 er ikke med: en rad ville sagt at noen er der.
vist as (
    select
        deltakelse.populasjon_kode,
        deltakelse.uke_start_dato,
        deltakelse.enhet_nivaa_kode,
        deltakelse.enhetsnummer,
        deltakelse.gruppering_kode,
        deltakelse.tiltaksgruppe_kode,
        deltakelse.tiltakskode,
        deltakelse.innsatsgruppe_kode,
        deltakelse.avdeling_navn,
        deltakelse.bruker_kode,
        cast(deltakelse.antall as {{ type_name('double') }}) as antall,
        cast(case
            when deltakelse.populasjon_kode = 'DELTAR'
                then greatest(deltakelse.stoyet_deltakelse_antall, deltakelse.antall)
            when deltakelse.populasjon_kode = 'KAPASITET' then deltakelse.antall
        end as {{ type_name('double') }}) as deltakelse_antall,
        {{ whole('deltakelse.antall * deltakelse.plasser_per_deltakelse_antall') }} as plass_antall,
        deltakelse.antall < {{ var('prikkegrense') }} as prikket_flagg,
        uke.fingeravtrykk
    from deltakelse
    inner join {{ ref('aapne_tall_stoyuke') }} as uke on deltakelse.uke_start_dato = uke.uke_start_dato
    where deltakelse.antall > 0
)

select * from vist
order by uke_start_dato
