"""The topics of the week after: most messages the same, some keys with a new one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from random import Random

from uttrekk.employers import NOT_AGREED, AgreementMaker, instant_text, plain, spell
from uttrekk.files import EMPLOYERS_TOPIC, PARTITIONS, TOPIC, Message, Progress, TopicWriter, read_topic
from uttrekk.people import WAITING, Idents, PeopleMaker
from uttrekk.values import Value, instant, iso, new_uuid, parse_date
from uttrekk.week import Week

ENDED = ("HAR_SLUTTET", "FULLFORT", "AVBRUTT")


class TopicWeek(ABC):
    """Writes a compacted topic as it is a week later.

    Subclasses say what falls due, what else may happen to a key, and what is new.
    """

    #: The topic, the share of its keys that something happens to, and how many messages there are for a new key.
    topic: str
    changed_share: float
    lines_per_new: int

    def __init__(self, week: Week, writer: TopicWriter) -> None:
        """Prepare to read the topic of the earlier extract, and to write it."""
        self.week = week
        self.today = week.today
        self.writer = writer

    def build(self, idents: Idents) -> None:
        """Read the topic three times (who changes, what they were, the copy), to hold only what changes."""
        earlier, offsets = self.week.earlier, [0] * PARTITIONS
        chosen: set[str] = set()
        lines = 0
        for line in read_topic(earlier, self.topic):
            lines += 1
            message = Message.read(line)
            if message.partition < PARTITIONS:
                offsets[message.partition] = max(offsets[message.partition], message.offset)
            if message.key and (self.is_due(message) or self._is_drawn(message)):
                chosen.add(message.key)
        self.writer.offsets = offsets
        latest: dict[str, Message] = {}
        content: dict[str, tuple[int, Value]] = {}
        for line in read_topic(earlier, self.topic):
            message = Message.read(line)
            key, offset = message.key, message.offset
            if key in chosen:
                if key not in latest or offset > latest[key].offset:
                    latest[key] = message
                if message.value and (key not in content or offset > content[key][0]):
                    content[key] = (offset, message.value)
        values = {key: content[key][1] for key in sorted(content)}
        # What is new stands before what it replaces in the files, as they are in no particular order.
        gone = {key for key in sorted(chosen) if not self._change(latest[key], values.get(key))}
        self.add_new(max(3, lines // self.lines_per_new), idents, list(values.values()))
        progress = Progress("messages", lines)
        for done, line in enumerate(read_topic(earlier, self.topic)):
            message = Message.read(line)
            key = message.key
            compacted = key in latest and message.offset < latest[key].offset
            if key not in gone and not (compacted and self.week.chance("compact", key) < 0.25):
                self.writer.add_line(line, message.partition, message.offset)
            progress.tell(done)

    def _is_drawn(self, message: Message) -> bool:
        """Return whether chance has it that something happens to the key; often so for a tombstone."""
        share = 0.3 if message.value is None else self.changed_share
        return self.week.chance("key", message.key) < share

    def _change(self, latest: Message, content: Value | None) -> bool:
        """Send what is new for a key; returns False when the key is to vanish from the topic altogether."""
        due = self.is_due(latest)
        if not due and not self._is_drawn(latest):
            # Only a superseded message of the key was due.
            return True
        rng = self.week.rng("key", latest.key)
        if latest.value is not None:
            return self.evolve(rng, latest.key, latest.value, due=due)
        # The participation is back, or compaction has removed its tombstone.
        if content:
            self.send(rng, latest.key, content)
        return content is not None

    def delete(self, rng: Random, key: str) -> None:
        """Send a tombstone."""
        self.writer.add(key, None, self.week.recently(rng))

    @abstractmethod
    def is_due(self, message: Message) -> bool:
        """Return whether the days that have passed change the status."""

    @abstractmethod
    def evolve(self, rng: Random, key: str, value: Value, *, due: bool) -> bool:
        """Send what happens to a participation, because it is due or by chance; False when it is to vanish."""

    @abstractmethod
    def send(self, rng: Random, key: str, value: Value, **changes: object) -> None:
        """Send a message with these changes, at a time in the week."""

    @abstractmethod
    def add_new(self, number: int, idents: Idents, known: list[Value]) -> None:
        """Send new participations: of new people, and of people who are known from those in `known`."""


class KometWeek(TopicWeek):
    """Komet's topic."""

    topic, changed_share, lines_per_new = TOPIC, 0.008, 150

    def __init__(self, week: Week, maker: PeopleMaker, kode: dict[str, str]) -> None:
        """Prepare; `kode` is the tiltakskode of each gjennomføring."""
        super().__init__(week, week.extract.topic)
        self.maker = maker
        self._kode = kode
        #: Some people who have participations.
        self.people: list[str] = []

    def is_due(self, message: Message) -> bool:
        """Return whether Komet's hourly job has changed the status since: the start or the end has come."""
        value = message.value or {}
        status = value.get("status", {}).get("type")
        if status == "DELTAR":
            slutt = parse_date(value["sluttDato"])
            return slutt is not None and slutt < self.today
        start = parse_date(value.get("startDato"))
        return status == "VENTER_PA_OPPSTART" and start is not None and start <= self.today

    def send(self, rng: Random, key: str, value: Value, **changes: object) -> None:
        """Send a message with these changes, at a time in the week."""
        when = self.week.recently(rng)
        self.writer.add(key, value | changes | {"endretTidspunkt": when.isoformat()}, when)

    def _status(self, rng: Random, kode: str, status: str = "") -> Value:
        """Return a status set this week; without one, that with which the tiltakstype ends."""
        status = status or ("FULLFORT" if self.maker.kodeverk.opplaering(kode) else "HAR_SLUTTET")
        return self.maker.status(status, None, self.week.recently(rng))

    def evolve(self, rng: Random, key: str, value: Value, *, due: bool) -> bool:
        """Send what happens to a participation, because it is due or by chance; False when it is to vanish."""
        today = self.today
        start, slutt = parse_date(value["startDato"]), parse_date(value["sluttDato"])
        status = value.get("status", {}).get("type")
        kode = self._kode.get(value.get("gjennomforingId", ""), "AVKLARING")
        draw = rng.random()
        if due and status == "DELTAR":
            self.send(rng, key, value, status=self._status(rng, kode))
        elif due and slutt and slutt < today:
            ended = self._status(rng, kode, "IKKE_AKTUELL")
            self.send(rng, key, value, startDato=None, sluttDato=None, status=ended)
        elif due:
            self.send(rng, key, value, status=self._status(rng, kode, "DELTAR"))
        elif draw < 0.06:
            self.delete(rng, key)
        elif draw < 0.10:
            return False
        elif draw < 0.15:
            self.send(rng, key, value, status=self._status(rng, kode, "FEILREGISTRERT"))
        elif status == "DELTAR" and draw < 0.6:
            last = today - timedelta(days=rng.randrange(1, 40))
            self.send(rng, key, value, sluttDato=iso(max(start or last, last)), status=self._status(rng, kode))
        elif status == "DELTAR" and slutt and draw < 0.8:
            self.send(rng, key, value, sluttDato=iso(slutt + timedelta(days=rng.randrange(7, 180))))
        elif start and slutt and status in ENDED and draw < 0.75:
            # A correction, some days or some months back in time.
            moved = slutt + timedelta(days=rng.randrange(-60, 30))
            self.send(rng, key, value, sluttDato=iso(min(max(start, moved), today)))
        elif start and status in ("DELTAR", *ENDED):
            moved = start + timedelta(days=rng.randrange(-45, 15))
            self.send(rng, key, value, startDato=iso(min(moved, slutt or today)))
        elif status in WAITING:
            moved = today - timedelta(days=rng.randrange(7))
            self.send(rng, key, value, startDato=iso(moved), status=self._status(rng, kode, "DELTAR"))
        else:
            self.send(rng, key, value)
        return True

    def add_new(self, number: int, idents: Idents, known: list[Value]) -> None:
        """Send new participations: of new people, and of people who are known from those in `known`."""
        registers = self.week.registers
        self.people = [value["personIdent"] for value in known if value.get("personIdent")]
        open_groups = [group for group in registers.by_id.values() if group.holds(self.today)]
        for place in range(number):
            rng = self.week.rng("new", str(place))
            if known and open_groups and rng.random() < 0.3:
                group = rng.choice(open_groups)
                start = max(group.start, self.today - timedelta(days=rng.randrange(-20, 200)))
                status = "DELTAR" if start <= self.today else "VENTER_PA_OPPSTART"
                value: Value = {
                    "id": new_uuid(rng),
                    "gjennomforingId": group.id,
                    "personIdent": rng.choice(known).get("personIdent") or idents.next(),
                    "startDato": iso(start),
                    "sluttDato": None,
                    "status": self._status(rng, group.kode, status),
                    "registrertTidspunkt": self.week.recently(rng).isoformat(),
                    "kilde": "KOMET",
                    "innhold": None,
                    "deltakelsesmengder": [],
                }
                self.send(rng, value["id"], value)
                continue
            person = self.maker.person(rng, idents.next(), 1)
            if all(value is None for _, value, _ in person.messages):
                continue
            # Whatever its dates, it was registered this week: late registrations go months back.
            value = person.last_value() | {"registrertTidspunkt": self.week.recently(rng).isoformat()}
            person.messages.clear()
            person.write(self.week.extract)
            self.send(rng, value["id"], value)


