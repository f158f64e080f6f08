"""Topics from librdkafka's mock cluster, with what goes wrong there."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError

from tests.fetch.servers import Brokers, Record
from tests.rules.warehouse import KEY, ROOT
from tiltaksstatistikk.fetch import kafka, messages
from tiltaksstatistikk.fetch.folder import Fetched, now
from tiltaksstatistikk.fetch.kafka import MadeAnew, fetch_kafka
from tiltaksstatistikk.fetch.kilder import KAFKA_FILES, Kilde
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import KOMET

KILDE = Kilde(KOMET, {"kafka": "tema"})


class Told(Progress):
    """What was told, as a list."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__()
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        """Remember it."""
        self.texts.append(text)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a key, and a mock cluster that does not answer some questions."""
    monkeypatch.setenv("PSEUDONYM_NOKKEL", KEY)
    monkeypatch.setattr(kafka, "DESCRIBE_SECONDS", 0.3)
    monkeypatch.setattr(kafka, "SHORTER_SECONDS", 1.0)


def records(number: int, first: int = 0, at: int = 1_700_000_000_000) -> list[Record]:
    """Return messages, each fifth a tombstone."""
    return [
        (
            one % 4,
            f"nr-{one}".encode(),
            None if one % 5 == 4 else json.dumps({"personIdent": f"{one:011d}", "navn": "Kari"}).encode(),
            at + one,
        )
        for one in range(first, first + number)
    ]


class Fetch:
    """Fetches of one topic, each into a folder of its own.

    Args:
        folder: where.
        patch: what sets the environment.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Begin."""
        self.folder, self.patch, self.count, self.told = folder, patch, 0, Told()

    def __call__(
        self, address: str, before: Fetched | None = None, patience: float = 20, kilde: Kilde = KILDE
    ) -> tuple[Fetched, list[Any]]:
        """Fetch, and return what is known of it and the lines."""
        self.patch.setenv("KAFKA_BROKERS", address)
        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir()
        found = Fetched(time=now())
        self.told.texts = []
        paths = fetch_kafka(kilde, place, found, self.told, before, patience)
        assert sorted(place.iterdir()) == sorted(paths)
        lines = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
        assert found.rows == len(lines)
        return found, lines


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Give what fetches."""
    return Fetch(tmp_path, monkeypatch)


def places(lines: list[Any]) -> list[tuple[int, int]]:
    """Return the place of each message."""
    return sorted((line["partition"], line["offset"]) for line in lines)


