{{ version_history(ref('snap_pto__siste_tilordnet_veileder'), 'person_id', 'tilordnet_tid') }},

historikk as (
    select
        person_id,
        veileder_id,
        gyldig_fom_tid,
        gyldig_til_tid,
        {{ first_week_of_version('gyldig_fom_tid') }} as forste_uke_dato,
        {{ last_week_of_version('gyldig_til_tid') }} as siste_uke_dato
    from versjon
)

select * from historikk
