{% macro topic_envelope(source_name, table_name) %}
    select
        linje_id,
        nokkel_id,
        offset_nummer,
        verdi,
        konvolutt_feil_kode,
        -- En linje uten nøkkel, offset eller verdi kan ikke plasseres i topicet, og tar ikke del i komprimeringen.
        linje_type = 'OBJECT' and nokkel_id is not null and offset_nummer is not null and verdi_type is not null as plassert_flagg,
        coalesce(verdi_type, '') = 'NULL' as tombstone_flagg
    from (
        select
            *,
            case
                when linje_type != 'OBJECT' then 'UGYLDIG_JSON'
                when nokkel_id is null or offset_nummer is null or verdi_type is null then 'MANGLER_FELT'
                when verdi_type not in ('OBJECT', 'NULL') then 'UGYLDIG_JSON'
            end as konvolutt_feil_kode
        from (
            select
                fil_navn || ':' || linje_nummer as linje_id,
                coalesce(json_type(melding), '') as linje_type,
                {{ clean_id("json_extract_string(melding, '$.key')") }} as nokkel_id,
                try_cast(json_extract_string(melding, '$.offset') as bigint) as offset_nummer,
                json_type(melding, '$.value') as verdi_type,
                json_extract(melding, '$.value') as verdi
            from {{ read_topic(source_name, table_name) }}
        )
    )
{% endmacro %}


{% macro topic_state(key) -%}
    case
        when not plassert_flagg then 'UTEN_PLASS'
        when row_number() over (partition by plassert_flagg, {{ key }} order by offset_nummer desc, linje_id asc) > 1 then 'ERSTATTET'
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
