"""The floor: the counts of a first extract, as little work as DuckDB can do them with.

An independent reading of the specification, sections 2-5 and 9, for a first extract with Komet's topic and idents in
clear, and with no faults but those that the generator makes. Every file that the counts depend on is read once, a
person is one keyed hash, and the counts are made by change points: +1 in the week that a stay in a cell begins, -1 in
the week after it ends, and a running sum. There are no versions, no avvik, no reconciliation and no tests. It
leaves one table, with the rows of `fak_tiltaksdeltakelse_uke`.

The result of each statement is a table of its own, so that each rule can be looked at, and nothing is counted before
the statement that says so. Weeks are numbers: whole weeks since 0001-01-01, which was a Monday.

    uv run python -m tiltaksstatistikk.benchmark.floor EXTRACT floor.duckdb --fra-uke-dato 2022-01-03
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

import duckdb

from tiltaksstatistikk.project import ROOT

KODEVERK = ROOT / "seeds" / "kodeverk"
TOPIC = "amt.deltaker-ekstern-v1"
EMPLOYERS_TOPIC = "arbeidsgiver.tiltak-avtale-hendelse-compact"
FIRST_WEEK = date(2022, 1, 3)
KEY_VARIABLE = "PSEUDONYM_NOKKEL"
TABLE = "fak_tiltaksdeltakelse_uke"

MESSAGE = {
    TOPIC: "struct(personIdent varchar, gjennomforingId varchar, startDato varchar, sluttDato varchar, "
    'status struct("type" varchar), navVeileder struct(enhetsnummer varchar))',
    EMPLOYERS_TOPIC: "struct(deltakerFnr varchar, avtaleStatus varchar, tiltakstype varchar, startDato varchar, "
    'sluttDato varchar, "avtaleInngått" varchar, feilregistrert varchar, enhetOppfolging varchar)',
}
"""The fields of each topic's messages that the counts depend on."""

MACROS = """
create temp macro uke(dag) as ((dag - date '0001-01-01') // 7)::integer;
create temp macro mandag(uke) as date '0001-01-01' + 7 * uke::integer;
-- Timestamps with a zone, and Team Valp's without one, which are UTC, as Oslo's time.
create temp macro fra_utc(tid) as timezone('Europe/Oslo', timezone('UTC', try_cast(tid as timestamp)));
create temp macro oslo(tid) as
    case
        when regexp_matches(tid[11:], '[Z+-]') then timezone('Europe/Oslo', try_cast(tid as timestamptz))
        else try_cast(tid as timestamp)
    end;
-- A text that is no date leaves the participation out.
create temp macro lesbar(dag) as dag is null or try_cast(dag as date) is not null;
"""

