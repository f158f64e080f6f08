"""Sources that are topics: a row for each message, of which nothing is kept that a later message has replaced.

The clean table is the memory of what has been read: a line that is there already, known by a keyed checksum, is not
parsed again (docs/decisions/0010).
"""

from tiltaksstatistikk.load import files
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.extract import Extract, file_name
from tiltaksstatistikk.load.objects import Topic
from tiltaksstatistikk.load.values import (
    KINDS,
    date,
    identifier,
    keyed_checksum,
    percent,
    sql_text,
    time,
    trimmed,
    whole_number,
)
from tiltaksstatistikk.load.workplace import FAULTS, Workplace, unreadable

# The place of a message in the topic, and what its value is. A line without all of them has no place.
ENVELOPE = {"nokkel": "$.key", "offset_tekst": "$.offset", "partisjon_tekst": "$.partition"}
TYPES = {"verdi_type": "$.value"}
HAS_A_PLACE = "nokkel is not null and offset_nummer is not null and verdi_type is not null"
# As kcat writes a message (`kcat -J`): the value is a text called `payload`. A payload that is no JSON has no place
# yet: Python reads it, or says that it is a text.
FROM_KCAT = """case when json_type(melding, '$.value') is not null or json_type(melding, '$.payload') is null
    then melding else json_object(
    'partition', json_extract(melding, '$.partition'), 'offset', json_extract(melding, '$.offset'),
    'key', json_extract(melding, '$.key'),
    case when json_type(melding, '$.payload') in ('VARCHAR', 'NULL') and
        not coalesce(json_valid(json_extract_string(melding, '$.payload')), true) then 'payload' else 'value' end,
    case when json_valid(json_extract_string(melding, '$.payload'))
        then cast(json_extract_string(melding, '$.payload') as json) else json_extract(melding, '$.payload') end
) end"""
SEVERAL_PARTITIONS = "NOKKEL_I_FLERE_PARTISJONER"
SHARE_COLUMNS = {
    "melding_id": "bigint",
    "deltakelse_id": "varchar",
    "gyldig_fra_dato": "date",
    "opprettet_tidspunkt": "timestamp",
    "deltakelsesprosent": "decimal(18, 9)",
}
# Columns of every message. The fields of the topic follow.
COLUMNS = {
    "melding_id": "bigint",
    "linje_id": "varchar",
    "key_nokkel": "bigint",
    "partisjon_nummer": "bigint",
    "offset_nummer": "bigint",
    "verdi_kode": "varchar",
    "lest_flagg": "boolean",
    "slettet_person_flagg": "boolean",
    "deltakelse_id": "varchar",
}


def load_topic(place: Workplace, extract: Extract, topic: Topic, full_refresh: bool) -> None:
    """Bring the clean table of a topic up to date with an extract.

    An extract that has all of the topic (`full`) removes what it lacks; one with what is new (`endring`) removes what
    its messages replace. A replaced message is a row without content: it is counted, and tells of nobody.

    Args:
        place: where the load works.
        extract: what has the files. Without one, all of the topic is an empty one.
        topic: which topic.
        full_refresh: whether every line is parsed anew.
    """
    table = place.table(topic.name)
    all_of_it = extract.scope_of(topic) == "full"
    make_tables(place, topic, full_refresh)
    if all_of_it:
        # A person who has been taken off the list of the erased is read again.
        place.do(f"delete from {table} where slettet_person_flagg")
    while True:
        read_lines(place, extract, topic)
        add_keys_in_several_partitions(place, topic, all_of_it)
        place.do(f"delete from {table} as melding where {gone(all_of_it)}")
        add_messages(place, topic)
        forget_what_is_replaced(place, topic)
        # A message stands again when the one that replaced it is gone: it is read once more.
        again = "not lest_flagg and melding_id not in (select melding_id from erstattet)"
        if not place.rows(f"select 1 from {table} where {again} limit 1"):
            break
        place.do(f"delete from {table} where {again}")
    place.do(f"insert into {table} (linje_id) select linje_id from uten_plass")
    place.do(
        f"insert into {place.table(FAULTS)} select {sql_text(topic.file)}, linje_id, null, feil_kode from uten_plass"
    )
    for name in ("linje", "uten_plass", "erstattet"):
        place.do(f"drop table {name}")


