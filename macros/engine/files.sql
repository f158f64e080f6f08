{#- What Python says of files and not a database: the functions of plugins/uttrekk_filer.py. -#}
{% macro ask_python(function, arguments) %}
    {{ return(adapter.dispatch('ask_python')(function, arguments)) }}
{% endmacro %}


{#- The adapters of other engines than DuckDB have it as a method. -#}
{% macro default__ask_python(function, arguments) %}
    {%- if adapter.ask_python is defined -%}
        {{ return(adapter.ask_python('uttrekk_filer', function, arguments)) }}
    {%- endif -%}
    {%- set texts = [] -%}
    {%- for argument in arguments -%}{%- do texts.append(sql_text(argument)) -%}{%- endfor -%}
    {{ return(run_query('select ' ~ function ~ '(' ~ texts | join(', ') ~ ')').columns[0].values()[0]) }}
{% endmacro %}


{% macro line_number() -%}
    {{ return(adapter.dispatch('line_number')()) }}
{%- endmacro %}


{% macro default__line_number() -%}
    row_number() over ()
{%- endmacro %}


{% macro spark__line_number() -%}
    row_number() over (order by monotonically_increasing_id())
{%- endmacro %}


{% macro no_rows_of(table) %}
    {%- set empty = [] -%}
    {%- for name in (['melding', 'fil_navn', 'linje_nummer'] if table.is_topic else table.columns) -%}
        {%- do empty.append('cast(null as string) as ' ~ adapter.quote(name)) -%}
    {%- endfor -%}
    {{ return('select ' ~ empty | join(', ') ~ ' from (select 1 as nummer) as ingen where false') }}
{% endmacro %}


{% macro uttrekk_query(table, files, numbered=false, fields={}) %}
    {{ return(adapter.dispatch('uttrekk_query')(table, files, numbered, fields)) }}
{% endmacro %}


{% macro default__uttrekk_query(table, files, numbered, fields) %}
    {%- if not files -%}
        {{ return(no_rows_of(table)) }}
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
            {%- do columns.append('cast(null as string) as ' ~ name) -%}
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
        ~ ', columns = {' ~ types | join(', ') ~ '}' ~ ')'
    ) }}
{% endmacro %}


