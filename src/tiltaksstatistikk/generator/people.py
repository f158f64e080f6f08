"""People: what the sources know of them, their participations, and the messages these gave."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from tiltaksstatistikk.generator.files import Extract
from tiltaksstatistikk.generator.registers import KOMET_FROM, Gjennomforing, Office, Registers
from tiltaksstatistikk.generator.shape import COUNTRY_AT_ONCE
from tiltaksstatistikk.generator.values import Row, Value, iso, local_text, moment, new_uuid, offset_text, parse_date

#: A message before it is written: its key, its value (None is a tombstone), and when it was sent.
Sent = tuple[str, Value | None, datetime]

#: One of so many idents is a D-number.
D_NUMBER = 12

SUPERSEDED_SHARE = 0.08
TOMBSTONE_SHARE = 0.012
MOVED_SHARE = 0.06
#: Of participations, those whose messages are so new that they name the veileder; more of what is of today.
NAV_VEILEDER_SHARE, NAV_VEILEDER_ALONE_SHARE = 0.33, 0.5
#: Of these, who lack the office.
WITHOUT_OFFICE_SHARE = 0.15

WAITING = ("SOKT_INN", "VURDERES", "VENTELISTE", "VENTER_PA_OPPSTART", "PABEGYNT_REGISTRERING")
DRAFT = "UTKAST_TIL_PAMELDING"

INNHOLD = {
    "ARBEIDSFORBEREDENDE_TRENING": ("Karriereveiledning", "karriereveiledning"),
    "OPPFOLGING": ("Støtte til jobbsøking", "jobbsoking"),
    "AVKLARING": ("Kartlegge hvordan helsen din påvirker muligheten din til å jobbe", "kartlegge-helse"),
}


class Idents:
    """Gives people idents of eleven digits, DDMMYYNNNNN with 80 added to the month; never the same twice.

    Some are D-numbers, with 40 added to the day.

    The last five digits tell the extract that made the person (`series`), so that the people of a later
    extract are others than those of an earlier one, without reading them all.
    """

    FIRST_BIRTH = date(1957, 1, 1)
    DAYS = 18_257  # A prime number of days, so that every step walks through all of them.

    def __init__(self, rng: Random, series: int, number: int = 0) -> None:
        """Start a series: five digits, of which the last one to four are counted up; `number` come before."""
        self._step = rng.randrange(1, self.DAYS)
        self._first = rng.randrange(self.DAYS)
        self._series = series
        self._numbers = count(number)

    def next(self) -> str:
        """Return the next ident."""
        number = next(self._numbers)
        born = self.FIRST_BIRTH + timedelta(days=(self._first + number * self._step) % self.DAYS)
        day = born.day + 40 * (number % D_NUMBER == D_NUMBER // 2)
        return f"{day:02}{born.month + 80:02}{born:%y}{self._series + number // self.DAYS:05}"


@dataclass
class Person:
    """All that one person adds to an extract: rows of tables, and messages in the order they were sent."""

    ident: str
    office: Office
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    messages: list[Sent] = field(default_factory=list)

    def last_value(self) -> Value:
        """Return the person's last message that is no tombstone. Raises ValueError when there is none."""
        for _, value, _ in reversed(self.messages):
            if value is not None:
                return value
        raise ValueError("the person has no message")

    def write(self, extract: Extract) -> list[str]:
        """Write all of the person; returns the topic's lines."""
        for name, rows in self.rows.items():
            for row in rows:
                extract.write(name, row)
        return [extract.topic.add(key, value, when) for key, value, when in self.messages]


