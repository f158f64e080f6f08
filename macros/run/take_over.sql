{#- The models that the logs were, in a database from before the loader. -#}
{% macro former_logs() %}
    {{ return({
        'kjoring': former_relation('main', 'kjoring'),
        'uke_beregnet': former_relation('intermediate', 'int_uke_beregnet'),
        'uttrekk_lastet': former_relation('intermediate', 'int_uttrekk_lastet'),
        'slettet_person': former_relation('staging', 'stg_sletting__person'),
    }) }}
{% endmacro %}


{% macro former_relation(schema, name) %}
    {%- set schema = target.schema if schema == 'main' else generate_schema_name(schema, none) -%}
    {{ return(existing_relation(api.Relation.create(
        database=target.get('database'), schema=schema, identifier=name
    ))) }}
{% endmacro %}


{% macro check_taken_over() %}
    {%- if former_relation('intermediate', 'int_uke_beregnet') -%}
        {{ exceptions.raise_compiler_error(
            'This database is from before extracts were loaded by a loader of their own. Run dbt run-operation '
            ~ 'ta_over_database once: it moves the logs and the erased persons, and keeps the snapshots and what was '
            ~ 'published (docs/operations.md). Nothing was changed.'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro ta_over_database() %}
    {%- set logs = former_logs() -%}
    {%- if not logs.uke_beregnet -%}
        {{ exceptions.raise_compiler_error(
            'This database is not from before the loader, or has been taken over. Nothing was changed.'
        ) }}
    {%- endif -%}
    {%- if target.type == 'duckdb' -%}{%- do run_query('begin') -%}{%- endif -%}
    {%- do create_drift_tables() -%}
    {%- for name, former in logs.items() if former -%}
        {%- set there = run_query('select * from ' ~ former ~ ' limit 0').column_names | list -%}
        {%- set values = {} -%}
        {%- for column in run_query('select * from ' ~ drift_table(name) ~ ' limit 0').column_names
            if column in there -%}
            {%- do values.update({column: column}) -%}
        {%- endfor -%}
        {#- Before more than the fact was logged, and before offices were, nothing said what a row was about. -#}
        {%- if name == 'uke_beregnet' -%}
            {%- do values.update({
                'relasjon_navn': "coalesce(relasjon_navn, 'fak_tiltaksdeltakelse_uke')" if 'relasjon_navn' in there
                    else "'fak_tiltaksdeltakelse_uke'",
                'enhetsnummer': "coalesce(enhetsnummer, '" ~ all_offices() ~ "')" if 'enhetsnummer' in there else "'"
                    ~ all_offices() ~ "'",
            }) -%}
        {%- endif -%}
        {%- do run_query(
            'insert into ' ~ drift_table(name) ~ ' (' ~ values.keys() | join(', ') ~ ') select distinct '
            ~ values.values() | join(', ') ~ ' from ' ~ former
        ) -%}
        {%- do run_query('drop table ' ~ former) -%}
    {%- endfor -%}
    {#- Suppressed cells are remembered, so that no other choice gives them away. -#}
    {%- set suppressed = former_relation('intermediate', 'int_publisering_prikking') -%}
    {%- if suppressed -%}
        {%- set decided = api.Relation.create(
            database=target.get('database'), schema=generate_schema_name('intermediate', none),
            identifier='aapne_tall_avgjort'
        ) -%}
        {#- Another method decides each week again, beginning with what was hidden. Of a week that a run lacked, that is
            what was remembered. -#}
        {%- do run_query(
            'create table ' ~ decided ~ " as select uke_start_dato, populasjon_kode = 'VENTER' as vent_flagg, "
            ~ 'cast(null as varchar) as uke_avtrykk, avgjort_tid, key_serie, antall, prikket_flagg, flytting_liste '
            ~ 'from ' ~ suppressed ~ ' qualify husket_flagg = bool_or(husket_flagg) over '
            ~ "(partition by populasjon_kode = 'VENTER', uke_start_dato)"
        ) -%}
    {%- endif -%}
    {#- The rest of it is made anew of the next extract, under other names. -#}
    {%- for schema, beginning in [('main', 'publ_'), ('intermediate', 'int_publisering_'), ('staging', ''),
        ('uttrekk', '')] -%}
        {%- for relation in relations_in(target.schema if schema == 'main' else generate_schema_name(schema, none))
            if relation.identifier.startswith(beginning) -%}
            {%- do run_query('drop ' ~ relation.type ~ ' ' ~ relation) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if target.type == 'duckdb' -%}{%- do run_query('commit') -%}{%- endif -%}
    {%- do print(
        'The database has been taken over: its logs and erased persons are in the schema drift, its snapshots and '
        ~ 'published versions as they were. '
        ~ 'Run dbt build with an extract that has all of each topic (omfang full).'
    ) -%}
{% endmacro %}


{#- Not asked of DuckDB's adapter, which would begin a transaction of its own. -#}
{% macro relations_in(schema) %}
    {%- if target.type != 'duckdb' -%}
        {{ return(adapter.list_relations_without_caching(api.Relation.create(
            database=target.get('database'), schema=schema
        ))) }}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for name, type in run_query(
        "select table_name, case table_type when 'VIEW' then 'view' else 'table' end from information_schema.tables "
        ~ "where table_catalog = "
        ~ sql_text(target.database) ~ ' and table_schema = ' ~ sql_text(schema)
    ).rows -%}
        {%- do found.append(api.Relation.create(database=target.get('database'), schema=schema, identifier=name,
            type=type)) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
