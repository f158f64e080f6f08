{% macro check_run() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'snapshot'] -%}
        {%- do check_vars() -%}
        {%- do check_key() -%}
        {%- for table in uttrekk_tables() -%}
            {%- do check_table(table) -%}
        {%- endfor -%}
        {%- do check_one_form() -%}
        {%- set times = uttrekk_times_as_read() -%}
        {%- do check_order(times) -%}
        {%- do check_scope(times) -%}
        {%- do check_topics() -%}
        {%- do check_selection(times) -%}
    {%- elif execute and flags.WHICH == 'freshness' -%}
        {%- do check_table(uttrekk_table('uttrekk')) -%}
    {%- endif -%}
{% endmacro %}


{% macro check_vars() %}
    {%- if flags.EMPTY -%}
        {{ exceptions.raise_compiler_error(
            'With --empty a run reads nothing of the extract: everybody would count as deleted, and their history end for good. Run without it.'
        ) }}
    {%- endif -%}
    {%- for old, new in [('publiser', 'aapne_tall'), ('publiser_metode', 'aapen_metode')] if var(old, none) is not none -%}
        {{ exceptions.raise_compiler_error(
            'The var ' ~ old ~ ' is now called ' ~ new ~ '. Nothing was changed. Give the same value with the new name.'
        ) }}
    {%- endfor -%}
    {%- set first_week = var('fra_uke_dato') | string -%}
    {%- set as_date = try_cast(sql_text(first_week), 'date') -%}
    {%- set is_monday = run_query('select coalesce(' ~ week_start(as_date) ~ ' = ' ~ as_date ~ ', false)').columns[0].values()[0] -%}
    {%- if not is_monday -%}
        {{ exceptions.raise_compiler_error(
            "The var fra_uke_dato is '" ~ first_week ~ "', which is not a Monday in ISO form. Give the Monday of the first week "
            ~ "of the statistics, for example 2022-01-03."
        ) }}
    {%- endif -%}
    {%- set weeks = var('endelig_etter_uker') -%}
    {%- if weeks is not integer or weeks < 0 -%}
        {{ exceptions.raise_compiler_error(
            "The var endelig_etter_uker is '" ~ weeks ~ "'. Give a whole number of weeks, 0 or more."
        ) }}
    {%- endif -%}
    {%- for name, allowed, what in [
        ('prikkegrense', range(1, 101) | list, 'a whole number from 1 (nothing is suppressed: for internal use with access control) to 100'),
        ('aapen_metode', ['prikking', 'avrunding'], 'prikking or avrunding'),
        ('avrunding_base', [3, 5], '3 or 5'),
        ('aapne_tall', [true, false], 'true or false'),
    ] if var(name) not in allowed or (name == 'prikkegrense' and var(name) is not integer) -%}
        {{ exceptions.raise_compiler_error('The var ' ~ name ~ " is '" ~ var(name) ~ "'. Give " ~ what ~ '.') }}
    {%- endfor -%}
{% endmacro %}


