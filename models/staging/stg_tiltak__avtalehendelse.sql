with

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

konvolutt as (
    {{ topic_envelope('tiltak', 'arbeidsgiver_tiltak_avtale_hendelse_compact') }}
),

-- Bare det som trengs for å telle, leses. Navn, telefonnumre, bedriften og andre identer enn deltakerens lagres aldri (spesifikasjon 9).
felt as (
    select
        linje_id,
        nokkel_id as deltakelse_id,
        offset_nummer,
        plassert_flagg,
        tombstone_flagg,
        konvolutt_feil_kode,
        {{ pseudonym(clean("json_extract_string(verdi, '$.deltakerFnr')")) }} as person_id,
        {{ message_code('verdi', '$.avtaleStatus') }} as status_kode,
        {{ message_code('verdi', '$.tiltakstype') }} as tiltakstype_kode,
        {{ message_code('verdi', '$.enhetOppfolging') }} as enhetsnummer,
        {{ clean("json_extract_string(verdi, '$.startDato')") }} as start_dato_tekst,
        {{ clean("json_extract_string(verdi, '$.sluttDato')") }} as slutt_dato_tekst,
        {{ clean("json_extract_string(verdi, '$.\"avtaleInngått\"')") }} as avtale_inngatt_tekst,
        {{ clean("json_extract_string(verdi, '$.annullertTidspunkt')") }} as annullert_tidspunkt,
        {{ clean("json_extract_string(verdi, '$.stillingprosent')") }} as stillingprosent_tekst,
        lower(coalesce({{ clean("json_extract_string(verdi, '$.feilregistrert')") }}, '')) = 'true' as feilregistrert_flagg
    from konvolutt
),

typet as (
    select
        linje_id,
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
        {{ topic_state('deltakelse_id') }} as tilstand_kode
    from typet as melding
),

staaende as (
    select
        'arbeidsgiver.tiltak-avtale-hendelse-compact' as kilde,
        linje_id,
        offset_nummer,
        tilstand_kode,
        lesefeil_kode,
        {{ content_that_stands([
            'deltakelse_id', 'person_id', 'status_kode', 'tiltakstype_kode', 'enhetsnummer', 'start_dato', 'slutt_dato', 'avtale_inngatt_tid',
            'annullert_tid', 'stillingprosent', 'avtale_inngatt_flagg', 'feilregistrert_flagg', 'ugyldig_stillingprosent_flagg',
        ]) }}
    from komprimert
)

select * from staaende
