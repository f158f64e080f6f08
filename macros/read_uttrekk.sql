{% macro uttrekk_folder() %}
    {{ return(env_var('UTTREKK_MAPPE', '').rstrip('/')) }}
{% endmacro %}


{% macro read_uttrekk(source_name, table_name, in_seeds=true, numbered=false) %}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute -%}
        {%- if in_seeds and not uttrekk_folder() -%}{%- do ref(table_name) -%}{%- endif -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- if model.resource_type != 'unit_test' and (uttrekk_folder() or not in_seeds) -%}
        {%- set table = uttrekk_table(table_name) -%}
        {{ return('(' ~ uttrekk_query(table, uttrekk_files(table), numbered=numbered) ~ ')') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}


{% macro read_topic(source_name, table_name, numbered=false) %}
    {%- set lines = read_uttrekk(source_name, table_name, numbered=numbered) -%}
    {%- if uttrekk_folder() and model.resource_type != 'unit_test' -%}
        {{ return(lines) }}
    {%- endif -%}
    {{ return("(select melding, '" ~ table_name ~ "' as fil_navn, row_number() over () as linje_nummer from " ~ lines ~ ')') }}
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
        {%- do files.extend(run_query(
            'select file from glob(' ~ sql_path(uttrekk_folder() ~ '/' ~ table.file) ~ " || '" ~ ending ~ "') order by file"
        ).columns[0].values()) -%}
    {%- endfor -%}
    {{ return(files) }}
{% endmacro %}


{% macro uttrekk_query(table, files, store_rejects=false, numbered=false) %}
    {%- if not files -%}
        {%- set names = ['melding', 'fil_navn', 'linje_nummer'] if table.is_topic else table.columns -%}
        {%- set empty = [] -%}
        {%- for name in names -%}{%- do empty.append('cast(null as varchar) as ' ~ adapter.quote(name)) -%}{%- endfor -%}
        {{ return('select ' ~ empty | join(', ') ~ ' where false') }}
    {%- endif -%}
    {%- if table.is_topic and uttrekk_folder() -%}
        {%- set parts = [] -%}
        {%- for file in files -%}
            {#- To number lines is to read them one by one; without, DuckDB reads a file from several places at once. -#}
            {%- do parts.append(
                'select cast(json as varchar) as melding, ' ~ sql_text(modules.re.sub('.*/', '', file)) ~ ' as fil_navn, '
                ~ ('row_number() over ()' if numbered else 'cast(null as bigint)') ~ ' as linje_nummer from read_ndjson_objects('
                ~ sql_path(file) ~ ', ignore_errors = true, maximum_object_size = 67108864)'
            ) -%}
        {%- endfor -%}
        {{ return(parts | join(' union all ')) }}
    {%- endif -%}
    {%- set file = files | first -%}
    {%- set found = uttrekk_columns(file) -%}
    {%- set columns = [] -%}
    {%- for column in table.columns -%}
        {%- set name = adapter.quote(column) -%}
        {%- if column not in found and column in table.optional_columns -%}
            {%- do columns.append('cast(null as varchar) as ' ~ name) -%}
        {%- elif file.endswith('.parquet') -%}
            {%- do columns.append(
                'case when typeof(' ~ name ~ ") like '%[]' then cast(to_json(" ~ name ~ ') as varchar) else cast(' ~ name
                ~ ' as varchar) end as ' ~ name
            ) -%}
        {%- else -%}
            {%- do columns.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if file.endswith('.parquet') -%}
        {{ return('select ' ~ columns | join(', ') ~ ' from read_parquet(' ~ sql_path(file) ~ ')') }}
    {%- endif -%}
    {%- set types = [] -%}
    {%- for column in found -%}
        {%- do types.append("'" ~ (column if column in table.columns else 'kolonne_' ~ loop.index) ~ "': 'varchar'") -%}
    {%- endfor -%}
    {{ return(
        'select ' ~ columns | join(', ') ~ ' from read_csv(' ~ sql_path(file)
        ~ ", auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
        ~ ', columns = {' ~ types | join(', ') ~ '}' ~ (', store_rejects = true' if store_rejects else '') ~ ')'
    ) }}
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
    {{ return(run_query('select unnest(file_columns(' ~ sql_text(file) ~ '))').columns[0].values() | list) }}
{% endmacro %}


{% macro sql_text(value) %}
    {{ return("'" ~ value | replace("'", "''") ~ "'") }}
{% endmacro %}


{% macro sql_path(path) %}
    {{ return(sql_text(path | replace('[', '[[]') | replace('*', '[*]'))) }}
{% endmacro %}
