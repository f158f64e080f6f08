"""The extract of the week after another: most of it the same, one to three per cent touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from uttrekk.files import PARTITIONS, Extract, Message, Progress, read_table, read_topic
from uttrekk.people import WAITING, Idents, PeopleMaker
from uttrekk.registers import Gjennomforing, Office, Registers
from uttrekk.values import (
    Row,
    Value,
    at_midnight,
    iso,
    local_text,
    moment,
    new_uuid,
    oslo_offset,
    parse_date,
    parse_time,
    utc_text,
)

ENDED = ("HAR_SLUTTET", "FULLFORT", "AVBRUTT")


class NextWeek:
    """Writes the extract of the week after another.

    What happens to an object is drawn from its own id, so that it does not depend on the order of reading.
    """

    def __init__(
        self, registers: Registers, extract: Extract, earlier: Path, taken_before: datetime, seed: int
    ) -> None:
        """Prepare to read `earlier`, an extract taken at `taken_before`, and nothing else."""
        self.registers = registers
        self.today = registers.today
        self.extract = extract
        self.earlier = earlier
        self.taken_before = taken_before
        self.scope = f"{seed}/{registers.taken_at:%Y-%m-%dT%H}"
        self.maker = PeopleMaker(registers)
        self._kode: dict[str, str] = {}

    def build(self, series: int) -> None:
        """Write everything but the faults and the table `uttrekk`; new people are of the series of idents."""
        self._load_registers()
        for name in ("avtale_view", "gjennomforing_nav_enhet_view", "nav_enhet"):
            self._write(name, self._read(name))
        self._tiltakstyper()
        self._gjennomforinger()
        self._vent()
        self._veiledergrupper()
        self._oppfolgingsbrukere()
        self._tilordninger()
        self._topic(Idents(self._rng("ident"), series))

    def _read(self, table: str) -> Iterator[Row]:
        return read_table(self.earlier, table)

    def _write(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self.extract.write(table, row)

    def _chance(self, *of: str) -> float:
        """Return a number in [0, 1) that depends on the arguments only, much faster than `_rng` does."""
        digest = hashlib.blake2b("/".join((self.scope, *of)).encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def _rng(self, *of: str) -> Random:
        return Random("/".join((self.scope, *of)))

    def _recently(self, rng: Random) -> datetime:
        """Return a time since the earlier extract."""
        days = max(1, (self.registers.taken_at - self.taken_before).days)
        day = self.today - timedelta(days=rng.randrange(1, days + 1))
        return max(moment(rng, day, self.registers.taken_at), self.taken_before + timedelta(minutes=90))

    def _recent_text(self, rng: Random) -> str:
        return local_text(rng, self._recently(rng))

    def _changed_text(self, rng: Random, before: str) -> str:
        """Return the timestamp of a change: mostly new, sometimes the one before, sometimes older than it."""
        draw = rng.random()
        old = parse_time(before)
        if draw < 0.08:
            return before
        if draw < 0.16 and old:
            day = old.date() - timedelta(days=rng.randrange(1, 60))
            return local_text(rng, moment(rng, day, self.registers.taken_at))
        return self._recent_text(rng)

    # -- registers

    def _load_registers(self) -> None:
        """Learn the offices, with veiledere and gjennomføringer, that new people are drawn from.

        Gjennomføringer without an avtale are for one person, and left out.
        """
        registers = self.registers
        kode_by_type = {row["id"]: row["tiltakskode"] for row in self._read("tiltakstype_view")}
        registers.tiltakstype_id = {kode: found_id for found_id, kode in kode_by_type.items()}
        region = {row["enhetsnummer"]: row["overordnet_enhetsnummer"] for row in self._read("nav_enhet")}
        offices: dict[str, Office] = {}
        for row in self._read("veiledergruppe"):
            number = row["enhetsnummer"]
            if number in region:
                office = offices.setdefault(number, Office(number, region[number], weight=0))
                office.veiledere += json.loads(row["veileder_identer"])
        groups: dict[str, Gjennomforing] = {}
        for row in self._read("gjennomforing_view"):
            found_id, kode = row["id"], kode_by_type.get(row["tiltakstype_id"])
            start, slutt = parse_date(row["start_dato"]), parse_date(row["slutt_dato"])
            if kode is None or start is None:
                continue
            self._kode[found_id] = kode
            if row["avtale_id"]:
                ended = parse_time(row["avsluttet_tidspunkt"]) if row["status"] == "AVBRUTT" else None
                avbrutt = (ended + oslo_offset(ended)).date() if ended else None
                groups[found_id] = Gjennomforing(found_id, kode, start, slutt, row["status"], avbrutt)
        for row in self._read("gjennomforing_nav_enhet_view"):
            found_id, number = row["gjennomforing_id"], row["enhetsnummer"]
            kode = self._kode.get(found_id)
            if number not in offices or not kode:
                continue
            offices[number].weight += 1
            if kode not in offices[number].koder:
                offices[number].koder.append(kode)
            if found_id in groups:
                registers.add_gjennomforing(groups[found_id], [number])
        registers.offices = [office for office in offices.values() if office.koder]
        registers.complete()

    def _tiltakstyper(self) -> None:
        """Copy the view; now and then a tiltakstype gets a new name."""
        rows = list(self._read("tiltakstype_view"))
        rng = self._rng("tiltakstype")
        if rng.random() < 0.1:
            rng.choice(rows)["navn"] += " (nytt navn)"
        self._write("tiltakstype_view", rows)

    def _gjennomforinger(self) -> None:
        """Copy the view; some are prolonged, some AVBRUTT, those whose last day has passed AVSLUTTET."""
        for row in self._read("gjennomforing_view"):
            slutt, start = parse_date(row["slutt_dato"]), parse_date(row["start_dato"])
            chance = self._chance("gjennomforing", row["id"])
            ended: datetime | None = None
            if row["status"] == "GJENNOMFORES" and start:
                rng = self._rng("gjennomforing", row["id"])
                changed = self._recently(rng)
                if row["avtale_id"] and start < self.taken_before.date() and chance < 0.012:
                    row["status"], ended = "AVBRUTT", changed
                elif slutt and slutt < self.today + timedelta(days=180) and chance < 0.06:
                    row["slutt_dato"] = (slutt + timedelta(days=rng.choice((31, 92, 183)))).isoformat()
                    row["oppdatert_tidspunkt"] = utc_text(rng, changed)
                elif slutt and slutt < self.today:
                    row["status"], ended = "AVSLUTTET", at_midnight(slutt) + timedelta(days=1, minutes=5)
                if ended:
                    row["avsluttet_tidspunkt"] = row["oppdatert_tidspunkt"] = utc_text(rng, ended)
            self.extract.write("gjennomforing_view", row)

    def _veiledergrupper(self) -> None:
        """Copy the groups; some change members or name, one may be deleted, made or registered anew."""
        rng = self._rng("veiledergruppe")
        groups = list(self._read("veiledergruppe"))
        register = list(self._read("veiledergruppe_avdeling"))
        veiledere = {office.enhetsnummer: office.veiledere for office in self.registers.offices}
        for group in rng.sample(groups, max(1, len(groups) // 40)):
            members: list[str] = json.loads(group["veileder_identer"])
            colleagues = dict.fromkeys(veiledere.get(group["enhetsnummer"], []))
            new = [veileder for veileder in colleagues if veileder not in members]
            if new and (len(members) == 1 or rng.random() < 0.5):
                members.append(rng.choice(new))
            elif len(members) > 1:
                members.pop(rng.randrange(len(members)))
            group["veileder_identer"] = json.dumps(members)
            if rng.random() < 0.9:
                group["sist_endret_tidspunkt"] = self._recent_text(rng)
        for group in rng.sample(groups, max(1, len(groups) // 200)):
            old, group["filter_navn"] = group["filter_navn"], f"{group['filter_navn']} ny"
            group["sist_endret_tidspunkt"] = self._recent_text(rng)
            if rng.random() < 0.6:
                # The office keeps its register up to date, most of the time.
                for row in register:
                    if (row["enhetsnummer"], row["filter_navn"]) == (group["enhetsnummer"], old):
                        row["filter_navn"] = group["filter_navn"]
        if rng.random() < 0.7:
            made = self._recently(rng)
            office = rng.choice(self.registers.offices)
            identer = list(dict.fromkeys(office.veiledere))
            groups.append(
                {
                    "filter_id": str(max(int(group["filter_id"]) for group in groups) + 1),
                    "enhetsnummer": office.enhetsnummer,
                    "filter_navn": f"Team {made:%d.%m.%y}",
                    "veileder_identer": json.dumps(rng.sample(identer, min(3, len(identer)))),
                    "opprettet_tidspunkt": local_text(rng, made),
                    "sist_endret_tidspunkt": local_text(rng, made),
                }
            )
        if rng.random() < 0.5 and len(groups) > 3:
            groups.pop(rng.randrange(len(groups) - 1))
        for row in rng.sample(register, max(1, len(register) // 60)):
            others = [other["avdeling"] for other in register if other["enhetsnummer"] == row["enhetsnummer"]]
            row["avdeling"] = rng.choice(others)
        self._write("veiledergruppe", groups)
        self._write("veiledergruppe_avdeling", register)

    # -- people

    def _vent(self) -> None:
        """Copy the rows by month; in a new month, some who still wait get a row for it."""
        before, now = f"{self.taken_before:%Y%m}", f"{self.today:%Y%m}"
        for row in self._read("vent_person_periode_v"):
            self.extract.write("vent_person_periode_v", row)
            if row["periode"] == before != now and self._chance("vent", row["person_ident"]) < 0.3:
                self.extract.write("vent_person_periode_v", row | {"periode": now})

    def _oppfolgingsbrukere(self) -> None:
        """Copy the rows; some move or change group, some vanish, some of those who had vanished are back."""
        present: set[str] = set()
        for row in self._read("oppfolgingsbruker"):
            ident = row["person_ident"]
            present.add(ident)
            chance = self._chance("oppfolgingsbruker", ident)
            if chance < 0.002:
                continue
            if chance < 0.015:
                rng = self._rng("oppfolgingsbruker", ident)
                kind = rng.random()
                if kind < 0.45:
                    row["enhetsnummer"] = rng.choice(self.registers.offices).enhetsnummer
                elif kind < 0.9:
                    groups = ("IKVAL", "BFORM", "BATT", "VARIG", "IVURD", "BKART", "")
                    row["kvalifiseringsgruppe"] = rng.choice(groups)
                row["sist_endret_tidspunkt"] = self._changed_text(rng, row["sist_endret_tidspunkt"])
            self.extract.write("oppfolgingsbruker", row)
        for assigned in self._read("siste_tilordnet_veileder"):
            ident = assigned["person_ident"]
            if ident not in present and self._chance("back", ident) < 0.3:
                present.add(ident)
                rng = self._rng("back", ident)
                row = {
                    "person_ident": ident,
                    "enhetsnummer": rng.choice(self.registers.offices).enhetsnummer,
                    "kvalifiseringsgruppe": rng.choice(("BFORM", "BATT")),
                    "sperret_ansatt": "false",
                    "sist_endret_tidspunkt": self._recent_text(rng),
                }
                self.extract.write("oppfolgingsbruker", row)

    def _tilordninger(self) -> None:
        """Copy the rows; some get another veileder or none, some vanish, some get a first one."""
        veiledere = {office.enhetsnummer: office.veiledere for office in self.registers.offices}
        everybody = [veileder for office in self.registers.offices for veileder in office.veiledere]
        present: set[str] = set()
        for row in self._read("siste_tilordnet_veileder"):
            ident = row["person_ident"]
            present.add(ident)
            chance = self._chance("veileder", ident)
            if chance < 0.002:
                continue
            if chance < 0.017:
                rng = self._rng("veileder", ident)
                row["veileder_ident"] = rng.choice(everybody) if rng.random() < 0.85 else ""
                row["tilordnet_tidspunkt"] = self._changed_text(rng, row["tilordnet_tidspunkt"])
            self.extract.write("siste_tilordnet_veileder", row)
        for person in self._read("oppfolgingsbruker"):
            ident = person["person_ident"]
            if ident not in present and self._chance("veileder", ident) < 0.05:
                rng = self._rng("veileder", ident)
                row = {
                    "person_ident": ident,
                    "veileder_ident": rng.choice(veiledere.get(person["enhetsnummer"], everybody)),
                    "tilordnet_tidspunkt": self._recent_text(rng),
                }
                self.extract.write("siste_tilordnet_veileder", row)

    # -- the topic

    def _topic(self, idents: Idents) -> None:
        """Read the topic three times (who changes, what they were, the copy), to hold only what changes."""
        topic = self.extract.topic
        topic.offsets = [0] * PARTITIONS
        chosen: set[str] = set()
        lines = 0
        for line in read_topic(self.earlier):
            lines += 1
            message = Message.read(line)
            if not message.key:
                continue
            topic.offsets[message.partition] = max(topic.offsets[message.partition], message.offset)
            if self._is_due(message) or self._is_drawn(message):
                chosen.add(message.key)
        latest: dict[str, Message] = {}
        content: dict[str, tuple[int, Value]] = {}
        for line in read_topic(self.earlier):
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
        self._new_participations(max(3, lines // 150), idents, list(values.values()))
        progress = Progress("messages", lines)
        for done, line in enumerate(read_topic(self.earlier)):
            message = Message.read(line)
            key = message.key
            compacted = key in latest and message.offset < latest[key].offset
            if key not in gone and not (compacted and self._chance("compact", key) < 0.25):
                topic.add_line(line, message.partition, message.offset)
            progress.tell(done)

    def _is_drawn(self, message: Message) -> bool:
        """Return whether chance has it that something happens to the key; often so for a tombstone."""
        return self._chance("key", message.key) < (0.3 if message.value is None else 0.008)

    def _is_due(self, message: Message) -> bool:
        """Return whether Komet's hourly job has changed the status since: the start or the end has come."""
        value = message.value or {}
        status = value.get("status", {}).get("type")
        if status == "DELTAR":
            slutt = parse_date(value["sluttDato"])
            return slutt is not None and slutt < self.today
        start = parse_date(value.get("startDato"))
        return status == "VENTER_PA_OPPSTART" and start is not None and start <= self.today

    def _send(self, rng: Random, value: Value, **changes: object) -> None:
        when = self._recently(rng)
        self.extract.topic.add(value["id"], value | changes | {"endretTidspunkt": when.isoformat()}, when)

    def _status(self, rng: Random, kode: str, status: str = "") -> Value:
        """Return a status set this week; without one, that with which the tiltakstype ends."""
        status = status or ("FULLFORT" if self.maker.kodeverk.opplaering(kode) else "HAR_SLUTTET")
        return self.maker.status(status, None, self._recently(rng))

    def _change(self, latest: Message, content: Value | None) -> bool:
        """Send what is new for a key; returns False when the key is to vanish from the topic altogether."""
        rng = self._rng("key", latest.key)
        today, value, due = self.today, latest.value, self._is_due(latest)
        if not due and not self._is_drawn(latest):
            # Only a superseded message of the key was due.
            return True
        if value is None:
            # The participation is back, or compaction has removed its tombstone.
            if content:
                self._send(rng, content)
            return content is not None
        start, slutt = parse_date(value["startDato"]), parse_date(value["sluttDato"])
        status = value.get("status", {}).get("type")
        kode = self._kode.get(value.get("gjennomforingId", ""), "AVKLARING")
        draw = rng.random()
        if due and status == "DELTAR":
            self._send(rng, value, status=self._status(rng, kode))
        elif due and slutt and slutt < today:
            ended = self._status(rng, kode, "IKKE_AKTUELL")
            self._send(rng, value, startDato=None, sluttDato=None, status=ended)
        elif due:
            self._send(rng, value, status=self._status(rng, kode, "DELTAR"))
        elif draw < 0.06:
            self.extract.topic.add(latest.key, None, self._recently(rng))
        elif draw < 0.10:
            return False
        elif draw < 0.15:
            self._send(rng, value, status=self._status(rng, kode, "FEILREGISTRERT"))
        elif status == "DELTAR" and draw < 0.6:
            last = today - timedelta(days=rng.randrange(1, 40))
            self._send(rng, value, sluttDato=iso(max(start or last, last)), status=self._status(rng, kode))
        elif status == "DELTAR" and slutt and draw < 0.8:
            self._send(rng, value, sluttDato=iso(slutt + timedelta(days=rng.randrange(7, 180))))
        elif start and slutt and status in ENDED and draw < 0.75:
            # A correction, some days or some months back in time.
            moved = slutt + timedelta(days=rng.randrange(-60, 30))
            self._send(rng, value, sluttDato=iso(min(max(start, moved), today)))
        elif start and status in ("DELTAR", *ENDED):
            moved = start + timedelta(days=rng.randrange(-45, 15))
            self._send(rng, value, startDato=iso(min(moved, slutt or today)))
        elif status in WAITING:
            moved = today - timedelta(days=rng.randrange(7))
            self._send(rng, value, startDato=iso(moved), status=self._status(rng, kode, "DELTAR"))
        else:
            self._send(rng, value)
        return True

    def _new_participations(self, number: int, idents: Idents, known: list[Value]) -> None:
        """Send new participations: of new people, and of people who are known from those in `known`."""
        registers = self.registers
        open_groups = [group for group in registers.by_id.values() if group.holds(self.today)]
        for place in range(number):
            rng = self._rng("new", str(place))
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
                    "registrertTidspunkt": self._recently(rng).isoformat(),
                    "kilde": "KOMET",
                    "innhold": None,
                    "deltakelsesmengder": [],
                }
                self._send(rng, value)
                continue
            person = self.maker.person(rng, idents.next(), 1)
            if all(value is None for _, value, _ in person.messages):
                continue
            # Whatever its dates, it was registered this week: late registrations go months back.
            value = person.last_value() | {"registrertTidspunkt": self._recently(rng).isoformat()}
            person.messages.clear()
            person.write(self.extract)
            self._send(rng, value)