class PeopleMaker:
    """Invents people and their participations."""

    def __init__(self, registers: Registers) -> None:
        """Prepare to draw people from the registers."""
        self.registers = registers
        self.kodeverk = registers.kodeverk
        self.today = registers.today

    def person(self, rng: Random, ident: str, participations: int) -> Person:
        """Return a person with so many participations, and all that the other sources know of the person."""
        registers = self.registers
        if registers.shape.country:
            return self._person_of_country(rng, ident, participations)
        office = registers.draw_office(rng)
        earlier = registers.draw_office(rng) if rng.random() < MOVED_SHARE else office
        koder = [kode for kode in office.koder if kode in earlier.koder] or office.koder
        person = Person(ident, office)
        kode = registers.draw_kode(rng, koder)
        start = registers.draw_start(rng, kode)
        first_start, first_kode = start, kode
        for number in range(participations):
            slutt = self._participation(rng, person, kode, start)
            if number + 1 == participations:
                break
            draw = rng.random()
            last_day = min(slutt or self.today, self.today)
            if draw < 0.45:
                # On two tiltak at once, or on two gjennomføringer of one tiltakstype.
                start += timedelta(days=rng.randrange(max(1, (last_day - start).days)))
                kode = kode if draw < 0.15 else registers.draw_kode(rng, koder)
            else:
                start = last_day + timedelta(days=rng.randrange(5, 200))
                if start > self.today + timedelta(days=30):
                    # Nobody is promised a place so far ahead: this was an earlier one.
                    start = max(registers.first_start, start - timedelta(days=730))
                    first_start, first_kode = min((first_start, first_kode), (start, kode))
                kode = registers.draw_kode(rng, koder)
        self._situation(rng, person, earlier, first_start, first_kode)
        return person

    def _person_of_country(self, rng: Random, ident: str, participations: int) -> Person:
        """Return a person whose participations are spread so that each may start at any time, as the first may.

        After the last day comes the first one, so that neither end of the years is thinner than the middle.
        """
        registers = self.registers
        office = registers.draw_office(rng)
        earlier = registers.draw_office(rng) if rng.random() < MOVED_SHARE else office
        koder = office.koder
        if earlier is not office:
            koder = [kode for kode in koder if kode in earlier.koder] or koder
        person = Person(ident, office)
        span = (self.today - registers.first_start).days + 45
        place = rng.random()
        first: tuple[date, str] | None = None
        for _ in range(participations):
            kode = registers.draw_kode(rng, koder)
            start = registers.start_at(kode, place)
            first = min(first, (start, kode)) if first else (start, kode)
            slutt = self._participation(rng, person, kode, start)
            lasted = max(0, (slutt - start).days) if slutt else 0
            at_once = rng.random() < COUNTRY_AT_ONCE
            place += (rng.random() * lasted if at_once else lasted + rng.randrange(5, 400)) / span
            place %= 1
        assert first
        self._situation(rng, person, earlier, *first)
        return person

    # -- what the other sources know of a person

    def _situation(self, rng: Random, person: Person, earlier: Office, start: date, kode: str) -> None:
        """Add the person's rows of oppfolgingsbruker, siste_tilordnet_veileder and vent_person_periode_v.

        Only today's situation is in the first two; most have had it since before the first participation,
        so that it shows through the years. Only the rows by month say where a moved person was before.
        """
        taken_at, today = self.registers.taken_at, self.today
        draw = rng.random()
        if draw < 0.02:
            return
        gruppe = self.innsatsgruppe(rng, kode)
        known = min(start, today) - timedelta(days=rng.randrange(60, 200))
        moved = earlier is not person.office
        recent = moved or rng.random() < 0.12
        later = rng.randrange(max(1, (today - known).days)) if recent else 0
        changed = moment(rng, known + timedelta(days=later), taken_at)
        if draw >= 0.07:
            person.rows["oppfolgingsbruker"].append(
                {
                    "person_ident": person.ident,
                    "enhetsnummer": person.office.enhetsnummer if rng.random() < 0.997 else "",
                    "kvalifiseringsgruppe": gruppe if rng.random() < 0.985 else "",
                    "diskresjonskode": rng.choice("67") if rng.random() < 0.006 else "",
                    "sperret_ansatt": "true" if rng.random() < 0.01 else "false",
                    "sist_endret_tidspunkt": offset_text(rng, changed),
                }
            )
            if rng.random() < 0.97:
                late = rng.random() < 0.06
                given = changed.date() if moved else known
                given += timedelta(days=rng.randrange(400) if late else rng.randrange(20))
                given_at = moment(rng, min(given, today), taken_at)
                veileder = rng.choice((earlier if rng.random() < 0.3 else person.office).veiledere)
                person.rows["siste_tilordnet_veileder"].append(
                    {
                        "person_ident": person.ident,
                        "veileder_ident": "" if rng.random() < 0.09 else veileder,
                        "tilordnet_tidspunkt": local_text(rng, given_at),
                    }
                )
        if draw < 0.07 or rng.random() < (0.85 if recent else 0.35):
            month = known.replace(day=1)
            before = self.innsatsgruppe(rng, kode) if rng.random() < 0.25 else gruppe
            for number in range(rng.randint(1, 3)):
                if month > today:
                    break
                person.rows["vent_person_periode_v"].append(
                    {
                        "person_ident": person.ident,
                        "periode": f"{month:%Y%m}",
                        "innsatsgruppe": gruppe if number == 2 else before,
                        "nav_kontor": (person.office if number == 2 else earlier).enhetsnummer,
                    }
                )
                month = (month + timedelta(days=32)).replace(day=1)

    def innsatsgruppe(self, rng: Random, kode: str) -> str:
        """Return an Arena kvalifiseringsgruppe, by tiltakstype and the national mix of målgrupper."""
        if kode == "VARIG_TILRETTELAGT_ARBEID_SKJERMET" and rng.random() < 0.85:
            return "VARIG"
        share = self.kodeverk.maalgruppe_andel
        draw = rng.random()
        if draw < share["Nedsatt arbeidsevne"] or (kode == "ARBEIDSFORBEREDENDE_TRENING" and draw < 0.97):
            return "BATT" if rng.random() < 0.88 else "VARIG"
        if draw < share["Nedsatt arbeidsevne"] + share["Arbeidssøkere"]:
            return "BFORM" if rng.random() < 0.7 else "IKVAL"
        return rng.choice(
            ("IVURD", "IVURD", "IVURD", "IVURD", "BKART", "BKART", "OPPFI", "VURDU", "VURDI", "KAP11", "")
        )

    # -- participations

    def _participation(self, rng: Random, person: Person, kode: str, start: date) -> date | None:
        """Add a participation, its messages and (enkeltplass) its own gjennomføring; returns its last day."""
        taken_at = self.registers.taken_at
        host = person.office
        if rng.random() < 0.08:
            other = self.registers.draw_office(rng)
            host = other if kode in other.koder else host
        form = self.kodeverk.tiltakstyper[kode]["form_navn"]
        groups = self.registers.gjennomforinger.get((host.enhetsnummer, kode), [])
        alone = form == "enkeltplass" or not groups or ("enkeltplass" in form and rng.random() < 0.5)
        days = max(5, int(self.registers.days(kode) * rng.lognormvariate(-0.1, 0.5)))
        outcome = rng.random()
        if alone:
            gjennomforing = self._enkeltplass(rng, person, kode, start, start + timedelta(days=days))
        else:
            course = self.kodeverk.course(kode)
            first_days = self.registers.first_days(host.enhetsnummer, kode)
            gjennomforing = self._choose(rng, groups, first_days, start, course=course)
            if course and gjennomforing.slutt and (gjennomforing.slutt - gjennomforing.start).days < 500:
                start = gjennomforing.start + timedelta(days=rng.choice((0, 0, 0, 0, 3, 7)))
                days = (gjennomforing.slutt - start).days
            else:
                start = max(start, gjennomforing.start)
                start = min(start, gjennomforing.last_day - timedelta(days=rng.randrange(5, 40)))
        ids = {"id": new_uuid(rng), "gjennomforingId": gjennomforing.id, "personIdent": person.ident}
        slutt: date | None = start
        if outcome < self.registers.shape.took_part and gjennomforing.status != "AVLYST":
            states, slutt = self._took_part(rng, gjennomforing, start, days, alone=alone)
        else:
            states = self._did_not_start(rng, start, waiting=outcome > self.registers.shape.waits_above)
        mengder = self._deltakelsesmengder(rng, states[-1])
        veileder = self.nav_veileder(rng, host, alone=alone)
        for state in states:
            value: Value = ids | state
            if value["kilde"] == "KOMET":
                value["innhold"] = None
                if kode in INNHOLD and rng.random() < 0.2:
                    innhold = dict(zip(("tekst", "innholdskode"), INNHOLD[kode], strict=True))
                    value["innhold"] = {"ledetekst": None, "valgtInnhold": [innhold]}
            if veileder is not None:
                value["navVeileder"] = veileder
            if mengder is not None:
                value["deltakelsesmengder"] = mengder
            if state is states[-1] or rng.random() < SUPERSEDED_SHARE:
                sent = datetime.fromisoformat(value["endretTidspunkt"])
                sent += timedelta(milliseconds=rng.randrange(900))
                person.messages.append((ids["id"], value, min(sent, taken_at - timedelta(seconds=1))))
        if rng.random() < TOMBSTONE_SHARE:
            if rng.random() < 0.5:
                person.messages.pop()
            deleted = moment(rng, self.today - timedelta(days=rng.randrange(1, 300)), taken_at)
            person.messages.append((ids["id"], None, deleted))
        return slutt

    @staticmethod
    def _choose(
        rng: Random, groups: list[Gjennomforing], first_days: list[date], start: date, *, course: bool
    ) -> Gjennomforing:
        """Return one of the gjennomføringer that is open at `start`; of courses one of the nearest."""
        if course and rng.random() < 0.95:
            place = bisect_left(first_days, start)
            near = [group for group in groups[max(0, place - 1) : place + 1] if group.slutt]
            return rng.choice(near or groups)
        return rng.choice([group for group in groups if group.holds(start)] or groups)

    def _enkeltplass(self, rng: Random, person: Person, kode: str, start: date, slutt: date) -> Gjennomforing:
        """Add a gjennomføring of its own for one participant, without an avtale, and without enheter.

        Its dates follow the participant's, and may be null.
        """
        status = "AVSLUTTET" if slutt < self.today else "GJENNOMFORES"
        found = Gjennomforing(new_uuid(rng), kode, start, slutt if rng.random() < 0.8 else None, status)
        row = self.registers.gjennomforing_row(rng, found)
        if rng.random() < 0.04:
            row |= {"start_dato": "", "slutt_dato": ""}
        person.rows["gjennomforing_view"].append(row)
        return found

    @staticmethod
    def nav_veileder(rng: Random, office: Office, *, alone: bool = False) -> Value | None:
        """Return who registered a participation, as newer messages have it, or None.

        The only one on a gjennomføring has the office always, since no other source has it.
        """
        if rng.random() >= (NAV_VEILEDER_ALONE_SHARE if alone else NAV_VEILEDER_SHARE):
            return None
        found: Value = {"enhetsnummer": office.enhetsnummer, "navIdent": rng.choice(office.veiledere)}
        if not alone and rng.random() < WITHOUT_OFFICE_SHARE:
            found["enhetsnummer"] = None
        return found

    def _took_part(
        self, rng: Random, gjennomforing: Gjennomforing, start: date, days: int, *, alone: bool
    ) -> tuple[list[Value], date | None]:
        """Return the states of a participation that starts, oldest first, and its last day (None is open)."""
        today = self.today
        slutt = start + timedelta(days=days)
        closed = gjennomforing.last_day
        if slutt > closed and rng.random() < 0.9:
            slutt = max(closed, start)
        felles = self.kodeverk.opplaering(gjennomforing.kode) or (
            gjennomforing.kode == "JOBBKLUBB" and gjennomforing.slutt is not None
        )
        broken = felles and rng.random() < 0.2
        if broken:
            slutt = start + timedelta(days=rng.randrange((slutt - start).days + 1))
        # People wait as long before today as they did earlier, so that there are as many of them.
        registered = min(start, today) - timedelta(days=5 * rng.randrange(3, 60) // 2)
        if rng.random() < 0.04:
            registered = start + timedelta(days=rng.randrange(1, 60))
        registered = min(registered, today - timedelta(days=rng.randrange(1, 10)))
        kilde = self._kilde(rng, registered)
        states = [self._state(rng, kilde, registered, "VENTER_PA_OPPSTART", start, slutt, registered)]
        if start > today:
            return states, slutt
        open_end = not felles and not alone and closed >= today and rng.random() < 0.4
        planned = None if open_end else slutt
        states.append(self._state(rng, kilde, registered, "DELTAR", start, planned, start))
        if slutt >= today:
            return states, planned
        status = "HAR_SLUTTET"
        if felles:
            status = "AVBRUTT" if broken or gjennomforing.avbrutt else "FULLFORT"
        ended = slutt + timedelta(days=1 if rng.random() < 0.8 else rng.randrange(2, 60))
        aarsak = rng.random() < {"AVBRUTT": 1.0, "HAR_SLUTTET": 0.45, "FULLFORT": 0.0}[status]
        states.append(self._state(rng, kilde, registered, status, start, slutt, ended, aarsak=aarsak))
        return states, slutt

    def _did_not_start(self, rng: Random, start: date, *, waiting: bool) -> list[Value]:
        """Return the states of somebody who waits still or has only a draft, or who never took part."""
        registered = min(start, self.today) - timedelta(days=rng.randrange(2, 60))
        if waiting:
            registered = max(self.registers.first_start, self.today) - timedelta(days=rng.randrange(2, 200))
            status = rng.choice((*WAITING, DRAFT))
            planned = None
            if status == "VENTER_PA_OPPSTART" and rng.random() < 0.6:
                planned = self.today + timedelta(days=rng.randrange(1, 60))
            kilde = {"PABEGYNT_REGISTRERING": "ARENA", DRAFT: "KOMET"}.get(status)
            kilde = kilde or self._kilde(rng, registered)
            return [self._state(rng, kilde, registered, status, planned, None, registered)]
        status = rng.choices(("IKKE_AKTUELL", "FEILREGISTRERT", "AVBRUTT_UTKAST"), (0.74, 0.14, 0.12))[0]
        draft = status == "AVBRUTT_UTKAST"
        if draft:
            registered = max(registered, KOMET_FROM + timedelta(days=rng.randrange(200)))
        registered = min(registered, self.today - timedelta(days=3))
        kilde = "KOMET" if draft else self._kilde(rng, registered)
        before = rng.choice(("SOKT_INN", "VENTELISTE", "VENTER_PA_OPPSTART"))
        before = DRAFT if draft else before
        first = self._state(rng, kilde, registered, before, None, None, registered)
        ended = registered + timedelta(days=rng.randrange(1, 60))
        # The dates are emptied when somebody turns out not to take part; a faulty registration keeps them.
        kept = start if status == "FEILREGISTRERT" else None
        slutt = kept and kept + timedelta(days=90)
        aarsak = rng.random() < 0.9
        return [first, self._state(rng, kilde, registered, status, kept, slutt, ended, aarsak=aarsak)]

    @staticmethod
    def _kilde(rng: Random, registered: date) -> str:
        return "KOMET" if registered >= KOMET_FROM and rng.random() < 0.7 else "ARENA"

    def _state(
        self,
        rng: Random,
        kilde: str,
        registered: date,
        status: str,
        start: date | None,
        slutt: date | None,
        changed: date,
        *,
        aarsak: bool = False,
    ) -> Value:
        """Return a message's fields that change with time; `aarsak` draws one that the status may have."""
        before = self.registers.taken_at
        allowed = self.kodeverk.lovlige_aarsaker.get((status, kilde))
        drawn = rng.choice(allowed) if aarsak and allowed else None
        return {
            "startDato": iso(start),
            "sluttDato": iso(slutt),
            "status": self.status(status, drawn, moment(rng, changed, before)),
            "registrertTidspunkt": moment(rng, registered, before).isoformat(),
            "endretTidspunkt": moment(rng, changed, before).isoformat(),
            "kilde": kilde,
        }

    def status(self, status: str, aarsak: str | None, since: datetime) -> Value:
        """Return a status as the topic has it."""
        return {
            "type": status,
            "tekst": self.kodeverk.status_navn[status],
            "aarsak": {"type": aarsak, "beskrivelse": self.kodeverk.aarsak_navn[aarsak] if aarsak else None},
            "opprettetTidspunkt": since.isoformat(),
        }

    def _deltakelsesmengder(self, rng: Random, state: Value) -> list[Value] | None:
        """Return the list of a message, empty when nothing is agreed yet; None for old ones that lack it."""
        if state["kilde"] == "ARENA" and rng.random() < 0.45:
            return None
        start, slutt = parse_date(state["startDato"]), parse_date(state["sluttDato"])
        if not start or rng.random() < 0.2:
            return []
        last = min(slutt or self.today, self.today)
        entries: list[Value] = []
        day = start
        while True:
            share = rng.choice((100, 100, 100, 80, 60, 50, 50, 40, 20, 37.5))
            made = min(day, self.today) - timedelta(days=rng.randrange(30))
            made_at = moment(rng, made, self.registers.taken_at)
            # Some have the days alone.
            only_days = rng.random() < 0.04
            entries.append(
                {
                    "deltakelsesprosent": None if only_days else share,
                    "dagerPerUke": rng.choice((1, 2, 3, 4, 5, 2.5)) if only_days or share < 100 else None,
                    "gyldigFraDato": iso(day),
                    "opprettetTidspunkt": made_at.isoformat(),
                }
            )
            left = (last - day).days
            if left < 20 or len(entries) == 4 or rng.random() < 0.6:
                return entries
            day += timedelta(days=rng.randrange(10, left)) if rng.random() < 0.97 else timedelta(0)
