with

kilde as (
    select * from {{ source('komet', 'amt_deltaker_ekstern_v1') }}
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

mengde as (
    select
        deltakelse_id,
        count(*) as deltakelsesmengde_antall,
        {{ dbt.bool_or('ugyldig_prosent_flagg') }} as ugyldig_prosent_flagg
    from {{ ref('stg_komet__deltakelsesmengde') }}
    group by deltakelse_id
),

feil as (
    {{ faults_of_messages('amt.deltaker-ekstern-v1', {
        'ugyldig_dato_flagg': "kolonne_navn in ('startDato', 'sluttDato')",
        'ugyldig_deltakelsesmengde_flagg': "kolonne_navn = 'deltakelsesmengder' and feil_kode = 'UGYLDIG_VERDI'",
    }) }}
),

med_tilstand as (
    select
        *,
        coalesce(cast(melding_id as {{ dbt.type_string() }}), linje_id) as rad_id,
        {{ message_state() }} as tilstand_kode
    from kilde
),

-- Innholdet er bare i meldinger som står. Av det som er erstattet eller slettet, er det ingenting igjen om personen
-- (spesifikasjon 3).
navngitt as (
    select
        'amt.deltaker-ekstern-v1' as kilde,
        melding.rad_id,
        melding.linje_id,
        melding.melding_id,
        melding.offset_nummer,
        melding.tilstand_kode,
        case
            when melding.tilstand_kode = 'UTEN_PLASS' then feil.linje_feil_kode
            when melding.tilstand_kode != 'STAAR' then null
            when melding.verdi_kode = 'UGYLDIG_JSON' then 'UGYLDIG_JSON'
            when melding.person_id is null or melding.gjennomforing_id is null or melding.status is null
                then 'MANGLER_FELT'
            when feil.ugyldig_dato_flagg then 'UGYLDIG_VERDI'
        end as lesefeil_kode,
        melding.deltakelse_id,
        {{ current_person('melding') }} as person_id,
        melding.gjennomforing_id,
        melding.status as status_kode,
        melding.aarsak as aarsak_kode,
        melding.start_dato,
        melding.slutt_dato,
        melding.status_opprettet_tidspunkt as status_opprettet_tid,
        melding.registrert_tidspunkt as registrert_tid,
        melding.nav_veileder_enhetsnummer,
        coalesce(mengde.deltakelsesmengde_antall, 0) as deltakelsesmengde_antall,
        coalesce(feil.ugyldig_deltakelsesmengde_flagg, false) as ugyldig_deltakelsesmengde_flagg,
        coalesce(mengde.ugyldig_prosent_flagg, false) as ugyldig_prosent_flagg
    from med_tilstand as melding
    left join mengde on melding.deltakelse_id = mengde.deltakelse_id
    left join feil on melding.rad_id = feil.rad_id
    left join gjeldende on melding.person_id = gjeldende.person_id
)

select * from navngitt
