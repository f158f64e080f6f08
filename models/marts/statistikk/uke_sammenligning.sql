{{ config(materialized='view') }}

{%- set celle = ['enhetsnummer', 'avdeling_navn', 'tiltakskode', 'innsatsgruppe_kode'] %}

with

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

publisert as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke_publisert') }}
),

forste as (
    select * from {{ ref('int_uke_forste_publisert') }}
),

tiltakstype as (
    select * from {{ ref('dim_tiltakstype') }}
),

nav_enhet as (
    select * from {{ ref('dim_nav_enhet') }}
),

-- Uken før, og uken med samme nummer i ISO-året før. Uke 53 har ingen i et år som hadde 52.
uke as (
    select
        uke.uke_start_dato,
        forrige.uke_start_dato as forrige_uke_start_dato,
        fjoraar.uke_start_dato as fjoraar_uke_start_dato
    from {{ ref('dim_uke') }} as uke
    left join {{ ref('dim_uke') }} as forrige on forrige.uke_start_dato = {{ add_days('uke.uke_start_dato', -7) }}
    left join {{ ref('dim_uke') }} as fjoraar on uke.aar - 1 = fjoraar.aar and uke.uke = fjoraar.uke
),

-- Ukene som hver uke skal vise tall fra. Hver celle er dermed også med i uken etter og året etter, om ingen var der da.
vist as (
    {% for uke_kolonne in ['uke_start_dato', 'forrige_uke_start_dato', 'fjoraar_uke_start_dato'] -%}
        select
            uke_start_dato,
            {{ uke_kolonne }} as fra_uke_start_dato,
            '{{ uke_kolonne }}' as uke_kolonne_navn
        from uke
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- En person har én veiledergruppe per uke og kontor, så antallet kan summeres over dem. Ingenting er summert før ukene
-- er valgt, så en uke leses uten de andre.
celle as (
    select
        vist.uke_start_dato,
        vist.uke_kolonne_navn,
        fakta.{{ celle | join(',\n        fakta.') }},
        fakta.person_antall,
        0 as publisert_person_antall
    from vist
    inner join fakta on vist.fra_uke_start_dato = fakta.uke_start_dato
    union all
    select
        vist.uke_start_dato,
        vist.uke_kolonne_navn,
        publisert.{{ celle | join(',\n        publisert.') }},
        0 as person_antall,
        publisert.person_antall as publisert_person_antall
    from vist
    inner join publisert on vist.fra_uke_start_dato = publisert.uke_start_dato
    inner join forste on publisert.uke_start_dato = forste.uke_start_dato
    where {{ published_as_of('forste.forste_publisert_tid') }}
),

summert as (
    select
        uke_start_dato,
        {{ celle | join(',\n        ') }},
        coalesce(sum(case when uke_kolonne_navn = 'uke_start_dato' then person_antall end), 0) as person_antall,
        coalesce(sum(case when uke_kolonne_navn = 'uke_start_dato' then publisert_person_antall end), 0)
            as publisert_person_antall,
        coalesce(sum(case when uke_kolonne_navn = 'forrige_uke_start_dato' then person_antall end), 0)
            as forrige_uke_person_antall,
        coalesce(sum(case when uke_kolonne_navn = 'forrige_uke_start_dato' then publisert_person_antall end), 0)
            as forrige_uke_publisert_person_antall,
        coalesce(sum(case when uke_kolonne_navn = 'fjoraar_uke_start_dato' then person_antall end), 0)
            as fjoraar_person_antall,
        coalesce(sum(case when uke_kolonne_navn = 'fjoraar_uke_start_dato' then publisert_person_antall end), 0)
            as fjoraar_publisert_person_antall
    from celle
    group by all
),

side_om_side as (
    select
        summert.uke_start_dato,
        summert.{{ celle | join(',\n        summert.') }},
        coalesce(tiltakstype.tiltakstype_navn, summert.tiltakskode) as tiltakstype_navn,
        cast(summert.person_antall as bigint) as person_antall,
        cast(summert.publisert_person_antall as bigint) as publisert_person_antall,
        case
            when uke.forrige_uke_start_dato is not null then cast(summert.forrige_uke_person_antall as bigint)
        end as forrige_uke_person_antall,
        case
            when uke.forrige_uke_start_dato is not null then cast(summert.forrige_uke_publisert_person_antall as bigint)
        end
            as forrige_uke_publisert_person_antall,
        case
            when uke.fjoraar_uke_start_dato is not null then cast(summert.fjoraar_person_antall as bigint)
        end as fjoraar_person_antall,
        case
            when uke.fjoraar_uke_start_dato is not null then cast(summert.fjoraar_publisert_person_antall as bigint)
        end
            as fjoraar_publisert_person_antall,
        uke.forrige_uke_start_dato,
        uke.fjoraar_uke_start_dato,
        coalesce(nav_enhet.enhet_navn, 'Ukjent') as enhet_navn
    from summert
    inner join uke on summert.uke_start_dato = uke.uke_start_dato
    left join tiltakstype on summert.tiltakskode = tiltakstype.tiltakskode
    left join nav_enhet on summert.enhetsnummer = nav_enhet.enhetsnummer
)

select * from side_om_side
