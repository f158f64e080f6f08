"""Runs commands, and measures what they take."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SHOWN_LINES = 15


class CommandFailed(Exception):
    """A command that is measured did not succeed; the message says which, and how its output ended."""


@dataclass(frozen=True)
class Measured:
    """The cost of a process and those it started: by the clock, of the processors, and the memory of the largest.

    `finished` is false when it was stopped at its time limit; the numbers are then what it had taken until then.
    """

    seconds: float
    cpu_seconds: float
    peak_gib: float
    finished: bool = True


def tell(sentence: str) -> None:
    """Say on stderr what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def measured(
    what: str,
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> Measured:
    """Run a command to its end and measure it.

    Args:
        what: what it does, for the messages.
        command: the program and its arguments.
        folder: where it is run.
        environment: variables to set besides those that are set; an empty one is removed.
        limit: the seconds after which it is stopped.

    Returns:
        What it took.

    Raises:
        CommandFailed: it did not succeed.
    """
    tell(f"{what} ...")
    variables = {**os.environ, **(environment or {})}
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={name: value for name, value in variables.items() if value},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        stopped = False
        try:
            while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
                if limit is not None and not stopped and time.monotonic() - begun > limit:
                    process.kill()
                    stopped = True
                time.sleep(0.02)
        except BaseException:
            # Not killed: uv passes this on to what it runs.
            process.terminate()
            process.wait()
            raise
        seconds = time.monotonic() - begun
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 and not stopped:
            output.seek(0)
            end = "\n".join(output.read().splitlines()[-SHOWN_LINES:])
            raise CommandFailed(f"{what}: it failed with exit code {process.returncode}. Its output ends with\n{end}")
    found = Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20, not stopped)
    tell(f"{what}: {seconds:.1f} s, {found.peak_gib:.2f} GiB{'' if found.finished else ', stopped at its limit'}")
    return found


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a process of its own, and return what it returns.

    Linux counts the most memory that a process has ever had as that of those it starts, so this one must stay small.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()
