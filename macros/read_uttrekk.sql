{% macro uttrekk_folder() %}
    {{ return(env_var('UTTREKK_MAPPE', '').rstrip('/')) }}
{% endmacro %}


{% macro read_uttrekk(source_name, table_name, in_seeds=true, numbered=false, fields={}) %}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute -%}
        {%- if in_seeds and not uttrekk_folder() -%}{%- do ref(table_name) -%}{%- endif -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- if model.resource_type != 'unit_test' and (uttrekk_folder() or not in_seeds or files_are_sent()) -%}
        {%- set table = uttrekk_table(table_name) -%}
        {{ return('(' ~ uttrekk_query(table, uttrekk_files(table), numbered=numbered, fields=fields) ~ ')') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}


{% macro read_topic(source_name, table_name, numbered=false, fields={}) %}
    {%- set lines = read_uttrekk(source_name, table_name, numbered=numbered, fields=fields) -%}
    {%- if (uttrekk_folder() or files_are_sent()) and model.resource_type != 'unit_test' -%}
        {{ return(lines) }}
    {%- endif -%}
    {{ return("(select melding, '" ~ table_name ~ "' as fil_navn, " ~ line_number() ~ ' as linje_nummer from ' ~ lines ~ ')') }}
{% endmacro %}


{% macro uttrekk_tables() %}
    {%- set tables = [] -%}
    {%- for node in graph.sources.values() -%}
        {%- do tables.append({
            'name': node.name,
            'unique_id': node.unique_id,
            'file': node.meta.get('fil', node.name),
            'is_topic': node.meta.get('topic', false),
            'has_history': node.meta.get('historikk', false),
            'is_optional': node.meta.get('valgfri', false),
            'instead_of': node.meta.get('i_stedet_for'),
            'columns': node.columns.keys() | list,
            'optional_columns': node.columns.values() | selectattr('meta.valgfri', 'defined') | map(attribute='name') | list,
        }) -%}
    {%- endfor -%}
    {{ return(tables | sort(attribute='file')) }}
{% endmacro %}


{% macro uttrekk_table(name) %}
    {{ return(uttrekk_tables() | selectattr('name', 'equalto', name) | first) }}
{% endmacro %}


{% macro uttrekk_files(table) %}
    {%- if not uttrekk_folder() -%}
        {%- set seed = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', table.name) | first -%}
        {{ return([seed.root_path ~ '/' ~ seed.original_file_path] if seed else []) }}
    {%- endif -%}
    {%- set files = [] -%}
    {%- for ending in (['*.jsonl', '*.jsonl.gz'] if table.is_topic else ['.csv', '.parquet']) -%}
        {%- do files.extend(fromjson(ask_python('files_like', [uttrekk_folder() ~ '/' ~ table.file, ending]))) -%}
    {%- endfor -%}
    {{ return(files) }}
{% endmacro %}


{% macro uttrekk_times() %}
    {%- set table = uttrekk_table('uttrekk') -%}
    {%- set times -%}
        select
            {{ uttrekk_file_stem('kilde') }} as kilde,
            min({{ to_oslo_time('uttrekk_tidspunkt') }}) as uttrekk_tid,
            count(distinct uttrekk_tidspunkt) as antall,
            count(*) - count({{ to_oslo_time('uttrekk_tidspunkt') }}) as uleselig_antall,
            max(lower(nullif(trim(omfang), ''))) as omfang,
            count(distinct coalesce(lower(nullif(trim(omfang), '')), 'full')) as omfang_antall
        from ({{ uttrekk_query(table, [uttrekk_files(table)[0]]) }})
        group by all
    {%- endset -%}
    {{ return(times) }}
{% endmacro %}


{#- The file is asked once and its rows are written out: on Spark each question of the file would take two seconds. -#}
{% macro uttrekk_times_as_read() %}
    {%- set types = {
        'kilde': 'string', 'uttrekk_tid': 'timestamp', 'antall': 'bigint', 'uleselig_antall': 'bigint', 'omfang': 'string', 'omfang_antall': 'bigint',
    } -%}
    {%- set as_texts = [] -%}
    {%- for name in types -%}{%- do as_texts.append('cast(' ~ name ~ ' as string) as ' ~ name) -%}{%- endfor -%}
    {%- set rows = run_query('select ' ~ as_texts | join(', ') ~ ' from (' ~ uttrekk_times() ~ ')').rows -%}
    {%- set selects = [] -%}
    {%- for row in rows or [[none] * types | length] -%}
        {%- set values = [] -%}
        {%- for name, type in types.items() -%}
            {%- do values.append('cast(' ~ (sql_text(row[loop.index0]) if row[loop.index0] is not none else 'null') ~ ' as ' ~ type_name(type) ~ ') as ' ~ name) -%}
        {%- endfor -%}
        {%- do selects.append('select ' ~ values | join(', ')) -%}
    {%- endfor -%}
    {{ return(selects | join(' union all ') ~ ('' if rows else ' from (select 1 as nummer) as ingen where false')) }}
{% endmacro %}


{% macro uttrekk_scope(name) %}
    {%- if not execute -%}{{ return('full') }}{%- endif -%}
    {%- set rows = run_query('select omfang from (' ~ uttrekk_times() ~ ') where kilde = ' ~ sql_text(uttrekk_table(name).file)).rows -%}
    {{ return((rows[0][0] if rows else none) or 'full') }}
{% endmacro %}


{% macro uttrekk_taken_at(name) %}
    {%- if execute -%}
        {%- set table = uttrekk_table(name) -%}
        select timezone('Europe/Oslo', coalesce(min(uttrekk_tid) filter (where kilde = {{ sql_text(table.file) }}), min(uttrekk_tid)))
        from ({{ uttrekk_times() }})
    {%- endif -%}
{% endmacro %}


{% macro uttrekk_columns(file) %}
    {{ return(fromjson(ask_python('file_columns_json', [file]))) }}
{% endmacro %}


{% macro sql_path(path) %}
    {{ return(sql_text(path | replace('[', '[[]') | replace('*', '[*]'))) }}
{% endmacro %}
