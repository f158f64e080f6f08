"""Sources on this machine: Kafka's mock cluster, a server of JSON with faults, and an extract that they have."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import yaml
from confluent_kafka import Consumer, Producer, TopicPartition

from tiltaksstatistikk.load import files
from tiltaksstatistikk.load.objects import TABLES, TOPICS, UTTREKK, Topic

Record = tuple[int, bytes | None, bytes | None, int]


class Brokers:
    """librdkafka's own cluster, which speaks Kafka's protocol on loopback, with four partitions a topic.

    Args:
        number: how many brokers.
    """

    def __init__(self, number: int = 3) -> None:
        """Start it."""
        # A partition of it holds 5 MB, as they are compressed, and forgets the first of more.
        self.producer = Producer(
            {
                "bootstrap.servers": "none",
                "test.mock.num.brokers": number,
                "log_level": 2,
                "message.max.bytes": 100_000_000,
                "compression.type": "zstd",
            }
        )
        found = self.producer.list_topics(timeout=10).brokers.values()
        self.address = ",".join(f"{broker.host}:{broker.port}" for broker in found)

    def put(self, topic: str, records: list[Record]) -> None:
        """Add messages: partition, key, value and time."""
        failed = []
        for partition, key, value, timestamp in records:
            self.producer.produce(
                topic, value, key, partition, timestamp=timestamp, callback=lambda error, _: failed.append(error)
            )
            self.producer.poll(0)
        assert self.producer.flush(60) == 0
        assert set(failed) == {None}

    def drain(self, topic: str, starts: dict[int, int] | None = None) -> list[dict[str, Any]]:
        """Return what there is, as `kcat -J` prints it."""
        consumer = Consumer({"bootstrap.servers": self.address, "group.id": "drain", "enable.partition.eof": True})
        consumer.assign([TopicPartition(topic, number, (starts or {}).get(number, 0)) for number in range(4)])
        found, ended = [], 0
        while ended < 4:
            message = consumer.poll(10)
            assert message is not None
            if message.error():
                ended += 1
                continue
            key, value = message.key(), message.value()
            found.append(
                {
                    "topic": topic,
                    "partition": message.partition(),
                    "offset": message.offset(),
                    "ts": message.timestamp()[1],
                    "key": None if key is None else key.decode(),
                    "payload": None if value is None else value.decode(errors="replace"),
                }
            )
        consumer.close()
        return found


def records_of(extract: Path, topic: Topic) -> list[Record]:
    """Return the messages of a topic in an extract, in the order of their offsets; lines without a place are left out.

    A key that the extract has in two partitions is there too.
    """
    found = []
    for path in sorted(extract.glob(f"{topic.file}*")):
        for line in files.raw_lines(str(path)):
            message = files.read_line(line) if files.has_a_place(line) else None
            if message:
                value = message["value"]
                text = None if value is None else json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")
                found.append((int(message["offset"]), int(message.get("partition") or 0), message["key"], text))
    found.sort(key=lambda record: record[0])
    return [
        (partition % 4, str(key).encode(), text, 1_700_000_000_000 + number)
        for number, (_, partition, key, text) in enumerate(found)
    ]


class Register(ThreadingHTTPServer):
    """A server that answers with JSON, after as many other answers as it is told.

    Args:
        rows: what it has.
    """

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), Answer)
        self.body = json.dumps({"svar": {"enheter": rows}}).encode()
        self.faults: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.asked: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}/norg2?a=hemmelig"


class Answer(BaseHTTPRequestHandler):
    """One answer."""

    server: Register

    def do_GET(self) -> None:
        """Answer, or do what is told."""
        self.server.asked.append(dict(self.headers))
        if self.server.faults:
            self.server.faults.pop(0)(self)
            return
        answer(self, 200, self.server.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def answer(handler: BaseHTTPRequestHandler, code: int, body: bytes, length: int | None = None, **headers: str) -> None:
    """Answer with a body, which may be shorter than it is said to be."""
    handler.send_response(code)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def register(rows: list[dict[str, Any]]) -> Iterator[Register]:
    """Give a server that listens, and stop it."""
    with Register(rows) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def rows_of(extract: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of an extract, as texts."""
    with duckdb.connect() as connection:
        path = next(extract.glob(f"{name}.*"))
        known = [column for column in files.file_columns(str(path))]
        found = connection.execute(files.reader(str(path), "*", known))
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def write_kilder(path: Path, kilder: dict[str, dict[str, Any]]) -> Path:
    """Write kilder.yml."""
    path.write_text(yaml.safe_dump({"kilder": kilder}, allow_unicode=True), encoding="utf-8")
    return path


def from_files(extract: Path) -> dict[str, dict[str, Any]]:
    """Return kilder.yml's sources of an extract, all of them files."""
    found: dict[str, dict[str, Any]] = {}
    for table in TABLES:
        for path in extract.glob(f"{table.file}.*"):
            found[table.file] = {"fil": str(path)}
    for topic in TOPICS:
        if list(extract.glob(f"{topic.file}*")):
            found[topic.file] = {"fil": f"{extract}/{topic.file}*"}
    found.pop(UTTREKK.file)
    return found


def raw_lines(messages: list[dict[str, Any]]) -> bytes:
    """Return messages as the lines of a compressed file."""
    return gzip.compress("".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages).encode())
