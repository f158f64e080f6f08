{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=[
        "{{ list_lines('tiltak', 'arbeidsgiver_tiltak_avtale_hendelse_compact') }}",
        "{{ forget_lines('arbeidsgiver_tiltak_avtale_hendelse_compact') }}",
    ],
    post_hook=[
        "{{ number_lines('tiltak', 'arbeidsgiver_tiltak_avtale_hendelse_compact') }}",
        "{{ forget_unnumbered_lines() }}",
    ],
) }}

with

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

-- Bare det som trengs for å telle, leses. Navn, telefonnumre, bedriften og andre identer enn deltakerens lagres aldri (spesifikasjon 9).
konvolutt as (
    {{ topic_envelope('tiltak', 'arbeidsgiver_tiltak_avtale_hendelse_compact', {
        'person_ident': '$.value.deltakerFnr',
        'status': '$.value.avtaleStatus',
        'tiltakstype': '$.value.tiltakstype',
        'enhet': '$.value.enhetOppfolging',
        'start_dato_verdi': '$.value.startDato',
        'slutt_dato_verdi': '$.value.sluttDato',
        'avtale_inngatt': '$.value."avtaleInngått"',
        'annullert': '$.value.annullertTidspunkt',
        'stillingprosent_verdi': '$.value.stillingprosent',
        'feilregistrert': '$.value.feilregistrert',
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
        {{ message_code('status') }} as status_kode,
        {{ message_code('tiltakstype') }} as tiltakstype_kode,
        {{ message_code('enhet') }} as enhetsnummer,
        {{ clean('start_dato_verdi') }} as start_dato_tekst,
        {{ clean('slutt_dato_verdi') }} as slutt_dato_tekst,
        {{ clean('avtale_inngatt') }} as avtale_inngatt_tekst,
        {{ clean('annullert') }} as annullert_tidspunkt,
        {{ clean('stillingprosent_verdi') }} as stillingprosent_tekst,
        lower(coalesce({{ clean('feilregistrert') }}, '')) = 'true' as feilregistrert_flagg
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
        status_kode,
        tiltakstype_kode,
        enhetsnummer,
        {{ to_date('start_dato_tekst') }} as start_dato,
        {{ to_date('slutt_dato_tekst') }} as slutt_dato,
        {{ to_oslo_time('avtale_inngatt_tekst') }} as avtale_inngatt_tid,
        {{ to_oslo_time('annullert_tidspunkt') }} as annullert_tid,
        {{ to_percent('stillingprosent_tekst') }} as stillingprosent,
        avtale_inngatt_tekst is not null as avtale_inngatt_flagg,
        feilregistrert_flagg,
        stillingprosent_tekst is not null and {{ to_percent('stillingprosent_tekst') }} is null as ugyldig_stillingprosent_flagg,
        case
            when konvolutt_feil_kode is not null then konvolutt_feil_kode
            when tombstone_flagg then null
            {{ unreadable_participation(['person_id', 'status_kode']) }}
        end as lesefeil_kode
    from felt
),

komprimert as (
    select
        *,
        {{ topic_state() }} as tilstand_kode,
        {{ read_before() }} as gjentatt_flagg
    from typet as melding
    window nokkel as ({{ key_order('deltakelse_id') }})
),

staaende as (
    select
        'arbeidsgiver.tiltak-avtale-hendelse-compact' as kilde,
        case when tilstand_kode = 'UTEN_PLASS' then linje_id end as linje_id,
        key_melding,
        key_nokkel,
        offset_nummer,
        tilstand_kode,
        lesefeil_kode,
        {{ content_that_stands([
            'deltakelse_id', 'person_id', 'status_kode', 'tiltakstype_kode', 'enhetsnummer', 'start_dato', 'slutt_dato', 'avtale_inngatt_tid',
            'annullert_tid', 'stillingprosent', 'avtale_inngatt_flagg', 'feilregistrert_flagg', 'ugyldig_stillingprosent_flagg',
        ]) }}
    from komprimert
    where not gjentatt_flagg
)

select * from staaende