def make_tables(place: Workplace, topic: Topic, full_refresh: bool) -> None:
    """Make the topic's tables where they are missing; with `full_refresh` empty ones.

    Raises:
        Refused: the table that is there has other columns.
    """
    how = "create or replace table" if full_refresh else "create table if not exists"
    fields = {column.to: KINDS[column.kind].type for column in topic.kept}
    described = ", ".join(f"{name} {kind}" for name, kind in {**COLUMNS, **fields}.items())
    place.do(f"{how} {place.table(topic.name)} ({described})")
    there = [row[0] for row in place.rows(f"describe {place.table(topic.name)}")]
    if there != [*COLUMNS, *fields]:
        raise Refused(
            f"What is kept of {topic.file} has changed since it was loaded. Nothing was changed. "
            "Run dbt build --full-refresh once, with an extract that has all of it."
        )
    if topic.shares:
        described = ", ".join(f"{name} {kind}" for name, kind in SHARE_COLUMNS.items())
        place.do(f"{how} {place.table(topic.shares[0])} ({described})")


def lines(extract: Extract, topic: Topic, numbered: bool = False) -> str:
    """Return the SQL query of every line, as `melding`; `numbered` also with its file and its number there.

    To number lines is to read them one by one; without, DuckDB reads a file from several places at once.
    """
    found = []
    for path in extract.files(topic):
        if not files.file_state(path)[0]:
            # A partition without messages. DuckDB knows no gzip file of nothing.
            continue
        # A line that is no JSON is null, as DuckDB's reader of JSON has it.
        melding = "case when json_valid(melding) then melding end" if path.endswith(".csv") else "melding"
        melding = FROM_KCAT if files.is_from_kcat(path) else melding
        place = f", {sql_text(path)} as fil_sti, row_number() over () as linje_nummer" if numbered else ""
        found.append(f"select {melding} as melding{place} from ({files.reader(path, known=['melding'])})")
    return " union all ".join(found) or "select cast(null as varchar) as melding where false"


def read_lines(place: Workplace, extract: Extract, topic: Topic) -> None:
    """Read every line into the temporary table `linje`, and those without a place into `uten_plass`.

    `linje` has each line's checksum, and of one that is not known its content: each field as its value, but a person
    as the ident in `ident`; `feil_<number>` says whether a field's text has no value. `uten_plass` has the file and the
    number of each line, and why it has no place.
    """
    place.do(f"create or replace temporary table linje as {parsed(place, topic, lines(extract, topic))}")
    place.do("create or replace temporary table uten_plass (linje_id varchar, feil_kode varchar)")
    without = f"select distinct melding_id from linje where ny_flagg and not ({HAS_A_PLACE})"
    if not place.rows(f"{without} limit 1"):
        return
    # Few extracts have any. Python reads what DuckDB does not, and knows the number of a line that follows a blank one.
    odd = place.rows(
        f"select fil_sti, list(linje_nummer) from ({lines(extract, topic, numbered=True)}) "
        f"where {checksum()} in ({without}) group by fil_sti order by fil_sti"
    )
    place.do("create or replace temporary table lest_igjen (linje_id varchar, melding varchar)")
    for path, numbers in odd:
        name = topic.name if extract.is_seeds else file_name(path)
        found = list(files.odd_lines(path, set(numbers)))
        place.put("lest_igjen", [f"{name}:{number}" for number, _ in found], [text for _, text in found])
    place.do(f"delete from linje where ny_flagg and not ({HAS_A_PLACE})")
    place.do(f"update lest_igjen set melding = {FROM_KCAT}")
    place.do(f"insert into linje {parsed(place, topic, 'select melding from lest_igjen where melding is not null')}")
    place.do(
        f"""
        insert into uten_plass
        select linje_id, case when json_type(melding) = 'OBJECT' then 'MANGLER_FELT' else 'UGYLDIG_JSON' end
        from lest_igjen
        where melding is null
            or {checksum()} in (select melding_id from linje where ny_flagg and not ({HAS_A_PLACE}))
        """
    )
    place.do("drop table lest_igjen")