class EmployersWeek(TopicWeek):
    """The topic of agreements with employers."""

    topic, changed_share, lines_per_new = EMPLOYERS_TOPIC, 0.03, 80

    def __init__(self, week: Week, maker: AgreementMaker, people: list[str]) -> None:
        """Prepare; `people` have Komet's participations, and may get an employer's too."""
        super().__init__(week, week.extract.employers)
        self.maker = maker
        self.people = people

    def is_due(self, message: Message) -> bool:
        """Return whether the start or the end of an agreement has come."""
        value = message.value or {}
        status = plain(value.get("avtaleStatus"))
        if status == "GJENNOMFORES":
            slutt = parse_date(value.get("sluttDato"))
            return slutt is not None and slutt < self.today
        start = parse_date(value.get("startDato"))
        return status == "KLAR_FOR_OPPSTART" and start is not None and start <= self.today

    def send(self, rng: Random, key: str, value: Value, **changes: object) -> None:
        """Send a message with these changes, at a time in the week."""
        when = self.week.recently(rng)
        self.writer.add(key, value | changes | {"sistEndret": instant(when)}, when)

    def evolve(self, rng: Random, key: str, value: Value, *, due: bool) -> bool:
        """Send what happens to a participation, because it is due or by chance; False when it is to vanish."""
        today = self.today
        changes: Value = {}
        start, slutt = parse_date(value.get("startDato")), parse_date(value.get("sluttDato"))
        status = plain(value.get("avtaleStatus"))
        draw = rng.random()
        if due:
            changes["avtaleStatus"] = "AVSLUTTET" if status == "GJENNOMFORES" else spell(rng, "GJENNOMFORES")
        elif draw < 0.08:
            self.delete(rng, key)
            return True
        elif draw < 0.14:
            return False
        elif draw < 0.2:
            changes["feilregistrert"] = True
        elif status in (*NOT_AGREED, "KLAR_FOR_OPPSTART") and draw < 0.5:
            annulled = {"annullertTidspunkt": instant(self.week.recently(rng)), "annullertGrunn": "Annet"}
            changes = {"avtaleStatus": "ANNULLERT"} | annulled
        elif status in NOT_AGREED:
            start = today + timedelta(days=rng.randrange(-6, 20))
            changes = {
                "avtaleStatus": "KLAR_FOR_OPPSTART" if start > today else spell(rng, "GJENNOMFORES"),
                "avtaleInngått": instant_text(rng, self.week.recently(rng)),
                "startDato": iso(start),
                "sluttDato": iso(start + timedelta(days=rng.randrange(60, 300))),
            }
        elif status == "GJENNOMFORES" and draw < 0.5:
            last = today - timedelta(days=rng.randrange(1, 30))
            ended = rng.choice(("AVBRUTT", "AVSLUTTET"))
            changes = {"avtaleStatus": ended, "sluttDato": iso(max(start or last, last))}
        elif status == "GJENNOMFORES" and slutt and draw < 0.7:
            changes["sluttDato"] = iso(slutt + timedelta(days=rng.randrange(14, 180)))
        elif start and draw < 0.85:
            # A correction, some weeks back or forth in time.
            changes["startDato"] = iso(min(start + timedelta(days=rng.randrange(-45, 15)), slutt or start))
        elif draw < 0.95:
            changes["stillingprosent"] = rng.choice((100, 75, 50, 30, None))
        else:
            changes["enhetOppfolging"] = self.maker.draw_office(rng).enhetsnummer
        self.send(rng, key, value, **changes)
        return True

    def add_new(self, number: int, idents: Idents, known: list[Value]) -> None:
        """Send new participations: of new people, and of people who are known from a topic."""
        people = self.people + [value["deltakerFnr"] for value in known if value.get("deltakerFnr")]
        for place in range(number):
            rng = self.week.rng("new agreement", str(place))
            ident = rng.choice(people) if people and rng.random() < 0.7 else idents.next()
            key, value, _ = self.maker.agreement(rng, ident, self.maker.draw_office(rng))[-1]
            if value is not None:
                # Whatever its dates, it was registered this week.
                self.send(rng, key, value, opprettetTidspunkt=instant(self.week.recently(rng)))
