{% macro message_state() -%}
    case
        when linje_id is not null then 'UTEN_PLASS'
        -- Topicet er komprimert: for hver nøkkel er meldingen med høyest offset sannheten (spesifikasjon 3).
        when row_number() over (partition by key_nokkel order by offset_nummer desc, melding_id) > 1 then 'ERSTATTET'
        when verdi_kode = 'SLETTET' then 'SLETTET'
        when slettet_person_flagg then 'SLETTET_PERSON'
        else 'STAAR'
    end
{%- endmacro %}


{% macro faults_of_messages(kilde, flags) -%}
    select
        rad_id,
        max(case when kolonne_navn is null then feil_kode end) as linje_feil_kode,
        {% for name, condition in flags.items() -%}
            coalesce({{ dbt.bool_or(condition) }}, false) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_uttrekk__feil') }}
    where kilde = '{{ kilde }}'
    group by rad_id
{%- endmacro %}