def parsed(place: Workplace, topic: Topic, source: str) -> str:
    """Return the SQL query of lines as `read_lines` has them.

    Args:
        place: where the load works.
        topic: which topic.
        source: the SQL query of the lines, as `melding`.
    """
    paths = {**ENVELOPE, **{f"lest_{number}": column.name for number, column in enumerate(topic.fields)}}
    types = dict(TYPES)
    if topic.shares:
        paths["mengder"] = types["mengder_type"] = topic.shares[1]
    # One list of paths is one parse of the text; a call for each field is a parse for each.
    texts = f"json_extract_string(ny_melding, [{', '.join(map(sql_text, paths.values()))}])"
    kinds = f"json_type(ny_melding, [{', '.join(map(sql_text, types.values()))}])"
    found = [f"tekster[{number}] as {name}" for number, name in enumerate(paths, start=1)]
    found += [f"typer[{number}] as {name}" for number, name in enumerate(types, start=1)]
    fields = [f"{trimmed(f'lest_{number}')} as tekst_{number}" for number, _ in enumerate(topic.fields)]
    kept = ["verdi_type", *(["mengder", "mengder_type"] if topic.shares else [])]
    values = []
    for number, column in enumerate(topic.fields):
        if column.kind == "person":
            values.append(f"tekst_{number} as ident")
            continue
        value = KINDS[column.kind].sql(f"tekst_{number}")
        if column.to:
            values.append(f"{value} as {column.to}")
        if KINDS[column.kind].fault:
            values.append(f"{unreadable(column, f'tekst_{number}', column.to or value)} as feil_{number}")
    return f"""
        select melding_id, ny_flagg, {identifier("nokkel")} as nokkel,
            {keyed_checksum(identifier("nokkel"))} as key_nokkel, offset_nummer, partisjon_nummer,
            {", ".join([*kept, *values])}
        from (
            select melding_id, ny_flagg, {trimmed("nokkel")} as nokkel, {", ".join([*kept, *fields])},
                {whole_number("offset_tekst")} as offset_nummer, {whole_number("partisjon_tekst")} as partisjon_nummer
            from (
                select melding_id, ny_flagg, {", ".join(found)}
                from (
                    select
                        merket.melding_id,
                        kjent.melding_id is null as ny_flagg,
                        case when ny_flagg then merket.melding end as ny_melding,
                        {texts} as tekster,
                        {kinds} as typer
                    from (select melding, {checksum()} as melding_id from ({source})) as merket
                    left join {place.table(topic.name)} as kjent on merket.melding_id = kjent.melding_id
                )
            )
        )
        """


def checksum() -> str:
    """Return the SQL of what a line is known by."""
    return keyed_checksum("cast(hash(melding) as varchar)")


def gone(all_of_it: bool) -> str:
    """Return the SQL of which known messages are no longer there.

    They are gone from all of the topic, or replaced by what is new; one that is delivered once more is there all the
    same. A line without a place is read every time.
    """
    if all_of_it:
        return "melding_id is null or melding_id not in (select melding_id from linje)"
    return f"""
        melding_id is null or (
            melding_id not in (select melding_id from linje)
            and (
                not lest_flagg or exists (
                    select 1 from linje
                    where ny_flagg and {HAS_A_PLACE} and linje.key_nokkel = melding.key_nokkel
                        and linje.offset_nummer >= melding.offset_nummer
                )
            )
        )
    """


