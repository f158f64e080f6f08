"""The files of an extract, written and read: tables as CSV or Parquet, and the topic."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO

import duckdb
import yaml

from uttrekk.values import Row, Value, kafka_ms

TOPIC = "amt.deltaker-ekstern-v1"
TOPIC_SEED = "amt_deltaker_ekstern_v1"
PARTITIONS = 4


def _contract() -> dict[str, list[str]]:
    """Return the columns of each table of an extract, from the sources that the project reads it by."""
    path = Path(__file__).resolve().parents[2] / "models" / "staging" / "_staging__sources.yml"
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    tables = {table["name"]: table["columns"] for source in sources for table in source["tables"]}
    return {name: [column["name"] for column in columns] for name, columns in tables.items() if name != TOPIC_SEED}


#: The tables of an extract and their columns (specification 2).
TABLES = _contract()


@dataclass(frozen=True)
class Form:
    """How an extract is written; what it says does not depend on it."""

    parquet: bool = False
    compress: bool = False
    topic_files: int = 1
    as_seeds: bool = False


# --------------------------------------------------------------------------------------------------- reading


def read_csv(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def read_table(folder: Path, name: str) -> Iterator[Row]:
    """Yield the rows of a table of an extract, CSV or Parquet. Raises FileNotFoundError without either."""
    path = folder / f"{name}.csv"
    if path.exists():
        yield from read_csv(path)
        return
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise FileNotFoundError(f"{folder} has neither {name}.csv nor {name}.parquet")
    with duckdb.connect(config={"threads": 1}) as connection:
        cursor = connection.execute("select * from read_parquet(?)", [str(path)])
        while rows := cursor.fetchmany(10_000):
            for values in rows:
                yield {column: value or "" for column, value in zip(TABLES[name], values, strict=True)}


def read_topic(folder: Path) -> Iterator[str]:
    """Yield the topic's lines. Raises FileNotFoundError when there is no topic in the folder."""
    seed = folder / f"{TOPIC_SEED}.csv"
    if seed.exists():
        yield from (row["melding"] for row in read_csv(seed))
        return
    paths = sorted([*folder.glob(f"{TOPIC}*.jsonl"), *folder.glob(f"{TOPIC}*.jsonl.gz")])
    if not paths:
        raise FileNotFoundError(f"{folder} has no {TOPIC}*.jsonl")
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield line.rstrip("\n")


@dataclass(frozen=True)
class Message:
    """A line of the topic, as far as it can be read; one that is not a message has no key."""

    partition: int = PARTITIONS
    offset: int = 0
    key: str = ""
    value: Value | None = None

    @classmethod
    def read(cls, line: str) -> Message:
        """Read a line."""
        try:
            content = json.loads(line)
            return cls(content["partition"], content["offset"], content["key"], content["value"])
        except (ValueError, KeyError, TypeError):
            return cls()


# --------------------------------------------------------------------------------------------------- writing


