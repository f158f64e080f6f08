{% test uten_manglende_uker(model, column) %}
    with uke as (
        select
            {{ column }},
            lead({{ column }}) over (order by {{ column }}) as neste
        from {{ model }}
    )

    select * from uke
    where {{ week_start(column) }} != {{ column }} or {{ days_between(column, 'neste') }} != 7
{% endtest %}
