"""The files of an extract, written and read: tables as CSV or Parquet, and two topics."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO, Any, NamedTuple

import duckdb

from tiltaksstatistikk.generator.values import Draws, Row, Value, kafka_ms
from tiltaksstatistikk.load import objects

#: Komet's topic, and Team Tiltak's of agreements with employers.
TOPIC = "amt.deltaker-ekstern-v1"
EMPLOYERS_TOPIC = "arbeidsgiver.tiltak-avtale-hendelse-compact"
PARTITIONS = 4

#: Komet's participations as a table, which may stand in the topic's place, and how it is made from the topic's
#: lines: a row for each participation that stands, two for one that stands twice.
KOMET_VIEW = "amt_tiltak_datastream_amttiltak_deltaker_siste_status_view"
KOMET_VIEW_QUERY = """
with line as (
    select try_cast(text as json) as line
    from read_csv(
        $topic, columns = {'text': 'varchar'}, delim = '\x01', quote = '', escape = '',
        header = false, auto_detect = false, max_line_size = 10000000
    )
),

message as (
    select
        line ->> '$.key' as id,
        (line ->> '$.offset')::bigint as place,
        line ->> '$.value.personIdent' as ident,
        line ->> '$.value.gjennomforingId' as gjennomforing_id,
        line ->> '$.value.startDato' as start_dato,
        line ->> '$.value.sluttDato' as slutt_dato,
        line ->> '$.value.status.type' as status,
        json_type(line, '$.value') as kind
    from line
),

latest as (
    select * from message
    where id is not null
    qualify rank() over (partition by id order by place desc) = 1
)

select
    sha256(ident) as person_ident,
    id,
    md5('bruker/' || ident)::uuid::varchar as bruker_id,
    gjennomforing_id,
    start_dato,
    slutt_dato,
    status
from latest
where kind = 'OBJECT'
order by id
"""


#: The column of `uttrekk` that says whether a file holds everything (`full`) or what is new (`endring`); without
#: it, all hold everything.
OMFANG = "omfang"


def seed_name(topic: str) -> str:
    """Return the name of the seed that holds a topic."""
    return next(source.name for source in objects.TOPICS if source.file == topic)


#: The tables that an extract may hold, and the columns that they all have (specification 2).
COLUMNS = {
    table.name: [name for name, optional in table.file_columns.items() if not optional] for table in objects.TABLES
}
#: The table of those who have another ident now; an extract in which nobody has is without it.
IDENT_HISTORIKK = "person_ident_historikk"
#: The tables that every extract holds.
TABLES = [table.name for table in objects.TABLES if not table.optional]

#: `json.dumps` makes an encoder for each call that asks for anything unusual.
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Form:
    """How an extract is written; what it says does not depend on it."""

    parquet: bool = False
    compress: bool = False
    topic_files: int = 1
    as_seeds: bool = False
    komet_view: bool = False
    #: Whether the topics hold only what is new since the extract before.
    only_changes: bool = False


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
        columns = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(10_000):
            for values in rows:
                yield {column: value or "" for column, value in zip(columns, values, strict=True)}


def read_topic(folder: Path, topic: str = TOPIC) -> Iterator[str]:
    """Yield the lines of a topic. Raises FileNotFoundError when Komet's is not there; the other is optional."""
    seed = folder / f"{seed_name(topic)}.csv"
    if seed.exists():
        yield from (row["melding"] for row in read_csv(seed))
        return
    paths = sorted([*folder.glob(f"{topic}*.jsonl"), *folder.glob(f"{topic}*.jsonl.gz")])
    if not paths and topic == TOPIC:
        raise FileNotFoundError(f"{folder} has no {topic}*.jsonl")
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield line.rstrip("\n")


@dataclass(frozen=True)
class Message:
    """A line of a topic, as far as it can be read; one that is not a message has no key."""

    partition: int = PARTITIONS
    offset: int = 0
    key: str = ""
    value: Value | None = None

    @classmethod
    def read(cls, line: str) -> Message:
        """Read a line."""
        try:
            content = json.loads(line)
            value = content["value"]
            is_message = value is None or isinstance(value, dict)
            key, value = (content["key"], value) if is_message else ("", None)
            return cls(content["partition"], content["offset"], key, value)
        except (ValueError, KeyError, TypeError):
            return cls()


