with

historikk as (
    select * from {{ ref('int_veiledergruppe_historikk') }}
    where enhetsnummer is not null and veiledergruppe_navn is not null
),

segment as (
    select * from {{ ref('int_deltakelse_segment') }}
),

gruppe_avdeling as (
    select * from {{ ref('stg_navkontor__veiledergruppe_avdeling') }}
    where gjelder_flagg
),

-- Grupper som finnes eller har vært, og «Ufordelt» og «Ukjent» der noen telles eller venter under dem.
gruppe as (
    select
        enhetsnummer,
        veiledergruppe_navn
    from historikk
    union distinct
    select
        enhetsnummer,
        veiledergruppe_navn
    from segment
),

naavaerende as (
    select distinct
        enhetsnummer,
        veiledergruppe_navn
    from historikk
    where gyldig_til_tid is null
),

beskrevet as (
    select
        gruppe.enhetsnummer,
        gruppe.veiledergruppe_navn,
        {{ avdeling('gruppe_avdeling.avdeling_navn', 'gruppe.veiledergruppe_navn') }} as avdeling_navn,
        naavaerende.enhetsnummer is not null as naavaerende_flagg
    from gruppe
    left join gruppe_avdeling
        on gruppe.enhetsnummer = gruppe_avdeling.enhetsnummer
        and gruppe.veiledergruppe_navn = gruppe_avdeling.veiledergruppe_navn
    left join naavaerende
        on gruppe.enhetsnummer = naavaerende.enhetsnummer
        and gruppe.veiledergruppe_navn = naavaerende.veiledergruppe_navn
)

select * from beskrevet
