-- Hva viste vi den dagen, og hva er det nå?
-- Summen over tiltakstyper teller den som er på to tiltak, to ganger. Tomt når ingenting var vist ennå.
with

versjon as (
    select
        enhetsnummer,
        person_antall,
        publisert_fom_tid,
        publisert_til_tid,
        cast('{{ var("vist_tid") }}' as {{ dbt.type_timestamp() }}) as vist_tid
    from {{ ref('fak_tiltaksdeltakelse_uke_publisert') }}
    where uke_start_dato = {{ asked_week() }}
),

forste as (
    select min(publisert_fom_tid) as vist_forste_tid from versjon
)

select
    versjon.enhetsnummer,
    sum(case
        when versjon.vist_tid < forste.vist_forste_tid then null
        when
            versjon.publisert_fom_tid <= versjon.vist_tid
            and (versjon.publisert_til_tid > versjon.vist_tid or versjon.publisert_til_tid is null)
            then versjon.person_antall
        else 0
    end) as vist_person_antall,
    sum(case when versjon.publisert_til_tid is null then versjon.person_antall else 0 end) as person_antall
from versjon
cross join forste
group by versjon.enhetsnummer
order by versjon.enhetsnummer