{#- Spark reads files through views of the session, which are made when a model is compiled, just before it is run. -#}
{% macro spark__uttrekk_query(table, files, numbered, fields) %}
    {%- if not files -%}
        {{ return(no_rows_of(table)) }}
    {%- endif -%}
    {%- if table.is_topic and uttrekk_folder() -%}
        {%- set parts = [] -%}
        {%- for file in files -%}
            {%- set view = 'uttrekk_' ~ table.name ~ '_' ~ loop.index -%}
            {%- do run_query('create or replace temporary view ' ~ view ~ ' using text options (path ' ~ file_url(file) ~ ')') -%}
            {%- do parts.append(
                'select value as melding, ' ~ sql_text(modules.re.sub('.*/', '', file)) ~ ' as fil_navn, '
                ~ (line_number() if numbered else 'cast(null as bigint)') ~ ' as linje_nummer from ' ~ view ~ " where trim(value) != ''"
            ) -%}
        {%- endfor -%}
        {{ return(parts | join(' union all ')) }}
    {%- endif -%}
    {%- set file = files | first -%}
    {%- set found = uttrekk_columns(file) -%}
    {%- set view = 'uttrekk_' ~ table.name -%}
    {%- set columns = [] -%}
    {%- if file.endswith('.parquet') -%}
        {%- do run_query('create or replace temporary view ' ~ view ~ ' using parquet options (path ' ~ file_url(file) ~ ')') -%}
        {%- set types = {} -%}
        {%- for row in run_query('describe ' ~ view).rows -%}{%- do types.update({row[0] | trim | lower: row[1]}) -%}{%- endfor -%}
        {%- for column in table.columns -%}
            {%- set name = adapter.quote(column) -%}
            {%- if column not in types and column in table.optional_columns -%}
                {%- do columns.append('cast(null as string) as ' ~ name) -%}
            {%- elif types[column].startswith('array') -%}
                {%- do columns.append('to_json(' ~ name ~ ') as ' ~ name) -%}
            {%- elif types[column] == 'timestamp' -%}
                {%- do columns.append('concat(cast(' ~ name ~ " as string), '+00') as " ~ name) -%}
            {%- else -%}
                {%- do columns.append('cast(' ~ name ~ ' as string) as ' ~ name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {%- set names = [] -%}
        {%- for column in found -%}{%- do names.append(column if column in table.columns else 'kolonne_' ~ loop.index) -%}{%- endfor -%}
        {%- do run_query(csv_view(view, file, names)) -%}
        {%- for column in table.columns -%}
            {%- do columns.append((adapter.quote(column) if column in found else 'cast(null as string)') ~ ' as ' ~ adapter.quote(column)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return('select ' ~ columns | join(', ') ~ ' from ' ~ view) }}
{% endmacro %}


{#- Spark takes what is not a whole URL for something in its own file system. -#}
{% macro file_url(file) -%}
    {{ return(sql_text('file://' ~ adapter.ask_python('os.path', 'abspath', [file]))) }}
{%- endmacro %}


{#- DuckDB reads the files where dbt runs, and what is sent has no ident and needs no key: the fields of a message are found, and persons pseudonymised. -#}
{% macro bigquery__uttrekk_query(table, files, numbered, fields) %}
    {%- set columns = [] -%}
    {%- for name in (['fil_navn', 'linje_nummer', 'melding', 'nokkel_id_avtrykk'] + fields.keys() | list if table.is_topic else table.columns) -%}
        {%- do columns.append(
            name if name == 'linje_nummer' else 'translate(' ~ name ~ ', chr(57344) || chr(57345), chr(10) || chr(13)) as ' ~ adapter.quote(name)
        ) -%}
    {%- endfor -%}
    {%- set sql = adapter.in_duckdb(what_is_sent, table, files, numbered, fields) -%}
    {{ return('select ' ~ columns | join(', ') ~ ' from ' ~ adapter.send(sql, files, sent_schema(), table.name[:40])) }}
{% endmacro %}


{% macro sent_schema() -%}
    {{ return(generate_schema_name('uttrekk', none)) }}
{%- endmacro %}


{% macro what_is_sent(table, files, numbered, fields) -%}
    {%- set query = uttrekk_query(table, files, numbered) -%}
    {%- if table.is_topic and files and not uttrekk_folder() -%}
        {%- set query = "select melding, '" ~ table.name ~ "' as fil_navn, " ~ line_number() ~ ' as linje_nummer from (' ~ query ~ ')' -%}
    {%- endif -%}
    {%- if table.is_topic -%}
        select
            fil_navn,
            try_cast(linje_nummer as bigint) as linje_nummer,
            {{ line_checksum('melding') }} as melding,
            {{ keyed_checksum(clean_id('nokkel')) }} as nokkel_id_avtrykk
            {%- for name in fields %},
            {{ sent_field(name) }} as {{ name }}
            {%- endfor %}
        from (
            select
                melding,
                fil_navn,
                linje_nummer,
                {{ json_fields('melding', fields) }}
            from ({{ query }})
        )
    {%- else -%}
        select
            {%- for name in table.columns %}
            {{ sent_field(name) }} as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from ({{ query }})
    {%- endif -%}
{%- endmacro %}


{#- An ident is replaced by its pseudonym, and so is a key that looks like one. In other texts it becomes zeros, which the models then take out. -#}
{% macro sent_field(name) -%}
    {%- set list = json_text_list(clean(name)) -%}
    {%- if name.endswith('_ident') -%}
        {{ pseudonym(clean(name)) }}
    {%- elif name.endswith('_identer') -%}
        case when {{ list }} is not null then cast(to_json({{ list_map(list, 'ident', pseudonym(clean('ident'))) }}) as varchar) end
    {%- elif name in ['id', 'nokkel', 'gjennomforing'] or name.endswith('_id') -%}
        {{ clean_id(name) }}
    {%- elif name == 'mengder' -%}
        {%- set percent = json_field('mengde', '$.deltakelsesprosent') -%}
        case when mengder_type = 'ARRAY' then cast(to_json({{ list_map(json_elements('mengder'), 'mengde', record({
            'gyldigFraDato': without_idents(json_field('mengde', '$.gyldigFraDato')),
            'opprettetTidspunkt': without_idents(json_field('mengde', '$.opprettetTidspunkt')),
            'deltakelsesprosent': 'case when ' ~ to_percent(percent) ~ ' is not null then ' ~ percent ~ ' else ' ~ without_idents(percent) ~ ' end',
        })) }}) as varchar) end
    {%- elif name in ['offset_tekst', 'linje_type', 'verdi_type', 'mengder_type'] -%}
        {{ name }}
    {%- else -%}
        {{ without_idents(name) }}
    {%- endif -%}
{%- endmacro %}


{% macro without_idents(text) -%}
    {{ replace_matches(text, ident_pattern(), '00000000000') }}
{%- endmacro %}


{#- Whether all that is read comes through uttrekk_query, also the project's own seeds. -#}
{% macro files_are_sent() -%}
    {{ return(adapter.send is defined) }}
{%- endmacro %}
