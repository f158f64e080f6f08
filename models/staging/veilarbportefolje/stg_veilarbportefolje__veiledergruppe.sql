with

kilde as (
    select * from {{ source('veilarbportefolje', 'veiledergruppe') }}
),

veileder as (
    select * from {{ source('veilarbportefolje', 'veiledergruppe_veileder') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
    where kilde = 'veiledergruppe'
),

feil as (
    select distinct rad_id from {{ ref('stg_uttrekk__feil') }}
    where kilde = 'veiledergruppe' and kolonne_navn = 'veileder_identer'
),

-- Rekkefølgen i listen er ikke innhold (spesifikasjon 4): pseudonymene står sortert, hvert en gang.
veiledere as (
    select
        rad_nummer,
        {{ dbt.listagg('veileder_id', "','", 'order by veileder_id') }} as veileder_id_liste
    from veileder
    group by rad_nummer
),

navngitt as (
    select
        cast(kilde.rad_nummer as {{ dbt.type_string() }}) as rad_id,
        kilde.filter_id as veiledergruppe_id,
        kilde.enhetsnummer,
        kilde.filter_navn as veiledergruppe_navn,
        coalesce(veiledere.veileder_id_liste, '') as veileder_id_liste,
        {{ known_time('kilde.opprettet_tidspunkt', 'fil.uttrekk_tid') }} as opprettet_tid,
        {{ known_time('kilde.sist_endret_tidspunkt', 'fil.uttrekk_tid') }} as sist_endret_tid,
        feil.rad_id is not null as ugyldig_veileder_identer_flagg
    from kilde
    cross join fil
    left join veiledere on kilde.rad_nummer = veiledere.rad_nummer
    left join feil on cast(kilde.rad_nummer as {{ dbt.type_string() }}) = feil.rad_id
),

rangert as (
    select
        *,
        {{ row_stands(
            'veiledergruppe_id',
            'sist_endret_tid desc, enhetsnummer, veiledergruppe_navn, veileder_id_liste, opprettet_tid'
        ) }}
            as gjelder_flagg
    from navngitt
)

select * from rangert
