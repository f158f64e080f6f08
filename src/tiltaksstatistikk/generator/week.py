"""The week between an extract and the next: when things happened in it, and chance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tiltaksstatistikk.generator.files import IDENT_HISTORIKK, Extract, read_table
from tiltaksstatistikk.generator.new_idents import NewIdents
from tiltaksstatistikk.generator.people import Idents
from tiltaksstatistikk.generator.registers import Registers
from tiltaksstatistikk.generator.values import Draws, Row, moment


class Week:
    """The week after an extract.

    What happens to an object is drawn from its own id, so that it does not depend on the order of reading.
    """

    def __init__(
        self,
        registers: Registers,
        extract: Extract,
        earlier: Path,
        taken_before: datetime,
        seed: int,
        idents: Idents,
        *,
        only_changes: bool = False,
        faults: bool = False,
    ) -> None:
        """Begin when `earlier` was taken, at `taken_before`, and end with the registers' time.

        `idents` are given to people who change ident once more.
        """
        self.registers = registers
        self.today = registers.today
        self.extract = extract
        self.earlier = earlier
        self.taken_before = taken_before
        self.country = registers.shape.country
        self.only_changes = only_changes
        self.faults = faults
        self.scope = f"{seed}/{registers.taken_at:%Y-%m-%dT%H}"
        told: Iterable[Row] = ()
        if any(earlier.glob(f"{IDENT_HISTORIKK}.*")):
            told = read_table(earlier, IDENT_HISTORIKK)
        self.idents = NewIdents(told, self.chance, idents, self.country)

    def chance(self, *of: str) -> float:
        """Return a number in [0, 1) that depends on the arguments only, much faster than `rng` does."""
        digest = hashlib.blake2b("/".join((self.scope, *of)).encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def rng(self, *of: str) -> Random:
        """Return a generator that depends on the arguments only."""
        return Draws("/".join((self.scope, *of)))

    def recently(self, rng: Random) -> datetime:
        """Return a time since the earlier extract."""
        days = max(1, (self.registers.taken_at - self.taken_before).days)
        day = self.today - timedelta(days=rng.randrange(1, days + 1))
        return max(moment(rng, day, self.registers.taken_at), self.taken_before + timedelta(minutes=90))
