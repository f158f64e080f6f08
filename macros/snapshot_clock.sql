{% macro duckdb__snapshot_get_time() -%}
    {%- set fil = graph.nodes.values() | selectattr('name', 'equalto', 'stg_uttrekk__fil') | first -%}
    {%- set relation = api.Relation.create(database=fil.database, schema=fil.schema, identifier=fil.alias) -%}
    (select uttrekk_tid from {{ relation }} where kilde = '{{ model.config.meta.kilde }}')
{%- endmacro %}