def add_messages(place: Workplace, topic: Topic) -> None:
    """Add the messages of the lines that are new and have a place, each line once, with their faults and shares."""
    several = f"select melding_id from linje where ny_flagg and {HAS_A_PLACE} group by melding_id having count(*) > 1"
    if place.rows(several):
        place.do(
            f"delete from linje where melding_id in ({several}) "
            "and rowid not in (select min(rowid) from linje group by melding_id)"
        )
    place.meet("ident", "linje")
    content = {"deltakelse_id": "nokkel"} | {
        column.to: "person.id" if column.kind == "person" else column.to for column in topic.kept
    }
    erased = "coalesce(person.id in (select id from slettet), false)"
    kept = ", ".join(f"case when verdi_type != 'NULL' and not {erased} then {sql} end" for sql in content.values())
    place.do(
        f"""
        insert into {place.table(topic.name)} ({", ".join([*COLUMNS, *(column.to for column in topic.kept)])})
        select melding_id, null, key_nokkel, partisjon_nummer, offset_nummer,
            case verdi_type when 'OBJECT' then 'INNHOLD' when 'NULL' then 'SLETTET' else 'UGYLDIG_JSON' end,
            true, {erased}, {kept}
        from linje
        left join person on linje.ident = person.ident
        where ny_flagg and {HAS_A_PLACE}
        """
    )
    new = f"ny_flagg and {HAS_A_PLACE}"
    for number, column in enumerate(topic.fields):
        if column.kind == "person":
            of_person = "linje inner join person on linje.ident = person.ident"
            condition = f"{new} and not gyldig_flagg and coalesce(person.id not in (select id from slettet), true)"
            place.fault(topic.file, column, "cast(melding_id as varchar)", of_person, condition)
        elif KINDS[column.kind].fault:
            place.fault(topic.file, column, "cast(melding_id as varchar)", "linje", f"{new} and feil_{number}")
    if topic.shares:
        add_shares(place, topic, new)


def forget_what_is_replaced(place: Workplace, topic: Topic) -> None:
    """Remove the content of each message that has a later one.

    Raises:
        Refused: two keys have the same checksum. With 63 bits that is once in a million topics of Norway's size.
    """
    table = place.table(topic.name)
    content = ["deltakelse_id", *(column.to for column in topic.kept)]
    several = f"select key_nokkel from {table} group by key_nokkel having count(*) > 1"
    if place.rows(f"{several} and count(distinct deltakelse_id) > 1"):
        raise Refused(f"Two keys of {topic.file} have the same checksum. Nothing was changed. Report it.")
    # Most keys have one message: only the others are put in order.
    place.do(
        f"""
        create or replace temporary table erstattet as
        select melding_id
        from {table} as melding
        where key_nokkel in ({several})
        qualify row_number() over (partition by key_nokkel order by offset_nummer desc, melding_id) > 1
        """
    )
    place.do(
        f"update {table} set lest_flagg = false, {', '.join(f'{name} = null' for name in content)} "
        "where lest_flagg and melding_id in (select melding_id from erstattet)"
    )
    stands = f"select melding_id from {table} where lest_flagg and not slettet_person_flagg"
    place.do(
        f"delete from {place.table(FAULTS)} where kilde = {sql_text(topic.file)} "
        f"and feil_kode != '{SEVERAL_PARTITIONS}' and coalesce(try_cast(rad_id as bigint) not in ({stands}), true)"
    )
    erased = f"select key_nokkel from {table} where slettet_person_flagg"
    place.do(
        f"delete from {place.table(FAULTS)} where kilde = {sql_text(topic.file)} "
        f"and feil_kode = '{SEVERAL_PARTITIONS}' and {keyed_checksum('rad_id')} in ({erased})"
    )
    if topic.shares:
        place.do(f"delete from {place.table(topic.shares[0])} where melding_id not in ({stands})")


