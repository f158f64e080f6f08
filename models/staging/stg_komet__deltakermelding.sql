{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=[
        "{{ list_lines('komet', 'amt_deltaker_ekstern_v1') }}",
        "{{ forget_lines('amt_deltaker_ekstern_v1') }}",
    ],
    post_hook=[
        "{{ number_lines('komet', 'amt_deltaker_ekstern_v1') }}",
        "{{ forget_unnumbered_lines() }}",
    ],
) }}

with

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

konvolutt as (
    {{ topic_envelope('komet', 'amt_deltaker_ekstern_v1', {
        'person_ident': '$.value.personIdent',
        'gjennomforing': '$.value.gjennomforingId',
        'status': '$.value.status.type',
        'aarsak': '$.value.status.aarsak.type',
        'start_dato_verdi': '$.value.startDato',
        'slutt_dato_verdi': '$.value.sluttDato',
        'status_opprettet_tidspunkt': '$.value.status.opprettetTidspunkt',
        'registrert_tidspunkt': '$.value.registrertTidspunkt',
        'mengder': '$.value.deltakelsesmengder',
        'mengder_type': 'type of $.value.deltakelsesmengder',
    }) }}
),

felt as (
    select
        linje_id,
        key_melding,
        key_nokkel,
        nokkel_id as deltakelse_id,
        offset_nummer,
        plassert_flagg,
        tombstone_flagg,
        konvolutt_feil_kode,
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ clean_id('gjennomforing') }} as gjennomforing_id,
        {{ message_code('status') }} as status_kode,
        {{ message_code('aarsak') }} as aarsak_kode,
        {{ clean('start_dato_verdi') }} as start_dato_tekst,
        {{ clean('slutt_dato_verdi') }} as slutt_dato_tekst,
        {{ clean('status_opprettet_tidspunkt') }} as status_opprettet_tidspunkt,
        {{ clean('registrert_tidspunkt') }} as registrert_tidspunkt,
        coalesce(mengder_type, 'NULL') in ('ARRAY', 'NULL') as liste_flagg,
        {{ list_map(json_elements("case when mengder_type = 'ARRAY' then mengder else '[]' end"), 'mengde', record({
            'gyldig_fra_tekst': clean(json_field('mengde', '$.gyldigFraDato')),
            'opprettet_tidspunkt': clean(json_field('mengde', '$.opprettetTidspunkt')),
            'prosent_tekst': clean(json_field('mengde', '$.deltakelsesprosent')),
        })) }} as mengde_tekst_liste
    from konvolutt
),

typet as (
    select
        linje_id,
        key_melding,
        key_nokkel,
        deltakelse_id,
        offset_nummer,
        plassert_flagg,
        tombstone_flagg,
        person_id,
        gjennomforing_id,
        status_kode,
        aarsak_kode,
        {{ to_date('start_dato_tekst') }} as start_dato,
        {{ to_date('slutt_dato_tekst') }} as slutt_dato,
        {{ to_oslo_time('status_opprettet_tidspunkt') }} as status_opprettet_tid,
        {{ to_oslo_time('registrert_tidspunkt') }} as registrert_tid,
        -- En prosent som mangler, er 100 (spesifikasjon 6).
        {{ list_map('mengde_tekst_liste', 'mengde', record({
            'gyldig_fra_dato': to_date(field_of('mengde', 'gyldig_fra_tekst')),
            'opprettet_tid': to_oslo_time(field_of('mengde', 'opprettet_tidspunkt')),
            'deltakelsesprosent': 'coalesce(' ~ to_percent(field_of('mengde', 'prosent_tekst')) ~ ', 100)',
        })) }} as deltakelsesmengde_liste,
        not liste_flagg or {{ any_in_list(
            'mengde_tekst_liste', 'mengde',
            to_date(field_of('mengde', 'gyldig_fra_tekst')) ~ ' is null or (' ~ field_of('mengde', 'prosent_tekst') ~ ' is not null and '
            ~ to_percent(field_of('mengde', 'prosent_tekst')) ~ ' is null)'
        ) }} as ugyldig_deltakelsesmengde_flagg,
        case
            when konvolutt_feil_kode is not null then konvolutt_feil_kode
            when tombstone_flagg then null
            {{ unreadable_participation(['person_id', 'gjennomforing_id', 'status_kode']) }}
        end as lesefeil_kode
    from felt
),

-- Topicet er komprimert: for hver nøkkel er meldingen med høyest offset sannheten (spesifikasjon 3).
komprimert as (
    select
        *,
        {{ topic_state() }} as tilstand_kode,
        {{ read_before() }} as gjentatt_flagg
    from typet as melding
    window nokkel as ({{ key_order('deltakelse_id') }})
),

-- Innholdet er bare i meldinger som står. Av det som er erstattet eller slettet, er det ingenting igjen om personen (spesifikasjon 3).
staaende as (
    select
        'amt.deltaker-ekstern-v1' as kilde,
        case when tilstand_kode = 'UTEN_PLASS' then linje_id end as linje_id,
        key_melding,
        key_nokkel,
        offset_nummer,
        tilstand_kode,
        lesefeil_kode,
        {{ content_that_stands([
            'deltakelse_id', 'person_id', 'gjennomforing_id', 'status_kode', 'aarsak_kode', 'start_dato', 'slutt_dato', 'status_opprettet_tid',
            'registrert_tid', 'deltakelsesmengde_liste', 'ugyldig_deltakelsesmengde_flagg',
        ]) }}
    from komprimert
    where not gjentatt_flagg
)

select * from staaende
