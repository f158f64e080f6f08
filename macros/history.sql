{% macro known_time(source_time, uttrekk_tid) -%}
    coalesce(least({{ source_time }}, {{ uttrekk_tid }}), {{ uttrekk_tid }})
{%- endmacro %}


{#- The person in a clean table as the current one: `gjeldende` is stg_uttrekk__gjeldende_person, joined on its
    person_id. -#}
{% macro current_person(relation) -%}
    coalesce(gjeldende.gjeldende_person_id, {{ relation }}.person_id)
{%- endmacro %}


{% macro version_history(snapshot, key, source_time, content, created_time=none, observed=none) %}
with

-- Et uttrekk som ble rettet uten at tiden på det ble en annen, erstatter det første: observasjonen derfra varte ikke.
observert as (
    select * from {{ snapshot }}
    where observert_til_tid is null or observert_til_tid > observert_fom_tid
),

{% if observed -%}
    {{ observations_of_current_persons(source_time, observed) }}
{% else -%}
    samlet as (
        select * from observert
    ),
{%- endif %}

observasjon as (
    select
        *,
        lag(observert_fom_tid) over nokkel as forrige_observert_fom_tid,
        lag(observert_til_tid) over nokkel as forrige_observert_til_tid
    from samlet
    window nokkel as (partition by {{ key }} order by observert_fom_tid)
),

-- Den første versjonen begynner på kildens eget tidspunkt. En nøkkel som har vært borte, kommer tilbake på det seneste
-- av kildens tidspunkt og slutten på den forrige versjonen.
kandidat as (
    select
        *,
        forrige_observert_til_tid is null or forrige_observert_til_tid < observert_fom_tid as ny_kjede_flagg,
        {{ latest([
            source_time, 'case when forrige_observert_til_tid < observert_fom_tid then forrige_observert_til_tid end',
        ]) }}
            as kandidat_tid
    from observasjon
),

-- En senere versjon begynner på kandidaten hvis den er etter starten på den forrige versjonen, ellers på sitt uttrekk
-- (spesifikasjon 4). Starten på den forrige er selv dens kandidat eller dens uttrekk. Tre ting gjør rekken kjent uten å
-- regne ut én start om gangen:
--   1. En kandidat som er etter det forrige uttrekket, er etter den forrige starten, hva den enn ble. Versjonen er et
--      ankerpunkt, og begynner et løp.
--   2. Videre i løpet begynner hver versjon på kandidaten så lenge kandidatene stiger.
--   3. Den første som ikke stiger, begynner på sitt uttrekk. Det gjør også resten av løpet: ingen kandidat der er etter
--      det forrige uttrekket, og det er nå den forrige starten.
-- Et ankerpunkt stiger alltid, for ingen kandidat er etter sitt eget uttrekk.
anker as (
    select
        *,
        ny_kjede_flagg or kandidat_tid > forrige_observert_fom_tid as anker_flagg,
        kandidat_tid <= lag(kandidat_tid) over (partition by {{ key }} order by observert_fom_tid) as synker_flagg
    from kandidat
),

lop as (
    select
        *,
        count(case when anker_flagg then 1 end) over (partition by {{ key }} order by observert_fom_tid) as lop_nummer
    from anker
),

start as (
    select
        *,
        case
            when
                {{ dbt.bool_or('synker_flagg') }} over (
                    partition by {{ key }}, lop_nummer
                    order by observert_fom_tid
                )
                then observert_fom_tid
            else kandidat_tid
        end as gyldig_fom_tid
    from lop
),

versjon as (
    select
        *,
        case
            when lead(ny_kjede_flagg) over nokkel then observert_til_tid
            else coalesce(lead(gyldig_fom_tid) over nokkel, observert_til_tid)
        end as gyldig_til_tid
    from start
    window nokkel as (partition by {{ key }} order by observert_fom_tid)
),

-- En versjon gjelder i en uke når den begynner før mandagen etter, kl. 00.00, og ikke slutter før den. En som begynner
-- og slutter mellom to mandager, gjelder ikke i noen uke, og har en siste uke før den første. Med
-- for_forste_observasjon: som_forste gjelder den første kjente versjonen også i alle uker før den, men en
-- veiledergruppe ikke før den ble opprettet (spesifikasjon 4).
historikk as (
    select
        {{ key }},
        {{ content | join(',\n        ') }},
        gyldig_fom_tid,
        gyldig_til_tid,
        {% if var('for_forste_observasjon') == 'som_forste' -%}
            case
                when forrige_observert_fom_tid is not null then {{ week_start('gyldig_fom_tid') }}
                {% if created_time -%}
                    else {{ week_start(earliest(['gyldig_fom_tid', created_time])) }}
                {% else -%}
                    else {{ earliest([week_start('gyldig_fom_tid'), first_week()]) }}
                {% endif %}
            end as forste_uke_dato,
        {% else -%}
            {{ week_start('gyldig_fom_tid') }} as forste_uke_dato,
        {% endif -%}
        {{ week_start('gyldig_fom_tid') }} as kjent_fra_uke_dato,
        coalesce({{ add_days(week_start('gyldig_til_tid'), -7) }}, {{ open_end() }}) as siste_uke_dato
    from versjon
)

select * from historikk
{% endmacro %}


{#- The observations of a person, also those under another ident: at any time the row that stands is the latest
    (specification 4). -#}
{% macro observations_of_current_persons(source_time, observed) -%}
    {%- set columns = observed + [source_time] -%}
    gjeldende as (
        select * from {{ ref('stg_uttrekk__gjeldende_person') }}
    ),

    fulgt as (
        select
            {{ current_person('observert') }} as person_id,
            {% for column in columns %}observert.{{ column }}, {% endfor %}
            observert.observert_fom_tid,
            observert.observert_til_tid
        from observert
        left join gjeldende on observert.person_id = gjeldende.person_id
    ),

    -- De få som har hatt flere identer, deles der en observasjon begynner eller slutter.
    flere as (
        select * from fulgt
        where person_id in (select gjeldende.gjeldende_person_id from gjeldende)
    ),

    grense as (
        select
            person_id,
            observert_fom_tid as tid
        from flere
        union distinct
        select
            person_id,
            observert_til_tid as tid
        from flere
        where observert_til_tid is not null
    ),

    del as (
        select
            person_id,
            tid as fom_tid,
            lead(tid) over (partition by person_id order by tid) as til_tid
        from grense
    ),

    rangert_del as (
        select
            del.person_id,
            {% for column in columns %}flere.{{ column }}, {% endfor %}
            del.fom_tid as observert_fom_tid,
            del.til_tid as observert_til_tid,
            row_number() over (
                partition by del.person_id, del.fom_tid
                order by {{ nulls_last(('flere.' ~ source_time ~ ' desc, flere.' ~ observed | join(', flere.'))) }}
            ) as nummer
        from del
        inner join flere
            on del.person_id = flere.person_id
            and del.fom_tid >= flere.observert_fom_tid
            and (flere.observert_til_tid is null or del.til_tid <= flere.observert_til_tid)
    ),

    valgt_del as (
        select
            *,
            {% for column in observed %}lag({{ column }}) over person as forrige_{{ column }}, {% endfor %}
            lag(observert_til_tid) over person as forrige_til_tid
        from rangert_del
        where nummer = 1
        window person as (partition by person_id order by observert_fom_tid)
    ),

    -- Deler på rad med likt innhold er én observasjon: bare den første av dem har nummeret 1.
    endret_del as (
        select
            *,
            case
                when
                    forrige_til_tid = observert_fom_tid
                    {% for column in observed -%}
                        and not ({{ column }} is distinct from forrige_{{ column }})
                    {% endfor %}
                    then 0
                else 1
            end as ny_nummer
        from valgt_del
    ),

    nummerert_del as (
        select
            *,
            sum(ny_nummer) over (partition by person_id order by observert_fom_tid) as observasjon_nummer
        from endret_del
    ),

    samlet as (
        select
            person_id,
            {{ columns | join(', ') }},
            observert_fom_tid,
            observert_til_tid
        from fulgt
        where person_id not in (select gjeldende.gjeldende_person_id from gjeldende)
        union all
        select
            person_id,
            {{ observed | join(', ') }},
            max(case when ny_nummer = 1 then {{ source_time }} end) as {{ source_time }},
            min(observert_fom_tid) as observert_fom_tid,
            case when count(*) = count(observert_til_tid) then max(observert_til_tid) end as observert_til_tid
        from nummerert_del
        group by person_id, observasjon_nummer, {{ observed | join(', ') }}
    ),
{%- endmacro %}