#: How `TopicWriter` writes a message.
WRITTEN = re.compile(
    r'\{"partition":(\d+),"offset":(\d+),"timestamp":-?\d+,"key":"([^"\\]*)","value":(?:(null)|\{.*\})\}'
)


class Head(NamedTuple):
    """A line of a topic, read no further than is needed to copy it: as `Message`, at a tenth of its cost."""

    line: str
    partition: int = PARTITIONS
    offset: int = 0
    key: str = ""
    deleted: bool = False

    @classmethod
    def read(cls, line: str) -> Head:
        """Read a line, the slow way if it is written by others."""
        found = WRITTEN.fullmatch(line)
        if found:
            partition, offset, key, deleted = found.groups()
            return cls(line, int(partition), int(offset), key, deleted is not None)
        message = Message.read(line)
        return cls(line, message.partition, message.offset, message.key, bool(message.key) and message.value is None)


# --------------------------------------------------------------------------------------------------- writing


class TopicWriter:
    """Writes a topic: gives each message its partition and offset, and mixes the lines up within a window.

    A key stays in its partition in every extract, as it is computed from the key alone. As seeds the lines
    stand in one CSV file, sorted by partition and offset, so that an extra message is one more line in a
    diff.
    """

    WINDOW = 500

    def __init__(self, folder: Path, topic: str, rng: Random, form: Form) -> None:
        """Open the topic's files in the folder."""
        self._rng = rng
        # The order of the lines is drawn apart from the offsets, which are the same however they are written.
        self._order = Draws(rng.getrandbits(64))
        self._as_seeds = form.as_seeds
        self._window: list[tuple[int, int, str]] = []
        self._opened = ExitStack()
        self.offsets = [rng.randrange(50) for _ in range(PARTITIONS)]
        if form.as_seeds:
            names = [f"{seed_name(topic)}.csv"]
        elif form.topic_files == 1:
            names = [f"{topic}.jsonl"]
        else:
            names = [f"{topic}-{number}.jsonl" for number in range(1, form.topic_files + 1)]
        self.paths = [folder / (name + ".gz" * form.compress) for name in names]
        self._streams = [self._open(path, form.compress) for path in self.paths]

    def _open(self, path: Path, compress: bool) -> IO[str]:
        enter = self._opened.enter_context
        if not compress:
            return enter(path.open("w", encoding="utf-8", newline=""))
        raw = enter(path.open("wb"))
        # Neither name nor time in the header, so that the same lines are the same bytes.
        packed = enter(gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
        return enter(io.TextIOWrapper(packed, encoding="utf-8", newline=""))

    def add(self, key: str | None, value: object, when: datetime, *, elsewhere: bool = False) -> str:
        """Add a message after those already there; returns its line. `when` is Oslo time.

        `elsewhere` is a fault: the message is in another partition than the key's, after all in both.
        """
        partition = zlib.crc32((key or "").encode()) % PARTITIONS
        if elsewhere:
            before = self.offsets[partition]
            partition = (partition + 1) % PARTITIONS
            self.offsets[partition] = max(self.offsets[partition], before)
        self.offsets[partition] += self._rng.choice((1, 1, 1, 1, 2, 5))
        envelope = {
            "partition": partition,
            "offset": self.offsets[partition],
            "timestamp": kafka_ms(when),
            "key": key,
            "value": value,
        }
        line = ENCODE(envelope)
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
                self._window.clear()


class Extract:
    """An extract being written: every table, and the topics."""

    def __init__(self, folder: Path, rngs: Mapping[str, Random], form: Form, *, part: bool = False) -> None:
        """Open all files in the folder, and write the headers of the contract; each topic has its generator.

        A part of an extract has no headers.
        """
        self.folder = folder
        self._form = form
        # Komet's view is made from the topic, when all of that is written.
        self.topic = TopicWriter(folder, TOPIC, rngs[TOPIC], Form() if form.komet_view else form)
        self.employers = TopicWriter(folder, EMPLOYERS_TOPIC, rngs[EMPLOYERS_TOPIC], form)
        self._paths: dict[str, Path] = {}
        self._streams: dict[str, IO[str]] = {}
        names = (*TABLES, IDENT_HISTORIKK)
        self._columns = {name: COLUMNS[name] + [OMFANG] * (name == "uttrekk" and form.only_changes) for name in names}
        self._part = part
        self._writers: dict[str, Any] = {}
        for name in TABLES:
            self._open(name)

    def _open(self, name: str) -> None:
        """Open a table's file; an optional one is opened when it gets its first row."""
        path = self._paths[name] = self.folder / f"{name}.csv"
        stream = self._streams[name] = path.open("w", encoding="utf-8", newline="")
        writer = self._writers[name] = csv.writer(stream, lineterminator="\n")
        if not self._part:
            writer.writerow(self._columns[name])

    def write(self, table: str, row: Row) -> None:
        """Write one row of a table; a column that is absent is null, and other columns are left out."""
        if table not in self._writers:
            self._open(table)
        self._writers[table].writerow([row.get(column, "") for column in self._columns[table]])

    def write_uttrekk(self, taken_at: datetime) -> None:
        """Write when each source was taken: Komet's first, the others some minutes after one another.

        It is the last that is written, as an optional table has a row if it is there.
        """
        komet = KOMET_VIEW if self._form.komet_view else TOPIC
        tables = [name for name in TABLES if name != "uttrekk"]
        optional = [IDENT_HISTORIKK] * (IDENT_HISTORIKK in self._paths)
        for number, kilde in enumerate([komet, *tables, EMPLOYERS_TOPIC, *optional]):
            when = taken_at + timedelta(minutes=3 * number, seconds=7 * number)
            omfang = "endring" if kilde in (TOPIC, EMPLOYERS_TOPIC) else "full"
            self.write("uttrekk", {"kilde": kilde, "uttrekk_tidspunkt": when.isoformat(), OMFANG: omfang})

    def add_part(self, number: int, folder: Path) -> None:
        """Add the files of a part, and remove them; nothing else is written to a topic that has parts."""
        for writer, topic in ((self.topic, TOPIC), (self.employers, EMPLOYERS_TOPIC)):
            writer.close()
            (path,) = folder.glob(f"{topic}.jsonl*")
            target = writer.paths[number % len(writer.paths)]
            with path.open("rb") as source, target.open("ab") as joined:
                shutil.copyfileobj(source, joined, 1 << 20)
        for path in sorted(folder.glob("*.csv")):
            if path.stem not in self._streams:
                self._open(path.stem)
            with path.open("r", encoding="utf-8", newline="") as rows:
                shutil.copyfileobj(rows, self._streams[path.stem], 1 << 20)
        shutil.rmtree(folder)

    def close(self) -> None:
        """Close all files."""
        self.topic.close()
        self.employers.close()
        for stream in self._streams.values():
            stream.close()

    def finish(self) -> None:
        """Give the closed files the form that they are to have."""
        if self._form.komet_view:
            self._to_view()
        if self._form.parquet:
            self._to_parquet()

    def _to_view(self) -> None:
        """Rewrite Komet's topic as the view."""
        topic = self.folder / f"{TOPIC}.jsonl"
        path = self._paths[KOMET_VIEW] = self.folder / f"{KOMET_VIEW}.csv"
        with (
            # Data that has no room in memory is put on disk.
            tempfile.TemporaryDirectory(dir=self.folder) as spill,
            duckdb.connect(config={"threads": 1, "memory_limit": "1GB", "temp_directory": spill}) as connection,
        ):
            connection.sql(KOMET_VIEW_QUERY, params={"topic": str(topic)}).write_csv(str(path), header=True)
        topic.unlink()

    def _to_parquet(self) -> None:
        """Rewrite the tables as Parquet; all columns are text."""
        with duckdb.connect(config={"threads": 1}) as connection:
            for name, path in self._paths.items():
                types = dict.fromkeys(self._columns.get(name, COLUMNS[name]), "VARCHAR")
                table = connection.read_csv(str(path), header=True, dtype=types, delimiter=",", quotechar='"')
                table.write_parquet(str(path.with_suffix(".parquet")))
                path.unlink()


@contextmanager
def new_extract(folder: Path, rngs: Mapping[str, Random], form: Form) -> Iterator[Extract]:
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
        extract = Extract(temporary, rngs, form)
        try:
            yield extract
        finally:
            extract.close()
        extract.finish()
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
