{% macro uttrekk_folder() %}
    {{ return(env_var('UTTREKK_MAPPE', '').rstrip('/')) }}
{% endmacro %}


{% macro read_uttrekk(source_name, table_name) %}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute -%}
        {%- if not uttrekk_folder() -%}{%- do ref(table_name) -%}{%- endif -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- if uttrekk_folder() and model.resource_type != 'unit_test' -%}
        {%- set table = uttrekk_tables() | selectattr('name', 'equalto', table_name) | first -%}
        {{ return('(' ~ uttrekk_query(table, uttrekk_files(table)) ~ ')') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}


{% macro read_topic(source_name, table_name) %}
    {%- set lines = read_uttrekk(source_name, table_name) -%}
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
            'file': node.meta.get('fil', node.name),
            'is_topic': node.meta.get('topic', false),
            'has_history': node.meta.get('historikk', false),
            'columns': node.columns.keys() | list,
        }) -%}
    {%- endfor -%}
    {{ return(tables | sort(attribute='file')) }}
{% endmacro %}


{% macro uttrekk_files(table) %}
    {%- if not uttrekk_folder() -%}
        {%- set seed = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', table.name) | first -%}
        {{ return([seed.root_path ~ '/' ~ seed.original_file_path]) }}
    {%- endif -%}
    {%- set files = [] -%}
    {%- for ending in (['*.jsonl', '*.jsonl.gz'] if table.is_topic else ['.csv', '.parquet']) -%}
        {%- set pattern = uttrekk_folder() ~ '/' ~ table.file ~ ending -%}
        {%- do files.extend(
            run_query('select file from glob(' ~ sql_text(pattern) ~ ') order by file').columns[0].values()
        ) -%}
    {%- endfor -%}
    {{ return(files) }}
{% endmacro %}


{% macro uttrekk_query(table, files, store_rejects=false) %}
    {%- if table.is_topic and uttrekk_folder() -%}
        {%- set paths = [] -%}
        {%- for file in files -%}{%- do paths.append(sql_text(file)) -%}{%- endfor -%}
        {{ return(
            'select cast(json as varchar) as melding, parse_filename(filename) as fil_navn, '
            ~ 'row_number() over () as linje_nummer from read_ndjson_objects([' ~ paths | join(', ')
            ~ '], ignore_errors = true, filename = true, maximum_object_size = 67108864)'
        ) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in table.columns -%}
        {%- set name = adapter.quote(column) -%}
        {%- do columns.append('cast(' ~ name ~ ' as varchar) as ' ~ name) -%}
    {%- endfor -%}
    {%- set file = files | first -%}
    {%- if file.endswith('.parquet') -%}
        {{ return('select ' ~ columns | join(', ') ~ ' from read_parquet(' ~ sql_text(file) ~ ')') }}
    {%- endif -%}
    {%- set types = [] -%}
    {%- for column in csv_header(file) -%}
        {%- do types.append(sql_text(column) ~ ": 'varchar'") -%}
    {%- endfor -%}
    {{ return(
        'select ' ~ columns | join(', ') ~ ' from read_csv(' ~ sql_text(file)
        ~ ", auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
        ~ ', columns = {' ~ types | join(', ') ~ '}' ~ (', store_rejects = true' if store_rejects else '') ~ ')'
    ) }}
{% endmacro %}


{% macro csv_header(file) %}
    {%- set lines = run_query(
        'select linje from read_csv(' ~ sql_text(file)
        ~ ", auto_detect = false, header = false, delim = chr(1), quote = '', escape = '', strict_mode = false, ignore_errors = true"
        ~ ", columns = {'linje': 'varchar'}) limit 1"
    ).columns[0].values() -%}
    {%- set header = [] -%}
    {%- if lines | length > 0 and lines[0] -%}
        {%- for name in lines[0].replace('\ufeff', '').split(',') -%}
            {%- do header.append(name.strip().strip('"') | lower) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(header) }}
{% endmacro %}


{% macro sql_text(value) %}
    {{ return("'" ~ value | replace("'", "''") ~ "'") }}
{% endmacro %}
