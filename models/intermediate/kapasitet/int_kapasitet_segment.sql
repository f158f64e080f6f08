with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

deltakelse as (
    select * from {{ ref('int_tiltak_deltakelse') }}
    where utfall_kode = 'TELLES'
),

kobling as (
    select * from {{ ref('kobling_gjennomforing_enhet') }}
),

mengde as (
    select * from {{ ref('int_deltakelsesmengde_ukeperiode') }}
),

med_mengde as (
    select
        segment.kilde,
        segment.deltakelse_id,
        segment.enhetsnummer as oppfolging_enhetsnummer,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        coalesce(mengde.deltakelsesprosent, 100) as deltakelsesprosent,
        {{ latest(['segment.forste_uke_dato', 'mengde.forste_uke_dato']) }} as forste_uke_dato,
        {{ earliest(['segment.siste_uke_dato', 'mengde.siste_uke_dato']) }} as siste_uke_dato
    from segment
    left join mengde
        on segment.kilde = mengde.kilde
        and segment.deltakelse_id = mengde.deltakelse_id
        and segment.forste_uke_dato <= mengde.siste_uke_dato
        and segment.siste_uke_dato >= mengde.forste_uke_dato
),

-- Andelen er et desimaltall så summen blir den samme i hvilken rekkefølge den enn regnes.
med_kapasitet as (
    select
        med_mengde.kilde,
        med_mengde.deltakelse_id,
        coalesce(kobling.kapasitet_enhetsnummer, deltakelse.kapasitet_enhetsnummer) as kapasitet_enhetsnummer,
        med_mengde.oppfolging_enhetsnummer,
        med_mengde.tiltakskode,
        med_mengde.tiltakstype_navn,
        cast(coalesce(kobling.plass_andel, 1) as {{ type_name('decimal(18, 15)') }}) as deltakelse_andel,
        cast(med_mengde.deltakelsesprosent as {{ type_name('decimal(18, 9)') }}) as deltakelsesprosent,
        med_mengde.forste_uke_dato,
        med_mengde.siste_uke_dato
    from med_mengde
    inner join deltakelse
        on med_mengde.kilde = deltakelse.kilde
        and med_mengde.deltakelse_id = deltakelse.deltakelse_id
    left join kobling on deltakelse.gjennomforing_id = kobling.gjennomforing_id
)

select * from med_kapasitet
