{% macro topic_envelope(source_name, table_name, fields, which='new', numbered=false) %}
    {%- set envelope = {
        'nokkel': '$.key', 'offset_tekst': '$.offset', 'linje_type': 'type of $', 'verdi_type': 'type of $.value',
    } -%}
    select
        *,
        {{ keyed_checksum('nokkel_id') }} as key_nokkel,
        -- En linje uten nøkkel, offset eller verdi kan ikke plasseres i topicet, og tar ikke del i komprimeringen.
        coalesce(linje_type, '') = 'OBJECT' and nokkel_id is not null and offset_nummer is not null and verdi_type is not null as plassert_flagg,
        coalesce(verdi_type, '') = 'NULL' as tombstone_flagg,
        case
            when coalesce(linje_type, '') != 'OBJECT' then 'UGYLDIG_JSON'
            when nokkel_id is null or offset_nummer is null or verdi_type is null then 'MANGLER_FELT'
            when verdi_type not in ('OBJECT', 'NULL') then 'UGYLDIG_JSON'
        end as konvolutt_feil_kode
    from (
        select
            *,
            {{ clean_id('nokkel') }} as nokkel_id,
            {{ try_cast('offset_tekst', 'bigint') }} as offset_nummer
        from (
            select
                {{ 'kjent_flagg,' if which == 'marked' }}
                fil_navn || ':' || cast(linje_nummer as string) as linje_id,
                key_melding,
                {{ json_fields('case when not kjent_flagg then melding end' if which == 'marked' else 'melding', dict(envelope, **fields)) }}
            from (
                select
                    linje.*{{ ',' if which == 'marked' }}
                    {%- if which == 'marked' %}
                    kjent.key_melding is not null as kjent_flagg
                    {%- endif %}
                from (
                    select
                        *,
                        {{ line_checksum('melding') }} as key_melding
                    from {{ read_topic(source_name, table_name, numbered, dict(envelope, **fields)) }}
                ) as linje
                {%- if which == 'marked' %}
                left join {{ this }} as kjent
                    on linje.key_melding = kjent.key_melding
                {%- endif %}
            )
            {% if is_incremental() and which == 'new' -%}
                where key_melding in (select ny.key_melding from ({{ new_lines() }}) as ny)
            {%- endif %}
        )
    )
{% endmacro %}


{% macro lines_of_the_extract() -%}
    {{ scratch_table(this.identifier ~ '__linje') }}
{%- endmacro %}


{% macro new_lines() -%}
    select * from {{ lines_of_the_extract() }} as linje
    where not exists (select 1 from {{ this }} as kjent where kjent.key_melding = linje.key_melding)
{%- endmacro %}


{% macro list_lines(source_name, table_name) %}
    {%- if is_incremental() -%}
        {{ create_scratch_table(this.identifier ~ '__linje') }}
        select
            key_melding,
            kjent_flagg,
            -- En linje uten plass sier ingenting om nøkkelen den nevner.
            case when plassert_flagg then key_nokkel end as key_nokkel,
            offset_nummer
        from ({{ topic_envelope(source_name, table_name, {}, which='marked') }})
    {%- endif -%}
{% endmacro %}


{% macro forget_lines(table_name) %}
    {%- if is_incremental() -%}
        {%- set forgotten -%}
            tilstand_kode = 'UTEN_PLASS'
            {% if uttrekk_scope(table_name) == 'endring' -%}
                or tilstand_kode = 'ERSTATTET'
                or exists (
                    select 1 from {{ lines_of_the_extract() }} as ny
                    where
                        not ny.kjent_flagg
                        and ny.key_nokkel = {{ this.identifier }}.key_nokkel
                        and ny.offset_nummer >= {{ this.identifier }}.offset_nummer
                )
            {%- else -%}
                or key_nokkel in (
                    select ny.key_nokkel from {{ lines_of_the_extract() }} as ny
                    where not ny.kjent_flagg and ny.key_nokkel is not null
                    union all
                    -- Den som er tatt ut av listen over slettede, leses igjen.
                    select slettet.key_nokkel from {{ this }} as slettet
                    where slettet.tilstand_kode = 'SLETTET_PERSON'
                    union all
                    select borte.key_nokkel from {{ this }} as borte
                    where
                        borte.key_nokkel is not null
                        and not exists (select 1 from {{ lines_of_the_extract() }} as linje where linje.key_melding = borte.key_melding)
                )
            {%- endif %}
        {%- endset -%}
        {{ delete_rows(this, forgotten, ['key_melding', 'linje_id']) }}
    {%- endif -%}
{% endmacro %}


{% macro number_lines(source_name, table_name) %}
    {%- if execute and uttrekk_folder() and run_query(
        'select 1 from ' ~ this ~ " where tilstand_kode = 'UTEN_PLASS' limit 1"
    ).rows -%}
        {%- set known = {
            'kilde': sql_text(uttrekk_table(table_name).file), 'linje_id': 'linje_id', 'key_melding': 'key_melding',
            'tilstand_kode': "'UTEN_PLASS'", 'lesefeil_kode': 'konvolutt_feil_kode',
        } -%}
        insert into {{ this }}
        select
            {%- for column in adapter.get_columns_in_relation(this) %}
            {{ known.get(column.name, 'null') }}{{ ',' if not loop.last }}
            {%- endfor %}
        from ({{ topic_envelope(source_name, table_name, {}, which='all', numbered=true) }})
        where not plassert_flagg
    {%- endif -%}
{% endmacro %}


{% macro forget_unnumbered_lines() -%}
    {{ delete_rows(this, "tilstand_kode = 'UTEN_PLASS' and linje_id is null", ['key_melding', 'linje_id']) }}
{%- endmacro %}


{% macro key_order(key) -%}
    partition by plassert_flagg, {{ key }} order by offset_nummer desc nulls last, key_melding asc nulls last
{%- endmacro %}


{% macro read_before() -%}
    plassert_flagg and coalesce(lag(key_melding) over nokkel = key_melding, false)
{%- endmacro %}


{% macro topic_state() -%}
    case
        when not plassert_flagg then 'UTEN_PLASS'
        {% if is_incremental() -%}
            when exists (select 1 from {{ this }} as nyere where nyere.key_nokkel = melding.key_nokkel) then 'ERSTATTET'
        {%- endif %}
        when row_number() over nokkel > 1 then 'ERSTATTET'
        when tombstone_flagg then 'SLETTET'
        when {{ not_erased('melding') }} then 'STAAR'
        else 'SLETTET_PERSON'
    end
{%- endmacro %}


{% macro content_that_stands(columns) -%}
    {%- for column in columns -%}
        case when tilstand_kode = 'STAAR' then {{ column }} end as {{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro unreadable_participation(required) -%}
    when {{ required | join(' is null or ') }} is null then 'MANGLER_FELT'
            when
                (start_dato_tekst is not null and {{ to_date('start_dato_tekst') }} is null)
                or (slutt_dato_tekst is not null and {{ to_date('slutt_dato_tekst') }} is null)
                then 'UGYLDIG_VERDI'
{%- endmacro %}
