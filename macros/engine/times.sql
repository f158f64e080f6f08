{% macro to_oslo_time(column, default_zone='Europe/Oslo') %}
    {{ return(adapter.dispatch('to_oslo_time')(column, default_zone)) }}
{% endmacro %}


{% macro default__to_oslo_time(column, default_zone) %}
    {%- set naive = 'try_cast(' ~ column ~ ' as timestamp)' -%}
    case
        when not {{ matches(column, '^\\d{4}-\\d\\d-\\d\\d') }} then null
        when {{ has_a_zone(column) }} then timezone('Europe/Oslo', try_cast({{ as_iso_8601(column) }} as timestamptz))
        {%- if default_zone == 'Europe/Oslo' %}
        else {{ naive }}
        {%- else %}
        else timezone('Europe/Oslo', timezone('{{ default_zone }}', {{ naive }}))
        {%- endif %}
    end
{%- endmacro %}


{#- The session's zone is UTC, so that a timestamp of Spark's is a time without a zone to those who neither write nor read one. -#}
{% macro spark__to_oslo_time(column, default_zone) %}
    {%- set naive = 'try_cast(' ~ column ~ ' as timestamp)' -%}
    case
        when not {{ matches(column, '^\\d{4}-\\d\\d-\\d\\d') }} then null
        when {{ has_a_zone(column) }} then from_utc_timestamp(try_cast({{ as_iso_8601(column) }} as timestamp), 'Europe/Oslo')
        {%- if default_zone == 'Europe/Oslo' %}
        else {{ naive }}
        {%- else %}
        else from_utc_timestamp(to_utc_timestamp({{ naive }}, '{{ default_zone }}'), 'Europe/Oslo')
        {%- endif %}
    end
{%- endmacro %}


{#- BigQuery wants the seconds, at most six decimals of them, and a colon in the zone. -#}
{% macro bigquery__to_oslo_time(column, default_zone) %}
    {%- set text = replace_matches(replace_matches(column, '(\\.\\d{6})\\d+', '\\1'), '([T ]\\d\\d?:\\d\\d)$', '\\1:00') -%}
    {%- set naive = 'safe_cast(' ~ text ~ ' as datetime)' -%}
    {%- set zoned = replace_matches(replace_matches(as_iso_8601(text), '([+-]\\d\\d)$', '\\1:00'), '([+-]\\d\\d)(\\d\\d)$', '\\1:\\2') -%}
    case
        when not {{ matches(column, '^\\d{4}-\\d\\d-\\d\\d') }} then null
        when {{ has_a_zone(column) }} then datetime(safe_cast({{ zoned }} as timestamp), 'Europe/Oslo')
        {%- if default_zone == 'Europe/Oslo' %}
        else {{ naive }}
        {%- else %}
        else datetime(timestamp({{ naive }}, '{{ default_zone }}'), 'Europe/Oslo')
        {%- endif %}
    end
{%- endmacro %}


{% macro days_between(first_date, last_date) -%}
    {{ return(adapter.dispatch('days_between')(first_date, last_date)) }}
{%- endmacro %}


{% macro default__days_between(first_date, last_date) -%}
    ({{ last_date }} - {{ first_date }})
{%- endmacro %}


{% macro spark__days_between(first_date, last_date) -%}
    datediff({{ last_date }}, {{ first_date }})
{%- endmacro %}


{% macro bigquery__days_between(first_date, last_date) -%}
    date_diff({{ last_date }}, {{ first_date }}, day)
{%- endmacro %}


{% macro add_days(date, days) -%}
    {{ return(adapter.dispatch('add_days')(date, days)) }}
{%- endmacro %}


{% macro default__add_days(date, days) -%}
    ({{ date }} + ({{ days }}))
{%- endmacro %}


{#- BigQuery has no day before year 1 or after year 9999. A week less or more is as far away. -#}
{% macro bigquery__add_days(date, days) -%}
    date_add(least(greatest({{ date }}, date '0001-01-08'), date '9999-12-24'), interval ({{ days }}) day)
{%- endmacro %}


{% macro week_start(date_or_time) -%}
    {{ return(adapter.dispatch('week_start')(date_or_time)) }}
{%- endmacro %}


{% macro default__week_start(date_or_time) -%}
    cast(date_trunc('week', {{ date_or_time }}) as date)
{%- endmacro %}


{#- What BigQuery calls a week begins on a Sunday. -#}
{% macro bigquery__week_start(date_or_time) -%}
    date_trunc(cast({{ date_or_time }} as date), isoweek)
{%- endmacro %}


{% macro iso_week(date) -%}
    {{ return(adapter.dispatch('iso_week')(date)) }}
{%- endmacro %}


{% macro default__iso_week(date) -%}
    extract(week from {{ date }})
{%- endmacro %}


{% macro bigquery__iso_week(date) -%}
    extract(isoweek from {{ date }})
{%- endmacro %}


{% macro iso_year(date) -%}
    {{ return(adapter.dispatch('iso_year')(date)) }}
{%- endmacro %}


{% macro default__iso_year(date) -%}
    cast(extract(isoyear from {{ date }}) as integer)
{%- endmacro %}


{% macro spark__iso_year(date) -%}
    cast(extract(yearofweek from {{ date }}) as integer)
{%- endmacro %}


{% macro bigquery__iso_year(date) -%}
    extract(isoyear from {{ date }})
{%- endmacro %}


{% macro weeks_from_to(first_week, last_week) -%}
    {{ return(adapter.dispatch('weeks_from_to')(first_week, last_week)) }}
{%- endmacro %}


{% macro default__weeks_from_to(first_week, last_week) -%}
    cast(generate_series({{ first_week }}, {{ last_week }}, interval 7 days) as date[])
{%- endmacro %}


{#- Spark has no empty sequence: from a later date to an earlier one it counts backwards, or fails. -#}
{% macro spark__weeks_from_to(first_week, last_week) -%}
    case
        when {{ first_week }} <= {{ last_week }} then sequence({{ first_week }}, {{ last_week }}, interval 7 days)
        else cast(array() as array<date>)
    end
{%- endmacro %}


{% macro bigquery__weeks_from_to(first_week, last_week) -%}
    generate_date_array({{ first_week }}, {{ last_week }}, interval 7 day)
{%- endmacro %}


{#- The first of several dates or times, of those that are known. -#}
{% macro earliest(times) -%}
    {{ return(adapter.dispatch('earliest')(times)) }}
{%- endmacro %}


{% macro default__earliest(times) -%}
    least({{ times | join(', ') }})
{%- endmacro %}


{#- Of an unknown one BigQuery makes an unknown answer: each is replaced by another that is known. -#}
{% macro bigquery__earliest(times) -%}
    least({{ each_or_another(times) }})
{%- endmacro %}


{% macro latest(times) -%}
    {{ return(adapter.dispatch('latest')(times)) }}
{%- endmacro %}


{% macro default__latest(times) -%}
    greatest({{ times | join(', ') }})
{%- endmacro %}


{% macro bigquery__latest(times) -%}
    greatest({{ each_or_another(times) }})
{%- endmacro %}


{% macro each_or_another(values) -%}
    {%- for value in values -%}
        coalesce({{ (values[loop.index0:] + values[:loop.index0]) | join(', ') }}){{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
