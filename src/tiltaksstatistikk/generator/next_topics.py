"""The topics of the week after: most messages the same, some keys with a new one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from tiltaksstatistikk.generator.employers import NOT_AGREED, AgreementMaker, instant_text, plain, spell
from tiltaksstatistikk.generator.files import (
    EMPLOYERS_TOPIC,
    PARTITIONS,
    TOPIC,
    Head,
    Message,
    Progress,
    TopicWriter,
    read_topic,
)
from tiltaksstatistikk.generator.people import DRAFT, WAITING, Idents, PeopleMaker, Person
from tiltaksstatistikk.generator.values import Value, instant, iso, new_uuid, parse_date
from tiltaksstatistikk.generator.week import Week

ENDED = ("HAR_SLUTTET", "FULLFORT", "AVBRUTT")

#: An ended participation can be edited for two months (a rule of the source).
EDITED = timedelta(days=60)
#: The share of the country's participations that are edited however long ago they were: about five of five million.
COUNTRY_LATE = 1e-6
#: The share of those who are to start, in the country, that never do: as many start a week as end.
COUNTRY_NOT_STARTED = 0.35
#: The shares of the country's tombstones that something happens to, and of those the participations that return.
COUNTRY_TOMBSTONES, COUNTRY_RETURNED = 0.05, 0.0005
#: How many participations of each topic are other people's, with faults.
STRANGERS = 3


class TopicWeek(ABC):
    """Writes a compacted topic as it is a week later.

    Subclasses say what falls due, what else may happen to a key, and what is new.
    """

    #: The topic, the share of its keys that something happens to, and how many messages there are for a new key.
    topic: str
    changed_share: float
    lines_per_new: int
    #: The same in the country: the share of the keys that are recent.
    country_share: float
    country_lines_per_new: int
    #: The field with the person's ident, and what a message has that may be due.
    ident: str
    due_marks: tuple[str, ...]

    def __init__(self, week: Week, writer: TopicWriter) -> None:
        """Prepare to read the topic of the earlier extract, and to write it."""
        self.week = week
        self.today = week.today
        self.writer = writer
        self._written_ident = re.compile(rf'"{self.ident}":"(\d{{11}})"')
        if week.country:
            self.lines_per_new = self.country_lines_per_new

    def build(self, idents: Idents) -> None:
        """Read the topic three times (who changes, what they were, the copy), to hold only what changes.

        When only changes are wanted there is no copy, and a key that is to vanish gets a tombstone.
        """
        earlier, offsets = self.week.earlier, [0] * PARTITIONS
        chosen: set[str] = set()
        lines = 0
        for line in read_topic(earlier, self.topic):
            lines += 1
            head = Head.read(line)
            if head.partition < PARTITIONS:
                offsets[head.partition] = max(offsets[head.partition], head.offset)
            if head.key and head.key not in chosen and self._may_change(head):
                chosen.add(head.key)
        self.writer.offsets = offsets
        latest: dict[str, Head] = {}
        content: dict[str, Head] = {}
        for line in read_topic(earlier, self.topic):
            head = Head.read(line)
            key = head.key
            if key in chosen:
                if key not in latest or head.offset > latest[key].offset:
                    latest[key] = head
                if not head.deleted and (key not in content or head.offset > content[key].offset):
                    content[key] = head
        known: list[str | None] = []
        # New messages stand before those they replace in the files, as they are in no particular order.
        gone: dict[str, bool] = {}
        strangers = STRANGERS if self.week.faults else 0
        for key in sorted(latest):
            value = self._with_current_ident(Message.read(content[key].line).value if key in content else None)
            ident = value.get(self.ident) if value else None
            if value:
                known.append(ident)
            if strangers and value and ident and not latest[key].deleted:
                # A fault: it is another person's now, and nothing says that this is the same one.
                strangers -= 1
                self.send(self.week.rng("stranger", key), key, value | {self.ident: idents.next()})
            elif not self._change(Message.read(latest[key].line), value):
                gone[key] = latest[key].deleted
        self.add_new(max(3, lines // self.lines_per_new), idents, known)
        if self.week.only_changes:
            for key, deleted in gone.items():
                if not deleted:
                    self.delete(self.week.rng("gone", key), key)
            return
        offset_of = {key: head.offset for key, head in latest.items()}
        latest.clear()
        content.clear()
        progress = Progress("messages", lines)
        for done, line in enumerate(read_topic(earlier, self.topic)):
            head = Head.read(line)
            key = head.key
            compacted = key in offset_of and head.offset < offset_of[key]
            if key not in gone and not (compacted and self.week.chance("compact", key) < 0.25):
                self.writer.add_line(line, head.partition, head.offset)
            progress.tell(done)

    def _may_change(self, head: Head) -> bool:
        """Return whether a message makes its key one that something may happen to; most are told by a glance."""
        if any(mark in head.line for mark in self.due_marks) and self.is_due(Message.read(head.line)):
            return True
        found = self._written_ident.search(head.line)
        if found and self.week.idents.current(found[1]) != found[1]:
            return True
        if head.deleted or not self.week.country:
            return self.week.chance("key", head.key) < self._share(deleted=head.deleted)
        return self.week.chance("key", head.key) < self._share() and self._is_drawn(Message.read(head.line))

    def _share(self, *, deleted: bool = False) -> float:
        """Return the largest share of keys that something happens to by chance; often so for a tombstone."""
        if deleted:
            return COUNTRY_TOMBSTONES if self.week.country else 0.3
        return self.country_share if self.week.country else self.changed_share

    def _is_drawn(self, message: Message) -> bool:
        """Return whether chance has it that something happens to the key.

        In the country, what can be edited is what is not over, or was so recently, but for very few.
        """
        chance = self.week.chance("key", message.key)
        if chance >= self._share(deleted=message.value is None):
            return False
        return not self.week.country or not message.value or chance < COUNTRY_LATE or self.is_recent(message.value)

    def _with_current_ident(self, value: Value | None) -> Value | None:
        """Return what a message says, of the person as known from this week on."""
        if not value or not value.get(self.ident):
            return value
        return value | {self.ident: self.week.idents.current(value[self.ident])}

    def _change(self, latest: Message, content: Value | None) -> bool:
        """Send what is new for a key; returns False when the key is to vanish from the topic altogether.

        `content` is what the key's last message that is no tombstone says, with the person's current ident.
        """
        due = self.is_due(latest)
        rng = self.week.rng("key", latest.key)
        if not due and not self._is_drawn(latest):
            if latest.value and content and content != latest.value:
                self.send(rng, latest.key, content)
            # Else only a superseded message of the key was due, or had another ident.
            return True
        if latest.value is not None:
            return self.evolve(rng, latest.key, content or latest.value, due=due)
        # The participation is back, or compaction has removed its tombstone.
        if content and self.week.country and rng.random() >= COUNTRY_RETURNED:
            return False
        if content:
            self.send(rng, latest.key, content)
        return content is not None

    def delete(self, rng: Random, key: str) -> None:
        """Send a tombstone."""
        self.writer.add(key, None, self.week.recently(rng))

    def begun_lately(self, value: Value) -> bool:
        """Return whether a participation starts so late that its weeks are recent, or has no start at all."""
        start = parse_date(value.get("startDato"))
        return start is None or start >= self.today - EDITED

    @abstractmethod
    def is_recent(self, value: Value) -> bool:
        """Return whether a participation is not over, or was so recently that it can be edited."""

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
    def add_new(self, number: int, idents: Idents, known: Sequence[str | None]) -> None:
        """Send new participations: of new people, and of people who are known from those in `known`."""


class KometWeek(TopicWeek):
    """Komet's topic."""

    topic, changed_share, lines_per_new = TOPIC, 0.008, 150
    country_share, country_lines_per_new = 0.15, 650
    ident, due_marks = "personIdent", ('"DELTAR"', '"VENTER_PA_OPPSTART"')

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

    def is_recent(self, value: Value) -> bool:
        """Return whether a participation is not over, or was so recently that it can be edited."""
        status = value.get("status", {}).get("type")
        if status in ENDED:
            slutt = parse_date(value.get("sluttDato"))
            return slutt is not None and slutt >= self.today - EDITED
        return status in ("DELTAR", DRAFT, *WAITING)

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
        elif due and ((slutt and slutt < today) or (self.week.country and draw < COUNTRY_NOT_STARTED)):
            ended = self._status(rng, kode, "IKKE_AKTUELL")
            self.send(rng, key, value, startDato=None, sluttDato=None, status=ended)
        elif due:
            self.send(rng, key, value, status=self._status(rng, kode, "DELTAR"))
        elif self.week.country:
            return self._edit(rng, key, value, kode)
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

    def _edit(self, rng: Random, key: str, value: Value, kode: str) -> bool:
        """Send what happens by chance to a participation of the country; only what is late moves far back."""
        today = self.today
        start, slutt = parse_date(value["startDato"]), parse_date(value["sluttDato"])
        status = value.get("status", {}).get("type")
        recent, lately = self.is_recent(value), self.begun_lately(value)
        changes: Value = {}
        draw = rng.random()
        if draw < 0.01 and lately and recent:
            self.delete(rng, key)
            return True
        if draw < 0.015 and lately and recent:
            return False
        if draw < 0.03 and lately and recent:
            changes["status"] = self._status(rng, kode, "FEILREGISTRERT")
        elif status == "DELTAR" and draw < 0.12:
            last = today - timedelta(days=rng.randrange(1, 14))
            changes = {"sluttDato": iso(max(start or last, last)), "status": self._status(rng, kode)}
        elif status == "DELTAR" and slutt and draw < 0.6:
            changes["sluttDato"] = iso(max(today, slutt + timedelta(days=rng.randrange(-20, 21))))
        elif status in ("DELTAR", *ENDED) and start and lately and draw < 0.7:
            changes["startDato"] = iso(min(start + timedelta(days=rng.randrange(-10, 10)), slutt or today))
        elif status in ENDED and start and slutt and (draw < 0.6 or not recent):
            moved = slutt + timedelta(days=rng.randrange(-20, 15))
            changes["sluttDato"] = iso(max(start, min(moved, today - timedelta(days=1))))
        elif status in WAITING and status != "VENTER_PA_OPPSTART" and draw < 0.15:
            start = today - timedelta(days=rng.randrange(7))
            slutt = start + self._lasting(rng, kode)
            changes = {"startDato": iso(start), "sluttDato": iso(slutt), "status": self._status(rng, kode, "DELTAR")}
        elif status in (DRAFT, *WAITING) and draw < 0.35:
            ended = "AVBRUTT_UTKAST" if status == DRAFT else "IKKE_AKTUELL"
            changes = {"startDato": None, "sluttDato": None, "status": self._status(rng, kode, ended)}
        self.send(rng, key, value, **changes)
        return True

    def _lasting(self, rng: Random, kode: str) -> timedelta:
        return timedelta(days=max(5, int(self.week.registers.days(kode) * rng.lognormvariate(-0.1, 0.5))))

    def add_new(self, number: int, idents: Idents, known: Sequence[str | None]) -> None:
        """Send new participations: of new people, and of people who are known from those in `known`."""
        registers, country = self.week.registers, self.week.country
        self.people = [ident for ident in known if ident]
        open_groups = [group for group in registers.by_id.values() if group.holds(self.today)]
        for place in range(number):
            rng = self.week.rng("new", str(place))
            if known and open_groups and rng.random() < (0.8 if country else 0.3):
                group = rng.choice(open_groups)
                start = max(group.start, self.today - timedelta(days=rng.randrange(-20, 14 if country else 200)))
                start = min(start, group.last_day) if country else start
                status = "DELTAR" if start <= self.today else "VENTER_PA_OPPSTART"
                value: Value = {
                    "id": new_uuid(rng),
                    "gjennomforingId": group.id,
                    "personIdent": rng.choice(known) or idents.next(),
                    "startDato": iso(start),
                    "sluttDato": None,
                    "status": self._status(rng, group.kode, status),
                    "registrertTidspunkt": self.week.recently(rng).isoformat(),
                    "kilde": "KOMET",
                    "innhold": None,
                    "deltakelsesmengder": [],
                }
                office = self.week.registers.draw_office(rng)
                if veileder := self.maker.nav_veileder(rng, office):
                    value["navVeileder"] = veileder
                if country:
                    value["sluttDato"] = iso(min(start + self._lasting(rng, group.kode), group.last_day))
                if country and rng.random() >= registers.shape.took_part:
                    status = rng.choice(WAITING[:3])
                    value |= {"startDato": None, "sluttDato": None, "status": self._status(rng, group.kode, status)}
                self.send(rng, value["id"], value)
                continue
            person = self.maker.person(rng, idents.next(), 1)
            while country and not self._is_new(person):
                person = self.maker.person(rng, person.ident, 1)
            if all(value is None for _, value, _ in person.messages):
                continue
            # Whatever its dates, it was registered this week: late registrations go months back.
            value = person.last_value() | {"registrertTidspunkt": self.week.recently(rng).isoformat()}
            person.messages.clear()
            person.write(self.week.extract)
            self.send(rng, value["id"], value)

    def _is_new(self, person: Person) -> bool:
        """Return whether the last that was said of a person's participation is that it starts now, or not at all."""
        value = person.messages[-1][1] if person.messages else None
        return value is not None and self.begun_lately(value)


