with

nav_enhet as (
    select * from {{ ref('stg_norg2__nav_enhet') }}
),

kjent_enhet as (
    select enhetsnummer from nav_enhet
    where gjelder_flagg
),

enhet as (
    select
        *,
        {{ is_duplicate('enhetsnummer') }} as duplikat_flagg,
        overordnet_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_overordnet_flagg
    from nav_enhet
),

kvalifiseringsgruppe as (
    select * from {{ ref('kodeverk_kvalifiseringsgruppe') }}
),

kilde as (
    select * from {{ ref('kodeverk_kilde') }}
),

-- En linje på et topic som ikke har noen plass der, og en rad uten id.
linje as (
    select
        kilde,
        rad_id as linje_id,
        feil_kode as lesefeil_kode,
        'key, offset eller value' as verdi
    from {{ ref('stg_uttrekk__feil') }}
    where kolonne_navn is null
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

{% for relasjon in fault_rules() -%}
    -- De få radene som bryter en av reglene, og reglene som numre.
    {{ relasjon.navn }}_med_feil as (
        select * from {{ relasjon.navn }}
        where ({{ relasjon.regler | map(attribute='vilkaar') | join(') or (') }})
    ),

    {{ relasjon.navn }}_regel as (
        {% for regel in relasjon.regler -%}
            select {{ loop.index }} as regel_nummer
            {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

{% endfor -%}
-- En rad for hver regel som raden bryter.
funn as (
    {% for relasjon in fault_rules() -%}
        select
            {{ sql_text(relasjon.kilde) if relasjon.kilde else relasjon.navn ~ '_med_feil.kilde' }} as kilde,
            coalesce({{ relasjon.objekt }}, '(uten nøkkel)') as objekt_id,
            case {{ relasjon.navn }}_regel.regel_nummer
                {% for regel in relasjon.regler -%}
                    when {{ loop.index }} then {{ sql_text(regel.avvikstype) }}
                {% endfor -%}
            end as avvikstype_kode,
            case {{ relasjon.navn }}_regel.regel_nummer
                {% for regel in relasjon.regler -%}
                    when {{ loop.index }} then cast({{ regel.verdi }} as string)
                {% endfor -%}
            end as verdi
        from {{ relasjon.navn }}_med_feil
        cross join {{ relasjon.navn }}_regel
        where
            case {{ relasjon.navn }}_regel.regel_nummer
                {% for regel in relasjon.regler -%}
                    when {{ loop.index }} then {{ regel.vilkaar }}
                {% endfor -%}
            end
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

ulike as (
    select distinct * from funn
),

-- En rad per objekt og avvik, også når flere rader i kilden viser det samme.
per_objekt as (
    select
        kilde,
        objekt_id,
        avvikstype_kode,
        {{ dbt.listagg('verdi', "', '", 'order by verdi') }} as verdier
    from ulike
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
