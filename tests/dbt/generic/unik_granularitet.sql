{% test unik_granularitet(model, columns) %}
    select
        {%- for column in columns %}
        {{ adapter.quote(column) }},
        {%- endfor %}
        count(*) as rad_antall
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
