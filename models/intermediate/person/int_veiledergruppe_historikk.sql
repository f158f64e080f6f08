{{ version_history(
    snapshot=ref('snap_veilarbportefolje__veiledergruppe'),
    key='veiledergruppe_id',
    source_time='sist_endret_tid',
    content=['enhetsnummer', 'veiledergruppe_navn', 'veileder_id_liste', 'opprettet_tid'],
    created_time='opprettet_tid',
) }}
