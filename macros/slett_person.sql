{% macro slett_person() %}
    {%- set person = run_query('select slettes_person_id()').rows[0][0] -%}
    {%- if not person -%}
        {{ exceptions.raise_compiler_error(
            'Whom to erase is not known. Put the ident in the environment variable SLETT_PERSON_IDENT, and the key of '
            ~ 'the database in PSEUDONYM_NOKKEL. Nothing was erased.'
        ) }}
    {%- elif not existing_drift_table('slettet_person') -%}
        {{ exceptions.raise_compiler_error(
            'There is no list of erased persons in the database ' ~ env_var('TILTAK_DUCKDB', 'tiltak.duckdb')
            ~ '. Run dbt build first. Nothing was erased.'
        ) }}
    {%- endif -%}
    {%- set another_key -%}
        select 1 from {{ drift_table('uttrekk_lastet') }}
        where nokkel_avtrykk not in (nokkel_avtrykk(true), nokkel_avtrykk(false))
        limit 1
    {%- endset -%}
    {%- if run_query(another_key).rows -%}
        {{ exceptions.raise_compiler_error(
            'This database was built with another PSEUDONYM_NOKKEL. Use the key that it was built with. '
            ~ 'Nothing was erased.'
        ) }}
    {%- endif -%}

    {#- Every ident that the person has had. Their history stays, so that one that is told later is erased too. -#}
    {%- set current = relation_of('stg_uttrekk__gjeldende_person') -%}
    {%- set every_ident -%}
        create or replace temp table slettes_person as
        with gjeldende as (
            select coalesce(
                (select gjeldende_person_id from {{ current }} where person_id = {{ sql_text(person) }}),
                {{ sql_text(person) }}
            ) as id
        )
        select id from gjeldende
        union
        select person_id from {{ current }} where gjeldende_person_id in (select id from gjeldende)
    {%- endset -%}
    {%- do run_query(every_ident) -%}
    {#- A table is found by the names of its columns, so one that is added later is covered too. -#}
    {%- set columns_about_persons -%}
        select c.table_schema, c.table_name, c.column_name
        from information_schema.columns as c
        inner join information_schema.tables as t using (table_catalog, table_schema, table_name)
        where t.table_type = 'BASE TABLE' and c.table_catalog = {{ sql_text(target.database) }}
            and c.column_name in ('person_id', 'gjeldende_person_id', 'deltakelse_id', 'objekt_id')
            and c.table_name not in ('person_fortalt', 'gjeldende_person')
        order by all
    {%- endset -%}

    {%- do run_query('begin') -%}
    {#- What rows are found by: the person's idents and participations. -#}
    {%- set ids -%}
        create or replace temp table slettes as
        select id from slettes_person
        union all
        (
            select deltakelse_id from {{ relation_of('stg_komet__deltakermelding') }}
            where person_id in (select id from slettes_person)
            union
            select deltakelse_id from {{ relation_of('int_tiltak_deltakelse') }}
            where person_id in (select id from slettes_person)
        )
    {%- endset -%}
    {%- do run_query(ids) -%}
    {%- set erased = drift_table('slettet_person') -%}
    {%- set removed = [] -%}
    {%- for schema, table, column in run_query(columns_about_persons).rows if table != erased.identifier -%}
        {#- An objekt_id is the person's or the participation's, or begins with it (person_id/periode). -#}
        {%- set condition = column ~ ' in (select id from slettes)'
            ~ (" or split_part(objekt_id, '/', 1) in (select id from slettes)" if column == 'objekt_id' else '') -%}
        {%- set relation = api.Relation.create(database=target.database, schema=schema, identifier=table) -%}
        {%- set rows = run_query('select count(*) from ' ~ relation ~ ' where ' ~ condition).columns[0].values()[0]
            | int -%}
        {%- if rows -%}
            {%- do run_query(forget_message(schema, table, relation, condition) or 'delete from ' ~ relation ~ ' where '
                ~ condition) -%}
            {%- do removed.append(schema ~ '.' ~ table ~ ': ' ~ rows) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set known = run_query(
        'select 1 from ' ~ erased ~ ' where person_id in (select id from slettes_person)'
    ).rows -%}
    {%- if not removed and not known -%}
        {{ exceptions.raise_compiler_error(
            'No row is about the person in SLETT_PERSON_IDENT. Is the ident right? Nothing was erased.'
        ) }}
    {%- endif -%}
    {%- set keep_out -%}
        insert into {{ erased }} (person_id, slettet_tid)
        select id, {{ run_started_time() }}
        from slettes_person
        where id not in (select person_id from {{ erased }})
    {%- endset -%}
    {%- do run_query(keep_out) -%}
    {%- do run_query(
        'delete from ' ~ drift_table('forrige_deltakelse')
        ~ ' where person_nokkel in (select cast(hash(id) >> 1 as bigint) from slettes_person)'
    ) -%}
    {#- The export first: once the database has forgotten the participations, no one could find them there. -#}
    {%- set exported = ask_export(
        'export_erase(' ~ sql_text(export_folder()) ~ ', ' ~ sql_text('slettet_' ~ invocation_id[:8])
        ~ ', (select list(id) from slettes))'
    ) -%}
    {%- if exported is none and run_query('select 1 from ' ~ drift_table('kjoring')
        ~ ' where fullfort_flagg limit 1').rows -%}
        {{ exceptions.raise_compiler_error(
            'There is no export in ' ~ export_folder()
            ~ ', though the database has been exported. Set TILTAK_EKSPORT to where it is. '
            ~ 'Nothing was erased.'
        ) }}
    {%- endif -%}
    {%- do run_query('commit') -%}

    {%- do run_query('checkpoint ' ~ adapter.quote(target.database)) -%}
    {%- do print(
        'Erased rows: ' ~ (removed | join(', ') or 'none, the person was erased before') ~ '; in the export: '
        ~ (exported or 0) | int
        ~ '. The person is kept out of later runs. The counts follow with the next one.'
    ) -%}
{% endmacro %}


{#- A message is still counted, and the one before it does not come back. Only its place is left. -#}
{% macro forget_message(schema, table, relation, condition) %}
    {%- set content = run_query(
        'select column_name from information_schema.columns where table_schema = ' ~ sql_text(schema)
        ~ ' and table_name = ' ~ sql_text(table)
        ~ " and column_name not in ('rad_nummer', 'melding_id', 'linje_id', 'key_nokkel', 'partisjon_nummer', "
        ~ "'offset_nummer', 'verdi_kode', 'lest_flagg')"
    ).columns[0].values() | list -%}
    {%- if 'slettet_person_flagg' in content -%}
        {{ return(
            'update ' ~ relation ~ ' set slettet_person_flagg = true, '
            ~ content | reject('equalto', 'slettet_person_flagg') | join(' = null, ') ~ ' = null where ' ~ condition
        ) }}
    {%- endif -%}
{% endmacro %}