# Section 3 and 9. In a compacted topic most keys have one message.
READ_MESSAGES = """
create temp table melding as
select key, value
from {topic}
where key <> ''
qualify row_number() over (partition by key order by "offset" desc) = 1;

create temp table avtale as
select key, value
from {employers_topic}
where key <> ''
qualify row_number() over (partition by key order by "offset" desc) = 1;

create temp table gjennomforing as
with latest as (
    select * from {gjennomforing_view}
    where id is not null
    qualify row_number() over (partition by id order by fra_utc(oppdatert_tidspunkt) desc nulls last) = 1
),

lokal as (
    select gjennomforing_id, case when count(distinct enhetsnummer) = 1 then min(enhetsnummer) end as kontor
    from {gjennomforing_nav_enhet_view}
    where enhetsnummer in (select enhetsnummer from {nav_enhet} where type = 'LOKAL')
    group by all
)

select
    coalesce(id, gjennomforing_id) as gjennomforing_id,
    tiltakskode,
    status is not distinct from 'AVLYST' as avlyst,
    case
        when try_cast(slutt_dato as date) < try_cast(start_dato as date) then null
        when try_cast(slutt_dato as date) is not null then try_cast(slutt_dato as date)
        when status = 'AVBRUTT' and coalesce(try_cast(start_dato as date) < fra_utc(avsluttet_tidspunkt)::date, true)
            then fra_utc(avsluttet_tidspunkt)::date
    end as slutt,
    kontor
from latest
full join lokal on id = gjennomforing_id
left join (select id as tiltakstype_id, min(tiltakskode) as tiltakskode from {tiltakstype_view} group by all)
    using (tiltakstype_id);

create temp table deltakelse_med_ident as
with komet as (
    select
        value.personIdent as ident,
        coalesce(tiltakskode, 'UKJENT') as tiltakskode,
        coalesce(kontor, value.navVeileder.enhetsnummer) as kontor,
        try_cast(value.startDato as date) as start,
        least(try_cast(value.sluttDato as date), gjennomforing.slutt) as slutt
    from melding
    inner join {kodeverk_deltakerstatus} on status_kode = value.status.type
    left join gjennomforing on gjennomforing_id = value.gjennomforingId
    where
        value.gjennomforingId is not null
        and lesbar(value.startDato)
        and lesbar(value.sluttDato)
        and (kategori_kode = 'deltar' or (kategori_kode = 'har_deltatt' and value.sluttDato is not null))
        and avlyst is distinct from true
),

arbeidsgiver as (
    select
        value.deltakerFnr as ident,
        coalesce(tiltakskode, 'UKJENT') as tiltakskode,
        value.enhetOppfolging as kontor,
        try_cast(value.startDato as date) as start,
        try_cast(value.sluttDato as date) as slutt
    from avtale
    inner join {kodeverk_avtalestatus} on topic_status_kode = value.avtaleStatus
    left join {kodeverk_tiltakstype} on tiltakshistorikk_kode = value.tiltakstype
    where
        lesbar(value.startDato)
        and lesbar(value.sluttDato)
        and kategori_kode in ('deltar', 'har_deltatt')
        and value.feilregistrert is distinct from 'true'
        and value."avtaleInngått" is not null
)

select ident, tiltakskode, kontor, greatest(uke(start), $first) as fom, least(uke(slutt), $last) as tom
from (from komet union all from arbeidsgiver)
where ident is not null and start is not null and coalesce(slutt >= start, true) and fom <= tom;

create temp table navn as
with kode as (
    select tiltakskode, min(coalesce(navn, tiltakskode)) as navn
    from {tiltakstype_view}
    where tiltakskode is not null
    group by all
    union all
    select distinct tiltakskode, tiltakstype_navn
    from avtale
    inner join {kodeverk_tiltakstype} on tiltakshistorikk_kode = value.tiltakstype
    where tiltakskode not in (select tiltakskode from {tiltakstype_view} where tiltakskode is not null)
    union all
    values ('UKJENT', 'Ukjent')
)

select
    tiltakskode,
    case when count(*) over (partition by navn) > 1 then navn || ' (' || tiltakskode || ')' else navn end as navn
from kode;
"""

# Section 8: from here on a person is a keyed hash, and a number that stands for it.
READ_PEOPLE = """
create temp table person as
select ident, sha256($key || ident || $key) as person_id, row_number() over () as person
from (select distinct ident from deltakelse_med_ident);

create temp table deltakelse as
select row_number() over () as deltakelse, person, tiltakskode, kontor, fom, tom
from deltakelse_med_ident
inner join person using (ident);

create temp table oppfolgingsbruker as
select person, enhetsnummer as enhet, kvalifiseringsgruppe as kode, uke(least(tid, taken)::date) as fom
from (
    select *, coalesce(oslo(sist_endret_tidspunkt), taken) as tid
    from {oppfolgingsbruker}
    cross join (select tid as taken from tidspunkt where kilde = 'oppfolgingsbruker')
)
inner join person on ident = person_ident
qualify row_number() over (partition by person order by least(tid, taken) desc, enhet nulls last, kode nulls last) = 1;

create temp table tilordnet as
select person, veileder_ident as veileder, uke(least(tid, taken)::date) as fom
from (
    select *, coalesce(oslo(tilordnet_tidspunkt), taken) as tid
    from {siste_tilordnet_veileder}
    cross join (select tid as taken from tidspunkt where kilde = 'siste_tilordnet_veileder')
)
inner join person on ident = person_ident
qualify row_number() over (partition by person order by least(tid, taken) desc, veileder nulls last) = 1;

-- Only those are asked for what oppfolgingsbruker does not say, or not yet.
create temp table vent as
select
    person,
    uke(try_strptime(periode, '%Y%m')::date) as fom,
    case when count(distinct innsatsgruppe) > 1 then 'UKJENT' else min(innsatsgruppe) end as kode,
    case when count(distinct nav_kontor) > 1 then 'UKJENT' else min(nav_kontor) end as enhet
from {vent_person_periode_v}
inner join person on ident = person_ident
where try_strptime(periode, '%Y%m') is not null
group by person, periode;

drop table deltakelse_med_ident;
alter table person drop column ident;
"""

