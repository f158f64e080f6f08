{% snapshot snap_pto__oppfolgingsbruker %}
    {{ config(
        unique_key='person_id',
        check_cols=['enhetsnummer', 'kvalifiseringsgruppe_kode', 'diskresjonskode', 'sperret_ansatt_flagg'],
    ) }}

    select
        observert_person_id as person_id,
        enhetsnummer,
        kvalifiseringsgruppe_kode,
        diskresjonskode,
        sperret_ansatt_flagg,
        sist_endret_tid
    from {{ ref('stg_pto__oppfolgingsbruker') }}
    where gjelder_flagg

{% endsnapshot %}
