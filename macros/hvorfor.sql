{#- Each step of the way is a query of its own, so that one without rows is seen. -#}
{% macro hvorfor(deltakelse_id='') %}
    {%- if not deltakelse_id -%}
        {{ exceptions.raise_compiler_error(
            "Say which participation: dbt run-operation hvorfor --args '{deltakelse_id: ...}'."
        ) }}
    {%- endif -%}
    {%- set id = sql_text(deltakelse_id | string) -%}
    {%- set of = ' where deltakelse_id = ' ~ id -%}
    {%- set steps = {
        'Utfall': 'select kilde, utfall_kode, utfall_forklaring, start_dato, slutt_dato, forste_uke_dato, '
            ~ 'siste_uke_dato from ' ~ relation_of('deltakelse_utfall') ~ of,
        'Det kilden sier': 'select kilde, status_kode, kategori_kode, start_dato, slutt_dato, registrert_dato, '
            ~ 'gjennomforing_id, gjennomforing_status_kode, gjennomforing_slutt_dato, tiltakskode, '
            ~ 'kontor_enhetsnummer from ' ~ relation_of('int_tiltak_deltakelse') ~ of,
        'Avvik': 'select kilde, avvikstype_kode, beskrivelse from ' ~ relation_of('avvik')
            ~ ' where objekt_id = ' ~ id,
        'Periodene den er med i': 'select periode_kode, forste_uke_dato, siste_uke_dato, enhetsnummer, avdeling_navn, '
            ~ 'veiledergruppe_navn, tiltakskode, innsatsgruppe_kode from ' ~ relation_of('int_deltakelse_segment') ~ of
            ~ ' order by periode_kode, forste_uke_dato',
        'Antallene den er i': 'select fakta.uke_start_dato, fakta.enhetsnummer, fakta.avdeling_navn, '
            ~ 'fakta.tiltakskode, fakta.innsatsgruppe_kode, fakta.person_antall from '
            ~ relation_of('int_deltakelse_segment') ~ ' as segment inner join '
            ~ relation_of('fak_tiltaksdeltakelse_uke') ~ ' as fakta on segment.enhetsnummer = fakta.enhetsnummer '
            ~ 'and segment.avdeling_navn = fakta.avdeling_navn '
            ~ 'and segment.veiledergruppe_navn = fakta.veiledergruppe_navn '
            ~ 'and segment.tiltakskode = fakta.tiltakskode '
            ~ 'and segment.innsatsgruppe_kode = fakta.innsatsgruppe_kode '
            ~ 'and fakta.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato '
            ~ 'where segment.deltakelse_id = ' ~ id ~ " and segment.periode_kode = 'DELTAR' "
            ~ 'order by fakta.uke_start_dato',
    } -%}
    {%- set found = namespace(rows=0) -%}
    {%- for title, query in steps.items() -%}
        {%- set table = run_query(query) -%}
        {%- set found.rows = found.rows + table.rows | length -%}
        {{ print(title ~ (':' if table.rows else ': ingen')) }}
        {%- for row in table.rows -%}
            {%- set told = [] -%}
            {%- for column in table.column_names if row[column] is not none -%}
                {%- do told.append(column ~ '=' ~ row[column]) -%}
            {%- endfor -%}
            {{ print('  ' ~ told | join(', ')) }}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not found.rows -%}
        {{ exceptions.raise_compiler_error(
            'No participation is called ' ~ deltakelse_id ~ ' in the latest extract. The id is the key of its message.'
        ) }}
    {%- endif -%}
{% endmacro %}
