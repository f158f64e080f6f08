"""An extract beside the one before: volume, the account of keys, and who is another person now."""

from __future__ import annotations

import pytest

from tests.load.door import KEY, Door
from tests.load.test_checks import refusal
from tests.rules.brute_force import KOMET_VIEW, TOPIC, pseudonym
from tests.rules.rows import KARI, OLA, avtale, bruker, message, tombstone, uttrekk_rows, view_row, with_omfang
from tests.rules.small_worlds import Row, UttrekkRows
from tiltaksstatistikk.load.compared import Volume
from tiltaksstatistikk.load.people import follow

LATER = "2025-02-10T06:00:00"


def of(day: int, keys: range, brukere: int = 0) -> UttrekkRows:
    """Return an extract of a day in February 2025 with a participation for each key, and some oppfolgingsbrukere."""
    lines = [message(f"d{key}", key) for key in keys] or [tombstone("ingen", 0)]
    persons = [bruker(f"{10000000000 + number}") for number in range(brukere)]
    return uttrekk_rows(f"2025-02-{day:02d}T06:00:00", lines, oppfolgingsbruker=persons)


def account(door: Door) -> dict[str, int]:
    """Return how many keys of Komet's there are in each state."""
    return dict(door.rows(f"select tilstand_kode, antall from uttrekk.nokkelregnskap where kilde = '{TOPIC}'"))


def persons_changed(door: Door) -> list[tuple[str, str]]:
    """Return (source, column) of each participation that is about another person."""
    return door.rows("select kilde, kolonne_navn from uttrekk.feil where feil_kode = 'ENDRET_PERSON' order by all")


@pytest.mark.parametrize(
    ("before", "after", "limit", "stopped"),
    [
        (200, 180, 10, False),  # exactly the limit
        (200, 179, 10, True),
        (199, 180, 0, False),  # fewer than twenty
        (200, 180, 0, True),
        (100, 81, 0, False),
        (200, 1, 100, False),
        (200, 1, 99, True),
    ],
)
@pytest.mark.parametrize("full_refresh", [False, True])
@pytest.mark.parametrize("what", ["rows", "keys"])
def test_an_extract_that_is_much_smaller_is_refused(
    door: Door, before: int, after: int, limit: float, stopped: bool, full_refresh: bool, what: str
) -> None:
    """A table's rows and a topic's keys; the sentence has both numbers, and how to accept them (specification 2)."""
    if what == "rows":
        first, second = of(3, range(1, 2), before), of(10, range(1, 2), after)
    else:
        first, second = of(3, range(before)), of(10, range(before - after, before))
    door.load(first)
    if not stopped:
        door.load(second, full_refresh=full_refresh, volume=Volume(limit))
        return
    said = refusal(door, second, full_refresh=full_refresh, volume=Volume(limit))
    assert f"had {before}, and {before - after} of them are gone" in said
    assert f'godta_volum: "{LATER}"' in said
    assert "had" in refusal(door, second, volume=Volume(limit, "2025-02-03T06:00:00"))
    door.load(second, full_refresh=full_refresh, volume=Volume(limit, "2025-02-10 05:00Z"))
    assert account(door).get("BORTE", 0) == (0 if what == "rows" else before - after)


def test_the_time_in_the_sentence_is_accepted(door: Door) -> None:
    """Also one with decimals; and what has been told of new idents is no loss."""
    told: list[Row] = [{"person_ident": f"{number + 10**10}", "gjeldende_person_ident": OLA} for number in range(30)]
    door.load(of(3, range(60)))
    rows = of(10, range(60))
    rows.tables["person_ident_historikk"] = told
    door.load(rows)
    door.load(of(17, range(60)))
    smaller = of(24, range(10))
    for row in smaller.tables["uttrekk"]:
        row["uttrekk_tidspunkt"] = "2025-02-24T06:00:00,25"
    said = refusal(door, smaller)
    door.load(smaller, volume=Volume(10, said.partition('godta_volum: "')[2].partition('"')[0]))


def test_tombstones_and_new_keys_are_no_loss(door: Door) -> None:
    """A key that is deleted is accounted for; one that is new does not stand for one that is gone."""
    door.load(of(3, range(60)))
    rows = of(10, range(30))
    rows.topic[0] += [tombstone(f"d{key}", 100 + key) for key in range(30, 60)]
    for _ in range(2):
        door.load(rows)
        assert account(door) == {"STAAR": 30, "SLETTET": 30}
    assert "30 of them are gone" in refusal(door, of(17, range(100, 130)))


def test_the_account_is_with_the_extract_before_also_when_it_is_loaded_again(door: Door) -> None:
    """Corrected without a new time, it is compared with the same one before."""
    door.load(of(3, range(10)))
    assert account(door) == {}
    door.load(of(10, range(8)))
    assert account(door) == {"STAAR": 8, "BORTE": 2}
    door.load(of(10, range(8)))
    assert account(door) == {"STAAR": 8, "BORTE": 2}
    door.load(of(10, range(9)))
    assert account(door) == {"STAAR": 9, "BORTE": 1}
    door.load(with_omfang(of(17, range(20, 21)), **{TOPIC: "endring"}))
    assert account(door) == {"STAAR": 9}


