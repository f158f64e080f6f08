with

kilde as (
    select * from {{ source('komet', 'amt_tiltak_datastream_amttiltak_deltaker_siste_status_view') }}
),

gjeldende as (
    select * from {{ ref('stg_uttrekk__gjeldende_person') }}
),

feil as (
    select distinct rad_id from {{ ref('stg_uttrekk__feil') }}
    where
        kilde = 'amt_tiltak_datastream_amttiltak_deltaker_siste_status_view'
        and kolonne_navn in ('start_dato', 'slutt_dato')
),

rangert as (
    select
        *,
        cast(rad_nummer as {{ dbt.type_string() }}) as rad_id,
        {{ row_stands('id', 'person_id, bruker_id, gjennomforing_id, start_dato, slutt_dato, status') }}
            as gjelder_flagg,
        count(*) over (partition by id) > 1 as duplikat_flagg
    from kilde
),

med_tilstand as (
    select
        *,
        case
            when slettet_person_flagg then 'SLETTET_PERSON'
            when id is null then 'UTEN_PLASS'
            when not gjelder_flagg then 'ERSTATTET'
            else 'STAAR'
        end as tilstand_kode
    from rangert
),

navngitt as (
    select
        'amt_tiltak_datastream_amttiltak_deltaker_siste_status_view' as kilde,
        rad.rad_id,
        rad.tilstand_kode,
        case
            when rad.tilstand_kode not in ('STAAR', 'UTEN_PLASS') then null
            when rad.id is null or rad.person_id is null or rad.gjennomforing_id is null or rad.status is null
                then 'MANGLER_FELT'
            when feil.rad_id is not null then 'UGYLDIG_VERDI'
        end as lesefeil_kode,
        case when rad.tilstand_kode in ('STAAR', 'ERSTATTET') then rad.id end as deltakelse_id,
        case when rad.tilstand_kode = 'STAAR' then {{ current_person('rad') }} end as person_id,
        case when rad.tilstand_kode = 'STAAR' then rad.gjennomforing_id end as gjennomforing_id,
        case when rad.tilstand_kode = 'STAAR' then rad.status end as status_kode,
        case when rad.tilstand_kode = 'STAAR' then rad.start_dato end as start_dato,
        case when rad.tilstand_kode = 'STAAR' then rad.slutt_dato end as slutt_dato,
        case when rad.tilstand_kode = 'STAAR' then rad.duplikat_flagg end as duplikat_flagg
    from med_tilstand as rad
    left join feil on rad.rad_id = feil.rad_id
    left join gjeldende on rad.person_id = gjeldende.person_id
)

select * from navngitt
