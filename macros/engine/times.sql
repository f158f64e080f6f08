{% macro days_between(first_date, last_date) -%}
    {%- if target.type == 'bigquery' -%}
        date_diff({{ last_date }}, {{ first_date }}, day)
    {%- elif target.type == 'spark' -%}
        datediff({{ last_date }}, {{ first_date }})
    {%- else -%}
        ({{ last_date }} - {{ first_date }})
    {%- endif -%}
{%- endmacro %}


{#- BigQuery has no day before year 1 or after year 9999. A week less or more is as far away. -#}
{% macro add_days(date, days) -%}
    {%- if target.type == 'bigquery' -%}
        date_add(least(greatest({{ date }}, date '0001-01-08'), date '9999-12-24'), interval ({{ days }}) day)
    {%- else -%}
        ({{ date }} + ({{ days }}))
    {%- endif -%}
{%- endmacro %}


{#- What BigQuery calls a week begins on a Sunday. -#}
{% macro week_start(date_or_time) -%}
    {%- if target.type == 'bigquery' -%}
        date_trunc(cast({{ date_or_time }} as date), isoweek)
    {%- else -%}
        cast(date_trunc('week', {{ date_or_time }}) as date)
    {%- endif -%}
{%- endmacro %}


{% macro iso_week(date) -%}
    extract({{ 'isoweek' if target.type == 'bigquery' else 'week' }} from {{ date }})
{%- endmacro %}


{% macro iso_year(date) -%}
    {%- set part = 'yearofweek' if target.type == 'spark' else 'isoyear' -%}
    cast(extract({{ part }} from {{ date }}) as {{ type_name('integer') }})
{%- endmacro %}


{#- The first of several dates or times, of those that are known. -#}
{% macro earliest(times) -%}
    least({{ known(times) }})
{%- endmacro %}


{% macro latest(times) -%}
    greatest({{ known(times) }})
{%- endmacro %}


{% macro known(times) -%}
    {{ return(adapter.dispatch('known')(times)) }}
{%- endmacro %}


{% macro default__known(times) -%}
    {{ times | join(', ') }}
{%- endmacro %}


{#- Of an unknown one BigQuery makes an unknown answer: each is replaced by another that is known. -#}
{% macro bigquery__known(times) -%}
    {%- for time in times -%}
        coalesce({{ (times[loop.index0:] + times[:loop.index0]) | join(', ') }}){{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