# Section 4. In a first extract each key has one version, from its own timestamp on.
FIND_ROLES = """
create temp table rolle as
with brudd as (
    select person, 0 as fom from person
    union
    select person, fom from oppfolgingsbruker
    union
    select person, fom from tilordnet
    union
    select person, vent.fom
    from vent
    left join oppfolgingsbruker as bruker using (person)
    where coalesce(vent.fom < bruker.fom, true) or bruker.enhet is null or bruker.kode is null
),

periode as (
    select person, fom, lead(fom, 1, $last + 1) over (partition by person order by fom) - 1 as tom from brudd
)

select
    periode.person,
    periode.fom,
    periode.tom,
    coalesce(bruker.enhet, vent.enhet) as enhet,
    coalesce(innsatsgruppe_kode, 'UKJENT') as innsatsgruppe,
    tilordnet.person is not null as tilordnet,
    tilordnet.veileder
from periode
left join oppfolgingsbruker as bruker on bruker.person = periode.person and bruker.fom <= periode.fom
left join tilordnet on tilordnet.person = periode.person and tilordnet.fom <= periode.fom
asof left join vent on vent.person = periode.person and vent.fom <= periode.fom
left join {kodeverk_kvalifiseringsgruppe} on kvalifiseringsgruppe_kode = coalesce(bruker.kode, vent.kode)
where periode.tom >= $first and periode.fom <= $last;

-- The group of each veileder in each office: the first created of those that are there. Before the first, none.
create temp table gruppe as
with version as (
    select
        enhetsnummer as enhet,
        filter_navn as navn,
        veileder_identer,
        uke(least(coalesce(oslo(sist_endret_tidspunkt), taken), taken)::date) as fom,
        row_number() over (
            order by least(coalesce(oslo(opprettet_tidspunkt), taken), taken), try_cast(filter_id as hugeint) nulls last
        ) as plass
    from (
        select *, tid as taken
        from {veiledergruppe}
        cross join (select tid from tidspunkt where kilde = 'veiledergruppe')
        qualify row_number() over (
            partition by filter_id order by least(coalesce(oslo(sist_endret_tidspunkt), tid), tid) desc
        ) = 1
    )
),

medlem as (
    select distinct
        enhet,
        unnest(from_json(try_cast(veileder_identer as json), '["varchar"]')) as veileder,
        fom,
        plass,
        coalesce(navn, 'Ukjent') as navn
    from version
),

den_som_gjelder as (
    select * from medlem
    qualify coalesce(
        plass < min(plass) over (
            partition by enhet, veileder order by fom, plass rows between unbounded preceding and 1 preceding
        ),
        true
    )
)

select
    enhet,
    veileder,
    fom,
    lead(fom, 1, $last + 1) over (partition by enhet, veileder order by fom) - 1 as tom,
    navn
from den_som_gjelder
union all
select enhet, veileder, 0, min(fom) - 1, 'Ukjent' from den_som_gjelder group by all;

create temp table avdeling as
select enhetsnummer as enhet, filter_navn as gruppe, min(avdeling) as avdeling
from {veiledergruppe_avdeling}
where avdeling is not null
group by all;
"""

