{% macro list_map(list, name, expression) -%}
    {{ return(adapter.dispatch('list_map')(list, name, expression)) }}
{%- endmacro %}


{% macro default__list_map(list, name, expression) -%}
    list_transform({{ list }}, lambda {{ name }}: {{ expression }})
{%- endmacro %}


{% macro spark__list_map(list, name, expression) -%}
    transform({{ list }}, {{ name }} -> {{ expression }})
{%- endmacro %}


{#- In no certain order, and nobody asks for one. -#}
{% macro bigquery__list_map(list, name, expression) -%}
    array(select {{ expression }} from unnest({{ list }}) as {{ name }})
{%- endmacro %}


{% macro any_in_list(list, name, condition) -%}
    {{ return(adapter.dispatch('any_in_list')(list, name, condition)) }}
{%- endmacro %}


{% macro default__any_in_list(list, name, condition) -%}
    coalesce(list_bool_or({{ list_map(list, name, condition) }}), false)
{%- endmacro %}


{% macro spark__any_in_list(list, name, condition) -%}
    coalesce(exists({{ list }}, {{ name }} -> {{ condition }}), false)
{%- endmacro %}


{% macro bigquery__any_in_list(list, name, condition) -%}
    exists(select 1 from unnest({{ list }}) as {{ name }} where {{ condition }})
{%- endmacro %}


{% macro record(fields) -%}
    {{ return(adapter.dispatch('record')(fields)) }}
{%- endmacro %}


{% macro default__record(fields) -%}
    { {%- for name, expression in fields.items() %}'{{ name }}': {{ expression }}{{ ', ' if not loop.last }}{% endfor -%} }
{%- endmacro %}


{% macro spark__record(fields) -%}
    named_struct({% for name, expression in fields.items() %}'{{ name }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{% macro bigquery__record(fields) -%}
    struct({% for name, expression in fields.items() %}{{ expression }} as {{ name }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{% macro field_of(record, name) -%}
    {{ return(adapter.dispatch('field_of')(record, name)) }}
{%- endmacro %}


{% macro default__field_of(record, name) -%}
    {{ record }}['{{ name }}']
{%- endmacro %}


{% macro bigquery__field_of(record, name) -%}
    {{ record }}.{{ name }}
{%- endmacro %}


{% macro list_of(elements=[]) -%}
    {{ return(adapter.dispatch('list_of')(elements)) }}
{%- endmacro %}


{% macro default__list_of(elements) -%}
    [{{ elements | join(', ') }}]
{%- endmacro %}


{% macro spark__list_of(elements) -%}
    array({{ elements | join(', ') }})
{%- endmacro %}


{#- To BigQuery no list at all is an empty one, of any kind; one that is written [] is of numbers. -#}
{% macro bigquery__list_of(elements) -%}
    {{ '[' ~ elements | join(', ') ~ ']' if elements else 'null' }}
{%- endmacro %}


{% macro sorted_text(list) -%}
    {{ return(adapter.dispatch('sorted_text')(list)) }}
{%- endmacro %}


{% macro default__sorted_text(list) -%}
    array_to_string(list_sort(list_distinct({{ list }})), ',')
{%- endmacro %}


{% macro spark__sorted_text(list) -%}
    array_join(array_sort(array_distinct({{ list }})), ',')
{%- endmacro %}


{% macro bigquery__sorted_text(list) -%}
    array_to_string(array(select distinct tekst from unnest({{ list }}) as tekst order by tekst), ',')
{%- endmacro %}


{% macro each_of(list, name) -%}
    {{ return(adapter.dispatch('each_of')(list, name)) }}
{%- endmacro %}


{% macro default__each_of(list, name) -%}
    cross join unnest({{ list }}) as element ({{ name }})
{%- endmacro %}


{% macro spark__each_of(list, name) -%}
    lateral view explode({{ list }}) element as {{ name }}
{%- endmacro %}


{#- The element itself is what has the name. -#}
{% macro bigquery__each_of(list, name) -%}
    cross join unnest({{ list }}) as {{ name }}
{%- endmacro %}


{% macro rows_with_each_of(relation, condition, list, name, alias) -%}
    {{ return(adapter.dispatch('rows_with_each_of')(relation, condition, list, name, alias)) }}
{%- endmacro %}


{#- Not with the list as a column: Spark would move what it asks of it into the relation, and fails where that is a union. -#}
{% macro default__rows_with_each_of(relation, condition, list, name, alias) -%}
    (select * from {{ relation }} where {{ condition }}) as {{ alias }}
        {{ each_of(list, name) }}
{%- endmacro %}


{#- The emulator loses the row that a list is made of, when it is made where it is unpacked. -#}
{% macro bigquery__rows_with_each_of(relation, condition, list, name, alias) -%}
    (select *, {{ list }} as {{ name }}_liste from {{ relation }} where {{ condition }}) as {{ alias }}
        {{ each_of(alias ~ '.' ~ name ~ '_liste', name) }}
{%- endmacro %}


{% macro element_of(name) -%}
    {{ return(adapter.dispatch('element_of')(name)) }}
{%- endmacro %}


{% macro default__element_of(name) -%}
    element.{{ name }}
{%- endmacro %}


{% macro bigquery__element_of(name) -%}
    {{ name }}
{%- endmacro %}


{% macro list_length(list) -%}
    {{ return(adapter.dispatch('list_length')(list)) }}
{%- endmacro %}


{% macro default__list_length(list) -%}
    len({{ list }})
{%- endmacro %}


{% macro spark__list_length(list) -%}
    array_size({{ list }})
{%- endmacro %}


{% macro bigquery__list_length(list) -%}
    array_length({{ list }})
{%- endmacro %}


{% macro distinct_texts(column) -%}
    {{ return(adapter.dispatch('distinct_texts')(column)) }}
{%- endmacro %}


{% macro default__distinct_texts(column) -%}
    string_agg(distinct {{ column }}, ', ' order by {{ column }})
{%- endmacro %}


{% macro spark__distinct_texts(column) -%}
    nullif(array_join(array_sort(collect_set({{ column }})), ', '), '')
{%- endmacro %}


{% macro texts_in_order(text, order_by, condition) -%}
    {{ return(adapter.dispatch('texts_in_order')(text, order_by, condition)) }}
{%- endmacro %}


{% macro default__texts_in_order(text, order_by, condition) -%}
    string_agg({{ text }}, ', ' order by {{ order_by }}) filter (where {{ condition }})
{%- endmacro %}


{% macro spark__texts_in_order(text, order_by, condition) -%}
    array_join(transform(
        array_sort(collect_list(case when {{ condition }} then named_struct('plass', {{ order_by }}, 'tekst', {{ text }}) end)),
        element -> element.tekst
    ), ', ')
{%- endmacro %}


{% macro bigquery__texts_in_order(text, order_by, condition) -%}
    string_agg(case when {{ condition }} then {{ text }} end, ', ' order by {{ order_by }})
{%- endmacro %}
