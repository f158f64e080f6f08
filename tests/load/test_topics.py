"""A topic after the door: which messages are there, what is left of them, and what is read again."""

from __future__ import annotations

import json

import duckdb
import pytest

from tests.load.door import KEY, NOTHING, Door
from tests.rules.brute_force import TOPIC, pseudonym
from tests.rules.rows import KARI, OLA, avtale, message, tombstone, uttrekk_rows, with_omfang
from tests.rules.small_worlds import UttrekkRows

KOMET = "uttrekk.amt_deltaker_ekstern_v1"
EMPLOYERS = "uttrekk.arbeidsgiver_tiltak_avtale_hendelse_compact"
SHARES = "uttrekk.amt_deltaker_ekstern_v1_deltakelsesmengde"


def of(day: int, lines: list[str], scope: str | None = None) -> UttrekkRows:
    """Return an extract of a day in February 2025; with a scope it says so of Komet's topic."""
    rows = uttrekk_rows(f"2025-02-{day:02d}T06:00:00", lines)
    return with_omfang(rows, **{TOPIC: scope}) if scope else rows


def messages(door: Door) -> list[tuple[int, str, str | None, str | None]]:
    """Return (offset, what the value is, key, status) of every message with a place."""
    return door.rows(
        f"select offset_nummer, verdi_kode, deltakelse_id, status from {KOMET} where linje_id is null order by all"
    )


def faults(door: Door) -> list[tuple[str, str | None, str]]:
    """Return (object, column, kind) of every fault."""
    return door.rows(
        f"select coalesce(melding.deltakelse_id, rad_id), kolonne_navn, feil_kode from uttrekk.feil "
        f"left join {KOMET} as melding on rad_id = cast(melding_id as varchar) order by all"
    )


def test_only_the_last_message_of_a_key_has_content(door: Door) -> None:
    """By offset, in whatever order; a tombstone has none. What is replaced is counted, and tells of nobody."""
    later = message("a", 7, status="HAR_SLUTTET")
    lines = [later, message("a", 3), message("b", 8, personIdent=OLA), tombstone("b", 9), tombstone("c", 10)]
    door.load(of(3, [*lines, message("c", 11), message("c", 11)]))
    assert messages(door) == [
        (3, "INNHOLD", None, None),
        (7, "INNHOLD", "a", "HAR_SLUTTET"),
        (8, "INNHOLD", None, None),
        (9, "SLETTET", None, None),
        (10, "SLETTET", None, None),
        (11, "INNHOLD", "c", "DELTAR"),
    ]
    assert pseudonym(KEY, OLA) not in repr(door.contents())
    assert door.column(f"select count(distinct key_nokkel) from {KOMET}") == [3]


def test_keys_that_look_like_idents_stay_two(door: Door) -> None:
    """They are not stored in clear, and are not one participation."""
    door.load(of(3, [message("1700000000001", 1), message("1700000000002", 2), message("1700000000002", 3)]))
    assert door.column(f"select count(distinct deltakelse_id) from {KOMET}") == [2]
    assert "17000000000" not in repr(door.contents())


def test_a_line_without_a_place_is_a_fault_with_its_line(door: Door) -> None:
    """What is no object, and what lacks key, offset or value; one that has them stops nobody."""
    lines = [
        '["ikke et objekt"]',
        '{"offset": 1, "value": null}',
        '{"offset": 1, "key": "uten_verdi"}',
        '{"key": "uten_offset", "value": null}',
        '{"offset": 2, "key": "tekst", "value": "ikke et objekt"}',
        '{"offset": 3, "key": "x", "value": null} x',
        message("ok", 4),
        '["ikke et objekt"]',
    ]
    door.load(of(3, lines))
    assert messages(door) == [(2, "UGYLDIG_JSON", "tekst", None), (4, "INNHOLD", "ok", "DELTAR")]
    assert faults(door) == [
        (f"{TOPIC}.jsonl:1", None, "UGYLDIG_JSON"),
        (f"{TOPIC}.jsonl:2", None, "MANGLER_FELT"),
        (f"{TOPIC}.jsonl:3", None, "MANGLER_FELT"),
        (f"{TOPIC}.jsonl:4", None, "MANGLER_FELT"),
        (f"{TOPIC}.jsonl:6", None, "UGYLDIG_JSON"),
        (f"{TOPIC}.jsonl:8", None, "UGYLDIG_JSON"),
    ]
    door.load(of(10, lines[-2:-1]))
    assert faults(door) == []


