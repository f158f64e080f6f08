with

kilde as (
    select distinct
        {{ clean_id('id') }} as deltakelse_id,
        {{ pseudonym(clean('person_ident')) }} as person_id,
        {{ clean('bruker_id') }} as bruker_id,
        {{ clean_id('gjennomforing_id') }} as gjennomforing_id,
        {{ clean_code('status') }} as status_kode,
        {{ clean('start_dato') }} as start_dato_tekst,
        {{ clean('slutt_dato') }} as slutt_dato_tekst
    from {{ read_uttrekk('komet', 'amt_tiltak_datastream_amttiltak_deltaker_siste_status_view', in_seeds=false) }}
),

slettet_person as (
    select * from {{ ref('stg_sletting__person') }}
),

typet as (
    select
        deltakelse_id,
        person_id,
        gjennomforing_id,
        status_kode,
        {{ to_date('start_dato_tekst') }} as start_dato,
        {{ to_date('slutt_dato_tekst') }} as slutt_dato,
        case
            {{ unreadable_participation(['deltakelse_id', 'person_id', 'gjennomforing_id', 'status_kode']) }}
        end as lesefeil_kode,
        {{ row_stands('deltakelse_id', 'person_id, bruker_id, gjennomforing_id, start_dato_tekst, slutt_dato_tekst, status_kode') }} as gjelder_flagg,
        count(*) over (partition by deltakelse_id) > 1 as duplikat_flagg
    from kilde
),

med_tilstand as (
    select
        *,
        case
            when deltakelse_id is null then 'UTEN_PLASS'
            when not gjelder_flagg then 'ERSTATTET'
            when {{ not_erased('typet') }} then 'STAAR'
            else 'SLETTET_PERSON'
        end as tilstand_kode
    from typet
),

staaende as (
    select
        'amt_tiltak_datastream_amttiltak_deltaker_siste_status_view' as kilde,
        tilstand_kode,
        lesefeil_kode,
        {{ content_that_stands([
            'deltakelse_id', 'person_id', 'gjennomforing_id', 'status_kode', 'start_dato', 'slutt_dato', 'duplikat_flagg',
        ]) }}
    from med_tilstand
)

select * from staaende
