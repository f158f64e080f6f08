{% macro log_changed_weeks(office='enhetsnummer') %}
    {%- set logg = drift_table('uke_beregnet') -%}
    {%- set avtrykk = ref('int_uke_fingeravtrykk') -%}
    {%- set fil = ref('stg_uttrekk__fil') -%}
    {%- if execute -%}
        insert into {{ logg }} (
            kjoring_id, relasjon_navn, startet_tid, uttrekk_tid, uke_start_dato, enhetsnummer, aarsak_kode
        )
        with

        naa as (
            select * from {{ avtrykk }}
            where relasjon_navn = '{{ this.identifier }}'
        ),

        -- Ukene som er regnet ut før, og som ikke har gått ut siden.
        kjent as (
            select uke_start_dato
            from {{ logg }}
            where relasjon_navn = '{{ this.identifier }}' and enhetsnummer = '{{ all_offices() }}'
            group by all
            having max_by(aarsak_kode, startet_tid) != 'UTGAATT'
        ),

        -- En uke der ingen var, har ingen rader. Fingeravtrykket til ingenting er 0.
        lagret as (
            {% if load_relation(this) %}
                select
                    uke_start_dato,
                    {{ office }} as enhetsnummer,
                    max(fingeravtrykk) as fingeravtrykk
                from {{ this }}
                group by all
            {% else %}
                select
                    uke_start_dato,
                    enhetsnummer,
                    fingeravtrykk
                from naa
                where false
            {% endif %}
        ),

        -- Fingeravtrykket nå og det lagrede, per kontor og for kontorene sammen (dem har naa fra før). En kjent uke er
        -- med, også når ingen var der, verken nå eller da.
        naa_og_lagret as (
            select
                uke_start_dato,
                enhetsnummer,
                fingeravtrykk,
                0 as lagret_fingeravtrykk
            from naa
            union all
            select
                uke_start_dato,
                enhetsnummer,
                0 as fingeravtrykk,
                fingeravtrykk as lagret_fingeravtrykk
            from lagret
            union all
            select
                uke_start_dato,
                '{{ all_offices() }}' as enhetsnummer,
                0 as fingeravtrykk,
                fingeravtrykk as lagret_fingeravtrykk
            from lagret
            union all
            select
                uke_start_dato,
                '{{ all_offices() }}' as enhetsnummer,
                0 as fingeravtrykk,
                0 as lagret_fingeravtrykk
            from kjent
        ),

        kontor_uke as (
            select
                uke_start_dato,
                enhetsnummer,
                sum(fingeravtrykk) as fingeravtrykk,
                sum(lagret_fingeravtrykk) as lagret_fingeravtrykk
            from naa_og_lagret
            group by all
        ),

        aarsak as (
            select
                kontor_uke.uke_start_dato,
                kontor_uke.enhetsnummer,
                case
                    when uke.uke_start_dato is null then 'UTGAATT'
                    when kjent.uke_start_dato is null then 'NY'
                    when kontor_uke.fingeravtrykk != kontor_uke.lagret_fingeravtrykk then 'ENDRET'
                    {% if not is_incremental() %}
                        else 'OMREGNET'
                    {% endif %}
                end as aarsak_kode
            from kontor_uke
            left join naa as uke
                on kontor_uke.uke_start_dato = uke.uke_start_dato
                and uke.enhetsnummer = '{{ all_offices() }}'
            left join kjent on kontor_uke.uke_start_dato = kjent.uke_start_dato
        )

        select
            '{{ invocation_id }}',
            '{{ this.identifier }}',
            {{ run_started_time() }},
            (select {{ uttrekk_time() }} from {{ fil }}),
            uke_start_dato,
            enhetsnummer,
            aarsak_kode
        from aarsak
        where aarsak_kode is not null
    {%- endif -%}
{% endmacro %}


