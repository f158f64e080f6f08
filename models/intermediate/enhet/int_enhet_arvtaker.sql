{#- Som i int_enhet_overordnet: ti ledd er flere enn noe kontor har, og en ring tar slutt. -#}
{%- set ledd = range(2, 11) -%}

with

i_kraft as (
    select * from {{ ref('stg_norg2__nav_enhet_arvtaker') }}
    where i_kraft_flagg
),

-- Et register sier ikke hvem som skulle vært på hvilken arvtaker. En delt enhet følges derfor ikke videre.
per_enhet as (
    select
        enhetsnummer,
        min(arvtaker_enhetsnummer) as arvtaker_enhetsnummer,
        min(arvtaker_enhetsnummer) != max(arvtaker_enhetsnummer) as delt_flagg
    from i_kraft
    group by enhetsnummer
),

direkte as (
    select
        enhetsnummer,
        arvtaker_enhetsnummer
    from per_enhet
    where not delt_flagg
),

ledd_1 as (
    select
        enhetsnummer,
        arvtaker_enhetsnummer
    from direkte
),

{% for nummer in ledd -%}
    ledd_{{ nummer }} as (
        select
            foran.enhetsnummer,
            direkte.arvtaker_enhetsnummer
        from ledd_{{ nummer - 1 }} as foran
        inner join direkte on foran.arvtaker_enhetsnummer = direkte.enhetsnummer
    ),

{% endfor -%}
fulgt as (
    {% for nummer in [1] + ledd | list -%}
        select
            enhetsnummer,
            arvtaker_enhetsnummer
        from ledd_{{ nummer }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}
),

-- Dagens enhet er den siste i rekken: den som selv ikke har noen arvtaker å følge. En ring har ingen slik.
siste as (
    select
        fulgt.enhetsnummer,
        fulgt.arvtaker_enhetsnummer as dagens_enhetsnummer
    from fulgt
    left join direkte on fulgt.arvtaker_enhetsnummer = direkte.enhetsnummer
    where direkte.enhetsnummer is null
),

beskrevet as (
    select
        per_enhet.enhetsnummer,
        coalesce(siste.dagens_enhetsnummer, per_enhet.enhetsnummer) as dagens_enhetsnummer,
        per_enhet.delt_flagg,
        not per_enhet.delt_flagg and siste.enhetsnummer is null as ring_flagg
    from per_enhet
    left join siste on per_enhet.enhetsnummer = siste.enhetsnummer
)

select * from beskrevet
