{% macro published_columns() %}
    {{ return([
        'uke_start_dato', 'enhetsnummer', 'avdeling_navn', 'veiledergruppe_navn', 'tiltakskode', 'tiltakstype_navn',
        'innsatsgruppe_kode', 'person_antall', 'deltakelse_antall',
    ]) }}
{% endmacro %}


{% macro same_cell(one, other) -%}
    {%- for column in published_columns() -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro published_as_of(time) -%}
    publisert_fom_tid <= {{ time }} and ({{ time }} < publisert_til_tid or publisert_til_tid is null)
{%- endmacro %}


{% macro shown_on(relation, time) -%}
    {%- set versions = ref(relation ~ '_publisert') -%}
    {%- set moment = try_cast(sql_text(time | string), 'timestamp') -%}
    {%- if execute -%}
        {%- set first = run_query(
            'select coalesce(cast(min(publisert_fom_tid) as ' ~ dbt.type_string() ~ "), 'never'), "
            ~ moment ~ ' is not null, coalesce(min(publisert_fom_tid) <= ' ~ moment ~ ', false) from ' ~ versions
        ).rows[0] -%}
        {%- if not first[1] -%}
            {{ exceptions.raise_compiler_error(
                "'" ~ time ~ "' is no time. Give a date or a time in Oslo, for example 2025-08-06 or 2025-08-06 12:00."
            ) }}
        {%- elif not first[2] -%}
            {{ exceptions.raise_compiler_error(
                'Nothing of ' ~ relation ~ ' had been shown on ' ~ time ~ '. First shown: ' ~ first[0] ~ '.'
            ) }}
        {%- endif -%}
    {%- endif -%}
    (select * from {{ versions }} where {{ published_as_of(moment) }}) as {{ relation }}
{%- endmacro %}


{% macro publication_time() -%}
    (
        select coalesce(max(kjoring.publisert_tid) + interval 1 microsecond, max(uttrekk.uttrekk_tid))
        from (select {{ uttrekk_time() }} as uttrekk_tid from {{ ref('stg_uttrekk__fil') }}) as uttrekk
        left join {{ ref('stg_drift__kjoring') }} as kjoring on uttrekk.uttrekk_tid = kjoring.uttrekk_tid
    )
{%- endmacro %}


{% macro unpublished() -%}
    select * from {{ ref('stg_drift__uke_beregnet') }} as beregnet
    where
        relasjon_navn = 'fak_tiltaksdeltakelse_uke'
        and not exists (
            select 1 from {{ ref('stg_drift__kjoring') }} as kjoring
            where beregnet.kjoring_id = kjoring.kjoring_id
        )
{%- endmacro %}


