{% macro complete_run(seconds) %}
    {{ return(adapter.dispatch('complete_run')(seconds)) }}
{% endmacro %}


{#- The run is complete in what is exported, and in the database only when that is published. -#}
{% macro default__complete_run(seconds) %}
    {%- do run_query('begin') -%}
    {%- do run_query(mark_as_complete(seconds)) -%}
    {%- set published = publish_export(write_export()) -%}
    {%- do run_query('commit') -%}
    {{ return(published) }}
{% endmacro %}


{#- Readers of Spark's tables have the tables themselves: there is no file that only one process can open. -#}
{% macro spark__complete_run(seconds) %}
    {%- do run_query(mark_as_complete(seconds)) -%}
    {{ return('the schema ' ~ target.schema) }}
{% endmacro %}


{#- Readers of BigQuery have the tables too. What was sent there of the extract is of no more use. -#}
{% macro bigquery__complete_run(seconds) %}
    {%- do run_query(mark_as_complete(seconds)) -%}
    {%- for table in adapter.forget_sent() -%}
        {%- do run_query('drop table if exists ' ~ api.Relation.create(database=target.database, schema=sent_schema(), identifier=table)) -%}
    {%- endfor -%}
    {{ return('the dataset ' ~ target.schema) }}
{% endmacro %}


{% macro mark_as_complete(seconds) -%}
    {{ update_rows(
        relation_of('kjoring'), {'fullfort_flagg': 'true', 'sekund_antall': seconds}, 'kjoring_id = ' ~ sql_text(invocation_id), ['kjoring_id']
    ) }}
{%- endmacro %}


{#- Whoever is above whom, however far up. -#}
{% macro with_all_above(relation, child, parent) %}
    {{ return(adapter.dispatch('with_all_above')(relation, child, parent)) }}
{% endmacro %}


{% macro default__with_all_above(relation, child, parent) -%}
with recursive

direkte as (
    select
        {{ child }},
        {{ parent }}
    from {{ relation }}
    where {{ parent }} != {{ child }}
),

-- Unionen fjerner like rader, så en ring tar slutt.
oppover as (
    select
        {{ child }},
        {{ parent }} as over_{{ child }}
    from direkte
    union
    select
        oppover.{{ child }},
        direkte.{{ parent }} as over_{{ child }}
    from oppover
    inner join direkte on oppover.over_{{ child }} = direkte.{{ child }}
)
{%- endmacro %}


{#- Spark 3 has no recursion. Ten levels are three times as many as Nav has. -#}
{% macro spark__with_all_above(relation, child, parent) -%}
    {%- set levels = range(1, 11) -%}
    {%- set nearest = [] -%}
    {%- for level in levels -%}{%- do nearest.append('nivaa_' ~ level ~ '.' ~ parent) -%}{%- endfor -%}
with

direkte as (
    select
        {{ child }},
        {{ parent }}
    from {{ relation }}
    where {{ parent }} != {{ child }}
),

oppover as (
    select distinct
        sti.{{ child }},
        over_{{ child }}
    from (
        select
            nivaa_1.{{ child }},
            {{ list_of(nearest) }} as over_liste
        from direkte as nivaa_1
        {%- for level in levels if level > 1 %}
        left join direkte as nivaa_{{ level }} on nivaa_{{ level - 1 }}.{{ parent }} = nivaa_{{ level }}.{{ child }}
        {%- endfor %}
    ) as sti
    {{ each_of('sti.over_liste', 'over_' ~ child) }}
    where over_{{ child }} is not null
)
{%- endmacro %}


{#- BigQuery has recursion, but not one that a ring ends. -#}
{% macro bigquery__with_all_above(relation, child, parent) -%}
    {{ spark__with_all_above(relation, child, parent) }}
{%- endmacro %}