def test_what_is_new_and_nothing_else(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where the extract before ended, in parts; when nothing is new, the last message of each partition."""
    brokers = Brokers()
    monkeypatch.setattr(messages, "LINES_A_PART", 16)
    brokers.put("tema", records(40))
    first, lines = fetch(brokers.address)
    assert (first.scope, places(lines)) == ("full", [(part, offset) for part in range(4) for offset in range(10)])
    assert len(list((fetch.folder / "1").iterdir())) == 3
    assert sum(line["value"] is None for line in lines) == 8
    brokers.put("tema", records(6, 40))
    second, lines = fetch(brokers.address, first)
    assert (second.scope, places(lines)) == ("endring", [(0, 10), (0, 11), (1, 10), (1, 11), (2, 10), (3, 10)])
    third, lines = fetch(brokers.address, second)
    assert (third.scope, places(lines)) == ("endring", [(0, 11), (1, 11), (2, 10), (3, 10)])
    assert third.offsets == second.offsets


def test_messages_while_it_reads_are_for_the_next(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end is what it was when the reading began, and none is lost or fetched twice."""
    brokers = Brokers()
    brokers.put("tema", records(400))
    bounds = kafka.Topics.bounds

    def bounds_and_more(topics: kafka.Topics, partition: int) -> tuple[int, int]:
        found = bounds(topics, partition)
        brokers.put("tema", [(partition, b"ny", b"{}", 1)])
        return found

    monkeypatch.setattr(kafka.Topics, "bounds", bounds_and_more)
    first, lines = fetch(brokers.address)
    assert len(lines) == 400
    monkeypatch.setattr(kafka.Topics, "bounds", bounds)
    assert {line["key"] for line in fetch(brokers.address, first)[1]} == {"ny"}


@pytest.mark.parametrize(
    ("again", "says"),
    [
        (records(20), "made anew .*ends at 5, and was read to 10"),
        (records(60, at=1_800_000_000_000), "made anew .*is another message"),
    ],
)
def test_a_topic_made_anew_is_read_whole(fetch: Fetch, again: list[Record], says: str) -> None:
    """And it is said, whether it is shorter or longer than it was."""
    before = Brokers()
    before.put("tema", records(40))
    first, _ = fetch(before.address)
    brokers = Brokers()
    brokers.put("tema", again)
    found, lines = fetch(brokers.address, first)
    assert (found.scope, len(lines)) == ("full", len(again))
    assert any(re.search(says, text) for text in fetch.told.texts), fetch.told.texts


def known(first: Fetched, **changes: Any) -> Fetched:
    """Return what is known of an extract, with some of it otherwise."""
    assert first.offsets
    return Fetched(**{**first.__dict__, **changes})


def test_when_what_is_new_is_not_enough(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older extract than a tombstone is kept, another topic, another id, lost messages, a partition that is gone."""
    brokers = Brokers()
    brokers.put("tema", records(40))
    first, _ = fetch(brokers.address)
    assert first.offsets
    old = known(first, time=(datetime.fromisoformat(first.time) - timedelta(hours=30)).isoformat())
    kept = Kilde(KOMET, {"kafka": "tema", "slettemerker_timer": 24})
    assert fetch(brokers.address, old, kilde=kept)[0].scope == "full"
    assert "a tombstone is kept for 24 hours, and the extract before is 30 hours old" in fetch.told.texts[0]
    assert fetch(brokers.address, first, kilde=kept)[0].scope == "endring"
    monkeypatch.setattr(kafka.Topics, "described", lambda topics: ("id2", 24.0))
    assert fetch(brokers.address, old)[0].scope == "full"
    assert fetch(brokers.address, known(first, offsets={**first.offsets, "topic_id": "id1"}))[0].scope == "full"
    assert "it has another id" in fetch.told.texts[0]
    assert fetch(brokers.address, known(first, offsets={**first.offsets, "topic": "annet"}))[0].scope == "full"
    more = {**first.offsets["partitions"], "7": {"end": 1, "last": 0, "timestamp": 1}}
    assert fetch(brokers.address, known(first, offsets={**first.offsets, "partitions": more}))[0].scope == "full"
    assert "partition 7 is gone" in fetch.told.texts[0]
    monkeypatch.setattr(kafka.Topics, "bounds", lambda topics, number: (3, 10))
    few = {name: {"end": 2, "last": 1, "timestamp": 1} for name in first.offsets["partitions"]}
    found, lines = fetch(brokers.address, known(first, offsets={**first.offsets, "partitions": few}))
    assert "messages are lost (partition 0 begins at 3, and was read to 2)" in fetch.told.texts[0]
    assert (found.scope, min(place[1] for place in places(lines))) == ("full", 3)


def test_a_topic_that_becomes_shorter_is_made_anew(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of the old one is not taken for the new one."""
    brokers = Brokers()
    brokers.put("tema", records(40))
    bounds = kafka.Topics.bounds
    asked: list[int] = []

    def longer(topics: kafka.Topics, partition: int) -> tuple[int, int]:
        asked.append(partition)
        low, high = bounds(topics, partition)
        return low, high + (5 if len(asked) <= 4 else 0)

    monkeypatch.setattr(kafka.Topics, "bounds", longer)
    with pytest.raises(MadeAnew, match="shorter than when the reading began"):
        fetch(brokers.address)


def test_odd_messages(fetch: Fetch) -> None:
    """A huge one, no JSON, no UTF-8, no key, an empty text: each keeps its place, and none stops the others."""
    brokers = Brokers()
    huge = json.dumps({"personIdent": "01851012345", "fritekst": "x" * 60_000_000, "startDato": "2025-01-01"})
    values = [huge.encode(), b"{", b"\xff\xfe", b"", b"null", b'{"startDato": "\\ud83d", "personIdent": NaN}', b"[1]"]
    brokers.put("tema", [(0, b"k%d" % number, value, 1) for number, value in enumerate(values)])
    brokers.put("tema", [(0, None, b"{}", 1), (0, b"\xff", b"{}", 1), (0, b"01851012345", None, 1)])
    found, lines = fetch(brokers.address)
    assert found.bytes_in > 60_000_000
    assert sum(path.stat().st_size for path in (fetch.folder / "1").iterdir()) < 3000
    assert lines[0]["value"]["startDato"] == "2025-01-01"
    assert [line["value"] for line in lines[1:5]] == ["(ikke et objekt)"] * 3 + [None]
    assert lines[5]["value"]["startDato"].startswith("pseudonym:")
    assert (lines[6]["value"], lines[7]["key"], lines[8]["key"]) == ("(ikke et objekt)", None, "\\xff")
    assert "01851012345" not in json.dumps(lines)


CLUSTER = """
import time
from tests.fetch.servers import Brokers
from tests.fetch.test_kafka import records
brokers = Brokers()
brokers.put("tema", records(200_000))
print(brokers.address, flush=True)
time.sleep(600)
"""


@pytest.fixture
def cluster() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Give a cluster in a process of its own, which can be stopped, and its address."""
    process = subprocess.Popen([sys.executable, "-c", CLUSTER], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout
    address = process.stdout.readline().decode().strip()
    try:
        yield process, address
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_brokers_that_stand_still(fetch: Fetch, cluster: tuple[subprocess.Popen[bytes], str]) -> None:
    """In the middle of the topic, for some seconds: it waits, and goes on where it was."""
    process, address = cluster
    advance = fetch.told.advance

    def stop_once(number: int) -> None:
        advance(number)
        if fetch.told.done == number:
            os.kill(process.pid, signal.SIGSTOP)
            threading.Timer(4, lambda: os.kill(process.pid, signal.SIGCONT)).start()

    fetch.told.advance = stop_once  # type: ignore[method-assign]
    began = time.monotonic()
    found, lines = fetch(address)
    assert time.monotonic() - began > 4
    assert len(set(places(lines))) == found.rows == 200_000


def test_brokers_that_do_not_come_back(fetch: Fetch, cluster: tuple[subprocess.Popen[bytes], str]) -> None:
    """After as long as we wait there is a sentence that names the topic."""
    process, address = cluster
    fetch.told.advance = lambda number: process.kill()  # type: ignore[method-assign]
    with pytest.raises(Refused, match=r"The topic tema gave nothing for 3 s .*Look at the brokers, and run again"):
        fetch(address, patience=3)


def test_what_waiting_does_not_help(fetch: Fetch) -> None:
    """A topic that is not there, brokers that are not, a topic without a message, and no permission."""
    brokers = Brokers()
    with pytest.raises(Refused, match="The topic borte cannot be read: UNKNOWN_TOPIC_OR_PART"):
        fetch(brokers.address, kilde=Kilde(KOMET, {"kafka": "borte"}))
    with pytest.raises(Refused, match=r"The topic tema cannot be read: .* for 1 s\. Look at KAFKA_BROKERS"):
        fetch("127.0.0.1:1", patience=1)
    topics = kafka.Topics("tema", fetch.told)
    with pytest.raises(Refused, match="TOPIC_AUTHORIZATION_FAILED"):
        topics.refuse(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
    topics.close()


def test_certificates_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that Nais puts in the environment."""
    for name in KAFKA_FILES:
        monkeypatch.setenv(name, f"/{name}")
    monkeypatch.setenv("KAFKA_BROKERS", "b:1")
    found = kafka.settings()
    assert (found["security.protocol"], found["ssl.key.location"]) == ("ssl", "/KAFKA_PRIVATE_KEY_PATH")