{% macro check_key() %}
    {%- if uttrekk_folder() and not env_var('PSEUDONYM_NOKKEL', '') -%}
        {{ exceptions.raise_compiler_error(
            'UTTREKK_MAPPE is set but PSEUDONYM_NOKKEL is not. Real extracts are only read with the secret key that persons are '
            ~ 'pseudonymised with: put it in the environment variable PSEUDONYM_NOKKEL.'
        ) }}
    {%- elif run_query('select ' ~ key_fingerprint() ~ ' is null as mangler_flagg').columns[0].values()[0] -%}
        {{ exceptions.raise_compiler_error(
            'The database has not been given the key that persons are pseudonymised with. Nothing was changed. On a cluster, see that its Thrift server '
            ~ 'takes the settings of a session (docs/cluster.md).'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro check_selection(current) %}
    {%- set left_out = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed', 'snapshot'] and node.unique_id not in selected_resources -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {%- set runs = existing_relation('kjoring') -%}
    {%- set log = existing_relation('int_uttrekk_lastet') -%}
    {#- What another extract left in the parts that are not selected would be dated and published as this one's, for good. -#}
    {%- if left_out and flags.WHICH != 'seed' and not (runs and log and run_query(
        'select 1 from ' ~ runs ~ ' as runs where runs.fullfort_flagg and runs.uttrekk_tid = (select min(uttrekk_tid) from ('
        ~ current ~ ')) and not exists (select 1 from (' ~ current ~ ') as extract_times where not exists (select 1 from ' ~ log
        ~ ' as log where log.kilde = extract_times.kilde and log.uttrekk_tid = extract_times.uttrekk_tid)) limit 1'
    ).rows) -%}
        {{ exceptions.raise_compiler_error(
            'This extract has not been loaded yet, and the run is without ' ~ left_out[0]
            ~ (' and ' ~ (left_out | length - 1) ~ ' others' if left_out | length > 1 else '')
            ~ '. Run dbt build without a selection. After that, parts of it can be run again.'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro check_table(table) %}
    {%- set files = uttrekk_files(table) -%}
    {%- if not files and uttrekk_folder() and not fromjson(ask_python('files_like', [uttrekk_folder() ~ '/', '*'])) -%}
        {{ exceptions.raise_compiler_error(
            'UTTREKK_MAPPE names the folder ' ~ uttrekk_folder() ~ ', which does not exist or is empty. Point it to an extract.'
        ) }}
    {%- elif not files and not table.is_optional -%}
        {%- set endings = ['*.jsonl', '*.jsonl.gz'] if table.is_topic else ['.csv', '.parquet'] -%}
        {{ exceptions.raise_compiler_error(
            'The file ' ~ table.file ~ endings[0] ~ ' or ' ~ table.file ~ endings[1] ~ ' is missing in the extract folder '
            ~ uttrekk_folder() ~ '. Put it there, or point UTTREKK_MAPPE to a complete extract.'
        ) }}
    {%- elif files | length > 1 and not table.is_topic -%}
        {{ exceptions.raise_compiler_error(
            'The extract folder ' ~ uttrekk_folder() ~ ' has both ' ~ table.file ~ '.csv and ' ~ table.file
            ~ '.parquet. Remove the one that does not belong to this extract.'
        ) }}
    {%- endif -%}
    {%- for file in files -%}
        {#- DuckDB takes what follows a question mark for an URL's query, and a gzip file for text. -#}
        {%- if '?' in file -%}
            {{ exceptions.raise_compiler_error('The path ' ~ file ~ ' has a question mark in it. Give the file or its folder another name.') }}
        {%- endif -%}
        {%- set fault = ask_python('file_fault', [file]) -%}
        {%- if fault -%}
            {{ exceptions.raise_compiler_error('The file ' ~ file ~ ' cannot be read: ' ~ fault ~ '. Fetch it again.') }}
        {%- endif -%}
    {%- endfor -%}
    {%- if files and not (table.is_topic and uttrekk_folder()) -%}
        {%- do check_columns(table, files[0]) -%}
    {%- endif -%}
{% endmacro %}


{% macro check_one_form() %}
    {%- for table in uttrekk_tables() if table.instead_of -%}
        {%- set other = uttrekk_table(table.instead_of) -%}
        {%- set found = uttrekk_files(table) | length > 0 -%}
        {%- if found == (uttrekk_files(other) | length > 0) -%}
            {{ exceptions.raise_compiler_error(
                'The extract folder ' ~ uttrekk_folder() ~ ' has ' ~ ('both ' if found else 'neither ') ~ other.file ~ '*.jsonl (or .jsonl.gz) '
                ~ ('and ' if found else 'nor ') ~ table.file ~ '.csv (or .parquet). They are two forms of the same participations: '
                ~ ('remove one of them.' if found else 'put one of them there.')
            ) }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro check_columns(table, file) %}
    {%- set found = uttrekk_columns(file) -%}
    {%- for column in table.columns -%}
        {%- if found.count(column) != 1 and not (column in table.optional_columns and column not in found) -%}
            {{ exceptions.raise_compiler_error(
                'The column ' ~ column ~ ' is ' ~ ('missing' if column not in found else 'there more than once') ~ ' in ' ~ file
                ~ '. The file must be CSV in UTF-8 with a header and commas, or Parquet, with these columns, each once: '
                ~ table.columns | reject('in', table.optional_columns) | join(', ') ~ '.'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {#- A broken row stops the run here, with its place: DuckDB's own message would quote the row, and with it a person_ident. -#}
    {%- if not file.endswith('.parquet') -%}
        {%- set reject = fromjson(ask_python('csv_reject', [file, table.columns | join(',')])) -%}
        {%- if reject -%}
            {{ exceptions.raise_compiler_error(
                'Line ' ~ reject[0] ~ ' of ' ~ file ~ ' cannot be read (' ~ reject[2] ~ (' at column ' ~ reject[1] if reject[1] else '')
                ~ '). The file must be CSV in UTF-8, quoted after RFC 4180.'
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro check_order(current) %}
    {%- set file = uttrekk_files(uttrekk_table('uttrekk'))[0] -%}
    {%- set unreadable = run_query('select kilde from (' ~ current ~ ') where uleselig_antall > 0 or kilde is null').rows -%}
    {%- if unreadable -%}
        {{ exceptions.raise_compiler_error(
            'The column uttrekk_tidspunkt (or kilde) in ' ~ file ~ ' is empty or not an ISO 8601 time. '
            ~ 'Give each file of the extract one row with the time it was taken.'
        ) }}
    {%- endif -%}
    {%- for table in uttrekk_tables() if table.has_history -%}
        {%- set times = run_query('select antall from (' ~ current ~ ') where kilde = ' ~ sql_text(table.file)).rows -%}
        {%- if not times or times[0][0] != 1 -%}
            {{ exceptions.raise_compiler_error(
                'The column kilde in ' ~ file ~ ' has ' ~ ('no row' if not times else 'more than one time') ~ ' for ' ~ table.file
                ~ '. Its history is dated by that time: give it exactly one.'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- do check_same_key([key_fingerprint()]) -%}
    {%- set log = existing_relation('int_uttrekk_lastet') -%}
    {%- if log -%}
        {%- set older = run_query(
            'select current_uttrekk.kilde, ' ~ time_text('current_uttrekk.uttrekk_tid') ~ ', ' ~ time_text('max(log.uttrekk_tid)')
            ~ ' from (' ~ current ~ ') as current_uttrekk inner join ' ~ log ~ ' as log on current_uttrekk.kilde = log.kilde '
            ~ 'group by current_uttrekk.kilde, current_uttrekk.uttrekk_tid having max(log.uttrekk_tid) > current_uttrekk.uttrekk_tid order by 1'
        ).rows -%}
        {%- for row in older -%}
            {{ exceptions.raise_compiler_error(
                'This extract is older than one already loaded: ' ~ file ~ ' says that ' ~ row[0] ~ ' was taken at ' ~ row[1]
                ~ ', and the extract of ' ~ row[2] ~ ' has been loaded. Nothing was changed. Point UTTREKK_MAPPE to a newer extract.'
            ) }}
        {%- endfor -%}
    {%- endif -%}
    {%- set runs = existing_relation('kjoring') -%}
    {%- if runs -%}
        {%- set published = run_query(
            'select ' ~ time_text('max(runs.uttrekk_tid)') ~ ', ' ~ time_text('max(extract_time.uttrekk_tid)') ~ ' from '
            ~ runs ~ ' as runs cross join (select min(uttrekk_tid) as uttrekk_tid from (' ~ current ~ ')) as extract_time '
            ~ 'having max(runs.uttrekk_tid) > max(extract_time.uttrekk_tid)'
        ).rows -%}
        {%- for row in published -%}
            {{ exceptions.raise_compiler_error(
                'This extract is older than one already loaded: the earliest time in ' ~ file ~ ' is ' ~ row[1] ~ ', and what has been published is of '
                ~ row[0] ~ '. Nothing was changed. Point UTTREKK_MAPPE to a newer extract.'
            ) }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{% macro check_scope(current) %}
    {%- set file = uttrekk_files(uttrekk_table('uttrekk'))[0] -%}
    {%- set topics = uttrekk_tables() | selectattr('is_topic') | map(attribute='file') | list -%}
    {%- for name, scope, scopes in run_query('select kilde, omfang, omfang_antall from (' ~ current ~ ') order by kilde').rows -%}
        {%- if scopes != 1 or scope not in [none, 'full', 'endring'] -%}
            {{ exceptions.raise_compiler_error(
                'The column omfang in ' ~ file ~ ' does not say one thing of ' ~ name ~ '. Write full (all of it), or endring (what is new since the '
                ~ 'extract before); empty is full.'
            ) }}
        {%- elif scope == 'endring' and name not in topics -%}
            {{ exceptions.raise_compiler_error(
                'The column omfang in ' ~ file ~ ' says endring of ' ~ name ~ '. Only a topic can hold just what is new (' ~ topics | join(', ')
                ~ '): tables are always whole.'
            ) }}
        {%- elif scope == 'endring' -%}
            {%- set table = uttrekk_tables() | selectattr('file', 'equalto', name) | first -%}
            {%- for other in uttrekk_tables() if other.instead_of == table.name and uttrekk_files(other) -%}
                {{ exceptions.raise_compiler_error(
                    'The column omfang in ' ~ file ~ ' says endring of ' ~ name ~ ', and the extract has ' ~ other.file ~ ' in its place, which is always whole. '
                    ~ 'Say nothing of ' ~ name ~ ', or put it there.'
                ) }}
            {%- endfor -%}
            {%- set known = existing_relation(model_that_reads(table)) -%}
            {%- if flags.FULL_REFRESH or not known or not run_query('select 1 from ' ~ known ~ ' limit 1').rows -%}
                {{ exceptions.raise_compiler_error(
                    'The column omfang in ' ~ file ~ ' says endring of ' ~ name ~ ': the extract holds what is new since the one before, and '
                    ~ ('with --full-refresh there is none before' if flags.FULL_REFRESH else 'the one before had nothing of it') ~ '. Nothing was changed. Use an extract with '
                    ~ 'all of ' ~ name ~ ' (omfang full).'
                ) }}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro model_that_reads(table) %}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and table.unique_id in node.depends_on.nodes -%}
        {{ return(node.name) }}
    {%- endfor -%}
{% endmacro %}


{#- Before topics were read message by message, nothing said which message a row was. -#}
{% macro check_topics() %}
    {%- for table in uttrekk_tables() if table.is_topic and not flags.FULL_REFRESH -%}
        {%- set known = existing_relation(model_that_reads(table)) -%}
        {%- if known and 'key_melding' not in adapter.get_columns_in_relation(known) | map(attribute='name') -%}
            {{ exceptions.raise_compiler_error(
                'This database is from before topics were read message by message. Run dbt build --full-refresh once, with an extract that has all of '
                ~ table.file ~ '. The snapshots and what was published stay. Nothing was changed.'
            ) }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro check_unchanged() %}
    {#- The model that calls this comes after all that reads the extract. -#}
    {%- for model_name in [
        'stg_effekt__vent_person_periode', 'stg_komet__deltaker_siste_status', 'stg_komet__deltakermelding',
        'stg_navkontor__veiledergruppe_avdeling', 'stg_norg2__nav_enhet', 'stg_pto__oppfolgingsbruker', 'stg_pto__siste_tilordnet_veileder',
        'stg_tiltak__avtalehendelse', 'stg_uttrekk__fil', 'stg_valp__avtale', 'stg_valp__gjennomforing', 'stg_valp__gjennomforing_nav_enhet',
        'stg_valp__tiltakstype', 'stg_veilarbportefolje__veiledergruppe',
    ] -%}
        {%- do ref(model_name) -%}
    {%- endfor -%}
    {%- if execute and uttrekk_folder() -%}
        {%- for table in uttrekk_tables() -%}
            {%- for file in uttrekk_files(table) if ask_python('file_changed', [file]) -%}
                {{ exceptions.raise_compiler_error(
                    'The file ' ~ file ~ ' was changed while it was being read. No count was changed. Run again when the extract is complete.'
                ) }}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{% macro check_same_key(fingerprints) %}
    {%- set log = existing_relation('int_uttrekk_lastet') -%}
    {%- if log and run_query('select 1 from ' ~ log ~ ' where nokkel_avtrykk not in (' ~ fingerprints | join(', ') ~ ') limit 1').rows -%}
        {{ exceptions.raise_compiler_error(
            'This database was built with another PSEUDONYM_NOKKEL (or from the synthetic seeds): with a new key every person would be a new '
            ~ 'person, and their history lost. Use the same key, or another database file (TILTAK_DUCKDB).'
        ) }}
    {%- endif -%}
{% endmacro %}
