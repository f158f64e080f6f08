{#- dbt-spark knows Iceberg's tables by a word that the session's own catalog does not say. -#}
{% macro spark__list_relations_without_caching(relation) %}
    {%- set found = [] -%}
    {%- for schema, name, temporary, information in run_query(
        'show table extended in ' ~ relation.schema ~ " like '*'"
    ) if not temporary -%}
        {%- set provider = '' if 'Type: VIEW' in information else '\nProvider: iceberg' -%}
        {%- do found.append([schema, name, temporary, information ~ provider]) -%}
    {%- endfor -%}
    {%- do return(found) -%}
{% endmacro %}


{#- The file itself, which Spark reads in a second: dbt-spark writes the rows as literals, a hundred a minute. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set view = 'seed_' ~ model.name -%}
    {%- set selected = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set name = adapter.quote(column) -%}
        {%- set type = model.config.column_types[column] -%}
        {%- do selected.append('cast(nullif(' ~ name ~ ", '') as " ~ type ~ ') as ' ~ name) -%}
    {%- endfor -%}
    {%- do run_query(
        'create or replace temporary view ' ~ view ~ ' using csv options (path '
        ~ sql_text('file:' ~ model.root_path ~ '/' ~ model.original_file_path)
        ~ ", header 'true', multiLine 'true', quote '\"', escape '\"', ignoreLeadingWhiteSpace 'false', "
        ~ "ignoreTrailingWhiteSpace 'false')"
    ) -%}
    {%- set sql = 'insert into ' ~ this ~ ' select ' ~ selected | join(', ') ~ ' from ' ~ view -%}
    {%- do run_query(sql) -%}
    {{ return(sql) }}
{% endmacro %}


{#- dbt-spark has no order. Texts are sorted as they are, which is what every caller's `order_by_clause` asks for. -#}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    nullif(array_join({{ 'array_sort' if order_by_clause }}(collect_list({{ measure }})), {{ delimiter_text }}), '')
{%- endmacro %}


{#- dbt's own, but that a Thrift server is asked for no rows of a statement that has none. -#}
{% macro run_query(sql) %}
    {%- set first_word = (sql | trim).split()[0] | lower -%}
    {%- set has_rows = target.type != 'spark' or first_word in ['select', 'with', 'show', 'describe'] -%}
    {%- call statement('run_query_statement', fetch_result=has_rows, auto_begin=false) -%}
        {{ sql }}
    {%- endcall -%}
    {%- do return(load_result('run_query_statement').table) -%}
{% endmacro %}
