{#- Hvert avvik: relasjonen det finnes i, kilden (ellers står den i relasjonen), objektets ID, koden, når det er et avvik, og verdien som
leseren trenger for å rette det. -#}
{%- set funn = [
    ('linje', none, 'linje_id', 'UGYLDIG_JSON', "lesefeil_kode = 'UGYLDIG_JSON'", 'null'),
    ('linje', none, 'linje_id', 'MANGLER_FELT', "lesefeil_kode = 'MANGLER_FELT'", "verdi"),
    ('deltakelse', none, 'deltakelse_id', 'UGYLDIG_JSON', "lesefeil_kode = 'UGYLDIG_JSON'", "'value'"),
    ('deltakelse', none, 'deltakelse_id', 'MANGLER_FELT', "lesefeil_kode = 'MANGLER_FELT'", 'paakrevd_felt_beskrivelse'),
    ('deltakelse', none, 'deltakelse_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('deltakelse', none, 'deltakelse_id', 'UGYLDIG_VERDI', "lesefeil_kode = 'UGYLDIG_VERDI'", "'startDato eller sluttDato'"),
    ('deltakelse', none, 'deltakelse_id', 'UGYLDIG_VERDI', 'lest_flagg and ugyldig_mengde_flagg', "'deltakelsesmengder eller stillingprosent'"),
    ('deltakelse', none, 'deltakelse_id', 'UKJENT_STATUS', "utfall_kode = 'UKJENT_STATUS'", 'status_kode'),
    ('deltakelse', none, 'deltakelse_id', 'START_DATO_MANGLER', 'kan_telle_flagg and start_dato is null', 'status_kode'),
    ('deltakelse', none, 'deltakelse_id', 'SLUTT_DATO_MANGLER',
        "kan_telle_flagg and kategori_kode = 'har_deltatt' and slutt_dato is null", 'status_kode'),
    ('deltakelse', none, 'deltakelse_id', 'SLUTT_FOR_START', 'kan_telle_flagg and siste_dato < start_dato',
        "start_dato || ' til ' || siste_dato"),
    ('deltakelse', none, 'deltakelse_id', 'GJENNOMFORING_AVLYST',
        "kan_telle_flagg and gjennomforing_status_kode = 'AVLYST'", 'gjennomforing_id'),
    ('deltakelse', none, 'deltakelse_id', 'AVTALE_IKKE_INNGATT', "utfall_kode = 'AVTALE_IKKE_INNGATT'", 'status_kode'),
    ('deltakelse', none, 'deltakelse_id', 'VENTESTART_MANGLER',
        "utfall_kode = 'VENTER' and registrert_dato is null and har_ventestart_flagg", 'status_kode'),
    ('deltakelse', none, 'deltakelse_id', 'SLUTT_ETTER_GJENNOMFORING',
        'kan_telle_flagg and slutt_dato > gjennomforing_slutt_dato', "slutt_dato || ' etter ' || gjennomforing_slutt_dato"),
    ('deltakelse', none, 'deltakelse_id', 'UKJENT_GJENNOMFORING', 'lest_flagg and not kjent_gjennomforing_flagg', 'gjennomforing_id'),
    ('deltakelse', none, 'deltakelse_id', 'UKJENT_TILTAKSTYPE',
        'lest_flagg and coalesce(kjent_gjennomforing_flagg, true) and tiltakskode is null', 'coalesce(gjennomforing_id, oppgitt_tiltakstype_kode)'),
    ('deltakelse', none, 'deltakelse_id', 'UKJENT_ENHET', 'lest_flagg and ukjent_enhet_flagg', 'kontor_enhetsnummer'),
    ('deltakelse', none, 'deltakelse_id', 'ULOVLIG_AARSAK',
        'lest_flagg and aarsak_kode is not null and not lovlig_aarsak_flagg', "aarsak_kode || ' på ' || status_kode"),
    ('deltakelse', none, 'deltakelse_id', 'DELTAKELSESMENGDE_PA_ANNET_TILTAK',
        'lest_flagg and gjennomforing_id is not null and len(deltakelsesmengde_liste) > 0 and tiltakskode is not null and not har_deltakelsesmengde_flagg',
        'tiltakskode'),
    ('gjennomforing', 'gjennomforing_view', 'gjennomforing_id', 'MANGLER_FELT', 'gjennomforing_id is null', "'id'"),
    ('gjennomforing', 'gjennomforing_view', 'gjennomforing_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('gjennomforing', 'gjennomforing_view', 'gjennomforing_id', 'UGYLDIG_VERDI', 'gjelder_flagg and ugyldig_verdi_flagg', "'slutt_dato eller avsluttet_tidspunkt'"),
    ('gjennomforing', 'gjennomforing_view', 'gjennomforing_id', 'UKJENT_STATUS', 'gjelder_flagg and not kjent_status_flagg',
        'gjennomforing_status_kode'),
    ('tiltakstype', 'tiltakstype_view', 'tiltakstype_id', 'MANGLER_FELT', 'tiltakstype_id is null or (gjelder_flagg and tiltakskode is null)',
        "'id eller tiltakskode'"),
    ('tiltakstype', 'tiltakstype_view', 'tiltakstype_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('avtale', 'avtale_view', 'avtale_id', 'MANGLER_FELT', 'avtale_id is null', "'id'"),
    ('avtale', 'avtale_view', 'avtale_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('gjennomforing_enhet', 'gjennomforing_nav_enhet_view', "gjennomforing_id || '/' || enhetsnummer", 'MANGLER_FELT', 'not gjelder_flagg',
        "'gjennomforing_id eller enhetsnummer'"),
    ('gjennomforing_enhet', 'gjennomforing_nav_enhet_view', "gjennomforing_id || '/' || enhetsnummer", 'UKJENT_ENHET',
        'gjelder_flagg and ukjent_enhet_flagg', 'enhetsnummer'),
    ('oppfolgingsbruker', 'oppfolgingsbruker', 'person_id', 'MANGLER_FELT', 'person_id is null', "'person_ident'"),
    ('oppfolgingsbruker', 'oppfolgingsbruker', 'person_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('oppfolgingsbruker', 'oppfolgingsbruker', 'person_id', 'UKJENT_ENHET', 'gjelder_flagg and ukjent_enhet_flagg', 'enhetsnummer'),
    ('oppfolgingsbruker', 'oppfolgingsbruker', 'person_id', 'UKJENT_INNSATSGRUPPE', 'gjelder_flagg and ukjent_innsatsgruppe_flagg',
        'kvalifiseringsgruppe_kode'),
    ('tilordning', 'siste_tilordnet_veileder', 'person_id', 'MANGLER_FELT', 'person_id is null', "'person_ident'"),
    ('tilordning', 'siste_tilordnet_veileder', 'person_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('veiledergruppe', 'veiledergruppe', 'veiledergruppe_id', 'MANGLER_FELT', 'veiledergruppe_id is null', "'filter_id'"),
    ('veiledergruppe', 'veiledergruppe', 'veiledergruppe_id', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('veiledergruppe', 'veiledergruppe', 'veiledergruppe_id', 'UGYLDIG_JSON', 'gjelder_flagg and ugyldig_veileder_identer_flagg',
        "'veileder_identer'"),
    ('veiledergruppe', 'veiledergruppe', 'veiledergruppe_id', 'UKJENT_ENHET', 'gjelder_flagg and ukjent_enhet_flagg', 'enhetsnummer'),
    ('gruppe_avdeling', 'veiledergruppe_avdeling', "enhetsnummer || '/' || veiledergruppe_navn", 'MANGLER_FELT',
        'enhetsnummer is null or veiledergruppe_navn is null', "'enhetsnummer eller filter_navn'"),
    ('gruppe_avdeling', 'veiledergruppe_avdeling', "enhetsnummer || '/' || veiledergruppe_navn", 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('gruppe_avdeling', 'veiledergruppe_avdeling', "enhetsnummer || '/' || veiledergruppe_navn", 'UKJENT_ENHET',
        'gjelder_flagg and ukjent_enhet_flagg', 'enhetsnummer'),
    ('nav_enhet', 'nav_enhet', 'enhetsnummer', 'MANGLER_FELT', 'enhetsnummer is null', "'enhetsnummer'"),
    ('nav_enhet', 'nav_enhet', 'enhetsnummer', 'DUPLIKAT_NOKKEL', 'duplikat_flagg', 'null'),
    ('nav_enhet', 'nav_enhet', 'enhetsnummer', 'UKJENT_ENHET',
        'gjelder_flagg and overordnet_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet)', 'overordnet_enhetsnummer'),
    ('vent', 'vent_person_periode_v', "person_id || '/' || periode", 'MANGLER_FELT', 'person_id is null or periode is null',
        "'person_ident eller periode'"),
    ('vent', 'vent_person_periode_v', "person_id || '/' || periode", 'UGYLDIG_VERDI',
        'person_id is not null and periode is not null and periode_dato is null', "'periode'"),
    ('vent', 'vent_person_periode_v', "person_id || '/' || periode", 'UKJENT_ENHET', 'lest_flagg and ukjent_enhet_flagg', 'enhetsnummer'),
    ('vent', 'vent_person_periode_v', "person_id || '/' || periode", 'UKJENT_INNSATSGRUPPE', 'lest_flagg and ukjent_innsatsgruppe_flagg',
        'kvalifiseringsgruppe_kode'),
    ('vent_periode', 'vent_person_periode_v', "person_id || '/' || strftime(periode_dato, '%Y%m')", 'MOTSTRIDENDE_INNSATSGRUPPE',
        'motstridende_innsatsgruppe_flagg', 'null'),
    ('vent_periode', 'vent_person_periode_v', "person_id || '/' || strftime(periode_dato, '%Y%m')", 'MOTSTRIDENDE_ENHET',
        'motstridende_enhet_flagg', 'null'),
] -%}

with

nav_enhet as (
    select
        *,
        {{ is_duplicate('enhetsnummer') }} as duplikat_flagg
    from {{ ref('stg_norg2__nav_enhet') }}
),

kjent_enhet as (
    select enhetsnummer from nav_enhet
    where gjelder_flagg
),

kvalifiseringsgruppe as (
    select * from {{ ref('kodeverk_kvalifiseringsgruppe') }}
),

kilde as (
    select * from {{ ref('kodeverk_kilde') }}
),

linje as (
    select
        kilde,
        linje_id,
        lesefeil_kode,
        'key, offset eller value' as verdi
    from {{ ref('stg_komet__deltakermelding') }}
    where tilstand_kode = 'UTEN_PLASS'
    union all
    select
        kilde,
        linje_id,
        lesefeil_kode,
        'key, offset eller value' as verdi
    from {{ ref('stg_tiltak__avtalehendelse') }}
    where tilstand_kode = 'UTEN_PLASS'
    union all
    select
        kilde,
        null as linje_id,
        lesefeil_kode,
        'id' as verdi
    from {{ ref('stg_komet__deltaker_siste_status') }}
    where tilstand_kode = 'UTEN_PLASS'
),

deltakelse as (
    select
        tiltak_deltakelse.*,
        kilde.paakrevd_felt_beskrivelse,
        kilde.har_ventestart_flagg,
        tiltak_deltakelse.lesefeil_kode is null and tiltak_deltakelse.utfall_kode != 'UKJENT_STATUS' as lest_flagg,
        tiltak_deltakelse.kontor_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        lovlig_aarsak.aarsak_kode is not null as lovlig_aarsak_flagg,
        coalesce(tiltakstype_kodeverk.har_deltakelsesmengde_flagg, false) as har_deltakelsesmengde_flagg
    from {{ ref('int_tiltak_deltakelse') }} as tiltak_deltakelse
    inner join kilde on tiltak_deltakelse.kilde = kilde.kilde
    left join {{ ref('kodeverk_lovlig_aarsak') }} as lovlig_aarsak
        on tiltak_deltakelse.status_kode = lovlig_aarsak.status_kode
        and tiltak_deltakelse.aarsak_kode = lovlig_aarsak.aarsak_kode
    left join {{ ref('kodeverk_tiltakstype') }} as tiltakstype_kodeverk
        on tiltak_deltakelse.tiltakskode = tiltakstype_kodeverk.tiltakskode
),

gjennomforing as (
    select
        valp.*,
        {{ is_duplicate('valp.gjennomforing_id') }} as duplikat_flagg,
        kodeverk.gjennomforing_status_kode is not null as kjent_status_flagg
    from {{ ref('stg_valp__gjennomforing') }} as valp
    left join {{ ref('kodeverk_gjennomforingstatus') }} as kodeverk
        on valp.gjennomforing_status_kode = kodeverk.gjennomforing_status_kode
),

tiltakstype as (
    select
        *,
        {{ is_duplicate('tiltakstype_id') }} as duplikat_flagg
    from {{ ref('stg_valp__tiltakstype') }}
),

avtale as (
    select
        *,
        {{ is_duplicate('avtale_id') }} as duplikat_flagg
    from {{ ref('stg_valp__avtale') }}
),

gjennomforing_enhet as (
    select
        *,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_valp__gjennomforing_nav_enhet') }}
),

oppfolgingsbruker as (
    select
        *,
        {{ is_duplicate('person_id') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        kvalifiseringsgruppe_kode not in (select kvalifiseringsgruppe.kvalifiseringsgruppe_kode from kvalifiseringsgruppe)
            as ukjent_innsatsgruppe_flagg
    from {{ ref('stg_pto__oppfolgingsbruker') }}
),

tilordning as (
    select
        *,
        {{ is_duplicate('person_id') }} as duplikat_flagg
    from {{ ref('stg_pto__siste_tilordnet_veileder') }}
),

veiledergruppe as (
    select
        *,
        {{ is_duplicate('veiledergruppe_id') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_veilarbportefolje__veiledergruppe') }}
),

gruppe_avdeling as (
    select
        *,
        {{ is_duplicate('enhetsnummer, veiledergruppe_navn') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_navkontor__veiledergruppe_avdeling') }}
),

vent as (
    select
        *,
        person_id is not null and periode_dato is not null as lest_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        kvalifiseringsgruppe_kode not in (select kvalifiseringsgruppe.kvalifiseringsgruppe_kode from kvalifiseringsgruppe)
            as ukjent_innsatsgruppe_flagg
    from {{ ref('stg_effekt__vent_person_periode') }}
),

vent_periode as (
    select * from {{ ref('int_vent_person_periode') }}
),

avvikstype as (
    select * from {{ ref('kodeverk_avvikstype') }}
),

funn as (
    {% for relasjon, kilde, objekt_id, avvikstype_kode, vilkaar, verdi in funn %}
        select
            {{ sql_text(kilde) if kilde else 'kilde' }} as kilde,
            coalesce({{ objekt_id }}, '(uten nøkkel)') as objekt_id,
            '{{ avvikstype_kode }}' as avvikstype_kode,
            {{ verdi }} as verdi
        from {{ relasjon }}
        where {{ vilkaar }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- En rad per objekt og avvik, også når flere rader i kilden viser det samme.
per_objekt as (
    select
        kilde,
        objekt_id,
        avvikstype_kode,
        string_agg(distinct verdi, ', ' order by verdi) as verdier
    from funn
    group by all
),

avvik as (
    select
        per_objekt.kilde,
        per_objekt.objekt_id,
        per_objekt.avvikstype_kode,
        avvikstype.alvorlighet_kode,
        avvikstype.avvikstype_beskrivelse || coalesce(' (' || per_objekt.verdier || ')', '') || ' Kilden eies av ' || kilde.eier_navn || '.'
            as beskrivelse
    from per_objekt
    inner join avvikstype on per_objekt.avvikstype_kode = avvikstype.avvikstype_kode
    inner join kilde on per_objekt.kilde = kilde.kilde
)

select * from avvik
