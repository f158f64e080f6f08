-- Hva viste vi den dagen, og hva er det nå?
-- Summen over tiltakstyper teller den som er på to tiltak, to ganger.
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
)

select
    enhetsnummer,
    sum(case
        when publisert_fom_tid <= vist_tid and (publisert_til_tid > vist_tid or publisert_til_tid is null)
            then person_antall
        else 0
    end) as vist_person_antall,
    sum(case when publisert_til_tid is null then person_antall else 0 end) as person_antall
from versjon
group by enhetsnummer
order by enhetsnummer
