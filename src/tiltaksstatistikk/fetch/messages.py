"""A topic on its way to files: lines of JSON with the fields of the contract alone, in compressed parts."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import pyarrow

from tiltaksstatistikk.fetch.folder import Fetched
from tiltaksstatistikk.fetch.kilder import Kilde
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.fetch.tables import connect
from tiltaksstatistikk.load import files
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import Topic
from tiltaksstatistikk.load.safe import safe_lines

LINES_A_PART = 500_000
# A higher level takes twice the time, and saves a tenth of the room.
LEVEL = 1
BATCH_LINES, BATCH_BYTES = 20_000, 16 << 20
LARGE_LENGTH = 1 << 20
NUMBER = pyarrow.int64()


@dataclass
class Message:
    """A message on its way.

    Attributes:
        partition: where it is in the topic; None when a file does not say.
        offset: its number there.
        timestamp: Kafka's, in milliseconds since 1970.
        key: its key; None when it has none.
        value: its value as text; None for a tombstone.
    """

    partition: int | None
    offset: int
    timestamp: int | None
    key: str | None
    value: str | None


class Parts:
    """The files of a topic, `<topic>.<number>.jsonl.gz`, and what makes safe lines of messages.

    Args:
        topic: which topic.
        folder: where the files are written.
    """

    def __init__(self, topic: Topic, folder: Path) -> None:
        """Begin without a file."""
        self.topic, self.folder = topic, folder
        self.paths: list[Path] = []
        self.lines = 0
        self.raw: BinaryIO | None = None
        self.file: gzip.GzipFile | None = None
        self.connection = connect()
        # A batch is too small to share between two, which would only wait for each other.
        self.connection.execute("set threads = 1")
        paths = [column.name for column in topic.fields] + ([topic.shares[1]] if topic.shares else [])
        self.names = {path.split(".")[2].strip('"') for path in paths}
        self.sql = safe_lines(topic, "select sted, nokkel, verdi from bunke")

    def __enter__(self) -> "Parts":
        """Give it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the last file."""
        self.close()
        self.connection.close()

    def add(self, messages: list[Message]) -> None:
        """Write messages."""
        if not messages:
            return
        places = {
            "partition": pyarrow.array([one.partition for one in messages], NUMBER),
            "offset": pyarrow.array([one.offset for one in messages], NUMBER),
            "timestamp": pyarrow.array([one.timestamp for one in messages], NUMBER),
        }
        batch = pyarrow.table(
            {
                "sted": pyarrow.StructArray.from_arrays(list(places.values()), list(places)),
                "nokkel": pyarrow.array([one.key for one in messages], pyarrow.string()),
                "verdi": self.as_json([one.value for one in messages]),
            }
        )
        self.connection.register("bunke", batch)
        found = self.connection.execute(self.sql).fetchall()
        self.write([line for (line,) in found])

    def as_json(self, values: list[str | None]) -> Any:
        """Return values as JSON that DuckDB reads: Python reads more, and what is no JSON becomes a text.

        Of a large one Python takes what the loader reads: DuckDB would need many times its size.
        """
        for number, value in enumerate(values):
            if value is not None and len(value) > LARGE_LENGTH:
                values[number] = as_utf8(self.fields_of(files.value_of(value)))
        texts = pyarrow.array(values, pyarrow.string())
        self.connection.register("verdier", pyarrow.table({"verdi": texts, "nummer": range(len(values))}))
        odd = self.connection.execute(
            "select nummer from verdier where verdi is not null and not json_valid(verdi)"
        ).fetchall()
        if not odd:
            return texts
        for (number,) in odd:
            values[number] = as_utf8(files.value_of(values[number]))
        return pyarrow.array(values, pyarrow.string())

    def fields_of(self, value: Any) -> Any:
        """Return the fields of a value that the loader reads something of; of what is no object, nothing."""
        if not isinstance(value, dict):
            return None if value is None else ""
        return {name: value[name] for name in self.names if name in value}

    def write(self, lines: list[str]) -> None:
        """Write lines to the part that is open, or to a new one."""
        while lines:
            if self.file is None or self.lines % LINES_A_PART == 0:
                self.close()
                path = self.folder / f"{self.topic.file}.{len(self.paths):04d}.jsonl.gz"
                self.raw = path.open("xb")
                self.file = gzip.GzipFile(filename="", fileobj=self.raw, mode="wb", compresslevel=LEVEL, mtime=0)
                self.paths.append(path)
            some = lines[: LINES_A_PART - self.lines % LINES_A_PART]
            self.file.write(("\n".join(some) + "\n").encode())
            self.lines += len(some)
            lines = lines[len(some) :]

    def close(self) -> None:
        """Close the part that is open."""
        file, self.file = self.file, None
        raw, self.raw = self.raw, None
        try:
            if file:
                file.close()
        finally:
            if raw:
                raw.close()


def as_utf8(value: Any) -> str:
    """Return what Python has read of JSON, as JSON in UTF-8: half a surrogate pair is no text there."""
    return json.dumps(value, ensure_ascii=False).encode(errors="xmlcharrefreplace").decode()


def message_of(line: bytes) -> Message | str:
    """Return the message of a line in a file, in our envelope or kcat's; of one without a place, a line like it."""
    found = files.read_line(line)
    if not isinstance(found, dict):
        return '"(ikke en melding)"'
    if not files.has_a_place(line):
        return "{}"
    value = found["value"] if "value" in found else files.value_of(found["payload"])
    partition: Any = found.get("partition")
    timestamp: Any = found.get("timestamp", found.get("ts"))
    key = found["key"] if isinstance(found["key"], str) else json.dumps(found["key"])
    return Message(
        int(partition) if files.is_whole_number(partition) else None,
        int(found["offset"]),
        int(timestamp) if files.is_whole_number(timestamp) else None,
        key.encode(errors="xmlcharrefreplace").decode(),
        None if value is None else as_utf8(value),
    )


def batches(lines: Iterator[bytes]) -> Iterator[tuple[list[Message | str], int]]:
    """Give the messages of lines that are not blank, some at a time, and their bytes."""
    found: list[Message | str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if line.strip():
            found.append(message_of(line))
        if len(found) >= BATCH_LINES or size >= BATCH_BYTES:
            yield found, size
            found, size = [], 0
    yield found, size


def fetch_lines(kilde: Kilde, folder: Path, found: Fetched, progress: Progress) -> list[Path]:
    """Fetch a topic that is in files, and note messages and bytes.

    Raises:
        Refused: one of them is not whole.
    """
    assert isinstance(kilde.source, Topic)
    progress.begin(kilde.source.file)
    with Parts(kilde.source, folder) as parts:
        for path in kilde.files:
            look = files.look_through(path)
            if look.fault and not look.empty:
                raise Refused(f"The file {path} cannot be read: {look.fault}. Fetch it again.")
            state = files.file_state(path)
            for some, size in [] if look.empty else batches(files.raw_lines(path)):
                parts.add([one for one in some if isinstance(one, Message)])
                parts.write([one for one in some if isinstance(one, str)])
                found.bytes_in += size
                progress.advance(len(some))
            if files.file_state(path) != state:
                raise Refused(f"The file {path} was changed while it was being read. Run again when it is complete.")
    found.rows = parts.lines
    if not parts.lines:
        raise Refused(f"{kilde.source.file} from {kilde.where}: there is not one message.")
    return parts.paths