def add_shares(place: Workplace, topic: Topic, new: str) -> None:
    """Add the deltakelsesmengder of the messages that were read, and a fault where one of them cannot be read.

    Args:
        place: where the load works.
        topic: which topic.
        new: the SQL of which rows of `linje` they are.
    """
    assert topic.shares
    fields = {
        field: trimmed(f"json_extract_string(mengde, '$.{field}')")
        for field in ("gyldigFraDato", "opprettetTidspunkt", "deltakelsesprosent")
    }
    place.do(
        f"""
        create or replace temporary table mengde as
        select melding_id, deltakelse_id, {date("fra")} as gyldig_fra_dato, {time("opprettet")} as opprettet_tidspunkt,
            {percent("prosent")} as deltakelsesprosent, prosent is not null as prosent_flagg,
            fra as fra_tekst, opprettet as opprettet_tekst
        from (
            select melding_id, deltakelse_id, {fields["gyldigFraDato"]} as fra,
                {fields["opprettetTidspunkt"]} as opprettet, {fields["deltakelsesprosent"]} as prosent
            from (
                select melding_id, nokkel as deltakelse_id, unnest(json_extract(mengder, '$[*]')) as mengde
                from linje where {new} and mengder_type = 'ARRAY' and mengder != '[]'
            )
        )
        """
    )
    place.do(f"insert into {place.table(topic.shares[0])} select {', '.join(SHARE_COLUMNS)} from mengde")
    # A time that cannot be read is a fault of its own kind, as everywhere.
    faults = {
        "'deltakelsesmengder', 'UGYLDIG_VERDI'": "fra_tekst is null",
        "'deltakelsesmengder', 'UGYLDIG_DELTAKELSESMENGDE'": "prosent_flagg and deltakelsesprosent is null",
        "'gyldigFraDato', 'UGYLDIG_TIDSPUNKT'": "fra_tekst is not null and gyldig_fra_dato is null",
        "'opprettetTidspunkt', 'UGYLDIG_TIDSPUNKT'": "opprettet_tekst is not null and opprettet_tidspunkt is null",
    }
    for named, condition in faults.items():
        place.do(
            f"insert into {place.table(FAULTS)} select distinct {sql_text(topic.file)}, cast(melding_id as varchar), "
            f"{named} from mengde where {condition}"
        )
    place.do(
        f"insert into {place.table(FAULTS)} select {sql_text(topic.file)}, cast(melding_id as varchar), "
        f"'deltakelsesmengder', 'UGYLDIG_VERDI' from linje where {new} and mengder_type not in ('ARRAY', 'NULL')"
    )
    place.do("drop table mengde")


def add_keys_in_several_partitions(place: Workplace, topic: Topic, all_of_it: bool) -> None:
    """Add a fault for each key in more than one partition, before anything is removed.

    A topic has a key in one partition: there alone offsets say which message is the last (specification 2). The fault
    is known by the key itself.
    """
    table, faults, kilde = place.table(topic.name), place.table(FAULTS), sql_text(topic.file)
    there = "where melding_id in (select melding_id from linje)" if all_of_it else ""
    known = f"kilde = {kilde} and feil_kode = '{SEVERAL_PARTITIONS}'"
    place.do(
        f"""
        create or replace temporary table flere_partisjoner as
        select key_nokkel
        from (
            select key_nokkel, partisjon_nummer from {table} {there}
            union all
            select key_nokkel, partisjon_nummer from linje where ny_flagg and {HAS_A_PLACE}
        )
        group by key_nokkel
        having min(partisjon_nummer) != max(partisjon_nummer)
        """
    )
    if all_of_it:
        still = "select key_nokkel from flere_partisjoner"
        place.do(f"delete from {faults} where {known} and {keyed_checksum('rad_id')} not in ({still})")
    place.do(
        f"insert into {faults} select distinct {kilde}, nokkel, 'partition', '{SEVERAL_PARTITIONS}' from linje "
        f"where ny_flagg and {HAS_A_PLACE} and key_nokkel in (select key_nokkel from flere_partisjoner) "
        f"and nokkel not in (select rad_id from {faults} where {known})"
    )
    place.do("drop table flere_partisjoner")