def test_a_value_that_cannot_be_read_is_a_fault(door: Door) -> None:
    """Of the last message alone, also after an extract in which the line is known."""
    lines = [
        message("dato", 1, startDato="2024-02-31"),
        message("slutt", 2, sluttDato="31.12.2024"),
        message("tid", 3, registrertTidspunkt="i fjor"),
        message("erstattet", 4, startDato="x"),
        message("erstattet", 5),
    ]
    expected = [
        ("dato", "startDato", "UGYLDIG_VERDI"),
        ("slutt", "sluttDato", "UGYLDIG_VERDI"),
        ("tid", "registrertTidspunkt", "UGYLDIG_TIDSPUNKT"),
    ]
    for day in (3, 10):
        door.load(of(day, lines))
        assert faults(door) == expected


def test_shares_are_rows_of_their_own(door: Door) -> None:
    """Entry by entry. A per cent that is missing is nothing; one that cannot be read, and a date, are faults."""
    whole = {"deltakelsesprosent": 50.5, "gyldigFraDato": "2024-01-01", "opprettetTidspunkt": "2023-12-01T12:00:00"}
    given: dict[str, object] = {
        "to": [whole, {"gyldigFraDato": "2024-02-01"}],
        "prosent": [{"deltakelsesprosent": "halv", "gyldigFraDato": "2024-01-01"}],
        "dato": [{"deltakelsesprosent": 50, "gyldigFraDato": "snart"}],
        "tekst": "mye",
        "tall": [50],
        "tom": [],
        "ingen": None,
    }
    lines = [message(key, number, deltakelsesmengder=value) for number, (key, value) in enumerate(given.items())]
    door.load(of(3, lines))
    found = door.rows(
        "select deltakelse_id, cast(gyldig_fra_dato as varchar), cast(opprettet_tidspunkt as varchar), "
        f"cast(deltakelsesprosent as double) from {SHARES} order by all"
    )
    assert found == [
        ("dato", None, None, 50),
        ("prosent", "2024-01-01", None, None),
        ("tall", None, None, None),
        ("to", "2024-01-01", "2023-12-01 12:00:00", 50.5),
        ("to", "2024-02-01", None, None),
    ]
    assert [key for key, *_ in faults(door)] == ["dato", "prosent", "tall", "tekst"]
    door.load(of(10, [*lines, message("to", 20)]))
    assert door.column(f"select distinct deltakelse_id from {SHARES} order by 1") == ["dato", "prosent", "tall"]


def test_of_an_agreement_only_what_counts_is_kept(door: Door) -> None:
    """Names, the firm and other idents than the participant's are never stored (specification 9)."""
    rows = of(3, NOTHING)
    names = {"veilederNavIdent": "Z999999", "mentorFornavn": "Kari", "bedriftNr": "987654321"}
    agreements = [
        avtale("a", 2, stillingprosent=60, **{"avtaleInngått": "2024-01-15T23:30:00Z"}, **names),
        avtale("b", 3, stillingprosent="full", feilregistrert=True, **{"avtaleInngått": "snart"}),
        tombstone("c", 4),
    ]
    rows.arbeidsgiver = [agreements]
    door.load(rows)
    columns = "deltakelse_id, cast(avtale_inngatt as varchar), cast(stillingprosent as double), feilregistrert"
    assert door.rows(f"select {columns} from {EMPLOYERS} order by offset_nummer") == [
        ("a", "2024-01-16 00:30:00", 60, False),
        ("b", None, None, True),
        (None, None, None, None),
    ]
    assert door.column("select kolonne_navn from uttrekk.feil order by 1") == ["avtaleInngått", "stillingprosent"]
    assert not [name for name in (*names.values(), KARI) if name in repr(door.contents())]


def test_a_known_line_is_not_parsed_again(door: Door) -> None:
    """Whatever the file and the order; a full refresh parses it anew."""
    door.load(of(3, [message("d1", 1), message("d2", 2)]))
    door.connection.execute(f"update {KOMET} set status = 'LEST'")
    door.load(of(10, [message("d3", 3), message("d2", 2), message("d1", 1)]))
    read = [("d1", "LEST"), ("d2", "LEST"), ("d3", "DELTAR")]
    assert [(key, status) for _, _, key, status in messages(door)] == read
    door.load(of(10, [message("d2", 2), message("d1", 1)]), full_refresh=True)
    assert [(key, status) for _, _, key, status in messages(door)] == [("d1", "DELTAR"), ("d2", "DELTAR")]


