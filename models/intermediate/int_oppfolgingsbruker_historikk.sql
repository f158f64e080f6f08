{{ version_history(ref('snap_pto__oppfolgingsbruker'), 'person_id', 'sist_endret_tid') }},

historikk as (
    select
        person_id,
        enhetsnummer,
        kvalifiseringsgruppe_kode,
        gyldig_fom_tid,
        gyldig_til_tid,
        {{ first_week_of_version('gyldig_fom_tid') }} as forste_uke_dato,
        {{ last_week_of_version('gyldig_til_tid') }} as siste_uke_dato
    from versjon
)

select * from historikk
