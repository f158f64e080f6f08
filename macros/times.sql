{% macro iso_week_text(date, between='-W') -%}
    cast({{ iso_year(date) }} as string) || '{{ between }}' || lpad(cast({{ iso_week(date) }} as string), 2, '0')
{%- endmacro %}


{% macro time_text(time) -%}
    replace(substring(cast({{ time }} as string), 1, 19), ' ', 'T')
{%- endmacro %}


{% macro last_complete_week(uttrekk_dato) -%}
    {{ add_days(week_start(uttrekk_dato), -7) }}
{%- endmacro %}


{% macro first_week() -%}
    cast('{{ var("fra_uke_dato") }}' as date)
{%- endmacro %}


{% macro open_end() -%}
    date '9999-12-27'
{%- endmacro %}


{% macro week_periods(relation, key) -%}
    select
        {{ key }},
        forste_uke_dato,
        coalesce(
            {{ add_days('lead(forste_uke_dato) over (partition by ' ~ key ~ ' order by forste_uke_dato)', -7) }},
            {{ open_end() }}
        ) as siste_uke_dato
    from (
        select {{ key }}, {{ first_week() }} as forste_uke_dato from {{ relation }}
        union distinct
        select {{ key }}, forste_uke_dato from {{ relation }}
        union distinct
        select {{ key }}, {{ add_days('siste_uke_dato', 7) }} as forste_uke_dato from {{ relation }}
    )
    where forste_uke_dato between {{ first_week() }} and {{ open_end() }}
{%- endmacro %}


{% macro uttrekk_time() -%}
    min(uttrekk_tid)
{%- endmacro %}


{% macro run_started_time() -%}
    {%- set started = run_started_at.astimezone(modules.pytz.timezone('Europe/Oslo')) -%}
    {{ type_name('timestamp') }} '{{ started.strftime("%Y-%m-%d %H:%M:%S.%f") }}'
{%- endmacro %}


{% macro weeks_within(first_day, last_day, last_week) -%}
    {{ latest([week_start(first_day), first_week()]) }} as forste_uke_dato,
    {{ earliest([week_start(last_day), last_week]) }} as siste_uke_dato
{%- endmacro %}


{% macro number_of_weeks() -%}
    cast(coalesce(sum(greatest({{ days_between('forste_uke_dato', 'siste_uke_dato') }} + 7, 0)), 0) / 7 as bigint)
{%- endmacro %}


{% macro distinct_weeks(relation, key) -%}
    select {{ number_of_weeks() }}
    from (
        select
            {{ latest(['forste_uke_dato', add_days(
                'max(siste_uke_dato) over (partition by ' ~ key
                ~ ' order by forste_uke_dato, siste_uke_dato rows between unbounded preceding and 1 preceding)', 7
            )]) }} as forste_uke_dato,
            siste_uke_dato
        from {{ relation }}
    )
{%- endmacro %}
