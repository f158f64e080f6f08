"""People who get another ident: a fødselsnummer in the place of a D-number, and some of them once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tiltaksstatistikk.generator.people import Idents
from tiltaksstatistikk.generator.values import Row

#: Of those who have a D-number, who get a fødselsnummer in a week; fewer of the country, where there are so many.
CHANGED_SHARE, COUNTRY_CHANGED_SHARE = 0.06, 0.002
#: Of those who have changed ident before, who do so again in a week.
AGAIN_SHARE, COUNTRY_AGAIN_SHARE = 0.1, 0.01


def is_d_number(ident: str) -> bool:
    """Return whether an ident has 40 added to the day."""
    return len(ident) == 11 and "4" <= ident[0] <= "7"


class NewIdents:
    """Says which ident a person has now, by what has been told before and what happens this week."""

    def __init__(self, told: Iterable[Row], chance: Callable[[str, str], float], idents: Idents, country: bool) -> None:
        """Read `told`, the rows of the extract before; `idents` are given to those who change once more.

        The members of a ring stay as they are.
        """
        self._rows = list(told)
        told_of = {row["person_ident"]: row["gjeldende_person_ident"] for row in self._rows}
        self._chance = chance
        self._share = COUNTRY_CHANGED_SHARE if country else CHANGED_SHARE
        again = COUNTRY_AGAIN_SHARE if country else AGAIN_SHARE
        self._ring = {ident for ident in told_of if _leads_to_itself(told_of, ident)}
        self._told = {old: new for old, new in told_of.items() if old not in self._ring}
        self._new: dict[str, str] = {}
        for ident in sorted(set(self._told.values()) - set(told_of)):
            if chance("ident again", ident) < again:
                new = idents.next()
                while is_d_number(new):
                    new = idents.next()
                self._new[ident] = new

    def is_told(self, ident: str) -> bool:
        """Return whether the extract before has said that the ident is another now."""
        return ident in self._told

    def current(self, ident: str) -> str:
        """Return the person's ident from this week on."""
        while ident in self._told:
            ident = self._told[ident]
        if ident in self._new:
            return self._new[ident]
        if is_d_number(ident) and ident not in self._ring and self._chance("ident", ident) < self._share:
            self._new[ident] = f"{int(ident[0]) - 4}{ident[1:]}"
            return self._new[ident]
        return ident

    def rows(self) -> list[Row]:
        """Return all that has been told, and what is new of the people who have been asked for."""
        new = [{"person_ident": old, "gjeldende_person_ident": now} for old, now in sorted(self._new.items())]
        return self._rows + new


def _leads_to_itself(told: dict[str, str], ident: str) -> bool:
    seen = {ident}
    at = told[ident]
    while at in told and at not in seen:
        seen.add(at)
        at = told[at]
    return at == ident
