-- Hvilke feil har kildene, og hvem eier dem?
with

siste as (
    select max(startet_tid) as startet_tid from {{ ref('kjoring_avvik') }}
)

select
    avvik.eier_navn,
    avvik.kilde,
    avvik.avvikstype_kode,
    avvik.alvorlighet_kode,
    avvik.antall,
    avvik.endring_antall
from {{ ref('kjoring_avvik') }} as avvik
inner join siste on avvik.startet_tid = siste.startet_tid
order by avvik.alvorlighet_kode, avvik.eier_navn, avvik.kilde, avvik.avvikstype_kode
