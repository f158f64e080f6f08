{% macro update_rows(relation, values, condition, key) -%}
    {{ return(adapter.dispatch('update_rows')(relation, values, condition, key)) }}
{%- endmacro %}


{% macro default__update_rows(relation, values, condition, key) -%}
    update {{ relation }}
    set {% for column, value in values.items() %}{{ column }} = {{ value }}{{ ', ' if not loop.last }}{% endfor %}
    where {{ condition }}
{%- endmacro %}


{#- A merge with the rows themselves: the emulator knows no update. -#}
{% macro bigquery__update_rows(relation, values, condition, key) -%}
    merge into {{ relation }} as beholdt
    using (
        select distinct
            {{ key | join(', ') }},
            {% for column, value in values.items() -%}
                {{ value }} as ny_{{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ relation }} as {{ relation.identifier }}
        where {{ condition }}
    ) as utvalg
    on
        {% for column in key -%}
            coalesce(cast(beholdt.{{ column }} as string), '') = coalesce(cast(utvalg.{{ column }} as string), '')
            {{- ' and ' if not loop.last }}
        {% endfor %}
    when matched then update set
        {% for column in values %}{{ column }} = utvalg.ny_{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}


{% macro delete_rows(relation, condition) -%}
    {{ return(adapter.dispatch('delete_rows')(relation, condition)) }}
{%- endmacro %}


{% macro default__delete_rows(relation, condition) -%}
    delete from {{ relation }}
    where {{ condition }}
{%- endmacro %}


{#- A merge with nothing: the emulator knows no delete. -#}
{% macro bigquery__delete_rows(relation, condition) -%}
    merge into {{ relation }} as beholdt
    using (select 1 as en) as ingenting
    on false
    when not matched by source and {{ condition }} then delete
{%- endmacro %}


{#- The pairs of two columns, to stand after in. On BigQuery a subquery there has one column. -#}
{% macro pairs_of(one, other, rows_from) -%}
    {%- if target.type == 'bigquery' -%}
        unnest(array(select ({{ one }}, {{ other }}) {{ rows_from }}))
    {%- else -%}
        (select {{ one }}, {{ other }} {{ rows_from }})
    {%- endif -%}
{%- endmacro %}


{#- The column that a weekly relation is stored by. DuckDB stores rows in the order they are written in. -#}
{% macro stored_by_week() -%}
    {{ return({'field': 'uke_start_dato', 'data_type': 'date'} if target.type == 'bigquery' else none) }}
{%- endmacro %}
