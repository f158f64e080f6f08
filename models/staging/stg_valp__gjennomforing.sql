with

kilde as (
    select distinct
        {{ clean_id('id') }} as gjennomforing_id,
        {{ clean_id('tiltakstype_id') }} as tiltakstype_id,
        {{ clean_id('avtale_id') }} as avtale_id,
        {{ clean_code('tiltaksnummer') }} as tiltaksnummer,
        {{ clean_code('status') }} as gjennomforing_status_kode,
        {{ clean('start_dato') }} as start_dato_tekst,
        {{ clean('slutt_dato') }} as slutt_dato_tekst,
        {{ clean('opprettet_tidspunkt') }} as opprettet_tidspunkt,
        {{ clean('oppdatert_tidspunkt') }} as oppdatert_tidspunkt,
        {{ clean('avsluttet_tidspunkt') }} as avsluttet_tidspunkt
    from {{ read_uttrekk('valp', 'gjennomforing_view') }}
),

typet as (
    select
        gjennomforing_id,
        tiltakstype_id,
        avtale_id,
        tiltaksnummer,
        gjennomforing_status_kode,
        {{ to_date('start_dato_tekst') }} as start_dato,
        {{ to_date('slutt_dato_tekst') }} as slutt_dato,
        {{ to_oslo_time('opprettet_tidspunkt', 'UTC') }} as opprettet_tid,
        {{ to_oslo_time('oppdatert_tidspunkt', 'UTC') }} as oppdatert_tid,
        {{ to_oslo_time('avsluttet_tidspunkt', 'UTC') }} as avsluttet_tid,
        (slutt_dato_tekst is not null and {{ to_date('slutt_dato_tekst') }} is null)
        or (avsluttet_tidspunkt is not null and {{ to_oslo_time('avsluttet_tidspunkt', 'UTC') }} is null) as ugyldig_verdi_flagg
    from kilde
),

rangert as (
    select
        *,
        {{ row_stands('gjennomforing_id', 'oppdatert_tid desc nulls last, tiltakstype_id, slutt_dato, gjennomforing_status_kode, avsluttet_tid') }}
            as gjelder_flagg
    from typet
)

select * from rangert
