"""Single values: points in time as the sources write them, and ids. Times are Oslo's, without a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

#: A row of a table; null is empty text, as in CSV.
Row = dict[str, str]
#: The content of a topic's message.
Value = dict[str, Any]


EPOCH = datetime(1970, 1, 1)
HOURS = (timedelta(hours=1), timedelta(hours=2))


class Draws(Random):
    """A generator that draws the same as `Random` from the same seed, whole numbers in half the time.

    Making a country is mostly drawing.
    """

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """Return a number from `start` (or 0) to `stop`, not inclusive."""
        if stop is None:
            start, stop = 0, start
        if step != 1 or stop <= start:
            return super().randrange(start, stop, step)
        width = stop - start
        bits = width.bit_length()
        drawn = self.getrandbits(bits)
        while drawn >= width:
            drawn = self.getrandbits(bits)
        return start + drawn

    def randint(self, a: int, b: int) -> int:
        """Return a number from `a` to `b`, inclusive."""
        return self.randrange(a, b + 1)

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        """Return an element."""
        return seq[self.randrange(len(seq))]


@cache
def summer(year: int) -> tuple[datetime, datetime]:
    """Return when summer time begins and ends: on the last Sundays of March and October."""

    def last_sunday(month: int) -> datetime:
        last = datetime(year, month, 31)
        return last - timedelta(days=(last.weekday() + 1) % 7) + timedelta(hours=2)

    return last_sunday(3), last_sunday(10)


def oslo_offset(local: datetime) -> timedelta:
    """Return Oslo's offset from UTC: two hours in summer time, else one."""
    begins, ends = summer(local.year)
    return HOURS[begins <= local < ends]


def at_midnight(day: date) -> datetime:
    """Return the day's first moment."""
    return datetime(day.year, day.month, day.day)


def moment(rng: Random, day: date, before: datetime) -> datetime:
    """Return a time of that day, but before `before`; never between 02 and 03 at night."""
    # As `randrange` draws; this is what making people does most.
    bits = rng.getrandbits
    first, hours = (7, 9) if rng.random() < 0.93 else (16, 8)
    while (hour := bits(4)) >= hours:
        pass
    micro = 0
    if rng.random() < 0.6:
        while (micro := bits(20)) >= 1_000_000:
            pass
    while (minute := bits(6)) >= 60:
        pass
    while (second := bits(6)) >= 60:
        pass
    found = datetime(day.year, day.month, day.day, first + hour, minute, second, micro)
    if found >= before:
        found = datetime.combine(before.date() - timedelta(days=1), found.time())
    return found


def local_text(rng: Random, when: datetime) -> str:
    """Write an Oslo time as ISO 8601: with T or a space, with or without fractions, seldom with its zone."""
    written = when.isoformat(sep="T" if rng.random() < 0.6 else " ")
    if rng.random() < 0.02:
        written += f"+0{oslo_offset(when) // timedelta(hours=1)}:00"
    return written


def utc_text(rng: Random, when: datetime) -> str:
    """Write an Oslo time in UTC, as Valp's views have it: mostly without a zone, sometimes with a Z."""
    written = (when - oslo_offset(when)).isoformat(sep="T" if rng.random() < 0.6 else " ")
    return written + ("Z" if rng.random() < 0.2 else "")


def offset_text(rng: Random, when: datetime) -> str:
    """Write an Oslo time with its offset, as oppfolgingsbruker has it; seldom in another way."""
    if rng.random() < 0.1:
        return local_text(rng, when)
    return f"{when.isoformat()}+0{oslo_offset(when) // timedelta(hours=1)}:00"


def instant(when: datetime) -> str:
    """Write an Oslo time as a point in time: in UTC, with nine decimals if there are any, and a Z."""
    written = (when - oslo_offset(when)).isoformat()
    if when.microsecond:
        written += f"{when.microsecond * 7919 % 1000:03}"
    return written + "Z"


def kafka_ms(when: datetime) -> int:
    """Return an Oslo time as Kafka's milliseconds since 1970 (UTC)."""
    return int((when - oslo_offset(when) - EPOCH).total_seconds() * 1000)


def parse_time(written: str) -> datetime | None:
    """Read an ISO 8601 time, dropping its zone; None when it is empty or none."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return None


def parse_date(written: object) -> date | None:
    """Read an ISO 8601 date; None when it is empty or none."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def iso(day: date | None) -> str | None:
    """Write a date as ISO 8601, or null."""
    return day.isoformat() if day else None


def new_uuid(rng: Random) -> str:
    """Return a random (version 4) UUID from the seeded generator."""
    drawn = rng.getrandbits(128) & ~(0xF000 << 64 | 0xC000 << 48) | 4 << 76 | 0x8000 << 48
    digits = f"{drawn:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
