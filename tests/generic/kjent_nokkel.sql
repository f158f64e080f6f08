{% test kjent_nokkel(model, columns, to) %}
    select distinct {{ columns | join(', ') }}
    from {{ model }} as barn
    where not exists (
        select 1 from {{ to }} as forelder
        where
            {% for column in columns -%}
                barn.{{ column }} = forelder.{{ column }} {{ 'and' if not loop.last }}
            {% endfor %}
    )
{% endtest %}
