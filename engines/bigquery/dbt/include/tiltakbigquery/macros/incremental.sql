{#- The models' strategy is to append. Here that is one statement for a relation in partitions: it replaces the weeks that the run has logged, whole. -#}
{% macro dbt_bigquery_validate_get_incremental_strategy(config) %}
    {{ return('insert_overwrite' if config.get('partition_by') else 'merge') }}
{% endmacro %}


{% macro bq_generate_incremental_insert_overwrite_build_sql(
    tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns, tmp_relation_exists, copy_partitions
) %}
    {#- Dates as literals: BigQuery then reads and writes these partitions and no others. A run with no week to compute replaces none. -#}
    {%- set weeks = logged_weeks(target_relation.identifier) or ["date '0001-01-01'"] -%}
    {%- set replaced = partition_by.render_wrapped(alias='dbt_internal_dest') ~ ' in (' ~ weeks | join(', ') ~ ')' -%}
    {%- set source_sql = '(' ~ ('select * from ' ~ tmp_relation if tmp_relation_exists else sql) ~ ')' -%}
    {{ return(get_insert_overwrite_merge_sql(target_relation, source_sql, dest_columns, [replaced], include_sql_header=false)) }}
{% endmacro %}
