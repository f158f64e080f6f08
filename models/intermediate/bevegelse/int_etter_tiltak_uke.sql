{%- set vinduer = [4, 13] -%}

with

sluttet as (
    select
        uke_start_dato,
        person_id,
        enhetsnummer,
        tiltakskode
    from {{ ref('int_deltakelse_bevegelse') }}
    where bevegelse_kode = 'SLUTTET'
),

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

uke as (
    select max(uke_start_dato) as siste_uke_dato from {{ ref('dim_uke') }}
),

-- Ukene det ses på, fra og med den første uken personen ikke lenger er på tiltaket.
vindu as (
    {% for antall in vinduer -%}
        select {{ antall }} as innen_uker_antall
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Det første tiltaket personen er på i ukene etter. Et tiltak personen var på ved siden av, er der fra den første.
kandidat as (
    select
        sluttet.uke_start_dato,
        sluttet.person_id,
        sluttet.enhetsnummer,
        sluttet.tiltakskode,
        segment.periode_kode,
        segment.tiltakskode as neste_tiltakskode,
        greatest(segment.forste_uke_dato, sluttet.uke_start_dato) as neste_uke_dato
    from sluttet
    inner join segment
        on sluttet.person_id = segment.person_id
        and sluttet.uke_start_dato <= segment.siste_uke_dato
    where segment.forste_uke_dato < {{ add_days('sluttet.uke_start_dato', 7 * vinduer | max) }}
),

rangert as (
    select
        *,
        row_number() over (
            partition by uke_start_dato, person_id, enhetsnummer, tiltakskode, periode_kode
            order by
                neste_uke_dato,
                case when neste_tiltakskode = tiltakskode then 1 else 0 end,
                neste_tiltakskode
        ) as nummer
    from kandidat
),

neste as (
    select
        uke_start_dato,
        person_id,
        enhetsnummer,
        tiltakskode,
        max(case when periode_kode = 'DELTAR' then neste_tiltakskode end) as neste_tiltakskode,
        max(case when periode_kode = 'DELTAR' then neste_uke_dato end) as neste_tiltak_uke_dato,
        max(case when periode_kode = 'VENTER' then neste_uke_dato end) as neste_vent_uke_dato
    from rangert
    where nummer = 1
    group by all
),

-- Et vindu som ikke er over, sier ingenting ennå.
etterpaa as (
    select
        sluttet.uke_start_dato,
        sluttet.enhetsnummer,
        sluttet.tiltakskode,
        vindu.innen_uker_antall,
        case
            when neste.neste_tiltak_uke_dato < {{ add_days('sluttet.uke_start_dato', '7 * vindu.innen_uker_antall') }}
                then neste.neste_tiltakskode
        end as neste_tiltakskode,
        coalesce(
            neste.neste_vent_uke_dato < {{ add_days('sluttet.uke_start_dato', '7 * vindu.innen_uker_antall') }}, false
        ) as venter_flagg
    from sluttet
    cross join uke
    inner join vindu
        on {{ add_days('sluttet.uke_start_dato', '7 * (vindu.innen_uker_antall - 1)') }} <= uke.siste_uke_dato
    left join neste
        on sluttet.uke_start_dato = neste.uke_start_dato
        and sluttet.person_id = neste.person_id
        and sluttet.enhetsnummer = neste.enhetsnummer
        and sluttet.tiltakskode = neste.tiltakskode
),

med_kode as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        innen_uker_antall,
        case
            when neste_tiltakskode = tiltakskode then 'SAMME_TILTAK'
            when neste_tiltakskode is not null then 'ANNET_TILTAK'
            when venter_flagg then 'VENTER'
            else 'INGENTING'
        end as etterpaa_kode,
        coalesce(neste_tiltakskode, 'INGEN') as neste_tiltakskode
    from etterpaa
),

talt as (
    select
        uke_start_dato,
        enhetsnummer,
        tiltakskode,
        innen_uker_antall,
        etterpaa_kode,
        neste_tiltakskode,
        count(*) as person_antall
    from med_kode
    group by all
)

select * from talt
