"""The folder of a fetch: whole or not there. It is made beside its place, and renamed when it has been checked.

What a fetch that was stopped has finished is kept there, source by source, and taken when it is still whole.
"""

import csv
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tiltaksstatistikk.load.checks import Refused, fault
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.keys import file_fingerprint
from tiltaksstatistikk.load.memory import Memory
from tiltaksstatistikk.load.objects import TOPICS, UTTREKK
from tiltaksstatistikk.load.values import OSLO

STATE = "hentet.json"
# What is older was stopped and forgotten: an extract is of one day.
KEPT = timedelta(hours=12)


@dataclass
class Fetched:
    """A source that is whole in the folder.

    Attributes:
        time: when the reading began, in ISO 8601 with Oslo's offset.
        rows: how many rows or messages.
        bytes_in: how many bytes came.
        files: the checksum of each file, by its name.
        scope: `full` or `endring`.
        setup: the checksum of what was asked for.
        offsets: of a topic from Kafka, how far each partition was read (`kafka.Read`).
        bytes_scanned: how many bytes BigQuery had to read for it.
    """

    time: str
    rows: int = 0
    bytes_in: int = 0
    files: dict[str, str] = field(default_factory=dict)
    scope: str = "full"
    setup: str = ""
    offsets: dict[str, Any] | None = None
    bytes_scanned: int = 0


def now() -> str:
    """Return the time in Oslo with its offset."""
    return datetime.now(ZoneInfo(OSLO)).isoformat(timespec="seconds")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have a file or a folder written to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file, all of it or nothing."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sync(beside)
    beside.replace(path)
    sync(path.parent)


class Folder:
    """The half-made folder of an extract.

    Args:
        place: where the extract is to be.
    """

    def __init__(self, place: Path) -> None:
        """Find what is there of an earlier attempt."""
        self.place = place
        self.path = place.with_name(f".{place.name}.del")
        self.fetched: dict[str, Fetched] = {}

    def begin(self) -> None:
        """Read what has been finished before. What is in no finished source is removed."""
        try:
            state = json.loads((self.path / STATE).read_text(encoding="utf-8"))
            known = {name: Fetched(**found) for name, found in state["kilder"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            state, known = {}, {}
        if state.get("nokkel_avtrykk") == file_fingerprint():
            self.fetched = {name: found for name, found in known.items() if self.is_whole(found)}
        kept = {STATE, *(file for found in self.fetched.values() for file in found.files)}
        for path in self.path.iterdir():
            if path.name not in kept:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def is_whole(self, found: Fetched) -> bool:
        """Whether a source's files are as they were written, not long ago."""
        if datetime.now(ZoneInfo(OSLO)) - datetime.fromisoformat(found.time) > KEPT:
            return False
        paths = {self.path / name: known for name, known in found.files.items()}
        return all(path.is_file() and checksum(path) == known for path, known in paths.items())

    def clear(self, stem: str) -> None:
        """Remove what there is of a source."""
        for path in self.path.glob(f"{stem}*"):
            path.unlink()

    def finish_source(self, name: str, found: Fetched, paths: list[Path]) -> None:
        """Remember that a source is whole, when its files are on the disk."""
        for path in paths:
            sync(path)
        found.files = {path.name: checksum(path) for path in paths}
        self.fetched[name] = found
        self.write_state()

    def write_state(self) -> None:
        """Write what is finished."""
        kilder = {name: asdict(found) for name, found in self.fetched.items()}
        write_json(self.path / STATE, {"nokkel_avtrykk": file_fingerprint(), "kilder": kilder})

    def finish(self) -> None:
        """Check the extract as the loader does, and put it in its place.

        Raises:
            Refused: the loader would not take it.
        """
        path = self.path / "uttrekk.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(UTTREKK.file_columns)
            for name, found in self.fetched.items():
                writer.writerow([name, found.time, found.scope, file_fingerprint()])
        # What the topics hold of earlier extracts, the database knows and this folder does not.
        memory = Memory(topics=frozenset(topic.name for topic in TOPICS))
        if wrong := fault(Extract(str(self.path)), memory):
            # The next attempt is to fetch it all again.
            self.fetched = {}
            self.write_state()
            raise Refused(f"What was fetched cannot be loaded, and {self.place} was not made. {wrong}")
        for found_path in self.path.iterdir():
            sync(found_path)
        sync(self.path)
        if self.place.exists():
            raise Refused(f"There is a folder {self.place} already. Give another name, or remove it.")
        self.path.rename(self.place)
        sync(self.place.parent)


@contextmanager
def half_made(place: Path) -> Iterator[Folder]:
    """Give the half-made folder of an extract, to one process at a time.

    Raises:
        Refused: the extract is there already, or another process makes it.
    """
    if place.exists() or place.is_symlink():
        raise Refused(f"There is a folder {place} already. Give another name, or remove it.")
    folder = Folder(place)
    folder.path.mkdir(parents=True, exist_ok=True)
    number = os.open(folder.path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another process is fetching {place}. Wait for it.") from None
        folder.begin()
        yield folder
    finally:
        os.close(number)


def read_before(place: Path) -> dict[str, Fetched]:
    """Return what is known of the extract before.

    Raises:
        Refused: there is no such folder.
    """
    if not place.is_dir():
        raise Refused(f"There is no folder {place} (--forrige). Name the extract before, or leave it out.")
    try:
        state = json.loads((place / STATE).read_text(encoding="utf-8"))
        return {name: Fetched(**found) for name, found in state["kilder"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
