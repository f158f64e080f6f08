with

melding as (
    select
        kilde,
        tilstand_kode
    from {{ ref('stg_komet__deltakermelding') }}
    union all
    select
        kilde,
        tilstand_kode
    from {{ ref('stg_komet__deltaker_siste_status') }}
    union all
    select
        kilde,
        tilstand_kode
    from {{ ref('stg_tiltak__avtalehendelse') }}
),

kilde as (
    select * from {{ ref('kodeverk_kilde') }}
    where system_kode is not null
),

nokkel as (
    select * from {{ ref('stg_uttrekk__nokkelregnskap') }}
),

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
),

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

fakta as (
    select
        sum(person_antall) as person_antall,
        sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_tiltaksdeltakelse_uke') }}
),

kapasitet as (
    select round(sum(cast(deltakelse_antall as {{ type_name('decimal(38, 12)') }}))) as deltakelse_antall
    from {{ ref('fak_kapasitet_uke') }}
),

venteliste as (
    select sum(deltakelse_antall) as deltakelse_antall
    from {{ ref('fak_venteliste_uke') }}
),

totaler as (
    select sum(person_antall) as person_antall
    from {{ ref('obt_deltakelse_uke_totaler') }}
    where enhet_nivaa_kode = 'LAND' and gruppering_kode = 'INGEN'
),

kodeverk as (
    select * from {{ ref('kodeverk_avstemmingssteg') }}
),

-- Før den første uken er hel, er det ingen.
uke as (
    select coalesce(max(uke_start_dato), {{ add_days(first_week(), -7) }}) as siste_uke_dato from {{ ref('dim_uke') }}
),

-- Ukene en deltakelse er aktiv eller venter i, rett fra datoene: verken historikken, registrene eller fakta er spurt.
aktiv as (
    select
        deltakelse.person_id,
        coalesce(deltakelse.tiltakskode, 'UKJENT') as tiltakskode,
        {{ weeks_within('deltakelse.start_dato', 'deltakelse.siste_dato', 'uke.siste_uke_dato') }}
    from deltakelse
    cross join uke
    where deltakelse.utfall_kode = 'TELLES'
),

venter as (
    select {{ weeks_within('deltakelse.vent_start_dato', 'deltakelse.vent_slutt_dato', 'uke.siste_uke_dato') }}
    from deltakelse
    cross join uke
    where deltakelse.vent_start_dato is not null
),

-- De samme ukene, slik historikken har delt dem opp.
segment_i_ukene as (
    select
        segment.kilde,
        segment.deltakelse_id,
        segment.person_id,
        segment.tiltakskode,
        segment.enhetsnummer,
        segment.forste_uke_dato,
        least(segment.siste_uke_dato, uke.siste_uke_dato) as siste_uke_dato
    from segment
    cross join uke
    where segment.forste_uke_dato <= uke.siste_uke_dato
),

deltakelse_i_ukene as (
    select distinct
        kilde,
        deltakelse_id
    from segment_i_ukene
),

-- En personuke er en person i en uke. Fakta teller den én gang for hver tiltakstype, og på den for hvert kontor.
antall as (
    select
        (select count(*) from aktiv) as deltakelse,
        (select count(*) from deltakelse_i_ukene) as deltakelse_i_ukene,
        (select count(case when siste_uke_dato < forste_uke_dato then 1 end) from aktiv) as deltakelse_utenfor_ukene,
        (select {{ number_of_weeks() }} from aktiv) as deltakelseuke,
        (select {{ number_of_weeks() }} from venter) as venteuke,
        ({{ distinct_weeks('aktiv', 'person_id') }}) as personuke,
        ({{ distinct_weeks('aktiv', 'person_id, tiltakskode') }}) as personuke_tiltakstype,
        ({{ distinct_weeks('segment_i_ukene', 'person_id, tiltakskode') }}) as segmentuke_tiltakstype,
        ({{ distinct_weeks('segment_i_ukene', 'person_id, tiltakskode, enhetsnummer') }})
            as segmentuke_tiltakstype_kontor
),

