{% snapshot snap_pto__siste_tilordnet_veileder %}
    {{ config(
        unique_key='person_id',
        check_cols=['veileder_id'],
    ) }}

    select
        observert_person_id as person_id,
        veileder_id,
        tilordnet_tid
    from {{ ref('stg_pto__siste_tilordnet_veileder') }}
    where gjelder_flagg

{% endsnapshot %}
