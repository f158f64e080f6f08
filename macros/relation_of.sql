{% macro relation_of(name) %}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'snapshot']) | selectattr('name', 'equalto', name) | first -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}


{% macro existing_relation(name) %}
    {#- Not adapter.get_relation: outside a run it opens a transaction of its own, and leaves it open. -#}
    {%- set relation = relation_of(name) -%}
    {%- set found = run_query(
        'select 1 from information_schema.tables where table_catalog = ' ~ sql_text(relation.database) ~ ' and table_schema = '
        ~ sql_text(relation.schema) ~ ' and table_name = ' ~ sql_text(relation.identifier)
    ).rows -%}
    {{ return(relation if found else none) }}
{% endmacro %}
