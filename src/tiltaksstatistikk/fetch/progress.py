"""Tells how far a fetch has come: on a terminal as bars, else as plain lines with the time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import rich.console
import rich.progress

EVERY_SECONDS = 15


class Progress:
    """What is told of one fetch.

    Args:
        bars: where bars are shown; None when it is no terminal.
    """

    def __init__(self, bars: Any = None) -> None:
        """Begin with nothing."""
        self.bars = bars
        self.name, self.total, self.done, self.told = "", 0, 0, 0.0
        self.task: Any = None

    def say(self, text: str) -> None:
        """Tell one thing."""
        if self.bars:
            self.bars.console.print(text, markup=False, highlight=False)
        else:
            print(f"{datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)

    def begin(self, name: str, total: int = 0) -> None:
        """Begin with a source.

        Args:
            name: of the source.
            total: how many rows or messages there are at most; 0 when nobody knows.
        """
        self.name, self.total, self.done, self.told = name, total, 0, time.monotonic()
        if self.bars:
            self.task = self.bars.add_task(name, total=total or None)
        else:
            self.say(f"{name}: begins{f', at most {total}' if total else ''}")

    def advance(self, number: int) -> None:
        """Some more rows or messages are there."""
        self.done += number
        if self.bars:
            self.bars.update(self.task, completed=self.done)
        elif time.monotonic() - self.told > EVERY_SECONDS:
            self.told = time.monotonic()
            self.say(f"{self.name}: {self.done}{f' of {self.total}' if self.total else ''}")

    def end(self, text: str) -> None:
        """A source is whole."""
        if self.bars:
            self.bars.remove_task(self.task)
        self.say(f"{self.name}: {text}")


@contextmanager
def progress() -> Iterator[Progress]:
    """Give what to tell with, on stderr."""
    console = rich.console.Console(stderr=True)
    if not console.is_terminal:
        yield Progress()
        return
    columns = (
        rich.progress.TextColumn("{task.description}"),
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TimeRemainingColumn(),
    )
    with rich.progress.Progress(*columns, console=console) as bars:
        yield Progress(bars)
