with

kilde as (
    select distinct
        {{ clean_id('filter_id') }} as veiledergruppe_id,
        {{ clean_code('enhetsnummer') }} as enhetsnummer,
        {{ clean_name('filter_navn') }} as veiledergruppe_navn,
        {{ clean('veileder_identer') }} as veileder_identer,
        {{ clean('opprettet_tidspunkt') }} as opprettet_tidspunkt,
        {{ clean('sist_endret_tidspunkt') }} as sist_endret_tidspunkt
    from {{ read_uttrekk('veilarbportefolje', 'veiledergruppe') }}
),

fil as (
    select * from {{ ref('stg_uttrekk__fil') }}
),

typet as (
    select
        kilde.veiledergruppe_id,
        kilde.enhetsnummer,
        kilde.veiledergruppe_navn,
        -- Rekkefølgen i listen er ikke innhold (spesifikasjon 4): pseudonymene lagres sortert, hvert en gang.
        coalesce({{ sorted_text(list_map(json_text_list('kilde.veileder_identer'), 'ident', pseudonym(clean('ident')))) }}, '')
            as veileder_id_liste,
        {{ known_time(to_oslo_time('kilde.opprettet_tidspunkt'), 'fil.uttrekk_tid') }} as opprettet_tid,
        {{ known_time(to_oslo_time('kilde.sist_endret_tidspunkt'), 'fil.uttrekk_tid') }} as sist_endret_tid,
        {{ json_text_list('kilde.veileder_identer') }} is null as ugyldig_veileder_identer_flagg
    from kilde
    inner join fil on fil.kilde = 'veiledergruppe'
),

rangert as (
    select
        *,
        {{ row_stands('veiledergruppe_id', 'sist_endret_tid desc, enhetsnummer, veiledergruppe_navn, veileder_id_liste, opprettet_tid') }}
            as gjelder_flagg
    from typet
)

select * from rangert
