{% macro dense_weeks(dimensions) %}
with

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

dim_uke as (
    select * from {{ ref('dim_uke') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

-- En person har én veiledergruppe og én innsatsgruppe per uke og kontor, så antallet kan summeres over dem.
talt as (
    select
        dim_uke.aar,
        dim_uke.uke,
        fakta.enhetsnummer,
        fakta.{{ dimensions | join(',\n        fakta.') }},
        sum(fakta.person_antall) as person_antall
    from fakta
    inner join dim_uke on fakta.uke_start_dato = dim_uke.uke_start_dato
    group by all
),

{% for dimension in dimensions -%}
brukt_{{ dimension }} as (
    select distinct
        enhetsnummer,
        {{ dimension }}
    from fakta
),

{% endfor -%}
-- Hver kombinasjon av det som forekommer på kontoret, i hver uke, med 0 der ingen var (spesifikasjon 5).
tett as (
    select
        dim_uke.aar,
        dim_uke.uke,
        brukt_{{ dimensions[0] }}.enhetsnummer,
        {% for dimension in dimensions -%}
        brukt_{{ dimension }}.{{ dimension }},
        {% endfor -%}
        cast(coalesce(talt.person_antall, 0) as integer) as antall,
        nav_enhet.enhet_navn
    from dim_uke
    cross join brukt_{{ dimensions[0] }}
    {% for dimension in dimensions[1:] -%}
    inner join brukt_{{ dimension }} on brukt_{{ dimensions[0] }}.enhetsnummer = brukt_{{ dimension }}.enhetsnummer
    {% endfor -%}
    left join nav_enhet on brukt_{{ dimensions[0] }}.enhetsnummer = nav_enhet.enhetsnummer
    left join talt
        on dim_uke.aar = talt.aar
        and dim_uke.uke = talt.uke
        and brukt_{{ dimensions[0] }}.enhetsnummer = talt.enhetsnummer
        {% for dimension in dimensions -%}
        and brukt_{{ dimension }}.{{ dimension }} = talt.{{ dimension }}
        {% endfor %}
)
{% endmacro %}
