with

celle as (
    select * from {{ open_cells() }}
    where populasjon_kode = 'KAPASITET' and vises_flagg
),

plass as (
    select * from celle
    where bruker_kode = 'ALLE'
),

-- Ett tall som er prikket, prikker de tre: med to av dem er det tredje gitt. Det enheten ikke kan ha, er null, og det
-- vet alle.
bruk as (
    select
        uke_start_dato,
        'KONTOR' as enhet_nivaa_kode,
        enhetsnummer,
        'INGEN' as gruppering_kode,
        'ALLE' as tiltakskode,
        {% for bruker_kode, kolonne in [('EGNE', 'egne_antall'), ('ANDRE', 'fra_andre_antall'),
            ('HOS_ANDRE', 'hos_andre_antall')] -%}
            case
                when bool_or(prikket_flagg) and bool_or(bruker_kode = '{{ bruker_kode }}') then null
                else sum(case when bruker_kode = '{{ bruker_kode }}' then deltakelse_antall else 0 end)
            end as {{ kolonne }},
        {% endfor -%}
        bool_or(prikket_flagg) as bruk_prikket_flagg
    from celle
    where bruker_kode != 'ALLE'
    group by all
),

aapen as (
    select
        coalesce(plass.uke_start_dato, bruk.uke_start_dato) as uke_start_dato,
        coalesce(plass.enhet_nivaa_kode, bruk.enhet_nivaa_kode) as enhet_nivaa_kode,
        coalesce(plass.enhetsnummer, bruk.enhetsnummer) as enhetsnummer,
        coalesce(plass.gruppering_kode, bruk.gruppering_kode) as gruppering_kode,
        coalesce(plass.tiltakskode, bruk.tiltakskode) as tiltakskode,
        case when plass.prikket_flagg then null else coalesce(plass.deltakelse_antall, 0) end as deltakelse_antall,
        case when plass.prikket_flagg then null else coalesce(plass.plass_antall, 0) end as plass_antall,
        bruk.egne_antall,
        bruk.fra_andre_antall,
        bruk.hos_andre_antall,
        coalesce(plass.prikket_flagg, false) as prikket_flagg,
        coalesce(bruk.bruk_prikket_flagg, false) as bruk_prikket_flagg
    from plass
    full join bruk
        on plass.uke_start_dato = bruk.uke_start_dato
        and plass.enhet_nivaa_kode = bruk.enhet_nivaa_kode
        and plass.enhetsnummer = bruk.enhetsnummer
        and plass.gruppering_kode = bruk.gruppering_kode
        and plass.tiltakskode = bruk.tiltakskode
)

select * from aapen
order by enhet_nivaa_kode, enhetsnummer, gruppering_kode, tiltakskode, uke_start_dato
