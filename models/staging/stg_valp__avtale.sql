with

kilde as (
    select distinct
        {{ clean('id') }} as avtale_id,
        {{ clean('tiltakstype_id') }} as tiltakstype_id,
        {{ clean('status') }} as avtale_status_kode,
        {{ clean('avtaletype') }} as avtaletype_kode,
        try_cast({{ clean('start_dato') }} as date) as start_dato,
        try_cast({{ clean('slutt_dato') }} as date) as slutt_dato,
        {{ to_oslo_time(clean('opprettet_tidspunkt'), 'UTC') }} as opprettet_tid,
        {{ to_oslo_time(clean('oppdatert_tidspunkt'), 'UTC') }} as oppdatert_tid,
        {{ to_oslo_time(clean('avbrutt_tidspunkt'), 'UTC') }} as avbrutt_tid
    from {{ read_uttrekk('valp', 'avtale_view') }}
),

rangert as (
    select
        *,
        {{ row_stands('avtale_id', 'oppdatert_tid desc nulls last, avtale_status_kode, slutt_dato') }} as gjelder_flagg
    from kilde
)

select * from rangert
