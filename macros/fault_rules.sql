{#-
    The rules of avvik, one line or one block each. A relation is a CTE in the model:
        navn    its name
        kilde   the source its rows are from, or none if each row says it in a column (`kilde`)
        objekt  what avvik calls the row (`objekt_id`)
        lest    whether the row could be read. If not, it has no fault of the loader's beside that one
        rader   false if its rows are not rows of a source: then the loader has found no fault in them
        regler  avvikstype, when a row has it (vilkaar), and what a reader needs to mend it (verdi)
    All but names and codes are SQL, so that a text has quotes within the quotes. A participation's rules come in three
    groups: it could not be read, it is left out, it counts or waits and has a fault all the same.
-#}
{% macro fault_rules() %}
    {{ return([
        {
            'navn': 'linje', 'kilde': none, 'objekt': 'linje_id',
            'regler': [
                {'avvikstype': 'UGYLDIG_JSON', 'vilkaar': "lesefeil_kode = 'UGYLDIG_JSON'", 'verdi': 'null'},
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': "lesefeil_kode = 'MANGLER_FELT'", 'verdi': 'verdi'},
            ],
        },
        {
            'navn': 'deltakelse', 'kilde': none, 'objekt': 'deltakelse_id', 'lest': 'lest_flagg',
            'regler': [
                {'avvikstype': 'UGYLDIG_JSON', 'vilkaar': "lesefeil_kode = 'UGYLDIG_JSON'", 'verdi': "'value'"},
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': "lesefeil_kode = 'MANGLER_FELT'",
                    'verdi': 'paakrevd_felt_beskrivelse',
                },
                {
                    'avvikstype': 'UGYLDIG_VERDI',
                    'vilkaar': "lesefeil_kode = 'UGYLDIG_VERDI'",
                    'verdi': "'startDato eller sluttDato'",
                },
                {'avvikstype': 'UKJENT_STATUS', 'vilkaar': "utfall_kode = 'UKJENT_STATUS'", 'verdi': 'status_kode'},
                {
                    'avvikstype': 'START_DATO_MANGLER',
                    'vilkaar': 'kan_telle_flagg and start_dato is null',
                    'verdi': 'status_kode',
                },
                {
                    'avvikstype': 'SLUTT_DATO_MANGLER',
                    'vilkaar': "kan_telle_flagg and kategori_kode = 'har_deltatt' and slutt_dato is null",
                    'verdi': 'status_kode',
                },
                {
                    'avvikstype': 'SLUTT_FOR_START',
                    'vilkaar': 'kan_telle_flagg and siste_dato < start_dato',
                    'verdi': "cast(start_dato as string) || ' til ' || cast(siste_dato as string)",
                },
                {
                    'avvikstype': 'GJENNOMFORING_AVLYST',
                    'vilkaar': "kan_telle_flagg and gjennomforing_status_kode = 'AVLYST'",
                    'verdi': 'gjennomforing_id',
                },
                {
                    'avvikstype': 'AVTALE_IKKE_INNGATT',
                    'vilkaar': "utfall_kode = 'AVTALE_IKKE_INNGATT'",
                    'verdi': 'status_kode',
                },
                {
                    'avvikstype': 'VENTESTART_MANGLER',
                    'vilkaar': "utfall_kode = 'VENTER' and registrert_dato is null and har_ventestart_flagg",
                    'verdi': 'status_kode',
                },
                {
                    'avvikstype': 'SLUTT_ETTER_GJENNOMFORING',
                    'vilkaar': 'kan_telle_flagg and slutt_dato > gjennomforing_slutt_dato',
                    'verdi': "cast(slutt_dato as string) || ' etter ' || cast(gjennomforing_slutt_dato as string)",
                },
                {
                    'avvikstype': 'UKJENT_GJENNOMFORING',
                    'vilkaar': 'lest_flagg and not kjent_gjennomforing_flagg',
                    'verdi': 'gjennomforing_id',
                },
                {
                    'avvikstype': 'UKJENT_TILTAKSTYPE',
                    'vilkaar': 'lest_flagg and coalesce(kjent_gjennomforing_flagg, true) and tiltakskode is null',
                    'verdi': 'coalesce(gjennomforing_id, oppgitt_tiltakstype_kode)',
                },
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'lest_flagg and ukjent_enhet_flagg',
                    'verdi': 'oppgitt_enhetsnummer',
                },
                {
                    'avvikstype': 'ULOVLIG_AARSAK',
                    'vilkaar': 'lest_flagg and kjent_aarsak_flagg and not lovlig_aarsak_flagg',
                    'verdi': "aarsak_kode || ' på ' || status_kode",
                },
                {
                    'avvikstype': 'UKJENT_AARSAK',
                    'vilkaar': 'lest_flagg and aarsak_kode is not null and not kjent_aarsak_flagg',
                    'verdi': 'aarsak_kode',
                },
                {
                    'avvikstype': 'UGYLDIG_VERDI',
                    'vilkaar': 'lest_flagg and ugyldig_mengde_flagg',
                    'verdi': "'deltakelsesmengder eller stillingprosent'",
                },
                {
                    'avvikstype': 'UGYLDIG_DELTAKELSESMENGDE',
                    'vilkaar': 'lest_flagg and ugyldig_prosent_flagg',
                    'verdi': "'deltakelsesmengder'",
                },
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
            ],
        },
        {
            'navn': 'gjennomforing', 'kilde': 'gjennomforing_view', 'objekt': 'gjennomforing_id',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'gjennomforing_id is null', 'verdi': "'id'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
                {
                    'avvikstype': 'GJENNOMFORING_SLUTT_FOR_START',
                    'vilkaar': 'gjelder_flagg and slutt_for_start_flagg',
                    'verdi': "cast(start_dato as string) || ' til ' || cast(slutt_dato as string)",
                },
                {
                    'avvikstype': 'UKJENT_STATUS',
                    'vilkaar': 'gjelder_flagg and not kjent_status_flagg',
                    'verdi': 'gjennomforing_status_kode',
                },
            ],
        },
        {
            'navn': 'tiltakstype', 'kilde': 'tiltakstype_view', 'objekt': 'tiltakstype_id',
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'tiltakstype_id is null or (gjelder_flagg and tiltakskode is null)',
                    'verdi': "'id eller tiltakskode'",
                },
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
            ],
        },
        {
            'navn': 'avtale', 'kilde': 'avtale_view', 'objekt': 'avtale_id',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'avtale_id is null', 'verdi': "'id'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
            ],
        },
        {
            'navn': 'gjennomforing_enhet', 'kilde': 'gjennomforing_nav_enhet_view',
            'objekt': "gjennomforing_id || '/' || enhetsnummer",
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'not gjelder_flagg',
                    'verdi': "'gjennomforing_id eller enhetsnummer'",
                },
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'gjelder_flagg and ukjent_enhet_flagg',
                    'verdi': 'enhetsnummer',
                },
                {
                    'avvikstype': 'UKJENT_GJENNOMFORING',
                    'vilkaar': 'gjelder_flagg and ukjent_gjennomforing_flagg',
                    'verdi': 'gjennomforing_id',
                },
            ],
        },
        {
            'navn': 'oppfolgingsbruker', 'kilde': 'oppfolgingsbruker', 'objekt': 'person_id',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'person_id is null', 'verdi': "'person_ident'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'gjelder_flagg and ukjent_enhet_flagg',
                    'verdi': 'enhetsnummer',
                },
                {
                    'avvikstype': 'UKJENT_INNSATSGRUPPE',
                    'vilkaar': 'gjelder_flagg and ukjent_innsatsgruppe_flagg',
                    'verdi': 'kvalifiseringsgruppe_kode',
                },
            ],
        },
        {
            'navn': 'tilordning', 'kilde': 'siste_tilordnet_veileder', 'objekt': 'person_id',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'person_id is null', 'verdi': "'person_ident'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
            ],
        },
        {
            'navn': 'tilordnede', 'kilde': 'siste_tilordnet_veileder', 'objekt': "'siste_tilordnet_veileder'",
            'rader': false,
            'regler': [
                {
                    'avvikstype': 'UKJENTE_PERSONER',
                    'vilkaar': '2 * kjent_person_antall < person_antall',
                    'verdi': "cast(kjent_person_antall as string) || ' av ' || cast(person_antall as string)",
                },
            ],
        },
        {
            'navn': 'veiledergruppe', 'kilde': 'veiledergruppe', 'objekt': 'veiledergruppe_id',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'veiledergruppe_id is null', 'verdi': "'filter_id'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
                {
                    'avvikstype': 'UGYLDIG_JSON',
                    'vilkaar': 'gjelder_flagg and ugyldig_veileder_identer_flagg',
                    'verdi': "'veileder_identer'",
                },
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'gjelder_flagg and ukjent_enhet_flagg',
                    'verdi': 'enhetsnummer',
                },
            ],
        },
        {
            'navn': 'gruppe_avdeling', 'kilde': 'veiledergruppe_avdeling',
            'objekt': "enhetsnummer || '/' || veiledergruppe_navn",
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'enhetsnummer is null or veiledergruppe_navn is null',
                    'verdi': "'enhetsnummer eller filter_navn'",
                },
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'gjelder_flagg and ukjent_enhet_flagg',
                    'verdi': 'enhetsnummer',
                },
                {
                    'avvikstype': 'UKJENT_VEILEDERGRUPPE',
                    'vilkaar': 'gjelder_flagg and ukjent_veiledergruppe_flagg',
                    'verdi': 'veiledergruppe_navn',
                },
            ],
        },
        {
            'navn': 'enhet', 'kilde': 'nav_enhet', 'objekt': 'enhetsnummer',
            'regler': [
                {'avvikstype': 'MANGLER_FELT', 'vilkaar': 'enhetsnummer is null', 'verdi': "'enhetsnummer'"},
                {'avvikstype': 'DUPLIKAT_NOKKEL', 'vilkaar': 'duplikat_flagg', 'verdi': 'null'},
                {
                    'avvikstype': 'UKJENT_ENHET',
                    'vilkaar': 'gjelder_flagg and ukjent_overordnet_flagg',
                    'verdi': 'overordnet_enhetsnummer',
                },
            ],
        },
        {
            'navn': 'enhet_arvtaker', 'kilde': 'nav_enhet_arvtaker',
            'objekt': "enhetsnummer || '/' || arvtaker_enhetsnummer",
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'mangler_flagg',
                    'verdi': "'enhetsnummer, arvtaker_enhetsnummer eller gyldig_fra_dato'",
                },
                {'avvikstype': 'UGYLDIG_VERDI', 'vilkaar': 'ugyldig_dato_flagg', 'verdi': "'gyldig_fra_dato'"},
                {'avvikstype': 'DELT_ENHET', 'vilkaar': 'delt_flagg', 'verdi': 'arvtaker_enhetsnummer'},
                {'avvikstype': 'ENHET_I_RING', 'vilkaar': 'ring_flagg', 'verdi': 'arvtaker_enhetsnummer'},
                {'avvikstype': 'UKJENT_ENHET', 'vilkaar': 'ukjent_enhet_flagg', 'verdi': 'arvtaker_enhetsnummer'},
            ],
        },
        {
            'navn': 'ident_historikk', 'kilde': 'person_ident_historikk', 'objekt': 'person_id',
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'person_id is null or not gjeldende_ident_flagg',
                    'verdi': "'person_ident eller gjeldende_person_ident'",
                },
            ],
        },
        {
            'navn': 'vent', 'kilde': 'vent_person_periode_v', 'objekt': "person_id || '/' || periode",
            'regler': [
                {
                    'avvikstype': 'MANGLER_FELT',
                    'vilkaar': 'person_id is null or periode is null',
                    'verdi': "'person_ident eller periode'",
                },
                {
                    'avvikstype': 'UGYLDIG_VERDI',
                    'vilkaar': 'person_id is not null and periode is not null and periode_dato is null',
                    'verdi': "'periode'",
                },
                {'avvikstype': 'UKJENT_ENHET', 'vilkaar': 'lest_flagg and ukjent_enhet_flagg', 'verdi': 'enhetsnummer'},
                {
                    'avvikstype': 'UKJENT_INNSATSGRUPPE',
                    'vilkaar': 'lest_flagg and ukjent_innsatsgruppe_flagg',
                    'verdi': 'kvalifiseringsgruppe_kode',
                },
            ],
        },
        {
            'navn': 'vent_periode', 'kilde': 'vent_person_periode_v',
            'objekt': "person_id || '/' || replace(substring(cast(periode_dato as string), 1, 7), '-', '')",
            'rader': false,
            'regler': [
                {
                    'avvikstype': 'MOTSTRIDENDE_INNSATSGRUPPE',
                    'vilkaar': 'motstridende_innsatsgruppe_flagg',
                    'verdi': 'null',
                },
                {'avvikstype': 'MOTSTRIDENDE_ENHET', 'vilkaar': 'motstridende_enhet_flagg', 'verdi': 'null'},
            ],
        },
    ]) }}
{% endmacro %}
