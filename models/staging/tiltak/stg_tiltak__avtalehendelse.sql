with

kilde as (
    select * from {{ source('tiltak', 'arbeidsgiver_tiltak_avtale_hendelse_compact') }}
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

feil as (
    {{ faults_of_messages('arbeidsgiver.tiltak-avtale-hendelse-compact', {
        'ugyldig_dato_flagg': "kolonne_navn in ('startDato', 'sluttDato')",
        'ugyldig_stillingprosent_flagg': "kolonne_navn = 'stillingprosent'",
    }) }}
),

med_tilstand as (
    select
        *,
        coalesce(cast(melding_id as {{ dbt.type_string() }}), linje_id) as rad_id,
        {{ message_state() }} as tilstand_kode
    from kilde
),

navngitt as (
    select
        'arbeidsgiver.tiltak-avtale-hendelse-compact' as kilde,
        melding.rad_id,
        melding.linje_id,
        melding.melding_id,
        melding.offset_nummer,
        melding.tilstand_kode,
        case
            when melding.tilstand_kode = 'UTEN_PLASS' then feil.linje_feil_kode
            when melding.tilstand_kode != 'STAAR' then null
            when melding.verdi_kode = 'UGYLDIG_JSON' then 'UGYLDIG_JSON'
            when melding.person_id is null or melding.avtale_status is null then 'MANGLER_FELT'
            when feil.ugyldig_dato_flagg then 'UGYLDIG_VERDI'
        end as lesefeil_kode,
        melding.deltakelse_id,
        {{ current_person('melding') }} as person_id,
        melding.avtale_status as status_kode,
        melding.tiltakstype as tiltakstype_kode,
        melding.enhet_oppfolging as enhetsnummer,
        melding.start_dato,
        melding.slutt_dato,
        melding.avtale_inngatt as avtale_inngatt_tid,
        melding.annullert_tidspunkt as annullert_tid,
        melding.stillingprosent,
        -- En tid som ikke kan leses, regnes som om den mangler (spesifikasjon 2).
        melding.avtale_inngatt is not null as avtale_inngatt_flagg,
        melding.feilregistrert as feilregistrert_flagg,
        coalesce(feil.ugyldig_stillingprosent_flagg, false) as ugyldig_stillingprosent_flagg
    from med_tilstand as melding
    left join feil on melding.rad_id = feil.rad_id
    left join gjeldende on melding.person_id = gjeldende.person_id
)

select * from navngitt