{#- The name that stands for all offices together: a week is known, new or gone also when nobody was anywhere. No office
    is called this. -#}
{% macro all_offices() -%}
    {{ return('') }}
{%- endmacro %}


{% macro computed_since_last_run(relation) %}
    {%- set logg = existing_drift_table('uke_beregnet') -%}
    {%- if logg and existing_drift_table('kjoring') -%}
        {{ return('from ' ~ logg ~ " where relasjon_navn = '" ~ relation ~ "' and " ~ since_last_run('startet_tid')) }}
    {%- endif -%}
{% endmacro %}


{#- Weeks of runs that did not finish are read too: a test that failed fails until it is mended. -#}
{% macro since_last_run(column) -%}
    {%- set runs = existing_drift_table('kjoring') if execute -%}
    {{ column }} {{ '>=' if flags.WHICH == 'test' else '>' }} coalesce(
        {{ '(select max(startet_tid) from ' ~ runs ~ ' where fullfort_flagg), ' if runs -}}
        {{ type_name('timestamp') }} '0001-01-01 00:00:00'
    )
{%- endmacro %}


{% macro computed_weeks(relation) -%}
    {%- set computed = computed_since_last_run(relation) -%}
    {{ pairs_of('uke_start_dato', 'enhetsnummer', computed) if computed else pairs_of(
        'cast(null as date)', 'cast(null as string)', 'from (select 1 as en) as ingen where en = 0'
    ) }}
{%- endmacro %}


{#- Rendered as a literal, so that DuckDB skips the view's other weeks. -#}
{% macro newest_week(relation, form='dato') -%}
    {%- set computed = computed_since_last_run(relation) -%}
    {%- set forms = {
        'dato': 'max(uke_start_dato)', 'aar': iso_year('max(uke_start_dato)'), 'uke': iso_week('max(uke_start_dato)'),
    } -%}
    {%- set newest = run_query('select cast(' ~ forms[form] ~ ' as string) ' ~ computed).rows[0][0] if computed -%}
    {{ sql_text(newest | string) if newest else 'null' }}
{%- endmacro %}


{#- On BigQuery the statement that adds rows replaces the weeks in the log, as whole partitions. -#}
{% macro delete_changed_weeks(office='enhetsnummer') %}
    {%- if is_incremental() and target.type != 'bigquery' -%}
        delete from {{ this }}
        where not exists (
            select 1 from {{ ref('int_uke_fingeravtrykk') }} as naa
            where
                naa.relasjon_navn = '{{ this.identifier }}'
                and naa.uke_start_dato = {{ this.identifier }}.uke_start_dato
                and naa.enhetsnummer = {{ this.identifier }}.{{ office }}
                and naa.fingeravtrykk = {{ this.identifier }}.fingeravtrykk
        )
    {%- endif -%}
{% endmacro %}


{% macro weeks_to_compute(relation, office='enhetsnummer') %}
    -- Første gang regnes alt ut. Senere regnes bare de ukene ut som er nye, eller som delete_changed_weeks har slettet.
    select
        naa.uke_start_dato,
        naa.enhetsnummer,
        naa.fingeravtrykk
    from {{ ref('int_uke_fingeravtrykk') }} as naa
    where
        naa.relasjon_navn = '{{ relation }}'
        and naa.enhetsnummer != '{{ all_offices() }}'
        {% if is_incremental() and target.type == 'bigquery' %}
            -- En partisjon erstattes hel: hvert kontor i en uke der ett av dem er endret.
            and naa.uke_start_dato in (
                select logg.uke_start_dato from {{ drift_table('uke_beregnet') }} as logg
                where logg.kjoring_id = '{{ invocation_id }}' and logg.relasjon_navn = '{{ relation }}'
            )
        {% elif is_incremental() %}
            and not exists (
                select 1 from {{ this }} as fra_for
                where
                    fra_for.uke_start_dato = naa.uke_start_dato
                    and fra_for.{{ office }} = naa.enhetsnummer
            )
        {% endif %}
{% endmacro %}


{#- The weeks that a relation has from the run before, by name: it is built on who asks. With --full-refresh, and in a
    database from before its weeks had a fingerprint, there is none. -#}
{% macro stored_weeks(relation) -%}
    {%- set stored = existing_relation(relation_of(relation)) if execute and not flags.FULL_REFRESH -%}
    {%- set known = adapter.get_columns_in_relation(stored) | selectattr('name', 'equalto', 'fingeravtrykk') | list
        if stored -%}
    select distinct
        uke_start_dato,
        fingeravtrykk
    from {{ stored if known else ref('int_uke_fingeravtrykk') }}
    {%- if not known %}
        where 0 = 1
    {%- endif %}
{%- endmacro %}


{#- Reads the caller's relations `uke`, with what each week is made of, and `regel`, with what is of every week. -#}
{% macro weeks_decided(relation) -%}
    with

    naa as (
        select
            uke.uke_start_dato,
            cast(
                uke.fingeravtrykk + (select sum(regel.fingeravtrykk) from regel) as {{ type_name('decimal(38, 0)') }}
            ) as fingeravtrykk
        from uke
    ),

    lagret as (
        {{ stored_weeks(relation) }}
    )

    select
        naa.uke_start_dato,
        naa.fingeravtrykk,
        lagret.uke_start_dato is null as regnes_ut_flagg
    from naa
    left join lagret on naa.uke_start_dato = lagret.uke_start_dato and naa.fingeravtrykk = lagret.fingeravtrykk
{%- endmacro %}


{% macro delete_weeks(weeks) %}
    {%- if is_incremental() and target.type != 'bigquery' -%}
        delete from {{ this }}
        where not exists (
            select 1 from {{ weeks }} as naa
            where naa.uke_start_dato = {{ this.identifier }}.uke_start_dato and not naa.regnes_ut_flagg
        )
    {%- endif -%}
{% endmacro %}
