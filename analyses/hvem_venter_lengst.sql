-- Hvem venter lengst, og på hva?
select
    dim_tiltakstype.tiltakstype_navn,
    vente.person_antall,
    vente.ventedager_median,
    vente.ventedager_p90,
    vente.ventedager_maks
from {{ ref('obt_venteliste_uke') }} as vente
inner join {{ ref('dim_tiltakstype') }} as dim_tiltakstype
    on vente.tiltakskode = dim_tiltakstype.tiltakskode
where
    vente.uke_start_dato = {{ asked_week() }}
    and vente.enhet_nivaa_kode = 'KONTOR'
    and vente.enhetsnummer = '{{ var("enhetsnummer") }}'
    and vente.gruppering_kode = 'TILTAKSTYPE'
order by vente.ventedager_maks desc, dim_tiltakstype.tiltakstype_navn asc
