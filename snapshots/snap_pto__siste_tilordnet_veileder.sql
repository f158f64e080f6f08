{% snapshot snap_pto__siste_tilordnet_veileder %}
    {{ config(
        unique_key='person_id',
        check_cols=['veileder_id'],
    ) }}

    -- Uttrekket er bokført før noe observeres, så et eldre blir avvist også etter en avbrutt kjøring.
    -- depends_on: {{ ref('int_uttrekk_lastet') }}

    select
        person_id,
        veileder_id,
        tilordnet_tid
    from {{ ref('stg_pto__siste_tilordnet_veileder') }}
    where gjelder_flagg

{% endsnapshot %}
