with

kilde as (
    select * from {{ source('valp', 'avtale_view') }}
),

navngitt as (
    select
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        id as avtale_id,
        tiltakstype_id,
        status as avtale_status_kode,
        avtaletype as avtaletype_kode,
        start_dato,
        slutt_dato,
        opprettet_tidspunkt as opprettet_tid,
        oppdatert_tidspunkt as oppdatert_tid,
        avbrutt_tidspunkt as avbrutt_tid
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands('avtale_id', 'oppdatert_tid desc, avtale_status_kode, slutt_dato') }} as gjelder_flagg
    from navngitt
)

select * from rangert
