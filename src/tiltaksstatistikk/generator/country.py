"""The people of a whole country, made in parts by several processes.

The content of a part depends on its number alone, and the parts are joined in order. The number of processes therefore
changes nothing but the time.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from tiltaksstatistikk.generator.employers import AgreementMaker, EmployersWriter
from tiltaksstatistikk.generator.files import EMPLOYERS_TOPIC, TOPIC, Extract, Form, Progress
from tiltaksstatistikk.generator.people import Idents, PeopleMaker
from tiltaksstatistikk.generator.values import Draws

#: The participations of a part, and the most that the offsets of a partition can grow in it: four messages for
#: each participation, and five for each message.
PART = 20_000
OFFSETS = 20 * PART + 100

#: How many participations people have, and how many of a hundred people: about five each.
PARTICIPATIONS = {1: 16, 2: 14, 3: 13, 4: 12, 5: 10, 6: 9, 7: 7, 8: 6, 10: 6, 12: 4, 15: 3}
PARTICIPATIONS_WEIGHTS = list(accumulate(PARTICIPATIONS.values()))


@dataclass(frozen=True)
class Country:
    """A country to be made: `wanted` participations, of people drawn by `maker`, in parts below `folder`."""

    maker: PeopleMaker
    folder: Path
    form: Form
    seed: int
    wanted: int
    #: Adds the faulty objects to the last part, if they are wanted.
    add_faults: Callable[[AgreementMaker, Extract], None] | None

    @property
    def parts(self) -> int:
        """The number of parts."""
        return -(-self.wanted // PART)

    def write(self, number: int) -> Path:
        """Write a part; returns its folder."""
        folder = self.folder / f"part-{number}"
        folder.mkdir()
        scope = f"{self.seed}/part/{number}"
        rngs = {topic: Draws(f"{scope}/{topic}") for topic in (TOPIC, EMPLOYERS_TOPIC)}
        extract = Extract(folder, rngs, self.form, part=True)
        for writer in (extract.topic, extract.employers):
            writer.offsets = [number * OFFSETS + offset for offset in writer.offsets]
        self._write(number, scope, extract)
        extract.close()
        return folder

    def _write(self, number: int, scope: str, extract: Extract) -> None:
        """Write the people of a part, and those with agreements."""
        idents = Idents(Draws(f"{self.seed}/ident"), 10_000, number * PART)
        agreements = AgreementMaker(self.maker, self.maker.registers.offices)
        employers = EmployersWriter(agreements, extract, self.seed, f"{number}/", number * PART // 4)
        wanted = min(PART, self.wanted - number * PART)
        done = people = 0
        koder = list(PARTICIPATIONS)
        while done < wanted:
            rng = Draws(f"{scope}/{people}")
            drawn = rng.choices(koder, cum_weights=PARTICIPATIONS_WEIGHTS)[0]
            participations = min(wanted - done, drawn)
            person = self.maker.person(rng, idents.next(), participations)
            person.write(extract)
            done += participations
            employers.follow(people, person, done)
            people += 1
        if self.add_faults and number == self.parts - 1:
            self.add_faults(agreements, extract)


#: The country that this process makes parts of. Its registers are too much to be sent to each process. A process that
#: is forked has them already.
_country: list[Country] = []


def _write_part(number: int) -> Path:
    return _country[0].write(number)


def _folders(country: Country, processes: int) -> Iterator[Path]:
    """Yield the folders of the parts, in order."""
    numbers = range(country.parts)
    if processes == 1 or country.parts == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(country.write, numbers)
        return
    _country[:] = [country]
    # Objects that are there already are not to be looked through for garbage, or copied, in each process.
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_write_part, numbers)
    gc.unfreeze()
    _country.clear()


def write_country(country: Country, extract: Extract, processes: int) -> None:
    """Write the people of a country."""
    progress = Progress("participations", country.wanted)
    for number, folder in enumerate(_folders(country, processes)):
        extract.add_part(number, folder)
        progress.tell(min(country.wanted, (number + 1) * PART))
