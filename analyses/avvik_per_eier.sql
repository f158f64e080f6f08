-- Hvilke feil har kildene, og hvem eier dem?
select
    eier_navn,
    kilde,
    avvikstype_kode,
    alvorlighet_kode,
    antall,
    endring_antall
from {{ ref('kjoring_avvik') }}
where kjoring_id = (
    select kjoring_id from {{ ref('kjoring') }}
    where fullfort_flagg
    order by startet_tid desc
    limit 1
)
order by alvorlighet_kode desc, eier_navn, kilde, avvikstype_kode
