{% macro to_oslo_time(column, default_zone='Europe/Oslo') %}
    {%- set naive = 'try_cast(' ~ column ~ ' as timestamp)' -%}
    case
        when regexp_matches({{ column }}, ':\d\d.*(Z|[+-]\d\d(:?\d\d)?)$')
            then timezone(
                'Europe/Oslo', try_cast(regexp_replace({{ column }}, '([T ]\d\d:\d\d)(Z|[+-])', '\1:00\2') as timestamptz)
            )
        {%- if default_zone == 'Europe/Oslo' %}
        else {{ naive }}
        {%- else %}
        else timezone('Europe/Oslo', timezone('{{ default_zone }}', {{ naive }}))
        {%- endif %}
    end
{%- endmacro %}


{% macro week_start(date_or_time) -%}
    cast(date_trunc('week', {{ date_or_time }}) as date)
{%- endmacro %}


{% macro last_complete_week(uttrekk_dato) -%}
    cast({{ week_start(uttrekk_dato) }} - interval 7 days as date)
{%- endmacro %}


{% macro first_week() -%}
    cast('{{ var("fra_uke_dato") }}' as date)
{%- endmacro %}
