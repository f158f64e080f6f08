{#- scripts/load.py has loaded the extract, all of it, and none that is older than what has been shown. -#}
{% macro default__load_uttrekk() %}
    {%- set files = adapter.get_relation(
        database=target.get('database'), schema=generate_schema_name('uttrekk', none), identifier='fil'
    ) -%}
    {%- set loaded = run_query('select cast(min(uttrekk_tidspunkt) as string) from ' ~ files).rows[0][0] if files -%}
    {%- if not loaded -%}
        {{ exceptions.raise_compiler_error(
            'Nothing has been loaded, or a load was interrupted. Run `uv run python scripts/load.py --target '
            ~ target.name ~ '`, and then this again.'
        ) }}
    {%- endif -%}
    {%- set runs = run_query(
        'select cast(max(uttrekk_tid) as string), cast(max(case when fullfort_flagg then uttrekk_tid end) as string) '
        ~ 'from ' ~ drift_table('kjoring')
    ).rows[0] -%}
    {%- if runs[0] and loaded < runs[0] -%}
        {{ exceptions.raise_compiler_error(
            'This extract is older than one already loaded: it was taken at ' ~ loaded
            ~ ', and what has been published is of ' ~ runs[0]
            ~ '. Nothing was changed. Point UTTREKK_MAPPE to a newer extract, and load it.'
        ) }}
    {%- endif -%}
    {%- set left_out = left_out_nodes() -%}
    {%- if left_out and runs[1] != loaded -%}
        {{ exceptions.raise_compiler_error(
            'No run has finished with this extract yet, and the run is without ' ~ left_out[0]
            ~ (' and ' ~ (left_out | length - 1) ~ ' others' if left_out | length > 1 else '')
            ~ '. Run dbt build without a selection. After that, parts of it can be run again.'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro default__uttrekk_taken_at(kilde) -%}
    select {{ 'timestamp' if target.type == 'bigquery' else 'to_utc_timestamp' }}(
        coalesce(min(case when kilde = {{ sql_text(kilde) }} then uttrekk_tidspunkt end), min(uttrekk_tidspunkt)),
        'Europe/Oslo'
    )
    from {{ generate_schema_name('uttrekk', none) }}.fil
{%- endmacro %}
