with

kilde as (
    select * from {{ source('valp', 'gjennomforing_view') }}
),

feil as (
    select distinct rad_id from {{ ref('stg_uttrekk__feil') }}
    where kilde = 'gjennomforing_view' and kolonne_navn in ('slutt_dato', 'avsluttet_tidspunkt')
),

navngitt as (
    select
        kilde.id as gjennomforing_id,
        kilde.tiltakstype_id,
        kilde.avtale_id,
        kilde.tiltaksnummer,
        kilde.status as gjennomforing_status_kode,
        kilde.start_dato,
        kilde.slutt_dato,
        kilde.opprettet_tidspunkt as opprettet_tid,
        kilde.oppdatert_tidspunkt as oppdatert_tid,
        kilde.avsluttet_tidspunkt as avsluttet_tid,
        feil.rad_id is not null as ugyldig_verdi_flagg
    from kilde
    left join feil on cast(kilde.rad_nummer as {{ dbt.type_string() }}) = feil.rad_id
),

rangert as (
    select
        *,
        {{ row_stands('gjennomforing_id', 'oppdatert_tid desc, tiltakstype_id, slutt_dato, gjennomforing_status_kode, avsluttet_tid') }}
            as gjelder_flagg
    from navngitt
)

select * from rangert
