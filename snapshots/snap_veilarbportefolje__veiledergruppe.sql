{% snapshot snap_veilarbportefolje__veiledergruppe %}
    {{ config(
        unique_key='veiledergruppe_id',
        check_cols=['enhetsnummer', 'veiledergruppe_navn', 'veileder_id_liste'],
    ) }}

    select
        veiledergruppe_id,
        enhetsnummer,
        veiledergruppe_navn,
        veileder_id_liste,
        opprettet_tid,
        sist_endret_tid
    from {{ ref('stg_veilarbportefolje__veiledergruppe') }}
    where gjelder_flagg

{% endsnapshot %}
