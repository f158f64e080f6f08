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


{% macro days_between(first_date, last_date) -%}
    {{ return(adapter.dispatch('days_between')(first_date, last_date)) }}
{%- endmacro %}


{% macro default__days_between(first_date, last_date) -%}
    ({{ last_date }} - {{ first_date }})
{%- endmacro %}


{% macro spark__days_between(first_date, last_date) -%}
    datediff({{ last_date }}, {{ first_date }})
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
