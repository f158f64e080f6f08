{% test uten_overlapp(model, key, valid_from, valid_to) %}
    {#- Dager er lukket i begge ender, tidspunkter er halvåpne. -#}
    {%- set closed = valid_to.endswith('_dato') -%}
    with rekke as (
        select
            {{ key }},
            {{ valid_from }},
            {{ valid_to }},
            lead({{ valid_from }}) over i_rekke as neste_fra,
            count(*) over (partition by {{ key }}) - row_number() over i_rekke as etter_antall
        from {{ model }}
        window i_rekke as (partition by {{ key }} order by {{ valid_from }} nulls last, {{ valid_to }} nulls last)
    )

    select * from rekke
    where
        {{ valid_to }} < {{ valid_from }}
        or neste_fra {{ '<=' if closed else '<' }} {{ valid_to }}
        or (etter_antall > 0 and {{ valid_to }} is null)
{% endtest %}
