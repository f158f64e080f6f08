"""Topics from Kafka: every partition, to the end that it had when the reading began.

Partitions are assigned by hand, so no group is joined and nothing is rebalanced. A message whose partition has no
leader for a while, or comes slowly, is waited for.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource

from tiltaksstatistikk.fetch.folder import Fetched
from tiltaksstatistikk.fetch.kilder import KAFKA_BROKERS, KAFKA_FILES, Kilde
from tiltaksstatistikk.fetch.messages import BATCH_BYTES, BATCH_LINES, Message, Parts
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import Topic

# How long to wait without one new message.
PATIENCE_SECONDS = 900.0
# A partition that ends before the end that it had is given as long, since a new leader may be behind.
SHORTER_SECONDS = 30.0
ASK_SECONDS = 30.0
DESCRIBE_SECONDS = 5.0
# How long a batch may be in coming.
CONSUME_SECONDS = 0.2
# Of these no waiting helps.
HOPELESS = (
    KafkaError._AUTHENTICATION,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError._SSL,
)
NOT_JSON = '"(ikke UTF-8)"'


class MadeAnew(Exception):
    """A topic is another one than it was, or has lost messages. The text says how that is known."""


@dataclass
class Partition:
    """How far a partition was read.

    Attributes:
        end: the offset after the last one that the reading was to take.
        last: the offset of the last message that there was; None when none was seen.
        timestamp: of that message.
    """

    end: int
    last: int | None = None
    timestamp: int | None = None


@dataclass
class Read:
    """How far a topic was read.

    Attributes:
        topic: its name.
        topic_id: the brokers' own id of it, which is new when it is made anew; empty when they do not tell.
        partitions: by their numbers as text.
    """

    topic: str
    topic_id: str = ""
    partitions: dict[str, Partition] = field(default_factory=dict)

    @staticmethod
    def of(found: dict[str, Any] | None) -> Read | None:
        """Return what an earlier fetch has remembered."""
        if not found:
            return None
        partitions = {number: Partition(**one) for number, one in found["partitions"].items()}
        return Read(found["topic"], found["topic_id"], partitions)


def settings() -> dict[str, Any]:
    """Return how to connect, from the environment."""
    found: dict[str, Any] = {
        "bootstrap.servers": os.environ[KAFKA_BROKERS],
        "client.id": "tiltaksstatistikk",
        # Trouble is told by `Topics.trouble`.
        "log_level": 2,
    }
    paths = {option: os.environ[name] for name, option in KAFKA_FILES.items() if os.environ.get(name)}
    return found | paths | ({"security.protocol": "ssl"} if paths else {})


class Topics:
    """A connection that reads one topic.

    Args:
        topic: its name.
        progress: what is told.
        patience: how many seconds to wait without one new message.
    """

    def __init__(self, topic: str, progress: Progress, patience: float = PATIENCE_SECONDS) -> None:
        """Connect when something is asked."""
        self.topic, self.progress, self.patience = topic, progress, patience
        self.reason = ""
        # The library wants a group, which is never joined.
        options = {
            "group.id": "tiltaksstatistikk-hent",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
            "check.crcs": True,
            # A message that is larger than a fetch is fetched all the same.
            "receive.message.max.bytes": 1 << 30,
            "fetch.message.max.bytes": 4 << 20,
            "queued.max.messages.kbytes": 64 << 10,
            "reconnect.backoff.max.ms": 5000,
            "error_cb": self.trouble,
        }
        self.consumer = Consumer(settings() | options)

    def trouble(self, error: KafkaError) -> None:
        """Tell of trouble with the brokers, each kind once."""
        if error.str() != self.reason:
            self.reason = error.str()
            self.progress.say(f"{self.topic}: {error.name()}; waiting")

    def refuse(self, error: KafkaError) -> None:
        """Stop when waiting does not help.

        Raises:
            Refused: it does not.
        """
        if error.fatal() or error.code() in HOPELESS:
            raise Refused(f"The topic {self.topic} cannot be read: {error.name()} ({error.str()}).")

    def ask(self, question: Any) -> Any:
        """Ask the brokers until they answer.

        Args:
            question: a function that asks, and waits for as many seconds as it is given.

        Raises:
            Refused: nobody has answered for as long as we wait, or waiting does not help.
        """
        began = time.monotonic()
        while True:
            try:
                return question(min(ASK_SECONDS, self.patience))
            except KafkaException as error:
                self.refuse(error.args[0])
                if time.monotonic() - began > self.patience:
                    raise Refused(
                        f"The topic {self.topic} cannot be read: {error.args[0].name()} for {self.patience:.0f} s. "
                        f"Look at {KAFKA_BROKERS} and the brokers, and run again."
                    ) from None
                self.trouble(error.args[0])
                self.consumer.poll(1.0)

    def partitions(self) -> list[int]:
        """Return the numbers of the partitions.

        Raises:
            Refused: there is no such topic.
        """
        found = self.ask(lambda seconds: self.consumer.list_topics(self.topic, timeout=seconds)).topics[self.topic]
        if found.error and found.error.code() not in (KafkaError.LEADER_NOT_AVAILABLE,):
            raise Refused(f"The topic {self.topic} cannot be read: {found.error.name()}.")
        return sorted(found.partitions)

    def bounds(self, partition: int) -> tuple[int, int]:
        """Return a partition's first offset and the one after its last."""
        where = TopicPartition(self.topic, partition)
        low, high = self.ask(lambda seconds: self.consumer.get_watermark_offsets(where, timeout=seconds))
        return int(low), int(high)

    def described(self) -> tuple[str, float | None]:
        """Return the topic's id, and how many hours it keeps a tombstone; what the brokers do not tell, nothing."""
        admin = AdminClient(settings())
        resource = ConfigResource(ConfigResource.Type.TOPIC, self.topic)
        asked = TopicCollection([self.topic])
        topic = admin.describe_topics(asked, request_timeout=DESCRIBE_SECONDS)[self.topic]
        config = admin.describe_configs([resource], request_timeout=DESCRIBE_SECONDS)[resource]
        topic_id, hours = "", None
        with contextlib.suppress(KafkaException):
            topic_id = str(topic.result().topic_id or "")
        with contextlib.suppress(KafkaException, KeyError, ValueError, TypeError):
            told = config.result()
            if "compact" in told["cleanup.policy"].value:
                hours = int(told["delete.retention.ms"].value) / 3_600_000
        return topic_id, hours

    def messages(self, starts: dict[int, int], ends: dict[int, int]) -> Iterator[list[Any]]:
        """Give the messages from where each partition starts to where it ends, some at a time.

        Raises:
            MadeAnew: a partition has become shorter meanwhile.
            Refused: nothing has come for as long as we wait, or waiting does not help.
        """
        left = {number: end for number, end in ends.items() if starts[number] < end}
        self.consumer.assign([TopicPartition(self.topic, number, starts[number]) for number in left])
        at_end: dict[int, float] = {}
        moved = time.monotonic()
        size = 64
        while left:
            some = []
            for message in self.consumer.consume(size, CONSUME_SECONDS):
                number = message.partition()
                if error := message.error():
                    self.of_error(error, message, left, at_end)
                elif number in left:
                    at_end.pop(number, None)
                    if message.offset() < left[number]:
                        some.append(message)
                    if message.offset() >= left[number] - 1:
                        self.done(number, left)
            if some:
                moved = time.monotonic()
                self.reason = ""
                mean = sum(map(len_of, some)) // len(some) + 200
                size = max(1, min(BATCH_LINES, BATCH_BYTES // mean))
                yield some
                moved = time.monotonic()
            self.look_at_clocks(left, at_end, moved)
        self.consumer.unassign()

    def look_at_clocks(self, left: dict[int, int], at_end: dict[int, float], moved: float) -> None:
        """Stop waiting when there is nothing to wait for.

        Raises:
            MadeAnew: a partition ends before the end that it had.
            Refused: nothing has come for as long as we wait.
        """
        now = time.monotonic()
        if any(now - since > SHORTER_SECONDS and self.bounds(number)[1] < left[number]
               for number, since in at_end.items() if number in left):  # fmt: skip
            raise MadeAnew("a partition is shorter than when the reading began")
        if now - moved > self.patience:
            raise Refused(
                f"The topic {self.topic} gave nothing for {self.patience:.0f} s"
                f"{f' ({self.reason})' if self.reason else ''}, and partition {min(left)} is not read to its end. "
                "Look at the brokers, and run again."
            )

    def of_error(self, error: KafkaError, message: Any, left: dict[int, int], at_end: dict[int, float]) -> None:
        """Take what comes in the place of a message.

        Raises:
            MadeAnew: the offset that is wanted is not there any more.
            Refused: waiting does not help.
        """
        number = message.partition()
        if error.code() == KafkaError._PARTITION_EOF:
            if number in left and message.offset() >= left[number]:
                self.done(number, left)
            elif number in left:
                at_end.setdefault(number, time.monotonic())
        elif error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE):
            raise MadeAnew("an offset that was there is there no more")
        else:
            self.refuse(error)
            self.trouble(error)

    def done(self, number: int, left: dict[int, int]) -> None:
        """A partition is read to its end."""
        del left[number]
        self.consumer.pause([TopicPartition(self.topic, number)])

    def close(self) -> None:
        """End the connection."""
        self.consumer.close()


def len_of(message: Any) -> int:
    """Return the bytes of a message."""
    return len(message.key() or b"") + len(message.value() or b"")


def as_message(message: Any) -> Message:
    """Return a message of Kafka's as text. A value that is no UTF-8 is no JSON; two such keys stay two."""
    key, value = message.key(), message.value()
    try:
        text = None if value is None else value.decode()
    except UnicodeDecodeError:
        text = NOT_JSON
    return Message(
        message.partition(),
        message.offset(),
        message.timestamp()[1],
        None if key is None else key.decode(errors="backslashreplace"),
        text,
    )


def goes_on(before: Read, topic_id: str, bounds: dict[int, tuple[int, int]]) -> None:
    """Look whether a topic is the one that was read, and has kept what came since.

    Raises:
        MadeAnew: it is not, or has not.
    """
    if before.topic_id and topic_id and before.topic_id != topic_id:
        raise MadeAnew("it was made anew (it has another id)")
    for number, known in before.partitions.items():
        if int(number) not in bounds:
            raise MadeAnew(f"it was made anew (partition {number} is gone)")
        low, high = bounds[int(number)]
        if high < known.end:
            raise MadeAnew(f"it was made anew (partition {number} ends at {high}, and was read to {known.end})")
        if low > known.end:
            raise MadeAnew(f"messages are lost (partition {number} begins at {low}, and was read to {known.end})")


def fetch_kafka(
    kilde: Kilde, folder: Path, found: Fetched, progress: Progress, before: Fetched | None, patience: float
) -> list[Path]:
    """Fetch a topic, and note messages, bytes and offsets: what is new since the extract before, or all of it.

    Raises:
        MadeAnew: it was made anew while all of it was read. It can be read again.
        Refused: it cannot be read.
    """
    if before:
        try:
            return fetch_once(kilde, folder, found, progress, before, patience)
        except MadeAnew as error:
            progress.say(f"{kilde.source.file}: {error}; all of it is read")
            for path in folder.glob(f"{kilde.source.file}.*"):
                path.unlink()
    return fetch_once(kilde, folder, found, progress, None, patience)


def fetch_once(
    kilde: Kilde, folder: Path, found: Fetched, progress: Progress, before: Fetched | None, patience: float
) -> list[Path]:
    """Fetch a topic over a connection of its own.

    Raises:
        MadeAnew: what is new since the extract before is not enough, or the topic was made anew meanwhile.
        Refused: it cannot be read.
    """
    topics = Topics(kilde.where, progress, patience)
    try:
        topic_id, hours = topics.described()
        bounds = {number: topics.bounds(number) for number in topics.partitions()}
        known = None
        if before:
            known = Read.of(before.offsets)
            if not known or known.topic != kilde.where:
                raise MadeAnew(f"the extract before does not know how far {kilde.where} was read")
            hours = kilde.settings.get("slettemerker_timer") if hours is None else hours
            if hours is None:
                progress.say(f"{kilde.source.file}: nobody tells how long a tombstone is kept (docs/hent.md)")
            has_tombstones(before, found, hours)
            goes_on(known, topic_id, bounds)
        return read_topic(topics, kilde, folder, found, bounds, topic_id, known)
    finally:
        topics.close()


def has_tombstones(before: Fetched, found: Fetched, hours: float | None) -> None:
    """Look whether a topic still has each tombstone since the extract before.

    Raises:
        MadeAnew: compaction may have removed some, and what they deleted would stand for ever.
    """
    age = (datetime.fromisoformat(found.time) - datetime.fromisoformat(before.time)).total_seconds() / 3600
    if hours is not None and age > hours:
        raise MadeAnew(f"a tombstone is kept for {hours:g} hours, and the extract before is {age:.0f} hours old")


def read_topic(
    topics: Topics, kilde: Kilde, folder: Path, found: Fetched, bounds: dict[int, tuple[int, int]], topic_id: str,
    known: Read | None,
) -> list[Path]:  # fmt: skip
    """Read a topic into parts: from where it was read to, with the last message once more, or from its beginning.

    The last message that was there says whether it is the same topic. It is written only when nothing is new: the
    loader takes a topic without a message for one that was cut off.

    Raises:
        MadeAnew: it is another topic, or became one meanwhile.
        Refused: it cannot be read, or has no message at all.
    """
    assert isinstance(kilde.source, Topic)
    starts = {number: low for number, (low, _) in bounds.items()}
    read = Read(kilde.where, topic_id, {str(number): Partition(high) for number, (_, high) in bounds.items()})
    for name, partition in known.partitions.items() if known else []:
        number = int(name)
        starts[number] = max(starts[number], partition.end if partition.last is None else partition.last)
        read.partitions[name].last, read.partitions[name].timestamp = partition.last, partition.timestamp
    found.scope, found.rows, found.bytes_in = "endring" if known else "full", 0, 0
    topics.progress.begin(kilde.source.file, sum(bounds[number][1] - start for number, start in starts.items()))
    again: list[Any] = []
    with Parts(kilde.source, folder) as parts:
        for some in topics.messages(starts, {number: high for number, (_, high) in bounds.items()}):
            for message in some:
                note(read.partitions[str(message.partition())], message)
            again += [message for message in some if is_known(known, message)]
            parts.add([as_message(message) for message in some if not is_known(known, message)])
            found.bytes_in += sum(map(len_of, some))
            topics.progress.advance(len(some))
        if not parts.lines:
            parts.add([as_message(message) for message in again])
    found.rows = parts.lines
    if not parts.lines and known:
        raise MadeAnew("nothing is new, and the last message is gone")
    if not parts.lines:
        raise Refused(f"The topic {kilde.where} has no messages. If that is right, take {kilde.source.file} away.")
    still_there(topics, topic_id, bounds)
    found.offsets = asdict(read)
    return parts.paths


def still_there(topics: Topics, topic_id: str, bounds: dict[int, tuple[int, int]]) -> None:
    """Look whether a topic is the one that it was when the reading began.

    Raises:
        MadeAnew: it is not.
    """
    is_another = topic_id and topics.described()[0] not in ("", topic_id)
    if is_another or any(topics.bounds(number)[1] < high for number, (_, high) in bounds.items()):
        raise MadeAnew("it was made anew while it was read")


def is_known(known: Read | None, message: Any) -> bool:
    """Whether a message was read before."""
    partition = known.partitions.get(str(message.partition())) if known else None
    return partition is not None and message.offset() < partition.end


def note(partition: Partition, message: Any) -> None:
    """Remember the last message of a partition.

    Raises:
        MadeAnew: the message that was the last one before is another now.
    """
    offset, timestamp = message.offset(), message.timestamp()[1]
    if partition.last == offset and partition.timestamp != timestamp:
        raise MadeAnew(f"it was made anew (offset {offset} of partition {message.partition()} is another message)")
    partition.last, partition.timestamp = offset, timestamp
