{{ version_history(
    snapshot=ref('snap_pto__siste_tilordnet_veileder'),
    key='person_id',
    source_time='tilordnet_tid',
    content=['veileder_id'],
    observed=['veileder_id'],
) }}
