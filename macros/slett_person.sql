{% macro not_erased(relation) -%}
    not exists (select 1 from slettet_person where slettet_person.person_id = {{ relation }}.person_id)
{%- endmacro %}


{% macro slett_person() %}
    {%- set person = pseudonym(clean("getvariable('slett_person_ident')")) -%}
    {%- set erased = relation_of('stg_sletting__person') -%}
    {%- if not run_query('select 1 where ' ~ person ~ ' is not null').rows -%}
        {{ exceptions.raise_compiler_error(
            'Whom to erase is not known. Put the ident in the environment variable SLETT_PERSON_IDENT, and the key of the database in '
            ~ 'PSEUDONYM_NOKKEL. Nothing was erased.'
        ) }}
    {%- elif not existing_relation('stg_sletting__person') -%}
        {{ exceptions.raise_compiler_error(
            'There is no list of erased persons in the database ' ~ env_var('TILTAK_DUCKDB', 'tiltak.duckdb')
            ~ '. Run dbt build first. Nothing was erased.'
        ) }}
    {%- endif -%}
    {%- do check_same_key([key_fingerprint('uttrekk'), key_fingerprint('seeds')]) -%}
    {#- A table is found by the names of its columns: one that is added later is covered if it names them as the others do. -#}
    {%- set columns = run_query(
        'select c.table_schema, c.table_name, c.column_name from information_schema.columns as c '
        ~ 'inner join information_schema.tables as t using (table_catalog, table_schema, table_name) '
        ~ "where t.table_type = 'BASE TABLE' and c.table_catalog = " ~ sql_text(target.database)
        ~ " and c.column_name in ('person_id', 'deltakelse_id', 'objekt_id') order by all"
    ).rows -%}
    {%- do run_query('begin') -%}
    {%- do run_query('create or replace temp table slettes as select ' ~ person ~ ' as id') -%}
    {%- do run_query(
        'insert into slettes select deltakelse_id from ' ~ relation_of('stg_komet__deltakermelding') ~ ' where person_id = ' ~ person
        ~ ' union select deltakelse_id from ' ~ relation_of('int_tiltak_deltakelse') ~ ' where person_id = ' ~ person
    ) -%}
    {%- set removed = [] -%}
    {%- for schema, table, column in columns -%}
        {#- An objekt_id is the person's or the participation's, or begins with it (person_id/periode). -#}
        {%- set condition = (column if column != 'objekt_id' else "split_part(objekt_id, '/', 1)") ~ ' in (select id from slettes)' -%}
        {%- set relation = api.Relation.create(database=target.database, schema=schema, identifier=table) -%}
        {%- set rows = run_query('select count(*) from ' ~ relation ~ ' where ' ~ condition).columns[0].values()[0] | int -%}
        {%- if rows and table != erased.identifier -%}
            {%- do run_query('delete from ' ~ relation ~ ' where ' ~ condition) -%}
            {%- do removed.append(schema ~ '.' ~ table ~ ': ' ~ rows) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do run_query(
        'insert into ' ~ erased ~ ' (person_id, slettet_tid) select ' ~ person ~ ', ' ~ run_started_time()
        ~ ' where ' ~ person ~ ' not in (select person_id from ' ~ erased ~ ')'
    ) -%}
    {%- do run_query('commit') -%}
    {%- set exported = run_query(
        'select export_erase(' ~ sql_text(env_var('TILTAK_EKSPORT', 'eksport')) ~ ', ' ~ sql_text('slettet_' ~ invocation_id[:8])
        ~ ', (select list(id) from slettes))'
    ).columns[0].values()[0] | int -%}
    {%- do run_query('checkpoint ' ~ adapter.quote(target.database)) -%}
    {%- do log(
        'Erased rows: ' ~ (removed | join(', ') if removed else 'none; check that the ident is right') ~ '; in the export: ' ~ exported
        ~ '. The person is kept out of later runs. The counts follow with the next one.', info=true
    ) -%}
{% endmacro %}
