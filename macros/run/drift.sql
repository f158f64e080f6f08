{% macro drift_table(name) %}
    {{ return(api.Relation.create(
        database=target.get('database'), schema=generate_schema_name('drift', none), identifier=name
    )) }}
{% endmacro %}


{% macro existing_drift_table(name) %}
    {{ return(existing_relation(drift_table(name))) }}
{% endmacro %}


{#- In a run dbt knows, and a hundred tests ask. Outside one, DuckDB's adapter.get_relation opens a transaction of its
    own, and leaves it open. -#}
{% macro existing_relation(relation) %}
    {%- if target.type != 'duckdb' or flags.WHICH in ['build', 'run', 'test'] -%}
        {{ return(adapter.get_relation(
            database=relation.database, schema=relation.schema, identifier=relation.identifier
        )) }}
    {%- endif -%}
    {%- set found = run_query(
        'select 1 from information_schema.tables where table_catalog = ' ~ sql_text(relation.database)
        ~ ' and table_schema = ' ~ sql_text(relation.schema) ~ ' and table_name = ' ~ sql_text(relation.identifier)
    ).rows -%}
    {{ return(relation if found else none) }}
{% endmacro %}


{#- Their columns stand once, with the sources (models/staging/drift/_drift__sources.yml). -#}
{% macro create_drift_tables() %}
    {%- do run_query('create schema if not exists ' ~ drift_table('kjoring').include(identifier=false)) -%}
    {%- for table in graph.sources.values() if table.source_name == 'drift' -%}
        {%- set columns = [] -%}
        {%- for column in table.columns.values() -%}
            {%- do columns.append(column.name ~ ' ' ~ type_name(column.data_type)) -%}
        {%- endfor -%}
        {%- do run_query(
            'create table if not exists ' ~ drift_table(table.name) ~ ' (' ~ columns | join(', ') ~ ')'
            ~ (' using iceberg' if target.type == 'spark' else '')
        ) -%}
    {%- endfor -%}
{% endmacro %}
