"""The keys that the noise in the open numbers is drawn from (decision 17)."""

from __future__ import annotations

import hmac

from tests.load.door import KEY, NOTHING, Door
from tests.rules.brute_force import IDENT_HISTORIKK, pseudonym
from tests.rules.rows import KARI, OLA, avtale, bruker, message, uttrekk_rows
from tests.rules.small_worlds import Row, UttrekkRows

NEW_IDENT = "01851099999"


def derived(purpose: str) -> str:
    """Return a secret that is made of the key, as Python's own library makes it."""
    return hmac.new(KEY.encode(), purpose.encode(), "sha256").hexdigest()


def key_of(ident: str) -> tuple[str, int]:
    """Return a person's row."""
    person = pseudonym(KEY, ident)
    mac = hmac.new(derived("aapne_tall").encode(), f"person|{person}".encode(), "sha256").hexdigest()
    return person, int(mac[:8], 16)


def of(day: int, topic: list[str], **tables: list[Row]) -> UttrekkRows:
    """Return an extract of a day in which a third person takes part in no tiltak."""
    rows = uttrekk_rows(f"2025-02-{day:02}T06:00:00", topic, oppfolgingsbruker=[bruker("03873012347")], **tables)
    rows.arbeidsgiver = [[avtale("a1", deltakerFnr=OLA)]]
    return rows


def keys(door: Door) -> set[tuple[str, int]]:
    """Return the persons who have a key."""
    return set(door.rows("from uttrekk.person_nokkel"))


def test_each_person_on_a_participation_has_a_key_that_stays(door: Door) -> None:
    """It is HMAC of the pseudonym; a person who is gone has none, and one who has a new ident has the new one's."""
    door.load(of(3, [message()]))
    assert keys(door) == {key_of(KARI), key_of(OLA)}
    assert door.rows("from uttrekk.serie_nokkel") == [(derived("aapne_tall/serie"),)]
    told: dict[str, list[Row]] = {IDENT_HISTORIKK: [{"person_ident": KARI, "gjeldende_person_ident": NEW_IDENT}]}
    door.load(of(10, [message()], **told))
    assert keys(door) == {key_of(NEW_IDENT), key_of(OLA)}
    door.load(of(17, NOTHING, **told))
    assert keys(door) == {key_of(OLA)}