def test_a_message_stands_again_when_its_replacement_is_gone(door: Door) -> None:
    """All of the topic is true as it is, also when it goes back: the content is read once more."""
    door.load(of(3, [message("d1", 1), message("d1", 2, status="FULLFORT")]))
    door.load(of(10, [message("d1", 1)]))
    assert messages(door) == [(1, "INNHOLD", "d1", "DELTAR")]


def test_what_is_new_replaces_and_deletes_by_tombstones_alone(door: Door) -> None:
    """A message from before what stands, delivered once more, brings nothing back."""
    door.load(of(3, [message("d1", 1), message("d2", 2), message("d3", 3)]))
    door.load(of(10, [message("d1", 8, status="FULLFORT"), tombstone("d2", 9)], "endring"))
    stands = [(3, "INNHOLD", "d3", "DELTAR"), (8, "INNHOLD", "d1", "FULLFORT"), (9, "SLETTET", None, None)]
    assert messages(door) == stands
    door.load(of(17, [message("d2", 2)], "endring"))
    assert messages(door) == [(2, "INNHOLD", None, None), *stands]
    door.load(of(24, [message("d1", 8, status="FULLFORT")], "full"))
    assert messages(door) == [(8, "INNHOLD", "d1", "FULLFORT")]


def test_what_is_delivered_once_more_is_counted_also_when_it_is_replaced(door: Door) -> None:
    """By what is new, or before: each line of the extract is in one place (specification 7), without content."""
    door.load(of(3, [message("d1", 1, startDato="x"), message("d2", 2), message("d2", 3)]))
    again = [message("d1", 1, startDato="x"), message("d1", 4), message("d2", 2)]
    for _ in range(2):
        door.load(of(10, again, "endring"))
        assert messages(door) == [
            (1, "INNHOLD", None, None),
            (2, "INNHOLD", None, None),
            (3, "INNHOLD", "d2", "DELTAR"),
            (4, "INNHOLD", "d1", "DELTAR"),
        ]
        assert faults(door) == []


def test_an_erased_person_is_not_read(door: Door) -> None:
    """Their message still replaces the one before. Taken off the list, they are read again."""
    lines = [message("d1", 1, personIdent=OLA), message("d1", 2), message("d2", 3, personIdent=OLA)]
    door.load(of(3, lines))
    door.connection.execute("create table drift.slettet_person (person_id varchar, slettet_tid timestamp)")
    door.connection.execute("insert into drift.slettet_person values (?, now()::timestamp)", [pseudonym(KEY, KARI)])
    door.load(of(10, lines), full_refresh=True)
    assert messages(door) == [
        (1, "INNHOLD", None, None),
        (2, "INNHOLD", None, None),
        (3, "INNHOLD", "d2", "DELTAR"),
    ]
    assert door.column(f"select offset_nummer from {KOMET} where slettet_person_flagg") == [2]
    door.connection.execute("delete from drift.slettet_person")
    door.load(of(17, lines))
    assert [key for _, _, key, _ in messages(door)] == [None, "d1", "d2"]


def test_what_a_line_is_known_by_tells_nothing(door: Door) -> None:
    """Neither a partition nor an offset that is no number is stored, nor a checksum that can be tried without a key."""
    faulty = [
        f'{{"partition": "{KARI}", "offset": 20, "key": "x", "value": null}}',
        f'{{"partition": {{"personIdent": "{KARI}"}}, "offset": 21, "key": "y", "value": null}}',
        f'{{"partition": 0, "offset": "Kari {KARI}", "key": "z", "value": null}}',
        f'"{KARI}"',
    ]
    door.load(of(3, [*faulty, *faulty]))
    assert KARI not in repr(door.contents())
    with duckdb.connect() as connection:
        unkeyed = connection.execute("select cast(hash(?) as varchar)", [faulty[0]]).fetchall()[0][0]
    assert unkeyed not in repr(door.contents())
    # Of those with a place each is one line; the others are there twice.
    assert door.column(f"select count(*) from {KOMET}") == [2 + 4]


@pytest.mark.parametrize("text", ["søt 🍒", "tab\\tog linje\\n"])
def test_letters_are_read_as_they_are(door: Door, text: str) -> None:
    """A key of any letters is one key."""
    line = json.dumps({"partition": 0, "offset": 1, "key": text, "value": None}, ensure_ascii=False)
    door.load(of(3, [line, message(text, 2)]))
    assert [key for _, _, key, _ in messages(door)] == [None, text]
