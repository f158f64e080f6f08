"""An extract beside the one before: how much smaller it is, which keys are gone, and who is another person now.

Specification 2 (volume), 4 (`ENDRET_PERSON`) and 7 (the account of keys).
"""

from dataclasses import dataclass
from datetime import datetime

from tiltaksstatistikk.load.checks import Refused, at
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.memory import has_table
from tiltaksstatistikk.load.objects import TABLES, TOPICS, UTTREKK, Topic, other_form
from tiltaksstatistikk.load.people import HISTORY
from tiltaksstatistikk.load.values import OSLO, keyed_checksum, person_number, quoted, read_time, sql_text
from tiltaksstatistikk.load.workplace import FAULTS, Workplace

CHANGED_PERSON = "ENDRET_PERSON"
# Fewer than these may be lost by chance.
LEAST_LOST = 20
# A participation in the extract before: numbers that its key and its person are known by.
KEYS = "kilde varchar, nokkel bigint, person_nokkel bigint"
ACCOUNT = "kilde varchar, tilstand_kode varchar, antall bigint"


@dataclass(frozen=True)
class Volume:
    """How much smaller than the one before an extract may be.

    Attributes:
        limit: the per cent of a source's rows, or of a topic's keys, that may be lost (var `volum_grense`).
        accepted: the time of the extract that may have lost more (var `godta_volum`), in ISO 8601; None for no one.
    """

    limit: float = 10
    accepted: str | None = None

    def fault(self) -> str | None:
        """Return the sentence that says which of the two makes no sense, or None."""
        if isinstance(self.limit, bool) or not isinstance(self.limit, int | float) or not 0 <= self.limit <= 100:
            return f"The var volum_grense is '{self.limit}'. Give a number from 0 to 100, without quotation marks."
        if self.accepted is not None and read_time(self.accepted, OSLO) is None:
            return (
                f"The var godta_volum is '{self.accepted}', which is no time. Give the time of the extract that may be "
                "smaller: the earliest of its files in uttrekk, in ISO 8601."
            )
        return None

    def accepts(self, extract: Extract) -> bool:
        """Whether a loss in this extract has been accepted."""
        return self.accepted is not None and read_time(self.accepted, OSLO) == extract.earliest


@dataclass(frozen=True)
class Before:
    """The state before a load.

    Attributes:
        rows: how many rows each clean table had.
        taken: when each source was taken, as far as the extract said.
    """

    rows: dict[str, int]
    taken: dict[str, datetime]

    def time_of(self, kilde: str) -> datetime | None:
        """Return when a source was taken, or the whole extract when it did not say."""
        return self.taken.get(kilde) or min(self.taken.values(), default=None)


def remember(place: Workplace) -> Before:
    """Count what is there before a load, with the keys that stand in the temporary table `sto`."""
    place.do(f"create or replace temporary table sto ({KEYS})")
    rows = {}
    for table in TABLES:
        if has_table(place.cursor, place.database, "uttrekk", table.name):
            ((rows[table.name],),) = place.rows(f"select count(*) from {place.table(table.name)}")
    for topic in TOPICS:
        for query in standing(place, topic):
            place.do(f"insert into sto {query}")
        ((rows[topic.name],),) = place.rows(f"select count(*) from sto where kilde = {sql_text(topic.file)}")
    taken: dict[str, datetime] = {}
    if has_table(place.cursor, place.database, "uttrekk", "fil"):
        taken = dict(place.rows(f"select kilde, uttrekk_tidspunkt from {place.table('fil')}"))
    return Before(rows, taken)


def standing(place: Workplace, topic: Topic) -> list[str]:
    """Return the SQL queries of the participations that stand in a topic, and in its other form, as `KEYS`."""
    found = []
    view = other_form(topic)
    if has_table(place.cursor, place.database, "uttrekk", topic.name):
        found.append(
            f"select {sql_text(topic.file)}, key_nokkel, {person_number('person_id')} from {place.table(topic.name)} "
            "where lest_flagg and verdi_kode != 'SLETTET'"
        )
    if view and has_table(place.cursor, place.database, "uttrekk", view.name):
        found.append(
            f"select {sql_text(topic.file)}, {keyed_checksum('id')}, min({person_number('person_id')}) "
            f"from {place.table(view.name)} where id is not null group by id"
        )
    return found