class EmployersWeek(TopicWeek):
    """The topic of agreements with employers."""

    topic, changed_share, lines_per_new = EMPLOYERS_TOPIC, 0.03, 80
    country_share, country_lines_per_new = 0.04, 650
    ident, due_marks = "deltakerFnr", ('"GJENNOMFØRES"', '"GJENNOMFORES"', '"KLAR_FOR_OPPSTART"')

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

    def is_recent(self, value: Value) -> bool:
        """Return whether an agreement was made lately, goes on, or ended so recently that it can be edited."""
        status, edited = plain(value.get("avtaleStatus")), self.today - EDITED
        if status in NOT_AGREED:
            return str(value.get("opprettetTidspunkt")) >= (edited - EDITED).isoformat()
        slutt = parse_date(value.get("sluttDato"))
        ended = status in ("AVSLUTTET", "AVBRUTT") and slutt is not None and slutt >= edited
        return ended or status in ("GJENNOMFORES", "KLAR_FOR_OPPSTART")

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
        # Of the country's, only those that begun lately change in weeks long gone.
        lately = not self.week.country or self.begun_lately(value) or not self.is_recent(value)
        draw = draw if lately else max(draw, 0.2)
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
        elif not lately:
            pass
        elif start and draw < 0.85:
            # A correction, some weeks back or forth in time.
            changes["startDato"] = iso(min(start + timedelta(days=rng.randrange(-45, 15)), slutt or start))
        elif draw < 0.95:
            changes["stillingprosent"] = rng.choice((100, 75, 50, 30, None))
        else:
            changes["enhetOppfolging"] = self.maker.draw_office(rng).enhetsnummer
        self.send(rng, key, value, **changes)
        return True

    def add_new(self, number: int, idents: Idents, known: Sequence[str | None]) -> None:
        """Send new participations: of new people, and of people who are known from a topic."""
        people = self.people + [ident for ident in known if ident]
        for place in range(number):
            rng = self.week.rng("new agreement", str(place))
            ident = rng.choice(people) if people and rng.random() < 0.7 else idents.next()
            key, value, _ = self.maker.agreement(rng, ident, self.maker.draw_office(rng))[-1]
            if value is not None:
                # Whatever its dates, it was registered this week.
                self.send(rng, key, value, opprettetTidspunkt=instant(self.week.recently(rng)))