class TopicWriter:
    """Writes the topic: gives each message its partition and offset, and mixes the lines up within a window.

    A key stays in its partition in every extract, as it is computed from the key alone. As seeds the lines
    stand in one CSV file, sorted by partition and offset, so that an extra message is one more line in a
    diff.
    """

    WINDOW = 500

    def __init__(self, folder: Path, rng: Random, form: Form) -> None:
        """Open the topic's files in the folder."""
        self._rng = rng
        # The order of the lines is drawn apart from the offsets, which are the same however they are written.
        self._order = Random(rng.getrandbits(64))
        self._as_seeds = form.as_seeds
        self._window: list[tuple[int, int, str]] = []
        self._opened = ExitStack()
        self.offsets = [rng.randrange(50) for _ in range(PARTITIONS)]
        if form.as_seeds:
            names = [f"{TOPIC_SEED}.csv"]
        elif form.topic_files == 1:
            names = [f"{TOPIC}.jsonl"]
        else:
            names = [f"{TOPIC}-{number}.jsonl" for number in range(1, form.topic_files + 1)]
        self._streams = [self._open(folder / name, form.compress) for name in names]

    def _open(self, path: Path, compress: bool) -> IO[str]:
        enter = self._opened.enter_context
        if not compress:
            return enter(path.open("w", encoding="utf-8", newline=""))
        raw = enter(path.with_name(path.name + ".gz").open("wb"))
        # Neither name nor time in the header, so that the same lines are the same bytes.
        packed = enter(gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
        return enter(io.TextIOWrapper(packed, encoding="utf-8", newline=""))

    def add(self, key: str, value: Value | None, when: datetime) -> str:
        """Add a message after those already there; returns its line. `when` is Oslo time."""
        partition = zlib.crc32(key.encode()) % PARTITIONS
        self.offsets[partition] += self._rng.choice((1, 1, 1, 1, 2, 5))
        envelope = {
            "partition": partition,
            "offset": self.offsets[partition],
            "timestamp": kafka_ms(when),
            "key": key,
            "value": value,
        }
        line = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        self.add_line(line, partition, self.offsets[partition])
        return line

    def add_line(self, line: str, partition: int = PARTITIONS, offset: int = 0) -> None:
        """Add a line as it is (one copied from an earlier extract, or one that is not a message at all)."""
        self._window.append((partition, offset, line))
        if len(self._window) >= self.WINDOW and not self._as_seeds:
            chosen = self._order.randrange(len(self._window))
            self._window[chosen], self._window[-1] = self._window[-1], self._window[chosen]
            self._put(self._window.pop()[2])

    def _put(self, line: str) -> None:
        self._order.choice(self._streams).write(line + "\n")

    def close(self) -> None:
        """Write what is left, and close the files."""
        with self._opened:
            if self._as_seeds:
                writer = csv.writer(self._streams[0], lineterminator="\n")
                writer.writerow(["melding"])
                writer.writerows([line] for _, _, line in sorted(self._window))
            else:
                self._order.shuffle(self._window)
                for _, _, line in self._window:
                    self._put(line)


class Extract:
    """An extract being written: every table, and the topic."""

    def __init__(self, folder: Path, rng: Random, form: Form) -> None:
        """Open all files in the folder, and write the headers of the contract."""
        self.topic = TopicWriter(folder, rng, form)
        self._paths = {name: folder / f"{name}.csv" for name in TABLES}
        self._streams: dict[str, IO[str]] = {}
        self._writers: dict[str, csv.DictWriter[str]] = {}
        for name, path in self._paths.items():
            stream = self._streams[name] = path.open("w", encoding="utf-8", newline="")
            writer = csv.DictWriter(stream, TABLES[name], extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            self._writers[name] = writer

    def write(self, table: str, row: Row) -> None:
        """Write one row of a table; a column that is absent is null, and other columns are left out."""
        self._writers[table].writerow(row)

    def write_uttrekk(self, taken_at: datetime) -> None:
        """Write when each source was taken: the topic first, the others some minutes after one another."""
        for number, kilde in enumerate([TOPIC, *(name for name in TABLES if name != "uttrekk")]):
            when = taken_at + timedelta(minutes=3 * number, seconds=7 * number)
            self.write("uttrekk", {"kilde": kilde, "uttrekk_tidspunkt": when.isoformat()})

    def close(self) -> None:
        """Close all files."""
        self.topic.close()
        for stream in self._streams.values():
            stream.close()

    def to_parquet(self) -> None:
        """Rewrite the closed tables as Parquet; all columns are text."""
        with duckdb.connect(config={"threads": 1}) as connection:
            for name, path in self._paths.items():
                types = dict.fromkeys(TABLES[name], "VARCHAR")
                table = connection.read_csv(str(path), header=True, dtype=types, delimiter=",", quotechar='"')
                table.write_parquet(str(path.with_suffix(".parquet")))
                path.unlink()


@contextmanager
def new_extract(folder: Path, rng: Random, form: Form) -> Iterator[Extract]:
    """Open an extract that is put in place only when all of it is written, and removed if that fails.

    Raises FileExistsError when `folder` holds anything; as seeds only when it holds CSV files, so that the
    seeds' YAML stays.
    """
    present = sorted(folder.iterdir()) if folder.exists() else []
    if any(path.suffix == ".csv" for path in present) or (present and not form.as_seeds):
        raise FileExistsError(f"{folder} is not empty; an extract is never written over another")
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        temporary.chmod(0o755)
        extract = Extract(temporary, rng, form)
        try:
            yield extract
        finally:
            extract.close()
        if form.parquet:
            extract.to_parquet()
        if present:
            for path in sorted(temporary.iterdir()):
                path.rename(folder / path.name)
        else:
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class Progress:
    """Tells on stderr, every second, how far long work has come."""

    def __init__(self, what: str, total: int) -> None:
        """Start the clock; `total` is the number of `what`."""
        self._what, self._total = what, total
        self._started = self._told = time.monotonic()

    def tell(self, done: int) -> None:
        """Write a line if a second has passed since the last one."""
        now = time.monotonic()
        if now - self._told >= 1:
            self._told = now
            rate = done / (now - self._started)
            print(f"{done} of {self._total} {self._what}, {rate:.0f} a second", file=sys.stderr)
