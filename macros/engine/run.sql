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


{% macro mark_as_complete(seconds) -%}
    update {{ relation_of('kjoring') }} set fullfort_flagg = true, sekund_antall = {{ seconds }} where kjoring_id = {{ sql_text(invocation_id) }}
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
over as (
    select
        {{ child }},
        {{ parent }} as over_{{ child }}
    from direkte
    union
    select
        over.{{ child }},
        direkte.{{ parent }} as over_{{ child }}
    from over
    inner join direkte on over.over_{{ child }} = direkte.{{ child }}
)
{%- endmacro %}


{#- Spark 3 has no recursion. Ten levels are three times as many as Nav has. -#}
{% macro spark__with_all_above(relation, child, parent) -%}
    {%- set levels = range(1, 11) -%}
with

direkte as (
    select
        {{ child }},
        {{ parent }}
    from {{ relation }}
    where {{ parent }} != {{ child }}
),

over as (
    select distinct
        sti.{{ child }},
        over_{{ child }}
    from (
        select
            nivaa_1.{{ child }},
            array({% for level in levels %}nivaa_{{ level }}.{{ parent }}{{ ', ' if not loop.last }}{% endfor %}) as over_liste
        from direkte as nivaa_1
        {%- for level in levels if level > 1 %}
        left join direkte as nivaa_{{ level }} on nivaa_{{ level - 1 }}.{{ parent }} = nivaa_{{ level }}.{{ child }}
        {%- endfor %}
    ) as sti
    {{ each_of('sti.over_liste', 'over_' ~ child) }}
    where over_{{ child }} is not null
)
{%- endmacro %}
