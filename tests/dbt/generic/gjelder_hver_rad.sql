{% test gjelder_hver_rad(model, expression) %}
    select * from {{ model }}
    where ({{ expression }}) is not true
{% endtest %}
