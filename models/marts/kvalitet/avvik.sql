with

nav_enhet as (
    select * from {{ ref('stg_norg2__nav_enhet') }}
),

kjent_enhet as (
    select enhetsnummer from nav_enhet
    where gjelder_flagg
),

-- En nedlagt enhet med samme nummer som en annen er ikke noe avvik (spesifikasjon 2).
enhet as (
    select
        *,
        {{ is_duplicate('enhetsnummer, nedlagt_flagg') }} as duplikat_flagg,
        overordnet_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_overordnet_flagg
    from nav_enhet
),

kvalifiseringsgruppe as (
    select * from {{ ref('kodeverk_kvalifiseringsgruppe') }}
),

kilde as (
    select * from {{ ref('kodeverk_kilde') }}
),

avvikstype as (
    select * from {{ ref('kodeverk_avvikstype') }}
),

-- Feil som innlesingen har funnet. Typer som gjelder enhver kilde og kolonne, blir avvik som de er.
feil as (
    select
        lest.kilde,
        lest.rad_id,
        lest.kolonne_navn,
        lest.feil_kode,
        coalesce(avvikstype.innlesing_flagg, false) as innlesing_flagg
    from {{ ref('stg_uttrekk__feil') }} as lest
    left join avvikstype on lest.feil_kode = avvikstype.avvikstype_kode
),

-- En linje på et topic som ikke har noen plass der, en rad uten id, og en rad som en annen om den samme har erstattet.
linje as (
    select
        kilde,
        rad_id,
        rad_id as linje_id,
        feil_kode as lesefeil_kode,
        'key, offset eller value' as verdi
    from feil
    where kolonne_navn is null and not innlesing_flagg
    union all
    select
        kilde,
        rad_id,
        deltakelse_id as linje_id,
        lesefeil_kode,
        'id' as verdi
    from {{ ref('stg_komet__deltaker_siste_status') }}
    where tilstand_kode in ('UTEN_PLASS', 'ERSTATTET')
),

deltakelse as (
    select
        tiltak_deltakelse.*,
        kilde.paakrevd_felt_beskrivelse,
        kilde.har_ventestart_flagg,
        tiltak_deltakelse.lesefeil_kode is null and tiltak_deltakelse.utfall_kode != 'UKJENT_STATUS' as lest_flagg,
        tiltak_deltakelse.oppgitt_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet)
            as ukjent_enhet_flagg,
        kjent_aarsak.aarsak_kode is not null as kjent_aarsak_flagg,
        lovlig_aarsak.aarsak_kode is not null as lovlig_aarsak_flagg
    from {{ ref('int_tiltak_deltakelse') }} as tiltak_deltakelse
    inner join kilde on tiltak_deltakelse.kilde = kilde.kilde
    left join {{ ref('kodeverk_lovlig_aarsak') }} as lovlig_aarsak
        on tiltak_deltakelse.status_kode = lovlig_aarsak.status_kode
        and tiltak_deltakelse.aarsak_kode = lovlig_aarsak.aarsak_kode
    left join {{ ref('kodeverk_deltakeraarsak') }} as kjent_aarsak
        on tiltak_deltakelse.aarsak_kode = kjent_aarsak.aarsak_kode
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

kjent_gjennomforing as (
    select gjennomforing_id from gjennomforing
    where gjelder_flagg
),

gjennomforing_enhet as (
    select
        *,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        gjennomforing_id not in (select kjent_gjennomforing.gjennomforing_id from kjent_gjennomforing)
            as ukjent_gjennomforing_flagg
    from {{ ref('stg_valp__gjennomforing_nav_enhet') }}
),

