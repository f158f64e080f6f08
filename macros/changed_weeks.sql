{% macro log_changed_weeks() %}
    {%- set logg = ref('int_uke_beregnet') -%}
    {%- set avtrykk = ref('int_uke_fingeravtrykk') -%}
    {%- set fil = ref('stg_uttrekk__fil') -%}
    {%- if execute -%}
        insert into {{ logg }} (kjoring_id, relasjon_navn, startet_tid, uttrekk_tid, uke_start_dato, aarsak_kode)
        with

        naa as (
            select * from {{ avtrykk }}
            where relasjon_navn = '{{ this.identifier }}'
        ),

        kjent as (
            select uke_start_dato
            from {{ logg }}
            where {{ logged_for(this.identifier) }}
            group by all
            having arg_max(aarsak_kode, startet_tid) != 'UTGAATT'
        ),

        -- En uke der ingen var, har ingen rader. Fingeravtrykket til ingenting er 0.
        lagret as (
            {% if load_relation(this) %}
                select
                    uke_start_dato,
                    any_value(fingeravtrykk) as fingeravtrykk
                from {{ this }}
                group by all
            {% else %}
                select
                    uke_start_dato,
                    fingeravtrykk
                from naa
                where false
            {% endif %}
        ),

        aarsak as (
            select
                coalesce(naa.uke_start_dato, kjent.uke_start_dato) as uke_start_dato,
                case
                    when naa.uke_start_dato is null then 'UTGAATT'
                    when kjent.uke_start_dato is null then 'NY'
                    when naa.fingeravtrykk != coalesce(lagret.fingeravtrykk, 0) then 'ENDRET'
                    {% if not is_incremental() %}
                        else 'OMREGNET'
                    {% endif %}
                end as aarsak_kode
            from naa
            full join kjent on naa.uke_start_dato = kjent.uke_start_dato
            left join lagret on naa.uke_start_dato = lagret.uke_start_dato
        )

        select
            '{{ invocation_id }}',
            '{{ this.identifier }}',
            {{ run_started_time() }},
            (select {{ uttrekk_time() }} from {{ fil }}),
            uke_start_dato,
            aarsak_kode
        from aarsak
        where aarsak_kode is not null
    {%- endif -%}
{% endmacro %}


{#- Before more than the fact was logged, the log did not say what a row was about. -#}
{% macro logged_for(relation) -%}
    coalesce(relasjon_navn, 'fak_tiltaksdeltakelse_uke') = '{{ relation }}'
{%- endmacro %}


{% macro computed_weeks(relation, form='%Y-%m-%d') %}
    {%- set logg = existing_relation('int_uke_beregnet') -%}
    {%- set runs = existing_relation('kjoring') -%}
    {%- if not logg or not runs -%}{{ return([]) }}{%- endif -%}
    {#- Also what runs that did not finish have computed: a test that failed fails until it is mended. -#}
    {{ return(run_query(
        'select distinct strftime(uke_start_dato, ' ~ sql_text(form) ~ ') from ' ~ logg ~ ' where ' ~ logged_for(relation) ~ ' and startet_tid '
        ~ ('>=' if flags.WHICH == 'test' else '>') ~ ' coalesce((select max(startet_tid) from ' ~ runs
        ~ " where fullfort_flagg), timestamp '0001-01-01') order by all desc"
    ).columns[0].values() | list) }}
{% endmacro %}


{#- As literals: what a view makes of other weeks is then never worked out. -#}
{% macro newest_weeks(relation, form='%Y-%m-%d') -%}
    {%- set weeks = computed_weeks(relation, form)[:var('endelig_etter_uker')] -%}
    {{ sql_text(weeks | last) ~ ' and ' ~ sql_text(weeks | first) if weeks else 'null and null' }}
{%- endmacro %}


{% macro delete_changed_weeks() %}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where not exists (
            select 1 from {{ ref('int_uke_fingeravtrykk') }} as naa
            where
                naa.relasjon_navn = '{{ this.identifier }}'
                and naa.uke_start_dato = {{ this.identifier }}.uke_start_dato
                and naa.fingeravtrykk = {{ this.identifier }}.fingeravtrykk
        )
    {%- endif -%}
{% endmacro %}


{% macro weeks_to_compute(relation) %}
    -- Ukene som skal regnes ut: alle første gang, siden de som mangler fordi de er nye eller delete_changed_weeks har tatt dem bort.
    select
        naa.uke_start_dato,
        naa.fingeravtrykk
    from {{ ref('int_uke_fingeravtrykk') }} as naa
    where
        naa.relasjon_navn = '{{ relation }}'
        {% if is_incremental() %}
            and not exists (
                select 1 from {{ this }} as fra_for
                where fra_for.uke_start_dato = naa.uke_start_dato
            )
        {% endif %}
{% endmacro %}


{% macro week_contributions(contributions) %}
    {%- for contribution in contributions %}
        select
            '{{ contribution.relasjon }}' as relasjon_navn,
            forste_uke_dato,
            siste_uke_dato,
            cast(md5_number_lower(concat_ws(chr(31), {{ contribution.kolonner | join(', ') }})) as decimal(38, 0)) as bidrag
        from {{ contribution.fra }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
