{% macro finish_run(results) %}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set done = results | selectattr('status', 'in', ['success', 'pass', 'warn', 'no-op'])
            | map(attribute='node.unique_id') | list -%}
        {%- set missing = public_marts() | map(attribute='unique_id') | reject('in', done) | list -%}
        {%- if done | length == results | length and not missing -%}
            {%- set seconds = (modules.datetime.datetime.now(modules.pytz.utc) - run_started_at).total_seconds()
                | round(1) -%}
            {%- do report_run(seconds, complete_run(seconds)) -%}
        {%- endif -%}
    {%- elif execute and flags.WHICH == 'freshness' -%}
        {%- for result in results if result.status in ['warn', 'error'] -%}
            {#- print, not log: also with --quiet. -#}
            {%- do print(
                result.node.name ~ ' was taken at '
                ~ result.max_loaded_at.astimezone(modules.pytz.timezone('Europe/Oslo')).strftime('%Y-%m-%d %H:%M')
                ~ ', ' ~ (result.age // 86400) | int
                ~ ' days ago. A new extract is expected every week: fetch it, or ask who delivers it.'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{% macro report_run(seconds, published) %}
    {%- set run = run_query(
        'select ' ~ time_text('uttrekk_tid')
        ~ ' as uttrekk, beregnet_uke_antall, ny_uke_liste, endret_uke_liste, omregnet_uke_liste, '
        ~ 'utgaatt_uke_liste, rad_antall from ' ~ drift_table('kjoring') ~ ' where kjoring_id = '
        ~ sql_text(invocation_id)
    ).rows[0] -%}
    {%- set reasons = [] -%}
    {%- for reason, weeks in [('new', run['ny_uke_liste']), ('changed', run['endret_uke_liste']),
        ('unchanged, full refresh', run['omregnet_uke_liste']), ('gone', run['utgaatt_uke_liste'])] if weeks -%}
        {%- do reasons.append(reason ~ ': ' ~ weeks | replace(' til ', ' to ')) -%}
    {%- endfor -%}
    {%- set people = then_and_now() -%}
    {%- set gone = run_query(
        'select sum(antall) from ' ~ relation_of('avstemming') ~ " where steg_kode like '%NOKKEL_BORTE'"
    ).rows[0][0] | int -%}
    {#- print, not log: also a quiet run says what it did. -#}
    {%- do print(
        'Extract of ' ~ run['uttrekk'] | replace('T', ' ')
        ~ ': computed ' ~ run['beregnet_uke_antall'] ~ ' weeks'
        ~ (' (' ~ reasons | join('; ') ~ ')' if reasons else '') ~ ', wrote '
        ~ run['rad_antall'] ~ ' rows of the fact, in ' ~ seconds ~ ' s. Published in ' ~ published ~ '. '
        ~ 'On tiltak in the week of ' ~ (people.uke_start_dato or 'none') ~ ': '
        ~ (people.forrige_person_antall ~ ' people in the run before, '
            if people.forrige_person_antall is not none else '')
        ~ people.person_antall ~ ' now. Keys gone without a tombstone: ' ~ gone ~ '.'
    ) -%}
{% endmacro %}


{#- Whether as many are there as in the run before, so that nobody has to look for it: the newest week that this run and
    the one before both have, and how many people were on tiltak in it then and now. -#}
{% macro then_and_now() %}
    {%- set counts = relation_of('kjoring_telling') -%}
    {%- set of_week = " and relasjon_navn = 'obt_deltakelse_uke_totaler'" -%}
    {%- set now = run_query('select telling_kode, antall from ' ~ counts ~ ' where kjoring_id = '
        ~ sql_text(invocation_id) ~ of_week).rows -%}
    {%- set before = run_query(
        'select telling_kode, antall from ' ~ counts ~ ' where kjoring_id in (select kjoring_id from '
        ~ drift_table('kjoring') ~ ' where fullfort_flagg and kjoring_id != ' ~ sql_text(invocation_id) ~ ')' ~ of_week
        ~ ' order by startet_tid desc limit 1'
    ).rows -%}
    {%- set week = before[0][0] if before else now[0][0] if now else none -%}
    {%- set people = run_query(
        'select sum(person_antall) from ' ~ relation_of('obt_deltakelse_uke_totaler')
        ~ " where enhet_nivaa_kode = 'LAND' and gruppering_kode = 'INGEN' and cast(uke_start_dato as "
        ~ dbt.type_string() ~ ') = ' ~ sql_text(week or '')
    ).rows[0][0] | int -%}
    {{ return({
        'uke_start_dato': week,
        'person_antall': people,
        'forrige_person_antall': before[0][1] | int if before else none,
    }) }}
{% endmacro %}


{% macro public_marts() %}
    {{ return(
        graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'model') | selectattr('config.access', 'equalto', 'public')
        | sort(attribute='name') | list
    ) }}
{% endmacro %}


{#- What may leave the warehouse is in models/aapne_tall itself, and not in a folder of it. -#}
{% macro folder_of(node) -%}
    {{ return('aapent' if node.fqn[1] == 'aapne_tall' and node.fqn | length == 3 else 'intern') }}
{%- endmacro %}


{% macro ask_export(call) %}
    {%- set answer = fromjson(run_query('select ' ~ call).columns[0].values()[0]) -%}
    {%- if answer.fault -%}
        {{ exceptions.raise_compiler_error(
            'The export in ' ~ export_folder() ~ ' could not be written: ' ~ answer.fault
            ~ '. Readers have what they had. Mend it, and run again.'
        ) }}
    {%- endif -%}
    {{ return(answer.answer) }}
{% endmacro %}


{% macro export_folder() %}
    {{ return(env_var('TILTAK_EKSPORT', '') or 'eksport') }}
{% endmacro %}


{% macro write_export() %}
    {%- set of_this_run -%}
        select
            kjoring_id,
            strftime(uttrekk_tid, '%Y-%m-%dT%H:%M:%S') as tidspunkt,
            strftime(uttrekk_tid, '%Y%m%dT%H%M%S') as mappe
        from {{ drift_table('kjoring') }}
        where kjoring_id = {{ sql_text(invocation_id) }}
    {%- endset -%}
    {%- set run = run_query(of_this_run).rows[0] -%}
    {%- set folder = ask_export('export_start(' ~ sql_text(export_folder()) ~ ', '
        ~ sql_text(run['mappe'] ~ '_' ~ invocation_id[:8]) ~ ')') -%}

    {#- How many rows uke_antall would have: each office's combinations, in each week. Of a country the dense views are
        left out, and the set has SQL that makes them of the tables that it has. -#}
    {%- set too_many_rows -%}
        select coalesce(sum(celle_antall), 0) * (select count(*) from {{ relation_of('dim_uke') }})
            > {{ var('eksport_visninger_til_rader') }}
        from (
            select count(distinct tiltakskode) * count(distinct innsatsgruppe_kode) * count(distinct avdeling_navn)
                as celle_antall
            from {{ relation_of('fak_tiltaksdeltakelse_uke') }}
            group by enhetsnummer
        ) as kontor
    {%- endset -%}
    {%- set is_large = run_query(too_many_rows).rows[0][0] -%}
    {%- set written = public_marts() -%}
    {%- set left_out = [] -%}
    {%- if is_large -%}
        {%- set left_out = written | selectattr('config.materialized', 'equalto', 'view')
            | rejectattr('config.meta.eksporteres_alltid') | list -%}
        {%- set built_on = what_views_are_built_on(left_out) -%}
        {%- set written = written | reject('in', left_out) | list + built_on.tables -%}
    {%- endif -%}
    {%- set open = open_relations() -%}
    {%- do ask_export(
        'export_write(' ~ sql_text(folder ~ '/intern/visninger.sql') ~ ', '
        ~ sql_text(views_of_the_export(written | reject('in', open) | list, built_on.views if is_large else []))
        ~ ')'
    ) -%}

    {%- set relations = write_relations(folder, written, is_large) -%}
    {%- do ask_export('export_internal_files(' ~ sql_text(folder ~ '/intern') ~ ', '
        ~ sql_text(tojson(dictionary_of(written | reject('in', open) | list))) ~ ')') -%}
    {%- if open -%}
        {%- do write_internal_pages(folder ~ '/intern') -%}
        {%- do write_open_files(folder ~ '/aapent', open) -%}
    {%- endif -%}

    {%- set of_sources -%}
        select kilde, strftime(uttrekk_tid, '%Y-%m-%dT%H:%M:%S') from {{ relation_of('stg_uttrekk__fil') }}
        order by kilde
    {%- endset -%}
    {%- set files = {} -%}
    {%- for kilde, taken_at in run_query(of_sources).rows -%}
        {%- do files.update({kilde: taken_at}) -%}
    {%- endfor -%}
    {%- set path = run_query(
        'select path from duckdb_databases() where database_name = ' ~ sql_text(target.database)
    ).rows[0][0] -%}
    {%- do log(ask_export(
        'export_run_summary(' ~ sql_text(folder) ~ ', ' ~ sql_text(invocation_id) ~ ', ' ~ sql_text(path) ~ ', '
        ~ sql_text(tojson(then_and_now())) ~ ')'
    ), info=true) -%}
    {{ return({
        'folder': folder,
        'manifest': {
            'uttrekk_tid': run['tidspunkt'],
            'kilder': files,
            'kjoring_id': run['kjoring_id'],
            'uker': weeks_of('dim_uke'),
            'relasjoner': relations,
            'aapne_tall': protection() if open else none,
            'utelatte_visninger': left_out | map(attribute='name') | list,
        },
    }) }}
{% endmacro %}


{% macro open_relations() %}
    {%- set open = [] -%}
    {%- for node in public_marts() if folder_of(node) == 'aapent' -%}{%- do open.append(node) -%}{%- endfor -%}
    {{ return(open) }}
{% endmacro %}


{#- A run stores the rows of a weekly relation in order. Sorting a country again costs more than writing it. -#}
{% macro write_relations(folder, nodes, is_large=false) %}
    {%- set relations = [] -%}
    {%- for node in nodes -%}
        {%- set in_order = node.config.meta.grain_keys
            and not (is_large and node.config.materialized == 'incremental') -%}
        {%- do run_query(
            'copy (select * from ' ~ relation_of(node.name)
            ~ (' order by "' ~ node.config.meta.grain_keys | join('", "') ~ '"' if in_order else '')
            ~ ') to ' ~ sql_text(folder ~ '/' ~ folder_of(node) ~ '/' ~ node.name ~ '.parquet')
            ~ ' (format parquet, compression zstd, kv_metadata ' ~ metadata_of(node) ~ ')'
        ) -%}
        {%- do relations.append({
            'navn': node.name,
            'mappe': folder_of(node),
            'personnivaa': node.config.meta.get('personnivaa', false),
            'privat': node.config.access != 'public',
        }) -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}


{% macro write_open_files(folder, open) %}
    {%- do ask_export('export_open_files(' ~ sql_text(folder) ~ ', ' ~ sql_text(tojson(dictionary_of(open))) ~ ')') -%}
    {%- do ask_export('export_page(' ~ sql_text(folder) ~ ')') -%}
{% endmacro %}


{% macro weeks_of(relation) %}
    {%- set weeks = run_query(
        'select cast(min(uke_start_dato) as varchar), cast(max(uke_start_dato) as varchar), count(*) from '
        ~ relation_of(relation)
    ).rows[0] -%}
    {{ return({'forste_uke_dato': weeks[0], 'siste_uke_dato': weeks[1], 'antall': weeks[2] | int}) }}
{% endmacro %}


{% macro protection() %}
    {{ return({'metode': var('aapen_metode'), 'prikkegrense': var('prikkegrense')}) }}
{% endmacro %}


{#- Of another engine: scripts/export_open.py has fetched the open relations as CSV, into a folder. -#}
{% macro eksporter_aapent(mappe) %}
    {%- set open = open_relations() -%}
    {%- for node in open -%}
        {%- set columns = [] -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append('cast(' ~ column.name ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name) -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists ' ~ relation_of(node.name).include(identifier=false)) -%}
        {%- do run_query('create or replace table ' ~ relation_of(node.name) ~ ' as select ' ~ columns | join(', ')
            ~ ' from read_csv(' ~ sql_text(mappe ~ '/' ~ node.name ~ '.csv') ~ ', all_varchar = true, header = true)'
        ) -%}
    {%- endfor -%}
    {%- set taken_at = run_query(
        "select strftime(uttrekk_tid, '%Y-%m-%dT%H:%M:%S') from " ~ relation_of('aapen_om_tallene')
    ).rows[0][0] -%}
    {%- set folder = ask_export('export_start(' ~ sql_text(export_folder()) ~ ', '
        ~ sql_text(taken_at | replace('-', '') | replace(':', '') ~ '_' ~ invocation_id[:8]) ~ ')') -%}
    {%- set relations = write_relations(folder, open) -%}
    {%- do write_open_files(folder ~ '/aapent', open) -%}
    {%- do print('Published in ' ~ publish_export({'folder': folder, 'manifest': {
        'uttrekk_tid': taken_at,
        'uker': weeks_of('aapen_uke'),
        'relasjoner': relations,
        'aapne_tall': protection(),
    }}) ~ '.') -%}
{% endmacro %}


{#- What the pages are made of is beside them while they are made. -#}
{% macro write_internal_pages(folder) %}
    {%- for name in ['om_tallene', 'uke', 'enhet', 'tiltaksgruppe', 'tiltakstype', 'innsatsgruppe', 'deltakelse_uke',
        'venteliste_uke', 'kapasitet_uke', 'uke_revisjon'] -%}
        {%- set is_open = name in ['uke', 'tiltaksgruppe', 'innsatsgruppe'] -%}
        {%- set relation = relation_of(('aapen_' if is_open else 'intern_') ~ name) -%}
        {%- do run_query('copy (select * from ' ~ relation ~ ') to '
            ~ sql_text(folder ~ '/intern_' ~ name ~ '.parquet') ~ ' (format parquet)') -%}
    {%- endfor -%}
    {%- do ask_export('export_internal_pages(' ~ sql_text(folder) ~ ')') -%}
{% endmacro %}


{#- From each view down: a private view under it is taken along, before it, and a private table will be a file. The
    public ones are in the export in any case. -#}
{% macro what_views_are_built_on(views) %}
    {%- set tables = [] -%}
    {%- set found_views = [] -%}
    {%- for view in views -%}
        {%- set parents = graph.nodes.values() | selectattr('unique_id', 'in', view.depends_on.nodes) | list -%}
        {#- A view of a source is written as a table: the source itself is in no export. -#}
        {%- set of_sources = parents | selectattr('sources') | list -%}
        {%- set below = what_views_are_built_on(
            parents | selectattr('config.materialized', 'equalto', 'view') | reject('in', of_sources) | list
        ) -%}
        {%- for node in parents if node.config.materialized != 'view' or node in of_sources -%}
            {%- do below.tables.append(node) -%}
        {%- endfor -%}
        {%- for node in below.tables if node not in tables and node.config.access != 'public' -%}
            {%- do tables.append(node) -%}
        {%- endfor -%}
        {%- for node in below.views + [view] if node not in found_views -%}
            {%- do found_views.append(node) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return({'tables': tables, 'views': found_views}) }}
{% endmacro %}


{% macro views_of_the_export(tables, views) %}
    {%- set statements = [
        '-- Martene ved navn, laget av filene ved siden av. I DuckDB, fra mappen de ligger i: .read visninger.sql'
    ] -%}
    {#- Rows about single persons leave the set when the next one is there. The rest of it can still be read. -#}
    {%- for node in tables if not node.config.meta.get('personnivaa', false) -%}
        {%- do statements.append("create or replace view " ~ node.name ~ " as from read_parquet('" ~ node.name
            ~ ".parquet');") -%}
    {%- endfor -%}
    {%- set schemas = graph.nodes.values() | map(attribute='schema') | unique | join('|') -%}
    {%- for node in views -%}
        {%- set relation = relation_of(node.name) -%}
        {%- set sql = run_query(
            'select sql from duckdb_views() where database_name = ' ~ sql_text(relation.database)
            ~ ' and schema_name = ' ~ sql_text(relation.schema)
            ~ ' and view_name = ' ~ sql_text(relation.identifier)
        ).rows[0][0] -%}
        {#- A reader has one schema for all of them. -#}
        {%- set sql = modules.re.sub('\\b(' ~ schemas ~ ')[.]', 'main.', modules.re.sub('^.*? AS ', '', sql)) -%}
        {%- do statements.append('create or replace view ' ~ node.name ~ ' as ' ~ sql) -%}
    {%- endfor -%}
    {{ return(statements | join('\n') ~ '\n') }}
{% endmacro %}


{% macro publish_export(written) %}
    {{ return(ask_export(
        'export_publish(' ~ sql_text(written.folder) ~ ', ' ~ sql_text(tojson(written.manifest)) ~ ')'
    )) }}
{% endmacro %}
