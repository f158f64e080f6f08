{% macro relation_of(name) %}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'snapshot'])
        | selectattr('name', 'equalto', name) | first -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{% endmacro %}