def compare(place: Workplace, extract: Extract, before: Before, volume: Volume) -> None:
    """Compare what has been loaded with what was there: the last step of a load.

    Raises:
        Refused: the extract is much smaller than the one before, and nobody has accepted it.
    """
    lost = {table.file: lost_rows(place, before, table.name) for table in TABLES
            if table not in (UTTREKK, HISTORY) and not table.instead_of}  # fmt: skip
    for topic in TOPICS:
        lost[topic.file] = lost_keys(place, extract, before, topic)
    too_much = {
        file: (count, had)
        for file, (count, had) in lost.items()
        if count >= LEAST_LOST and count * 100 > volume.limit * had
    }
    if too_much and not volume.accepts(extract):
        assert extract.earliest
        named = "; ".join(f"{file} had {had}, and {count} of them are gone" for file, (count, had) in too_much.items())
        raise Refused(
            f"The extract of {at(extract.earliest)} is much smaller than the one before: {named}, which is more than "
            f"{volume.limit:g} per cent (the var volum_grense). Counted are rows of a table, and keys of a topic "
            "that are gone without a tombstone. Nothing was changed. If a file is missing or cut off, fetch it again. "
            f"""If it is right, run once with --vars '{{godta_volum: "{at(extract.earliest)}"}}'."""
        )
    write_account(place, extract, before)
    find_changed_persons(place)


def lost_rows(place: Workplace, before: Before, table: str) -> tuple[int, int]:
    """Return how many rows fewer a table has than before, and how many it had."""
    had = before.rows.get(table, 0)
    ((has,),) = place.rows(f"select count(*) from {place.table(table)}")
    return had - has, had


def lost_keys(place: Workplace, extract: Extract, before: Before, topic: Topic) -> tuple[int, int]:
    """Return how many keys that stood are gone without a tombstone, and how many there were.

    Of the topic's other form, which has no tombstones, and from one form to the other, the participations are counted.
    """
    had = before.rows[topic.name]
    view = other_form(topic)
    if view and (extract.files(view) or before.rows.get(view.name)):
        ((has,),) = place.rows(f"select count(*) from ({' union all '.join(standing(place, topic))})")
        return had - has, had
    ((gone,),) = place.rows(
        f"select count(*) from sto where kilde = {sql_text(topic.file)} and nokkel not in "
        f"(select key_nokkel from {place.table(topic.name)} where key_nokkel is not null)"
    )
    return gone, had


def write_account(place: Workplace, extract: Extract, before: Before) -> None:
    """Write what has become of the keys of the extract before.

    The same extract once more, or one that has been corrected, is compared with the same one before.
    """
    known = place.table("forrige_deltakelse", "drift")
    place.do(f"create schema if not exists {quoted(place.database)}.drift")
    place.do(f"create table if not exists {known} ({KEYS})")
    place.do(f"create or replace table {place.table('nokkelregnskap')} ({ACCOUNT})")
    for topic in TOPICS:
        kilde = sql_text(topic.file)
        view = other_form(topic)
        form = view.file if view and extract.files(view) else topic.file
        if before.time_of(form) != extract.time_of(form):
            place.do(f"delete from {known} where kilde = {kilde}")
            place.do(f"insert into {known} from sto where kilde = {kilde}")
        deleted = f"select distinct key_nokkel from {place.table(topic.name)} where verdi_kode = 'SLETTET'"
        now = " union all ".join(standing(place, topic))
        place.do(
            f"""
            insert into {place.table("nokkelregnskap")}
            select {kilde}, case when staar.nokkel is not null then 'STAAR'
                when slettet.key_nokkel is not null then 'SLETTET' else 'BORTE' end as tilstand_kode, count(*)
            from {known} as forrige
            left join (select distinct nokkel from ({now}) as naa (kilde, nokkel, person_nokkel)) as staar
                on forrige.nokkel = staar.nokkel
            left join ({deleted}) as slettet
                on forrige.nokkel = slettet.key_nokkel
            where forrige.kilde = {kilde}
            group by tilstand_kode
            """
        )


def find_changed_persons(place: Workplace) -> None:
    """Add a fault for each participation that is about another person than in the extract before."""
    faults, known = place.table(FAULTS), place.table("forrige_deltakelse", "drift")
    place.do(f"delete from {faults} where feil_kode = '{CHANGED_PERSON}'")
    for topic in TOPICS:
        person = next(column for column in topic.fields if column.kind == "person")
        sources = [(topic.file, person.name.removeprefix("$.value."), topic.name, "melding_id", "key_nokkel")]
        if view := other_form(topic):
            sources.append((view.file, view.persons[0], view.name, "rad_nummer", keyed_checksum("id")))
        for file, column, table, row, key in sources:
            place.do(
                f"""
                insert into {faults}
                select {sql_text(file)}, cast({row} as varchar), {sql_text(column)}, '{CHANGED_PERSON}'
                from {place.table(table)} as naa
                inner join {known} as forrige
                    on forrige.kilde = {sql_text(topic.file)} and forrige.nokkel = {key}
                left join gjeldende as av_naa on {person_number("naa.person_id")} = av_naa.nokkel
                left join gjeldende as av_forrige on forrige.person_nokkel = av_forrige.nokkel
                where coalesce(av_naa.gjeldende_nokkel, {person_number("naa.person_id")})
                    != coalesce(av_forrige.gjeldende_nokkel, forrige.person_nokkel)
                """
            )