def test_the_topics_other_form_is_compared_too(door: Door) -> None:
    """From the topic to the view, and within the view."""
    door.load(of(3, range(50)))
    views = []
    for day, count in ((10, 50), (10, 29), (17, 29)):
        rows = of(day, range(0))
        rows.tables[KOMET_VIEW] = [view_row(f"d{key}") for key in range(count)]
        rows.topic.clear()
        views.append(rows)
    assert "21 of them are gone" in refusal(door, views[1])
    door.load(views[0])
    assert account(door) == {"STAAR": 50}
    assert "21 of them are gone" in refusal(door, views[2])
    door.load(of(24, range(50)))
    assert account(door) == {"STAAR": 50}


def test_an_optional_topic_that_is_gone_is_a_loss(door: Door) -> None:
    """No file of the employers' topic is a topic without messages."""
    rows = of(3, range(1, 2))
    rows.arbeidsgiver = [[avtale(f"a{key}", key) for key in range(20)]]
    door.load(rows)
    assert "arbeidsgiver.tiltak-avtale-hendelse-compact had 20, and 20" in refusal(door, of(10, range(1, 2)))


def test_a_participation_of_another_person_is_a_fault_in_its_run(door: Door) -> None:
    """Also when the extract is loaded again; not when it has been told that they are the same."""
    lines = [message("d1", 1), message("d2", 2)]
    changed = [message("d1", 3, personIdent=OLA), message("d2", 2)]
    door.load(uttrekk_rows("2025-02-03T06:00:00", lines))
    for _ in range(2):
        door.load(uttrekk_rows(LATER, changed))
        assert persons_changed(door) == [(TOPIC, "personIdent")]
    door.load(uttrekk_rows("2025-02-17T06:00:00", changed))
    assert persons_changed(door) == []
    view = uttrekk_rows("2025-02-24T06:00:00", [])
    view.tables[KOMET_VIEW] = [view_row("d1"), view_row("d2")]
    view.topic.clear()
    door.load(view)
    assert persons_changed(door) == [(KOMET_VIEW, "person_ident")]
    told: list[Row] = [{"person_ident": KARI, "gjeldende_person_ident": OLA}]
    view.tables["person_ident_historikk"] = told
    door.load(view)
    assert persons_changed(door) == []


def test_idents_are_followed_to_the_end() -> None:
    """Chains to their end; members of a ring stay as they are, and so does who leads to it."""
    assert follow({"a": "b", "b": "c", "d": "c"}) == ({"a": "c", "b": "c", "d": "c"}, set())
    assert follow({"b": "c", "a": "b"}) == ({"a": "c", "b": "c"}, set())
    current, ring = follow({"a": "b", "b": "c", "c": "b", "x": "a"})
    assert (current, ring) == ({}, {"b", "c"})


def test_what_is_told_once_holds_and_the_later_is_right(door: Door) -> None:
    """The file may be gone; what a later one says of the same ident replaces it. A ring is a fault."""

    def told(day: int, *pairs: tuple[str, str]) -> dict[str, str]:
        rows: list[Row] = [{"person_ident": old, "gjeldende_person_ident": new} for old, new in pairs]
        tables = {"person_ident_historikk": rows} if pairs else {}
        door.load(uttrekk_rows(f"2025-02-{day:02d}T06:00:00", [message()], **tables), full_refresh=day % 2 == 0)
        return dict(door.rows("select person_id, gjeldende_person_id from uttrekk.gjeldende_person"))

    a, b, c = (pseudonym(KEY, ident) for ident in (KARI, OLA, "03873012347"))
    assert told(3, (KARI, OLA)) == {a: b}
    assert told(4) == {a: b}
    assert told(5, (OLA, "03873012347")) == {a: c, b: c}
    assert told(6, (KARI, "03873012347")) == {a: c, b: c}
    assert told(7, (OLA, OLA)) == {a: c}
    assert told(8, ("03873012347", KARI)) == {}
    assert sorted(door.rows("select rad_id, feil_kode from uttrekk.feil")) == sorted(
        (person, "IDENT_I_RING") for person in (a, c)
    )


def test_who_is_erased_is_erased_by_every_ident(door: Door) -> None:
    """By one that is told later too."""
    door.load(uttrekk_rows("2025-02-03T06:00:00", [message()], oppfolgingsbruker=[bruker(KARI), bruker(OLA)]))
    door.connection.execute("create table drift.slettet_person as select ? as person_id", [pseudonym(KEY, OLA)])
    rows = uttrekk_rows(LATER, [message("d1", 9)], oppfolgingsbruker=[bruker(KARI), bruker(OLA)])
    door.load(rows)
    assert door.column("select person_id from uttrekk.oppfolgingsbruker") == [pseudonym(KEY, KARI)]
    rows.tables["person_ident_historikk"] = [{"person_ident": KARI, "gjeldende_person_ident": OLA}]
    door.load(rows, full_refresh=True)
    assert door.column("select person_id from uttrekk.oppfolgingsbruker") == []
    assert door.column("select slettet_person_flagg from uttrekk.amt_deltaker_ekstern_v1") == [True]