{% macro close_published() %}
    {%- set fakta = ref('fak_tiltaksdeltakelse_uke') -%}
    {%- if is_incremental() -%}
        {%- set closed -%}
            publisert_til_tid is null
            and exists (
                select 1 from ({{ unpublished() }}) as upublisert
                where
                    upublisert.uke_start_dato = {{ this.identifier }}.uke_start_dato
                    and upublisert.enhetsnummer = {{ this.identifier }}.enhetsnummer
            )
            and not exists (select 1 from {{ fakta }} as fakta where {{ same_cell('fakta', this.identifier) }})
        {%- endset -%}
        {{ update_rows(
            this, {'publisert_til_tid': publication_time()}, closed, published_columns() + ['publisert_fom_tid']
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro record_run() %}
    insert into {{ drift_table('kjoring') }} (
        kjoring_id, startet_tid, uttrekk_tid, publisert_tid, beregnet_uke_antall, ny_uke_liste, endret_uke_liste,
        omregnet_uke_liste, utgaatt_uke_liste, rad_antall, sekund_antall, fullfort_flagg
    )
    with

    -- Også kjøringer som ble avbrutt etter at de hadde regnet ut uker: ukene deres blir publisert av denne.
    beregnet as (
        {{ unpublished() }}
    ),

    ny_kjoring as (
        select
            kjoring_id,
            startet_tid,
            uttrekk_tid
        from beregnet
        union distinct
        select
            '{{ invocation_id }}' as kjoring_id,
            {{ run_started_time() }} as startet_tid,
            (select {{ uttrekk_time() }} from {{ ref('stg_uttrekk__fil') }}) as uttrekk_tid
    ),

    -- Uker på rad med samme årsak skrives som en periode: de har samme avstand til nummeret sitt i rekken.
    nummerert as (
        select
            *,
            row_number() over (partition by kjoring_id, aarsak_kode order by uke_start_dato) as nummer
        from beregnet
        where enhetsnummer = '{{ all_offices() }}'
    ),

    periode as (
        select
            kjoring_id,
            aarsak_kode,
            min(uke_start_dato) as forste_uke_dato,
            {{ iso_week_text('min(uke_start_dato)') }}
            || case when count(*) > 1 then ' til ' || {{ iso_week_text('max(uke_start_dato)') }} else '' end as uker,
            count(*) as uke_antall
        from nummerert
        group by kjoring_id, aarsak_kode, {{ add_days('uke_start_dato', '-7 * cast(nummer as integer)') }}
    ),

    -- Talt per kontor først: i en uke møter hver rad i loggen alle kontorene.
    kontor_uke as (
        select
            uke_start_dato,
            enhetsnummer,
            count(*) as rad_antall
        from {{ ref('fak_tiltaksdeltakelse_uke') }}
        group by all
    ),

    fakta as (
        select
            beregnet.kjoring_id,
            sum(kontor_uke.rad_antall) as rad_antall
        from beregnet
        inner join kontor_uke
            on beregnet.uke_start_dato = kontor_uke.uke_start_dato
            and beregnet.enhetsnummer = kontor_uke.enhetsnummer
        group by all
    )

    select
        ny_kjoring.kjoring_id,
        ny_kjoring.startet_tid,
        ny_kjoring.uttrekk_tid,
        {{ publication_time() }} as publisert_tid,
        coalesce(sum(case when periode.aarsak_kode != 'UTGAATT' then periode.uke_antall end), 0) as beregnet_uke_antall,
        {% for aarsak_kode in ['NY', 'ENDRET', 'OMREGNET', 'UTGAATT'] -%}
            coalesce({{ dbt.listagg(
                "case when periode.aarsak_kode = '" ~ aarsak_kode ~ "' then periode.uker end", "', '",
                'order by periode.uker'
            ) }}, '') as {{ aarsak_kode | lower }}_uke_liste,
        {% endfor -%}
        cast(coalesce(max(fakta.rad_antall), 0) as bigint) as rad_antall,
        cast(null as {{ type_name('double') }}) as sekund_antall,
        false as fullfort_flagg
    from ny_kjoring
    left join periode on ny_kjoring.kjoring_id = periode.kjoring_id
    left join fakta on ny_kjoring.kjoring_id = fakta.kjoring_id
    group by ny_kjoring.kjoring_id, ny_kjoring.startet_tid, ny_kjoring.uttrekk_tid
{% endmacro %}


{#- A count is missing where it is suppressed, and never under 0. -#}
{% macro same_shown_row(relation, one, other) -%}
    {%- for column in shown_columns(relation) -%}
        {%- set is_count = column.data_type in ['bigint', 'double'] -%}
        {%- for side in [one, other] -%}
            {{ 'coalesce(' ~ side ~ '.' ~ column.name ~ ', -1)' if is_count else side ~ '.' ~ column.name }}
            {{- ' = ' if loop.first }}
        {%- endfor -%}
        {{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro shown_columns(relation) %}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('name', 'equalto', relation) | first if execute -%}
    {{ return(node.columns.values() | list if node else [{'name': 'uke_start_dato', 'data_type': 'date'}]) }}
{% endmacro %}


{#- Whatever a run before this one got to, interrupted or not. -#}
{% macro weeks_not_as_shown(relation, versions) -%}
    {%- set fingerprint = row_fingerprint(shown_columns(relation.identifier) | map(attribute='name') | list) -%}
    select uke_start_dato
    from (
        select uke_start_dato, {{ fingerprint }} as fingeravtrykk from {{ relation }}
        union all
        select uke_start_dato, -{{ fingerprint }} as fingeravtrykk from {{ versions }} where publisert_til_tid is null
    ) as rad
    group by uke_start_dato
    having sum(fingeravtrykk) != 0
{%- endmacro %}


{#- dbt adds the columns that an open relation has got since, but only after this has compared them. -#}
{% macro add_shown_columns(relation) %}
    {%- set there = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
    {%- set missing = [] -%}
    {%- for column in shown_columns(relation.identifier) if column.name not in there -%}
        {%- do missing.append(api.Column(column.name, type_name(column.data_type))) -%}
    {%- endfor -%}
    {%- if missing -%}{%- do alter_relation_add_remove_columns(load_relation(this), missing, none) -%}{%- endif -%}
{% endmacro %}


{% macro close_shown() %}
    {%- set relation = ref(model.name | replace('_publisert', '')) -%}
    {%- if execute and is_incremental() -%}
        {%- do add_shown_columns(relation) -%}
        {%- set closed -%}
            publisert_til_tid is null
            and uke_start_dato in ({{ weeks_not_as_shown(relation, this) }})
            and not exists (
                select 1 from {{ relation }} as naa
                where {{ same_shown_row(relation.identifier, 'naa', this.identifier) }}
            )
        {%- endset -%}
        {{ update_rows(
            this, {'publisert_til_tid': '(select publisert_tid from ' ~ ref('aapen_om_tallene') ~ ')'}, closed,
            shown_columns(relation.identifier) | map(attribute='name') | list + ['publisert_fom_tid']
        ) }}
    {%- endif -%}
{% endmacro %}


{#- A part of the project publishes at the time of the run before it: what that run showed is replaced. -#}
{% macro delete_replaced() %}
    {%- if is_incremental() -%}
        {{ delete_rows(this, 'publisert_til_tid = publisert_fom_tid') }}
    {%- endif -%}
{% endmacro %}


{% macro versions_of_shown(relation, about) -%}
    {%- set columns = shown_columns(relation.identifier) | map(attribute='name') | list -%}
    with

    aapen as (
        select * from {{ relation }}
    ),

    om_tallene as (
        select * from {{ about }}
    ),

    -- close_shown har lukket radene som er endret eller borte. De åpne er slik de åpne tallene er nå.
    ny as (
        select
            {% for column in columns -%}
                aapen.{{ column }},
            {% endfor -%}
            om_tallene.publisert_tid as publisert_fom_tid,
            cast(null as {{ type_name('timestamp') }}) as publisert_til_tid
        from aapen
        cross join om_tallene
        {% if is_incremental() %}
            where
                aapen.uke_start_dato in ({{ weeks_not_as_shown(relation, this) }})
                and not exists (
                    select 1 from {{ this }} as vist
                    where
                        vist.publisert_til_tid is null
                        and {{ same_shown_row(relation.identifier, 'aapen', 'vist') }}
                )
        {% endif %}
    )

    select * from ny
{%- endmacro %}
