"""How much there is of everything: a few offices, as in the seeds, or Norway, which a run is measured on.

Norway has ten years of participations, and a year before those, so that the first weeks have people in them.
About as many take part at any time as in the national figures, however many participations there are in all:
these are cut to the length that gives that number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tiltaksstatistikk.generator.kodeverk import Kodeverk

#: The first day on which a participation starts, so that the first weeks counted (2022-01-03 on) have
#: people in them.
FIRST_START = date(2021, 6, 1)
COUNTRY_YEARS = 10
#: So many participations give as many people at a time as the national figures have; fewer give fewer.
COUNTRY_PARTICIPATIONS = 5_000_000
#: Longer tiltak are as if they were no longer, so that the year before the ten fills them too.
COUNTRY_LONGEST = 700
#: The share of the country's participations that begin while the person's last one goes on.
COUNTRY_AT_ONCE = 0.08


@dataclass(frozen=True)
class Shape:
    """The differences between a few offices (the defaults) and the country."""

    country: bool = False
    first_start: date = FIRST_START
    #: The factor of the tiltakstyper's lengths, when they are cut to the longest.
    length: float = 1.0
    longest: int = 10**6
    #: The shares of participations that start, and (above) of those that wait still.
    took_part: float = 0.80
    waits_above: float = 0.975
    veiledere: tuple[int, int] = (14, 30)
    avdelinger: int = 3

    def days(self, kodeverk: Kodeverk, kode: str) -> float:
        """Return the length of a tiltakstype."""
        return min(kodeverk.profile(kode).days, self.longest) * self.length


def country_length(kodeverk: Kodeverk, days: int, took_part: float) -> float:
    """Return what lengths must be multiplied with for the national number of people at a time.

    `days` is how long participations have been starting, and `took_part` the share of them that do start.
    """
    inflow = {kode: kodeverk.inflow[kode] for kode in kodeverk.topic_koder}
    longest = sum(inflow[kode] * min(kodeverk.profile(kode).days, COUNTRY_LONGEST) for kode in inflow)
    starts_a_day = COUNTRY_PARTICIPATIONS * took_part * (1 - COUNTRY_AT_ONCE) / days
    return kodeverk.active / (starts_a_day * longest / sum(inflow.values()))


def country_shape(taken_at: datetime, first_start: date | None = None) -> Shape:
    """Return the shape of the country; in the weeks after the first, everything starts from `first_start` on."""
    today = taken_at.date()
    begin = today - timedelta(days=round(365.25 * (COUNTRY_YEARS + 1)))
    took_part = 0.55
    length = country_length(Kodeverk(taken_at), (today - begin).days, took_part)
    return Shape(
        country=True,
        first_start=first_start or begin,
        length=length,
        longest=COUNTRY_LONGEST,
        took_part=took_part,
        waits_above=0.995,
        veiledere=(45, 73),
        avdelinger=5,
    )