# A stay: a participation's weeks in one cell. `celle` numbers the cells, for what follows to be about numbers only.
FIND_STAYS = """
create temp table opphold_med_navn as
select
    deltakelse.deltakelse,
    deltakelse.person,
    coalesce(rolle.enhet, deltakelse.kontor, 'UKJENT') as enhet,
    case
        when not rolle.tilordnet then 'Ukjent'
        when rolle.veileder is null then 'Ufordelt'
        else coalesce(gruppe.navn, 'Ukjent')
    end as gruppe,
    deltakelse.tiltakskode,
    rolle.innsatsgruppe,
    greatest(deltakelse.fom, rolle.fom, gruppe.fom) as fom,
    least(deltakelse.tom, rolle.tom, gruppe.tom) as tom
from deltakelse
inner join rolle
    on rolle.person = deltakelse.person and rolle.fom <= deltakelse.tom and rolle.tom >= deltakelse.fom
left join gruppe
    on gruppe.enhet = coalesce(rolle.enhet, deltakelse.kontor)
    and gruppe.veileder = rolle.veileder
    and gruppe.fom <= least(deltakelse.tom, rolle.tom)
    and gruppe.tom >= greatest(deltakelse.fom, rolle.fom);

create temp table celle as
select row_number() over () as celle, enhet, gruppe, tiltakskode, innsatsgruppe
from (select distinct enhet, gruppe, tiltakskode, innsatsgruppe from opphold_med_navn);

create temp table opphold as
select deltakelse, person, celle, fom, tom
from opphold_med_navn
inner join celle using (enhet, gruppe, tiltakskode, innsatsgruppe);
"""

# Section 5. A participation is counted in all its weeks; a person only in those that no earlier stay of hers in the
# same cell has reached, so that her overlapping stays count once.
COUNT = """
create table floor.{table} as
with ny as (
    select
        celle,
        fom,
        tom,
        greatest(
            fom,
            1 + max(tom) over (
                partition by person, celle order by fom, tom rows between unbounded preceding and 1 preceding
            )
        ) as ny_fom
    from opphold
),

brudd as (
    select celle, fom as uke, 0 as person, 1 as deltakelse from ny
    union all
    select celle, tom + 1, 0, -1 from ny
    union all
    select celle, ny_fom, 1, 0 from ny where ny_fom <= tom
    union all
    select celle, tom + 1, -1, 0 from ny where ny_fom <= tom
),

endring as (
    select celle, uke, sum(person) as person, sum(deltakelse) as deltakelse from brudd group by all
),

nivaa as (
    select
        celle,
        uke,
        lead(uke) over i_celle as neste_uke,
        sum(person) over i_celle as person_antall,
        sum(deltakelse) over i_celle as deltakelse_antall
    from endring
    window i_celle as (partition by celle order by uke)
),

i_uke as (
    select celle, unnest(range(uke, neste_uke)) as uke, person_antall, deltakelse_antall
    from nivaa
    where person_antall > 0
)

select
    mandag(uke) as uke_start_dato,
    enhet as enhetsnummer,
    coalesce(avdeling, case gruppe when 'Ufordelt' then 'Ufordelt' else 'Ukjent' end) as avdeling_navn,
    gruppe as veiledergruppe_navn,
    tiltakskode,
    navn as tiltakstype_navn,
    innsatsgruppe as innsatsgruppe_kode,
    person_antall::bigint as person_antall,
    deltakelse_antall::bigint as deltakelse_antall
from i_uke
inner join celle using (celle)
inner join navn using (tiltakskode)
left join avdeling using (enhet, gruppe);
"""