oppfolgingsbruker as (
    select
        *,
        {{ is_duplicate('observert_person_id') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        kvalifiseringsgruppe_kode not in (
            select kvalifiseringsgruppe.kvalifiseringsgruppe_kode from kvalifiseringsgruppe
        )
            as ukjent_innsatsgruppe_flagg
    from {{ ref('stg_pto__oppfolgingsbruker') }}
),

tilordning as (
    select
        *,
        {{ is_duplicate('observert_person_id') }} as duplikat_flagg
    from {{ ref('stg_pto__siste_tilordnet_veileder') }}
),

-- Personene i alle de andre kildene. En aktør-ID finnes ikke igjen der de har fødselsnummer.
kjent_person as (
    select person_id from deltakelse
    union distinct
    select person_id from oppfolgingsbruker
    union distinct
    select person_id from {{ ref('stg_effekt__vent_person_periode') }}
),

tilordnede as (
    select
        count(*) as person_antall,
        count(kjent_person.person_id) as kjent_person_antall
    from tilordning
    left join kjent_person on tilordning.person_id = kjent_person.person_id
    where tilordning.gjelder_flagg
),

veiledergruppe as (
    select
        *,
        {{ is_duplicate('veiledergruppe_id') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_veilarbportefolje__veiledergruppe') }}
),

-- Også en gruppe som har vært: raden gir avdeling i ukene da den var.
kjent_veiledergruppe as (
    select distinct
        enhetsnummer,
        veiledergruppe_navn
    from {{ ref('int_veiledergruppe_historikk') }}
),

registrert_gruppe as (
    select
        *,
        {{ is_duplicate('enhetsnummer, veiledergruppe_navn') }} as duplikat_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_navkontor__veiledergruppe_avdeling') }}
),

gruppe_avdeling as (
    select
        registrert_gruppe.*,
        kjent_veiledergruppe.enhetsnummer is null as ukjent_veiledergruppe_flagg
    from registrert_gruppe
    left join kjent_veiledergruppe
        on registrert_gruppe.enhetsnummer = kjent_veiledergruppe.enhetsnummer
        and registrert_gruppe.veiledergruppe_navn = kjent_veiledergruppe.veiledergruppe_navn
),

ident_historikk as (
    select * from {{ ref('stg_pdl__person_ident_historikk') }}
),

enhet_arvtaker as (
    select
        arvtaker.*,
        arvtaker.enhetsnummer is null
        or arvtaker.arvtaker_enhetsnummer is null
        or (arvtaker.gyldig_fra_dato is null and not arvtaker.ugyldig_dato_flagg)
            as mangler_flagg,
        arvtaker.i_kraft_flagg and coalesce(fulgt.delt_flagg, false) as delt_flagg,
        arvtaker.i_kraft_flagg and coalesce(fulgt.ring_flagg, false) as ring_flagg,
        arvtaker.arvtaker_enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg
    from {{ ref('stg_norg2__nav_enhet_arvtaker') }} as arvtaker
    left join {{ ref('int_enhet_arvtaker') }} as fulgt on arvtaker.enhetsnummer = fulgt.enhetsnummer
),

vent as (
    select
        *,
        person_id is not null and periode_dato is not null as lest_flagg,
        enhetsnummer not in (select kjent_enhet.enhetsnummer from kjent_enhet) as ukjent_enhet_flagg,
        kvalifiseringsgruppe_kode not in (
            select kvalifiseringsgruppe.kvalifiseringsgruppe_kode from kvalifiseringsgruppe
        )
            as ukjent_innsatsgruppe_flagg
    from {{ ref('stg_effekt__vent_person_periode') }}
),

vent_periode as (
    select * from {{ ref('int_vent_person_periode') }}
),

-- Reglene i fault_rules, for hver relasjon: radene som bryter minst én av dem, og reglene som numre. Hver rad møter så
-- hver regel, og relasjonen er lest én gang, hvor mange regler den enn har.
{% for relasjon in fault_rules() -%}
    {{ relasjon.navn }}_med_feil as (
        select * from {{ relasjon.navn }}
        where ({{ relasjon.regler | map(attribute='vilkaar') | join(') or (') }})
    ),

    {{ relasjon.navn }}_regel as (
        {% for regel in relasjon.regler -%}
            select
                {{ loop.index }} as regel_nummer,
                {{ sql_text(regel.avvikstype) }} as avvikstype_kode
            {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

{% endfor -%}
regelbrudd as (
    {% for relasjon in fault_rules() -%}
        select
            {{ sql_text(relasjon.kilde) if relasjon.kilde else relasjon.navn ~ '_med_feil.kilde' }} as kilde,
            coalesce({{ relasjon.objekt }}, '(uten nøkkel)') as objekt_id,
            regel.avvikstype_kode,
            case regel.regel_nummer
                {% for regel in relasjon.regler -%}
                    when {{ loop.index }} then cast({{ regel.verdi }} as string)
                {% endfor -%}
            end as verdi
        from {{ relasjon.navn }}_med_feil
        cross join {{ relasjon.navn }}_regel as regel
        where
            case regel.regel_nummer
                {% for regel in relasjon.regler -%}
                    when {{ loop.index }} then {{ regel.vilkaar }}
                {% endfor -%}
            end
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

innlesingsfeil as (
    select * from feil
    where innlesing_flagg
),

-- Hva raden med innlesingsfeilen heter, i kilden den er i.
rad_med_innlesingsfeil as (
    {% for relasjon in fault_rules() if relasjon.rader is not defined -%}
        select
            {{ sql_text(relasjon.kilde) if relasjon.kilde else 'kilde' }} as kilde,
            rad_id,
            {{ relasjon.objekt }} as objekt_id,
            {{ relasjon.lest | default('true') }} as lest_flagg
        from {{ relasjon.navn }}
        where rad_id in (select innlesingsfeil.rad_id from innlesingsfeil)
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Én regel for alle kilder og kolonner. En ny kilde trenger bare å stå blant reglene for avvik. En feil som ikke er i
-- en rad, er om det den selv nevner: en nøkkel i et topic, eller en person.
innlesingsavvik as (
    select
        innlesingsfeil.kilde,
        coalesce(rad.objekt_id, case when rad.rad_id is null then innlesingsfeil.rad_id end, '(uten nøkkel)')
            as objekt_id,
        innlesingsfeil.feil_kode as avvikstype_kode,
        innlesingsfeil.kolonne_navn as verdi
    from innlesingsfeil
    left join rad_med_innlesingsfeil as rad
        on innlesingsfeil.kilde = rad.kilde and innlesingsfeil.rad_id = rad.rad_id
    -- En deltakelse som er utelatt fordi den ikke kan leses, har det avviket alene.
    where coalesce(rad.lest_flagg, true)
),

funn as (
    select * from regelbrudd
    union distinct
    select * from innlesingsavvik
),

-- En rad per objekt og avvik, også når flere rader i kilden viser det samme.
per_objekt as (
    select
        kilde,
        objekt_id,
        avvikstype_kode,
        {{ dbt.listagg('verdi', "', '", 'order by verdi') }} as verdier
    from funn
    group by all
),

avvik as (
    select
        per_objekt.kilde,
        per_objekt.objekt_id,
        per_objekt.avvikstype_kode,
        avvikstype.alvorlighet_kode,
        avvikstype.avvikstype_beskrivelse
        || coalesce(' (' || per_objekt.verdier || ')', '')
        || ' Kilden eies av ' || kilde.eier_navn || '.'
            as beskrivelse
    from per_objekt
    inner join avvikstype on per_objekt.avvikstype_kode = avvikstype.avvikstype_kode
    inner join kilde on per_objekt.kilde = kilde.kilde
)

select * from avvik
