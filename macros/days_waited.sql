{#- To the Sunday, or to the last day of a wait that ended in the week, both counted. -#}
{% macro days_waited(week) -%}
    {{ days_between('segment.start_dato', earliest(['segment.slutt_dato', add_days(week, 6)])) }} + 1
{%- endmacro %}


{#- Of rows with their `nummer` by days waited, and the `antall` they are of. The median of an even number is midway
    between the two in the middle; nine of ten have waited no longer than the 90th percentile. -#}
{% macro waited_measures() -%}
    avg(case
            when 2 * nummer between antall and antall + 2 then cast(ventedager_antall as {{ type_name('double') }})
        end) as ventedager_median,
        min(case when 10 * nummer >= 9 * antall then ventedager_antall end) as ventedager_p90,
        max(ventedager_antall) as ventedager_maks
{%- endmacro %}
