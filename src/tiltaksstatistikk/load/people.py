"""One person, also with a new ident (specification 4): what `person_ident_historikk` has told, followed to its end.

Clean tables have a person as the source does; the staging models follow each to the current one. So what has been told
later, or told otherwise, holds for all that is stored.
"""

from tiltaksstatistikk.load.objects import TABLES
from tiltaksstatistikk.load.values import person_number, quoted
from tiltaksstatistikk.load.workplace import FAULTS, Workplace

TOLD = "person_id varchar, gjeldende_person_id varchar"
RING = "IDENT_I_RING"
HISTORY = next(table for table in TABLES if table.name == "person_ident_historikk")


def follow(told: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """Follow each person to the current one.

    Args:
        told: the person that each is now, as it has been told.

    Returns:
        The current person of each who is another now, and those who are in a ring. They stay as they are, and so does
        who leads to them.
    """
    current: dict[str, str] = {}
    in_a_ring: set[str] = set()
    without_end: set[str] = set()
    for start in told:
        way: dict[str, None] = {}
        person = start
        while person in told and person not in way and person not in current and person not in without_end:
            way[person] = None
            person = told[person]
        if person in way:
            in_a_ring.update(list(way)[list(way).index(person) :])
        if person in way or person in without_end:
            without_end.update(way)
        else:
            current.update(dict.fromkeys(way, current.get(person, person)))
    return current, in_a_ring


def load_people(place: Workplace, erased: frozenset[str]) -> None:
    """Remember what the extract tells of new idents, and follow each to its end.

    It writes `uttrekk.gjeldende_person`, the temporary tables `gjeldende` (the same as numbers that persons are known
    by) and `slettet` (every ident of who is erased), and a fault for each person in a ring.

    Args:
        place: where the load works. The clean table of the file is loaded.
        erased: the persons that are erased, by an ident that they had then.
    """
    told_before = place.table("person_fortalt", "drift")
    place.do(f"create schema if not exists {quoted(place.database)}.drift")
    place.do(f"create table if not exists {told_before} ({TOLD})")
    table = place.table(HISTORY.name)
    # Of two files the later is right, of two rows of one file the one that comes first.
    new = (
        f"select person_id, min(gjeldende_person_id) as gjeldende_person_id from {table} "
        "where person_id is not null and gjeldende_person_id is not null group by person_id"
    )
    place.do(f"delete from {told_before} where person_id in (select person_id from ({new}))")
    place.do(f"insert into {told_before} {new}")
    told = {old: now for old, now in place.rows(f"from {told_before}") if old != now}
    current, in_a_ring = follow(told)
    place.do(f"create or replace table {place.table('gjeldende_person')} ({TOLD})")
    place.put(place.table("gjeldende_person"), list(current), list(current.values()))
    place.do(
        f"create or replace temporary table gjeldende as select {person_number('person_id')} as nokkel, "
        f"{person_number('gjeldende_person_id')} as gjeldende_nokkel from {place.table('gjeldende_person')}"
    )
    place.do(f"delete from {place.table(FAULTS)} where feil_kode = '{RING}'")
    ring = sorted(in_a_ring)
    constant = [[text] * len(ring) for text in (HISTORY.file, "person_ident", RING)]
    place.put(place.table(FAULTS), constant[0], ring, *constant[1:])
    gone = {current.get(person, person) for person in erased}
    every_ident = erased | gone | {person for person, now in current.items() if now in gone}
    place.put("slettet", sorted(every_ident))
