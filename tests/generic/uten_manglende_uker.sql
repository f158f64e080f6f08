{% test uten_manglende_uker(model, column) %}
    with uke as (
        select
            {{ column }},
            lead({{ column }}) over (order by {{ column }}) as neste
        from {{ model }}
    )

    select * from uke
    where isodow({{ column }}) != 1 or neste - {{ column }} != 7
{% endtest %}
