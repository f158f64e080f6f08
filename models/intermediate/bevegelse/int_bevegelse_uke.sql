with

bevegelse as (
    select * from {{ ref('int_deltakelse_bevegelse') }}
),

talt as (
    select
        uke_start_dato,
        enhetsnummer,
        avdeling_navn,
        tiltakskode,
        innsatsgruppe_kode,
        count(case when bevegelse_kode = 'BEGYNTE' then 1 end) as begynte_antall,
        count(case when bevegelse_kode = 'INN_KONTOR' then 1 end) as inn_kontor_antall,
        count(case when bevegelse_kode = 'INN_AVDELING' then 1 end) as inn_avdeling_antall,
        count(case when bevegelse_kode = 'INN_INNSATSGRUPPE' then 1 end) as inn_innsatsgruppe_antall,
        count(case when bevegelse_kode = 'SLUTTET' then 1 end) as sluttet_antall,
        count(case when bevegelse_kode = 'UT_KONTOR' then 1 end) as ut_kontor_antall,
        count(case when bevegelse_kode = 'UT_AVDELING' then 1 end) as ut_avdeling_antall,
        count(case when bevegelse_kode = 'UT_INNSATSGRUPPE' then 1 end) as ut_innsatsgruppe_antall
    from bevegelse
    group by all
)

select * from talt
order by uke_start_dato, enhetsnummer, tiltakskode
