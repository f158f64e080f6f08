-- Hva viste vi den dagen, og hva er det nå?
-- Summen over tiltakstyper teller den som er på to tiltak, to ganger.
select
    enhetsnummer,
    sum(case
        when publisert_fom_tid <= vist_tid.tid and (publisert_til_tid > vist_tid.tid or publisert_til_tid is null)
            then person_antall
        else 0
    end) as vist_person_antall,
    sum(case when publisert_til_tid is null then person_antall else 0 end) as person_antall
from {{ ref('fak_tiltaksdeltakelse_uke_publisert') }}
cross join (select cast('{{ var("vist_tid") }}' as {{ dbt.type_timestamp() }}) as tid) as vist_tid
where uke_start_dato = {{ asked_week() }}
group by enhetsnummer
order by enhetsnummer
