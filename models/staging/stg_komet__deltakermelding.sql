with

linje as (
    select * from {{ read_topic('komet', 'amt_deltaker_ekstern_v1') }}
),

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

konvolutt as (
    select
        fil_navn || ':' || linje_nummer as linje_id,
        json_type(melding) as linje_type,
        {{ clean_id("json_extract_string(melding, '$.key')") }} as deltakelse_id,
        try_cast(json_extract_string(melding, '$.partition') as integer) as partisjon_nummer,
        try_cast(json_extract_string(melding, '$.offset') as bigint) as offset_nummer,
        json_type(melding, '$.value') as verdi_type,
        json_extract(melding, '$.value') as verdi
    from linje
),

felt as (
    select
        linje_id,
        linje_type,
        deltakelse_id,
        partisjon_nummer,
        offset_nummer,
        verdi_type,
        {{ pseudonym(clean("json_extract_string(verdi, '$.personIdent')")) }} as person_id,
        {{ clean_id("json_extract_string(verdi, '$.gjennomforingId')") }} as gjennomforing_id,
        {{ clean_code("json_extract_string(verdi, '$.status.type')") }} as status_kode,
        {{ clean_code("json_extract_string(verdi, '$.status.aarsak.type')") }} as aarsak_kode,
        {{ clean_code("json_extract_string(verdi, '$.kilde')") }} as deltakelse_kilde_kode,
        {{ clean("json_extract_string(verdi, '$.startDato')") }} as start_dato_tekst,
        {{ clean("json_extract_string(verdi, '$.sluttDato')") }} as slutt_dato_tekst,
        {{ clean("json_extract_string(verdi, '$.status.opprettetTidspunkt')") }} as status_opprettet_tidspunkt,
        {{ clean("json_extract_string(verdi, '$.registrertTidspunkt')") }} as registrert_tidspunkt,
        {{ clean("json_extract_string(verdi, '$.endretTidspunkt')") }} as endret_tidspunkt,
        coalesce(json_array_length(verdi, '$.deltakelsesmengder'), 0) as deltakelsesmengde_antall
    from konvolutt
),

typet as (
    select
        linje_id,
        deltakelse_id,
        partisjon_nummer,
        offset_nummer,
        person_id,
        gjennomforing_id,
        status_kode,
        aarsak_kode,
        deltakelse_kilde_kode,
        {{ to_date('start_dato_tekst') }} as start_dato,
        {{ to_date('slutt_dato_tekst') }} as slutt_dato,
        {{ to_oslo_time('status_opprettet_tidspunkt') }} as status_opprettet_tid,
        {{ to_oslo_time('registrert_tidspunkt') }} as registrert_tid,
        {{ to_oslo_time('endret_tidspunkt') }} as endret_tid,
        cast(deltakelsesmengde_antall as integer) as deltakelsesmengde_antall,
        -- En linje uten nøkkel, offset eller verdi kan ikke plasseres i topicet, og tar ikke del i komprimeringen.
        coalesce(linje_type, '') = 'OBJECT'
        and deltakelse_id is not null
        and offset_nummer is not null
        and verdi_type is not null as plassert_flagg,
        coalesce(verdi_type, '') = 'NULL' as tombstone_flagg,
        case
            when coalesce(linje_type, '') != 'OBJECT' then 'UGYLDIG_JSON'
            when deltakelse_id is null or offset_nummer is null or verdi_type is null then 'MANGLER_FELT'
            when verdi_type = 'NULL' then null
            when verdi_type != 'OBJECT' then 'UGYLDIG_JSON'
            when person_id is null or gjennomforing_id is null or status_kode is null then 'MANGLER_FELT'
            when
                (start_dato_tekst is not null and {{ to_date('start_dato_tekst') }} is null)
                or (slutt_dato_tekst is not null and {{ to_date('slutt_dato_tekst') }} is null)
                then 'UGYLDIG_VERDI'
        end as lesefeil_kode
    from felt
),

-- Topicet er komprimert: for hver nøkkel er meldingen med høyest offset sannheten (spesifikasjon 3).
komprimert as (
    select
        *,
        plassert_flagg
        and row_number() over (
            partition by plassert_flagg, deltakelse_id order by offset_nummer desc, linje_id asc
        ) = 1 as gjelder_flagg
    from typet
),

-- Innholdet er bare i meldinger som står. Av det som er erstattet eller slettet, er det ingenting igjen om personen (spesifikasjon 3).
staaende as (
    select
        linje_id,
        partisjon_nummer,
        offset_nummer,
        {% for kolonne in [
            'deltakelse_id', 'person_id', 'gjennomforing_id', 'status_kode', 'aarsak_kode', 'deltakelse_kilde_kode', 'start_dato', 'slutt_dato',
            'status_opprettet_tid', 'registrert_tid', 'endret_tid', 'deltakelsesmengde_antall',
        ] -%}
            case when gjelder_flagg and not tombstone_flagg then {{ kolonne }} end as {{ kolonne }},
        {% endfor -%}
        lesefeil_kode,
        plassert_flagg,
        tombstone_flagg,
        gjelder_flagg
    from komprimert
    where {{ not_erased('komprimert') }}
)

select * from staaende
