{#- Contracts say types as models do: what BigQuery calls them is put in their place before dbt reads them. -#}
{% macro bigquery__get_assert_columns_equivalent(sql) -%}
    {%- for column in model['columns'].values() if column.data_type -%}
        {%- do column.update({'data_type': type_name(column.data_type)}) -%}
    {%- endfor -%}
    {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}


{#- The models' strategy is to append: here a relation in partitions has the weeks replaced that the run has logged. -#}
{% macro dbt_bigquery_validate_get_incremental_strategy(config) %}
    {{ return('insert_overwrite' if config.get('partition_by') else 'merge') }}
{% endmacro %}


{#- Dates as literals: BigQuery then reads and writes these partitions alone. The first is in no relation. -#}
{% macro bq_generate_incremental_insert_overwrite_build_sql(
    tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns, tmp_relation_exists,
    copy_partitions
) %}
    {%- set weeks = ["date '0001-01-01'"] -%}
    {%- set computed -%}
        {%- if model.config.meta.beregningsuke -%}
            {%- set decided = relation_of(model.config.meta.beregningsuke) -%}
            select uke_start_dato from {{ decided }} where regnes_ut_flagg
            union distinct
            select lagret.uke_start_dato from {{ target_relation }} as lagret
            left join {{ decided }} as uke on lagret.uke_start_dato = uke.uke_start_dato
            where uke.uke_start_dato is null
        {%- else -%}
            select uke_start_dato from {{ drift_table('uke_beregnet') }}
            where kjoring_id = {{ sql_text(invocation_id) }}
                and relasjon_navn = {{ sql_text(target_relation.identifier) }}
        {%- endif -%}
    {%- endset -%}
    {%- for row in run_query(
        'select distinct cast(uke_start_dato as string) from (' ~ computed ~ ') as uke order by 1'
    ).rows -%}
        {%- do weeks.append('date ' ~ sql_text(row[0])) -%}
    {%- endfor -%}
    {%- set replaced = partition_by.render_wrapped(alias='dbt_internal_dest') ~ ' in (' ~ weeks | join(', ') ~ ')' -%}
    {%- set source_sql = '(' ~ ('select * from ' ~ tmp_relation if tmp_relation_exists else sql) ~ ')' -%}
    {{ return(
        get_insert_overwrite_merge_sql(target_relation, source_sql, dest_columns, [replaced], include_sql_header=false)
    ) }}
{% endmacro %}