def sources(extract: Path) -> dict[str, str]:
    """Return what each file of an extract, and each code list, is called in a query."""
    found = {}
    for path in sorted(extract.iterdir()):
        if path.suffix == ".parquet":
            found[path.stem] = f"read_parquet('{path}')"
        elif path.suffix == ".csv":
            found[path.stem] = f"read_csv('{path}', all_varchar = true)"
    for path in KODEVERK.glob("*.csv"):
        found[path.stem] = f"read_csv('{path}', all_varchar = true)"
    for name, topic in (("topic", TOPIC), ("employers_topic", EMPLOYERS_TOPIC)):
        value = MESSAGE[topic]
        if any(extract.glob(f"{topic}*.jsonl*")):
            columns = f"columns = {{key: 'varchar', \"offset\": 'bigint', value: '{value}'}}"
            found[name] = f"read_ndjson('{extract}/{topic}*.jsonl*', {columns}, ignore_errors = true)"
        else:
            found[name] = f'(select null::varchar as key, 0 as "offset", null::{value} as value where false)'
    return found


def connect() -> duckdb.DuckDBPyConnection:
    """Open a database in memory with the project's number of threads, and DuckDB's own memory limit as it has."""
    connection = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    connection.execute("set enable_progress_bar = false")
    return connection


def read_times(connection: duckdb.DuckDBPyConnection, extract: Path) -> None:
    """Make the macros, and the table `tidspunkt` of when each file was taken."""
    connection.execute(MACROS)
    connection.execute(
        "create temp table tidspunkt as select kilde, min(oslo(uttrekk_tidspunkt)) as tid "
        f"from {sources(extract)['uttrekk']} group by all"
    )


def last_week(extract: Path) -> date:
    """Return the Monday of an extract's last complete week."""
    with connect() as connection:
        read_times(connection, extract)
        found: date = connection.execute("select mandag(uke(min(tid)::date) - 1) from tidspunkt").fetchall()[0][0]
    return found


def participations(extract: Path) -> int:
    """Return the number of participations that the topics of an extract have."""
    names = sources(extract)
    keys = " union all ".join(f"select key from {names[topic]}" for topic in ("topic", "employers_topic"))
    with connect() as connection:
        found: int = connection.execute(f"select count(distinct key) from ({keys})").fetchall()[0][0]
    return found


def prepare(connection: duckdb.DuckDBPyConnection, extract: Path, first_week: date, key: str) -> None:
    """Read an extract into temporary tables, among them `deltakelse`, `rolle` and `gruppe`.

    Args:
        connection: where the tables are made.
        extract: the extract's folder.
        first_week: the statistics' first Monday.
        key: the secret of the pseudonyms.

    Raises:
        duckdb.Error: a file is missing, or cannot be read.
    """
    names = sources(extract)
    read_times(connection, extract)
    connection.execute("set variable pseudonym_nokkel = ?", [key])
    (last,) = connection.execute("select uke(min(tid)::date) - 1 from tidspunkt").fetchall()[0]
    (first,) = connection.execute("select uke(?::date)", [first_week]).fetchall()[0]
    for script in (READ_MESSAGES, READ_PEOPLE, FIND_ROLES):
        sql = script.replace("$first", str(first)).replace("$last", str(last))
        connection.execute(sql.replace("$key", "getvariable('pseudonym_nokkel')").format(**names))


def count(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Count what `prepare` has read, into a table of the fact's name in a new database file.

    Raises:
        duckdb.Error: the file cannot be written.
    """
    connection.execute(FIND_STAYS)
    connection.execute(f"attach '{database}' as floor")
    connection.execute(COUNT.format(table=TABLE))
    connection.execute("detach floor")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Count a first extract by the shortest way.")
    parser.add_argument("extract", type=Path, help="the extract's folder")
    parser.add_argument("database", type=Path, help="the DuckDB file to write")
    parser.add_argument("--fra-uke-dato", type=date.fromisoformat, default=FIRST_WEEK, help="default %(default)s")
    args = parser.parse_args()
    with connect() as connection:
        prepare(connection, args.extract, args.fra_uke_dato, os.environ[KEY_VARIABLE])
        count(connection, args.database)


if __name__ == "__main__":
    main()
