{% test unik_granularitet(model, columns) %}
    select
        "{{ columns | join('", "') }}",
        count(*) as rad_antall
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
