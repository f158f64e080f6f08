{% macro existing_relation(name) %}
    {{ return(adapter.dispatch('existing_relation')(name)) }}
{% endmacro %}


{% macro default__existing_relation(name) %}
    {%- set relation = relation_of(name) -%}
    {#- In a run dbt knows, and a hundred tests ask. Outside one, adapter.get_relation opens a transaction of its own, and leaves it open. -#}
    {%- if flags.WHICH in ['build', 'run', 'test'] -%}
        {{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}
    {%- endif -%}
    {%- set found = run_query(
        'select 1 from information_schema.tables where table_catalog = ' ~ sql_text(relation.database) ~ ' and table_schema = '
        ~ sql_text(relation.schema) ~ ' and table_name = ' ~ sql_text(relation.identifier)
    ).rows -%}
    {{ return(relation if found else none) }}
{% endmacro %}


{% macro spark__existing_relation(name) %}
    {%- set relation = relation_of(name) -%}
    {{ return(adapter.get_relation(database=none, schema=relation.schema, identifier=relation.identifier)) }}
{% endmacro %}


{% macro bigquery__existing_relation(name) %}
    {%- set relation = relation_of(name) -%}
    {{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}
{% endmacro %}


{% macro scratch_table(name) -%}
    {{ return(adapter.dispatch('scratch_table')(name)) }}
{%- endmacro %}


{% macro default__scratch_table(name) -%}
    {{ name }}
{%- endmacro %}


{#- A temporary view of Spark's would read the files once more each time it is asked. -#}
{% macro spark__scratch_table(name) -%}
    {{ this.schema }}.{{ name }}
{%- endmacro %}


{#- A temporary table lives as long as one statement. -#}
{% macro bigquery__scratch_table(name) -%}
    `{{ this.database }}`.`{{ this.schema }}`.`{{ name }}`
{%- endmacro %}


{% macro create_scratch_table(name) -%}
    {{ return(adapter.dispatch('create_scratch_table')(name)) }}
{%- endmacro %}


{% macro default__create_scratch_table(name) -%}
    create or replace temporary table {{ scratch_table(name) }} as
{%- endmacro %}


{% macro spark__create_scratch_table(name) -%}
    create or replace table {{ scratch_table(name) }} using iceberg as
{%- endmacro %}


{% macro bigquery__create_scratch_table(name) -%}
    create or replace table {{ scratch_table(name) }} options (expiration_timestamp = timestamp_add(current_timestamp(), interval 12 hour)) as
{%- endmacro %}


{% macro delete_rows(relation, condition, key) -%}
    {{ return(adapter.dispatch('delete_rows')(relation, condition, key)) }}
{%- endmacro %}


{% macro default__delete_rows(relation, condition, key) -%}
    delete from {{ relation }}
    where {{ condition }}
{%- endmacro %}


{#- A merge with the rows themselves: the emulator knows neither delete nor update. -#}
{% macro bigquery__delete_rows(relation, condition, key) -%}
    merge into {{ relation }} as beholdt
    using (select distinct {{ key | join(', ') }} from {{ relation }} as {{ relation.identifier }} where {{ condition }}) as utvalg
    on {{ same_key('beholdt', 'utvalg', key) }}
    when matched then delete
{%- endmacro %}


{% macro update_rows(relation, values, condition, key) -%}
    {{ return(adapter.dispatch('update_rows')(relation, values, condition, key)) }}
{%- endmacro %}


{% macro default__update_rows(relation, values, condition, key) -%}
    update {{ relation }}
    set {% for column, value in values.items() %}{{ column }} = {{ value }}{{ ', ' if not loop.last }}{% endfor %}
    where {{ condition }}
{%- endmacro %}


{% macro bigquery__update_rows(relation, values, condition, key) -%}
    merge into {{ relation }} as beholdt
    using (
        select distinct
            {{ key | join(', ') }},
            {% for column, value in values.items() %}{{ value }} as ny_{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        from {{ relation }} as {{ relation.identifier }}
        where {{ condition }}
    ) as utvalg
    on {{ same_key('beholdt', 'utvalg', key) }}
    when matched then update set {% for column in values %}{{ column }} = utvalg.ny_{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}


{% macro same_key(one, other, key) -%}
    {%- for column in key -%}
        coalesce(cast({{ one }}.{{ column }} as string), '') = coalesce(cast({{ other }}.{{ column }} as string), ''){{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- The pairs of two columns, to stand after in. -#}
{% macro pairs_of(one, other, rows_from) -%}
    {{ return(adapter.dispatch('pairs_of')(one, other, rows_from)) }}
{%- endmacro %}


{% macro default__pairs_of(one, other, rows_from) -%}
    (select {{ one }}, {{ other }} {{ rows_from }})
{%- endmacro %}


{#- A subquery after in has one column. -#}
{% macro bigquery__pairs_of(one, other, rows_from) -%}
    unnest(array(select ({{ one }}, {{ other }}) {{ rows_from }}))
{%- endmacro %}


{#- What a relation with a row for each cell and week is stored by. DuckDB stores it in the order it is written in. -#}
{% macro stored_by_week() -%}
    {{ return(adapter.dispatch('stored_by_week')()) }}
{%- endmacro %}


{% macro default__stored_by_week() -%}
    {{ return(none) }}
{%- endmacro %}


{% macro bigquery__stored_by_week() -%}
    {{ return({'field': 'uke_start_dato', 'data_type': 'date'}) }}
{%- endmacro %}


{#- dbt-spark knows Iceberg's tables by a word that the session's own catalog does not say, and takes them for another kind. -#}
{% macro spark__list_relations_without_caching(relation) %}
    {%- call statement('list_relations_without_caching', fetch_result=true) -%}
        show table extended in {{ relation.schema }} like '*'
    {%- endcall -%}
    {%- set found = [] -%}
    {%- for schema, name, temporary, information in load_result('list_relations_without_caching').table -%}
        {%- if not temporary -%}
            {%- do found.append([schema, name, temporary, information ~ ('\nProvider: iceberg' if 'Type: VIEW' not in information else '')]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(found) -%}
{% endmacro %}


{#- The file itself, which Spark reads in a second: dbt-spark writes the rows as literals, a hundred a minute. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model.config.column_types -%}
    {%- set selected = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- do selected.append("cast(nullif(" ~ adapter.quote(column) ~ ", '') as " ~ types[column] ~ ') as ' ~ adapter.quote(column)) -%}
    {%- endfor -%}
    {%- do run_query(csv_view('seed_' ~ model.name, model.root_path ~ '/' ~ model.original_file_path, agate_table.column_names)) -%}
    {%- set sql -%}
        insert into {{ this }} select {{ selected | join(', ') }} from seed_{{ model.name }}
    {%- endset -%}
    {%- do run_query(sql) -%}
    {{ return(sql) }}
{% endmacro %}


{#- The names are given by place, as DuckDB is given them: the first line of the file is skipped. -#}
{% macro csv_view(name, file, columns) -%}
    create or replace temporary view {{ name }} (
        {%- for column in columns %}`{{ column }}` string{{ ', ' if not loop.last }}{% endfor -%}
    ) using csv options (
        path {{ file_url(file) }}, header 'true', enforceSchema 'true', multiLine 'true', quote '"', escape '"', encoding 'UTF-8',
        ignoreLeadingWhiteSpace 'false', ignoreTrailingWhiteSpace 'false', mode 'PERMISSIVE', maxCharsPerColumn '-1'
    )
{%- endmacro %}


{#- A unit test writes lists and records as text, which Spark casts from text to no other kind. -#}
{% macro spark__safe_cast(field, type) %}
    {%- if type.startswith('array') or type.startswith('struct') -%}
    from_json({{ field }}, '{{ type }}', map('timestampFormat', 'yyyy-MM-dd HH:mm:ss[.SSSSSS]'))
    {%- else -%}
    cast({{ field }} as {{ type }})
    {%- endif -%}
{% endmacro %}
