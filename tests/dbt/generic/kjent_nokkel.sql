{% test kjent_nokkel(model, columns, to) %}
    with barn as (
        select distinct {{ columns | join(', ') }}
        from {{ model }}
    )

    select * from barn
    where not exists (
        select 1 from {{ to }} as forelder
        where
            {% for column in columns -%}
                barn.{{ column }} = forelder.{{ column }} {{ 'and' if not loop.last }}
            {% endfor %}
    )
{% endtest %}
