with

kilde as (
    select distinct
        {{ clean_id('id') }} as avtale_id,
        {{ clean_id('tiltakstype_id') }} as tiltakstype_id,
        {{ clean_code('status') }} as avtale_status_kode,
        {{ clean_code('avtaletype') }} as avtaletype_kode,
        {{ to_date(clean('start_dato')) }} as start_dato,
        {{ to_date(clean('slutt_dato')) }} as slutt_dato,
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