-- Hvert steg telles for seg. Bare kodeverket sier hvilke steg som skal være like mange.
talt as (
    select
        kilde.system_kode || '_LEST' as steg_kode,
        count(*) as antall
    from melding
    inner join kilde on melding.kilde = kilde.kilde
    group by all
    union all
    select
        kilde.system_kode || '_' || melding.tilstand_kode as steg_kode,
        count(*) as antall
    from melding
    inner join kilde on melding.kilde = kilde.kilde
    where melding.tilstand_kode != 'STAAR'
    group by all
    union all
    select
        kilde.system_kode || '_' || deltakelse.utfall_kode as steg_kode,
        count(*) as antall
    from deltakelse
    inner join kilde on deltakelse.kilde = kilde.kilde
    group by all
    union all
    select
        kilde.system_kode || '_NOKKEL_FRA_FORRIGE' as steg_kode,
        sum(nokkel.antall) as antall
    from nokkel
    inner join kilde on nokkel.kilde = kilde.kilde
    group by all
    union all
    select
        kilde.system_kode || '_NOKKEL_' || nokkel.tilstand_kode as steg_kode,
        nokkel.antall
    from nokkel
    inner join kilde on nokkel.kilde = kilde.kilde
    {% for steg_kode, uttrykk, relasjon in [
        ('DELTAKELSE_TELLES', 'deltakelse', 'antall'),
        ('DELTAKELSE_I_UKENE', 'deltakelse_i_ukene', 'antall'),
        ('DELTAKELSE_UTENFOR_UKENE', 'deltakelse_utenfor_ukene', 'antall'),
        ('DELTAKELSEUKE_ETTER_DATO', 'deltakelseuke', 'antall'),
        ('DELTAKELSEUKE_I_FAKTA', 'deltakelse_antall', 'fakta'),
        ('KAPASITETSUKE_I_FAKTA', 'deltakelse_antall', 'fakta'),
        ('KAPASITETSUKE_I_KAPASITET', 'deltakelse_antall', 'kapasitet'),
        ('VENTEUKE_ETTER_DATO', 'venteuke', 'antall'),
        ('VENTEUKE_I_FAKTA', 'deltakelse_antall', 'venteliste'),
        ('PERSONUKE', 'personuke', 'antall'),
        ('PERSONUKE_FLERE_TILTAKSTYPER', 'personuke_tiltakstype - personuke', 'antall'),
        ('PERSONUKE_FLERE_ENHETER', 'segmentuke_tiltakstype_kontor - segmentuke_tiltakstype', 'antall'),
        ('PERSONUKE_I_FAKTA', 'person_antall', 'fakta'),
        ('TOTALUKE_ETTER_DATO', 'personuke', 'antall'),
        ('TOTALUKE_I_TOTALER', 'person_antall', 'totaler'),
    ] -%}
        union all
        select
            '{{ steg_kode }}' as steg_kode,
            {{ uttrykk }} as antall
        from {{ relasjon }}
    {% endfor %}
),

kildesystem as (
    select distinct system_kode from kilde
),

-- Hvert topic har sitt eget regnskap, med de samme stegene.
steg as (
    select
        kildesystem.system_kode || '_' || kodeverk.regnskap_kode as regnskap_kode,
        kildesystem.system_kode || '_' || kodeverk.steg_kode as steg_kode,
        kodeverk.side_kode,
        kodeverk.sortering_nummer,
        kodeverk.steg_beskrivelse
    from kildesystem
    cross join kodeverk
    where kodeverk.per_system_flagg
    union all
    select
        regnskap_kode,
        steg_kode,
        side_kode,
        sortering_nummer,
        steg_beskrivelse
    from kodeverk
    where not per_system_flagg
),

-- Et steg som kodeverket ikke har, blir ikke borte: det står uten side, og regnskapet går ikke opp.
avstemming as (
    select
        coalesce(steg.steg_kode, talt.steg_kode) as steg_kode,
        coalesce(steg.regnskap_kode, 'UKJENT') as regnskap_kode,
        coalesce(steg.side_kode, 'UT') as side_kode,
        coalesce(steg.sortering_nummer, 99) as sortering_nummer,
        coalesce(steg.steg_beskrivelse, 'Steget finnes ikke i kodeverk_avstemmingssteg. Legg det til.')
            as steg_beskrivelse,
        cast(coalesce(talt.antall, 0) as bigint) as antall
    from steg
    full join talt on steg.steg_kode = talt.steg_kode
)

select * from avstemming
