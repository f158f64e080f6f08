{{ version_history(
    snapshot=ref('snap_pto__oppfolgingsbruker'),
    key='person_id',
    source_time='sist_endret_tid',
    content=['enhetsnummer', 'kvalifiseringsgruppe_kode'],
    observed=['enhetsnummer', 'kvalifiseringsgruppe_kode', 'diskresjonskode', 'sperret_ansatt_flagg'],
) }}
