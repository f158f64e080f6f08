"""Measures the fetch of Komet's topic against a client that only reads it, in one run.

    uv run --group hent python scripts/hent_benchmark.py

Both read the same million messages from librdkafka's mock cluster, which is a process of its own. The first reads each
message and drops it; the second makes pseudonyms, leaves out what is not in the contract, and writes compressed lines.
It prints messages a second, processor seconds, the most memory, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from confluent_kafka import Producer

from tiltaksstatistikk.benchmark.processes import apart
from tiltaksstatistikk.fetch import kafka
from tiltaksstatistikk.fetch.folder import Fetched, now
from tiltaksstatistikk.fetch.kafka import Topics, fetch_kafka
from tiltaksstatistikk.fetch.kilder import Kilde
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.load.objects import KOMET

PARTITIONS = 4
# The mock cluster forgets what is over 5 MB in a partition, as it is compressed.
MESSAGES_A_TOPIC = 100_000


class Silent(Progress):
    """Tells nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


def message(number: int) -> bytes:
    """Return a message as Komet's are, of half a kilobyte."""
    ident = key(number).decode()
    day = f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    content = {
        "id": ident, "personIdent": f"{number % 300_000:011d}", "gjennomforingId": ident[:-6] + f"{number % 900:06d}",
        "startDato": day, "sluttDato": None if number % 3 else day, "kilde": "KOMET", "forsteVedtakFattet": day,
        "status": {"type": "DELTAR", "tekst": "Deltar", "aarsak": {"type": None, "beskrivelse": None},
                   "opprettetTidspunkt": f"{day}T10:01:08"},
        "registrertTidspunkt": f"{day}T08:03:07.552616", "endretTidspunkt": f"{day}T19:01:26",
        "deltakelsesmengder": [{"deltakelsesprosent": 50, "dagerPerUke": None, "gyldigFraDato": day,
                                "opprettetTidspunkt": f"{day}T08:03:07.552616"}],
        "navVeileder": {"enhetsnummer": "0219", "navIdent": f"Z{number % 20_000:06d}"},
    }  # fmt: skip
    return json.dumps(content).encode()


def key(number: int) -> bytes:
    """Return a key, which is a UUID."""
    return f"00000000-0000-4000-8000-{number:012d}".encode()


def cluster(pipe: Connection, topics: int, messages: int) -> None:
    """Be a cluster with topics that have messages, until the pipe ends."""
    producer = Producer(
        {"bootstrap.servers": "none", "test.mock.num.brokers": 1, "log_level": 2, "compression.type": "zstd",
         "linger.ms": 50, "batch.size": 1_000_000, "queue.buffering.max.messages": 2_000_000}
    )  # fmt: skip
    for number in range(topics * messages):
        topic, partition = f"tema{number // messages}", number % PARTITIONS
        producer.produce(topic, message(number), key(number), partition)
        if number % 10_000 == 0:
            producer.flush()
    producer.flush()
    pipe.send(",".join(f"{one.host}:{one.port}" for one in producer.list_topics(timeout=10).brokers.values()))
    pipe.recv()


def drain(topics: int) -> int:
    """Read every message, and return how many there were."""
    count = 0
    for number in range(topics):
        topic = Topics(f"tema{number}", Silent())
        bounds = {one: topic.bounds(one) for one in topic.partitions()}
        starts = {one: low for one, (low, _) in bounds.items()}
        for some in topic.messages(starts, {one: high for one, (_, high) in bounds.items()}):
            count += len(some)
        topic.close()
    return count


def fetch(topics: int, folder: str) -> int:
    """Fetch every topic, and return how many messages there were."""
    # The mock cluster does not answer what is asked then.
    kafka.DESCRIBE_SECONDS = 0.1
    count = 0
    for number in range(topics):
        found = Fetched(time=now())
        place = Path(folder) / str(number)
        place.mkdir(parents=True)
        fetch_kafka(Kilde(KOMET, {"kafka": f"tema{number}"}), place, found, Silent(), None, 60)
        count += found.rows
    return count


def measured(work: Callable[..., int], *arguments: object) -> tuple[int, float, float, float]:
    """Return how many messages work has read, its seconds, its processor seconds, and its most memory in MiB."""
    began, cpu = time.monotonic(), time.process_time()
    count = work(*arguments)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    return count, seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many (default %(default)s)")
    wanted = parser.parse_args(arguments).messages
    topics = max(1, wanted // MESSAGES_A_TOPIC)
    os.environ.setdefault("PSEUDONYM_NOKKEL", "only-for-measuring")
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=cluster, args=(theirs, topics, wanted // topics), daemon=True
    )
    process.start()
    os.environ["KAFKA_BROKERS"] = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        results = {"only read": apart(measured, drain, topics), "fetch": apart(measured, fetch, topics, folder)}
        results["fetch a fifth of it"] = apart(measured, fetch, max(1, topics // 5), f"{folder}/part")
    ours.send(None)
    process.join()
    _, plain, plain_cpu, _ = results["only read"]
    for what, (count, seconds, cpu, memory) in results.items():
        print(f"{what:20s}{count:10d} messages {count / seconds:10.0f} a second {cpu:8.1f} CPU s {memory:7.0f} MiB")
    _, seconds, cpu, _ = results["fetch"]
    print(f"The fetch takes {seconds / plain:.1f} times the time and {cpu / plain_cpu:.1f} times the processor.")
    return 0
