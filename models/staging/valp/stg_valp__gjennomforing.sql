with

kilde as (
    select * from {{ source('valp', 'gjennomforing_view') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        id as gjennomforing_id,
        tiltakstype_id,
        avtale_id,
        tiltaksnummer,
        status as gjennomforing_status_kode,
        start_dato,
        slutt_dato,
        opprettet_tidspunkt as opprettet_tid,
        oppdatert_tidspunkt as oppdatert_tid,
        avsluttet_tidspunkt as avsluttet_tid,
        coalesce(slutt_dato < start_dato, false) as slutt_for_start_flagg
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands(
            'gjennomforing_id',
            'oppdatert_tid desc, tiltakstype_id, slutt_dato, gjennomforing_status_kode, avsluttet_tid'
        ) }}
            as gjelder_flagg
    from navngitt
)

select * from rangert
