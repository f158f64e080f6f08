{% macro begin_run() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'snapshot'] -%}
        {%- do check_vars() -%}
        {%- do check_taken_over() -%}
        {%- do create_drift_tables() -%}
        {%- do load_uttrekk() -%}
    {%- elif execute and flags.WHICH == 'freshness' and target.type == 'duckdb' -%}
        {%- set fault = run_query('select uttrekk_feil()').rows[0][0] -%}
        {%- if fault -%}{{ exceptions.raise_compiler_error(fault) }}{%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro check_vars() %}
    {%- if flags.EMPTY -%}
        {{ exceptions.raise_compiler_error(
            'With --empty a run reads nothing of the extract: everybody would count as deleted, and their history end '
            ~ 'for good. Run without it.'
        ) }}
    {%- endif -%}
    {%- for old, new in [('publiser', 'aapne_tall'), ('publiser_metode', 'aapen_metode')]
        if var(old, none) is not none -%}
        {{ exceptions.raise_compiler_error(
            'The var ' ~ old ~ ' is now called ' ~ new ~ '. Nothing was changed. Give the same value with the new name.'
        ) }}
    {%- endfor -%}
    {%- if var('avrunding_base', none) is not none -%}
        {{ exceptions.raise_compiler_error(
            'The var avrunding_base is gone: the open numbers are no longer rounded. Nothing was changed. Run without '
            ~ 'it.'
        ) }}
    {%- endif -%}
    {%- set first_week = var('fra_uke_dato') | string -%}
    {%- set as_date = try_cast(sql_text(first_week), 'date') -%}
    {%- set is_monday = run_query('select coalesce(' ~ week_start(as_date) ~ ' = ' ~ as_date
        ~ ', false)').columns[0].values()[0] -%}
    {%- if not is_monday -%}
        {{ exceptions.raise_compiler_error(
            "The var fra_uke_dato is '" ~ first_week
            ~ "', which is not a Monday in ISO form. Give the Monday of the first week "
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
        ('prikkegrense', range(2, 101) | list,
            'a whole number from 2 to 100. (Exact numbers are on the internal page, intern/tiltaksstatistikk.html in '
            ~ 'the export)'),
        ('aapen_metode', ['stoy', 'prikking'], 'stoy or prikking'),
        ('aapne_tall', [true, false], 'true or false'),
        ('for_forste_observasjon', ['ukjent', 'som_forste'],
            'ukjent (before a person is first seen nothing is known) or som_forste (the first known version holds '
            ~ 'before it)'),
    ] if var(name) not in allowed or (name == 'prikkegrense' and var(name) is not integer) -%}
        {{ exceptions.raise_compiler_error('The var ' ~ name ~ " is '" ~ var(name) ~ "'. Give " ~ what ~ '.') }}
    {%- endfor -%}
    {%- if target.type == 'duckdb' and var('aapne_tall') and var('aapen_metode') == 'prikking'
        and not run_query('select har_highspy()').columns[0].values()[0] -%}
        {{ exceptions.raise_compiler_error(
            "The var aapen_metode is 'prikking', and its solver, highspy, is not installed. Nothing was changed. "
            ~ 'Run uv sync --group prikking first.'
        ) }}
    {%- endif -%}
{% endmacro %}


{#- The nodes that a run leaves out. -#}
{% macro left_out_nodes() %}
    {%- set left_out = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed', 'snapshot']
        and node.unique_id not in selected_resources -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {{ return(left_out) }}
{% endmacro %}


{% macro load_uttrekk() %}
    {{ return(adapter.dispatch('load_uttrekk')()) }}
{% endmacro %}


{#- The loader has a transaction of its own, and is done when the statement is. -#}
{% macro duckdb__load_uttrekk() %}
    {%- set answer = fromjson(run_query(
        'select last_uttrekk(' ~ sql_text(target.database) ~ ', ' ~ flags.FULL_REFRESH ~ ', '
        ~ sql_text(tojson(left_out_nodes())) ~ ', '
        ~ sql_text(tojson({'limit': var('volum_grense'), 'accepted': var('godta_volum') | string if var('godta_volum')
        else none})) ~ ')'
    ).columns[0].values()[0]) -%}
    {%- if answer.fault -%}
        {{ exceptions.raise_compiler_error(answer.fault) }}
    {%- endif -%}
{% endmacro %}


{#- When the files of a source were taken: of the extract that is next on DuckDB, which reads files; else of the one
    that is loaded. -#}
{% macro uttrekk_taken_at(kilde) %}
    {{ return(adapter.dispatch('uttrekk_taken_at')(kilde)) }}
{% endmacro %}


{% macro duckdb__uttrekk_taken_at(kilde) -%}
    select timezone('Europe/Oslo', uttrekk_tatt({{ sql_text(kilde) }}))
{%- endmacro %}
