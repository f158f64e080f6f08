with

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
    where periode_kode = 'DELTAR'
),

uke as (
    select * from {{ ref('dim_uke') }}
),

arvtaker as (
    select * from {{ ref('int_enhet_arvtaker') }}
    where dagens_enhetsnummer != enhetsnummer
),

-- Kontorene som er slått sammen, og det de er slått sammen med.
sammenslaatt as (
    select
        enhetsnummer,
        dagens_enhetsnummer
    from arvtaker
    union distinct
    select
        dagens_enhetsnummer as enhetsnummer,
        dagens_enhetsnummer
    from arvtaker
),

-- Den som var på to av kontorene i en uke, er én person på det sammenslåtte.
talt as (
    select
        uke.uke_start_dato,
        sammenslaatt.dagens_enhetsnummer,
        segment.avdeling_navn,
        segment.tiltakskode,
        segment.tiltakstype_navn,
        segment.innsatsgruppe_kode,
        count(distinct segment.person_id) as person_antall,
        count(*) as deltakelse_antall
    from segment
    inner join sammenslaatt on segment.enhetsnummer = sammenslaatt.enhetsnummer
    inner join uke on uke.uke_start_dato between segment.forste_uke_dato and segment.siste_uke_dato
    group by all
)

select * from talt
