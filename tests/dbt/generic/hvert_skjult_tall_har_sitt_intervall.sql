{#- Hver flytting er en annen måte de skjulte tallene kan være på, med alt som vises og hver sum som den er. Sammen tar
    de hvert skjulte tall over et intervall på minst prikkegrense (docs/decisions/0013). Prøvd her uten å se hvordan
    flyttingene ble funnet. -#}
{% test hvert_skjult_tall_har_sitt_intervall(model, sums) %}
    with

    celle as (
        select
            *,
            -- Et tall som de andre ikke har. Å nummerere dem ville sortert et lands alle celler.
            hash(uke_start_dato, key_serie) as celle_nr,
            antall - minst_antall as ned_antall,
            populasjon_kode = 'VENTER' as vent_flagg
        from {{ model }}
        -- De andre ukene er prøvd da de ble avgjort.
        where {{ since_last_run('avgjort_tid') }}
    ),

    endring as (
        select
            celle_nr,
            uke_start_dato,
            vent_flagg,
            unnest(flytting_liste) as endring
        from celle
    ),

    flytting as (
        select
            celle_nr,
            hash(uke_start_dato, vent_flagg, struct_extract(endring, 'nr')) as flytting_nr,
            struct_extract(endring, 'antall') as steg
        from endring
    ),

    alle_ledd as materialized (
        select
            hash(uke_start_dato, key_del) as del_nr,
            hash(uke_start_dato, key_sum) as sum_nr,
            hash(uke_start_dato, key_sum, relasjon_kode) as relasjon_nr,
            relasjon_kode,
            del_flagg
        from {{ sums }}
        where uke_start_dato in (select uke_start_dato from celle)
    ),

    ledd_sum as (
        select
            alle_ledd.relasjon_nr,
            alle_ledd.sum_nr,
            any_value(sum.antall) as sum_antall,
            sum(del.antall) as del_antall
        from alle_ledd
        inner join celle as sum on alle_ledd.sum_nr = sum.celle_nr
        inner join celle as del on alle_ledd.del_nr = del.celle_nr
        group by all
    ),

    -- Hvor langt hver del er under summen sin. Der noen er i flere deler, kan en flytting gjøre en del større enn
    -- summen; ellers ser summen til at den ikke er det.
    ledd as (
        select
            alle_ledd.del_nr,
            alle_ledd.sum_nr,
            alle_ledd.relasjon_kode,
            alle_ledd.relasjon_nr,
            alle_ledd.del_flagg and abs(ledd_sum.del_antall - ledd_sum.sum_antall) > 1e-6 as overlapp_flagg,
            ledd_sum.sum_antall - del.antall as ned_antall
        from alle_ledd
        inner join ledd_sum on alle_ledd.relasjon_nr = ledd_sum.relasjon_nr
        inner join celle as del on alle_ledd.del_nr = del.celle_nr
    ),

    helt_skjult as (
        select
            uke_start_dato,
            vent_flagg,
            bool_and(prikket_flagg) as alt_skjult_flagg
        from celle
        group by all
    ),

    -- Hvor mye en flytting endrer delene av en sum, og summen.
    endret_sum as (
        select
            flytting.flytting_nr,
            ledd.relasjon_nr,
            flytting.steg
        from ledd
        inner join flytting on ledd.del_nr = flytting.celle_nr
        union all
        select
            flytting.flytting_nr,
            ledd_sum.relasjon_nr,
            -flytting.steg as steg
        from ledd_sum
        inner join flytting on ledd_sum.sum_nr = flytting.celle_nr
    ),

    brutt_sum as (
        select
            flytting_nr,
            relasjon_nr
        from endret_sum
        group by all
        having abs(sum(steg)) > 1e-5
    ),

    -- Ingen celle blir mindre enn den kan være, og ingen del større enn summen.
    rom as (
        select
            flytting.flytting_nr,
            celle.ned_antall,
            flytting.steg
        from flytting
        inner join celle on flytting.celle_nr = celle.celle_nr
        union all
        select
            flytting_nr,
            ned_antall,
            sum(steg) as steg
        from (
            select
                ledd.del_nr,
                ledd.sum_nr,
                ledd.ned_antall,
                flytting.flytting_nr,
                flytting.steg
            from ledd
            inner join flytting on ledd.sum_nr = flytting.celle_nr
            where ledd.overlapp_flagg
            union all
            select
                ledd.del_nr,
                ledd.sum_nr,
                ledd.ned_antall,
                flytting.flytting_nr,
                -flytting.steg as steg
            from ledd
            inner join flytting on ledd.del_nr = flytting.celle_nr
            where ledd.overlapp_flagg
        ) as endret
        group by del_nr, sum_nr, ned_antall, flytting_nr
    ),

    -- Hvor mange ganger flyttingen kan gjøres, og hvor mange ganger den kan gjøres den andre veien.
    ganger as (
        select
            flytting_nr,
            coalesce(min(case when steg < -1e-6 then ned_antall / -steg end), 1e6) as fram_antall,
            coalesce(min(case when steg > 1e-6 then ned_antall / steg end), 1e6) as tilbake_antall
        from rom
        group by all
    ),

    intervall as (
        select
            flytting.celle_nr,
            max(flytting.steg * case when flytting.steg > 0 then ganger.fram_antall else -ganger.tilbake_antall end)
                as opp_antall,
            max(flytting.steg * case when flytting.steg > 0 then ganger.tilbake_antall else -ganger.fram_antall end)
                as ned_antall
        from flytting
        inner join ganger on flytting.flytting_nr = ganger.flytting_nr
        group by all
    ),

    feil as (
        select distinct
            ledd.sum_nr as celle_nr,
            brutt_sum.flytting_nr,
            'flyttingen holder ikke summen ' || ledd.relasjon_kode as feil
        from brutt_sum
        inner join ledd on brutt_sum.relasjon_nr = ledd.relasjon_nr
        union all
        select
            flytting.celle_nr,
            flytting.flytting_nr,
            'flyttingen endrer et tall som vises' as feil
        from flytting
        inner join celle on flytting.celle_nr = celle.celle_nr
        where not celle.prikket_flagg
        union all
        select
            celle.celle_nr,
            null as flytting_nr,
            'intervallet er ' || round(coalesce(intervall.opp_antall + intervall.ned_antall, 0), 3) as feil
        from celle
        inner join helt_skjult
            on celle.uke_start_dato = helt_skjult.uke_start_dato
            and celle.vent_flagg = helt_skjult.vent_flagg
        left join intervall on celle.celle_nr = intervall.celle_nr
        where
            celle.prikket_flagg
            and not celle.indre_flagg
            and not helt_skjult.alt_skjult_flagg
            and coalesce(intervall.opp_antall + intervall.ned_antall, 0) < {{ var('prikkegrense') }} - 1e-3
    )

    select
        celle.populasjon_kode,
        celle.uke_start_dato,
        celle.enhet_nivaa_kode,
        celle.enhetsnummer,
        celle.gruppering_kode,
        celle.tiltakskode,
        celle.innsatsgruppe_kode,
        celle.avdeling_navn,
        celle.bruker_kode,
        feil.flytting_nr,
        feil.feil
    from feil
    inner join celle on feil.celle_nr = celle.celle_nr
{% endtest %}
