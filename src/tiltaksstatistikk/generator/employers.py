"""Employers' tiltak: the agreements (avtaler) of Team Tiltak's topic, and the messages these gave.

A message holds much more than what is counted: names, telephone numbers and the employer, which the project
must not store. They are invented too: no organisation's number begins with 3, no telephone's with 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from tiltaksstatistikk.generator.files import Extract
from tiltaksstatistikk.generator.people import Idents, PeopleMaker, Person, Sent
from tiltaksstatistikk.generator.registers import Office
from tiltaksstatistikk.generator.values import Draws, Value, at_midnight, instant, iso, local_text, moment, new_uuid

#: There is one employer's participation for so many of Komet's.
KOMET_PER_AGREEMENT = 8
#: Of people whom no other source knows.
NEWCOMER_SHARE = 0.2
UPCOMING_SHARE = 0.07
SUPERSEDED_SHARE = 0.12
TOMBSTONE_SHARE = 0.025
FAULTY_SHARE = 0.02

NOT_AGREED = ("PAABEGYNT", "MANGLER_GODKJENNING")
#: The topic spells these with Norwegian letters, mostly.
SPELLED = {"PAABEGYNT": "PÅBEGYNT", "GJENNOMFORES": "GJENNOMFØRES"}
PLAIN = {spelled: status for status, spelled in SPELLED.items()}

#: They go on until somebody ends them.
PERMANENT = ("VARIG_LONNSTILSKUD", "VTAO")
#: The employer is paid for something else than a share of a job.
WITHOUT_JOB = ("MENTOR", "INKLUDERINGSTILSKUD")

FORNAVN = ("Blid", "Rask", "Modig", "Varm", "Stille", "Klok", "Munter", "Kvikk", "Ærlig", "Sprek")
ETTERNAVN = ("Fjelltopp", "Bålplass", "Skogsti", "Elvekant", "Øreflipp", "Strikkepinne", "Kaffekopp")


def spell(rng: Random, status: str) -> str:
    """Write a status as the topic does: now and then without Norwegian letters."""
    return SPELLED.get(status, status) if rng.random() < 0.7 else status


def plain(status: object) -> str:
    """Read a status, however it is spelled."""
    return PLAIN.get(str(status), str(status))


def instant_text(rng: Random, when: datetime) -> str:
    """Write a point in time as the topic does: in UTC with a Z, sometimes as Oslo time."""
    return instant(when) if rng.random() < 0.8 else local_text(rng, when)


class AgreementMaker:
    """Invents agreements with employers for people of the given offices."""

    def __init__(self, people: PeopleMaker, offices: Sequence[Office]) -> None:
        """Prepare to draw agreements; `offices` are those that follow up people who have one."""
        self.people = people
        self.registers = people.registers
        self.kodeverk = people.kodeverk
        self.today = people.today
        self.offices = offices
        self._weights = list(accumulate(office.weight for office in offices))
        self._numbers = {office.enhetsnummer for office in offices}

    def draw_office(self, rng: Random) -> Office:
        """Return an office, large ones more often."""
        return rng.choices(self.offices, cum_weights=self._weights)[0]

    def follows_up(self, person: Person) -> bool:
        """Return whether a person has been at these offices only, as far as any source knows."""
        rows = [*person.rows["oppfolgingsbruker"], *person.rows["vent_person_periode_v"]]
        known = {row.get("enhetsnummer") or row.get("nav_kontor") for row in rows} - {None}
        return known | {person.office.enhetsnummer} <= self._numbers

    def agreement(self, rng: Random, ident: str, office: Office, gruppe: str | None = None) -> list[Sent]:
        """Return the messages of an agreement, in the order they were sent.

        `gruppe` is the person's kvalifiseringsgruppe, when another source has it.
        """
        today, taken_at = self.today, self.registers.taken_at
        kode = self.registers.draw_kode(rng, self.kodeverk.arbeidsgiver_koder)
        start = self.registers.draw_start(rng, kode)
        if rng.random() < UPCOMING_SHARE:
            start = today + timedelta(days=rng.randint(1, 60))
        slutt = start + timedelta(days=max(7, int(self.registers.days(kode) * rng.lognormvariate(-0.1, 0.4))))
        made = min(start, today) - timedelta(days=rng.randrange(20, 60))
        value = self._facts(rng, ident, office, kode) | {
            "kvalifiseringsgruppe": (self.people.innsatsgruppe(rng, kode) if gruppe is None else gruppe) or None,
            "opprettetTidspunkt": instant_text(rng, moment(rng, made, taken_at)),
            "startDato": iso(start),
            "sluttDato": iso(slutt),
        }
        if rng.random() < (0.5 if kode in PERMANENT else 0.04):
            value["sluttDato"] = None
        messages: list[Sent] = []
        states = self._states(rng, made, start, slutt)
        for number, (status, day, changes) in enumerate(states):
            changed = moment(rng, day, taken_at)
            value = value | changes | {"avtaleStatus": spell(rng, status), "sistEndret": instant(changed)}
            if status == "ANNULLERT":
                value |= {"annullertTidspunkt": instant(changed), "annullertGrunn": "Annet"}
            if number + 1 == len(states):
                value["feilregistrert"] = rng.random() < FAULTY_SHARE
            elif rng.random() >= SUPERSEDED_SHARE:
                continue
            messages.append((value["avtaleId"], value, changed))
        if rng.random() < TOMBSTONE_SHARE:
            if rng.random() < 0.5:
                messages.pop()
            deleted = moment(rng, today - timedelta(days=rng.randrange(1, 300)), taken_at)
            messages.append((value["avtaleId"], None, deleted))
        return messages

    def _states(self, rng: Random, made: date, start: date, slutt: date) -> list[tuple[str, date, Value]]:
        """Return the statuses that an agreement has had, oldest first: since when, and what changed with each."""
        today = self.today
        last = min(slutt, today) - timedelta(days=1)
        draw = rng.random()
        states: list[tuple[str, date, Value]] = [("PAABEGYNT", made, {})]
        if draw < 0.05:
            return [("PAABEGYNT", made, {"startDato": None, "sluttDato": None} if draw < 0.025 else {})]
        states.append(("MANGLER_GODKJENNING", made + timedelta(days=rng.randrange(8)), {}))
        if draw < 0.09:
            return states
        agreed = made + timedelta(days=rng.randrange(8, 19))
        if rng.random() < 0.05:
            # Agreed when it had gone on for a while.
            agreed = max(agreed, min(start + timedelta(days=rng.randrange(1, 30)), last))
        if draw < 0.13:
            # Nothing was agreed before it was annulled.
            return [*states, ("ANNULLERT", agreed, {})]
        states.append(("KLAR_FOR_OPPSTART", agreed, {"avtaleInngått": self._agreed_text(rng, agreed)}))
        if draw < 0.19:
            first = max(agreed, start if draw < 0.15 else agreed)
            later = max(0, (min(start if draw >= 0.15 else slutt, today) - first).days)
            return [*states, ("ANNULLERT", first + timedelta(days=rng.randrange(later + 1)), {})]
        if start > today:
            return states
        states.append(("GJENNOMFORES", max(start, agreed), {}))
        if draw < 0.27 and start < last:
            broken = start + timedelta(days=rng.randrange((last - start).days + 1))
            return [*states, ("AVBRUTT", max(broken, agreed), {"sluttDato": iso(broken)})]
        if slutt < today:
            return [*states, ("AVSLUTTET", max(slutt + timedelta(days=1), agreed), {"sluttDato": iso(slutt)})]
        return states

    def _agreed_text(self, rng: Random, day: date) -> str:
        """Return a time of that day in Oslo; just after midnight it is the day before in UTC."""
        if rng.random() < 0.08:
            return instant(at_midnight(day) + timedelta(minutes=rng.randrange(5, 55)))
        return instant_text(rng, moment(rng, day, self.registers.taken_at))

    def _facts(self, rng: Random, ident: str, office: Office, kode: str) -> Value:
        """Return the fields of a message that do not change with its status."""
        named = Draws(f"navn/{ident}")
        oppfolging = self.draw_office(rng) if rng.random() < 0.05 else office
        without_job = kode in WITHOUT_JOB or rng.random() < 0.06
        facts: Value = {
            "avtaleId": new_uuid(rng),
            "avtaleStatus": None,
            "tiltakstype": self.kodeverk.tiltakstyper[kode]["tiltakshistorikk_kode"],
            "deltakerFnr": ident,
            "deltakerFornavn": named.choice(FORNAVN),
            "deltakerEtternavn": named.choice(ETTERNAVN),
            "deltakerTlf": _telephone(named),
            "bedriftNr": f"3{rng.randrange(10**8):08}",
            "bedriftNavn": f"{rng.choice(ETTERNAVN)} og {rng.choice(ETTERNAVN)} AS",
            "arbeidsgiverTlf": _telephone(rng),
            "veilederNavIdent": rng.choice(office.veiledere),
            "veilederFornavn": rng.choice(FORNAVN),
            "opprettetTidspunkt": None,
            "avtaleInngått": None,
            "startDato": None,
            "sluttDato": None,
            "stillingprosent": None if without_job else rng.choice((100, 100, 80, 60, 50, 50, 40, 37.5, 20)),
            "enhetOppfolging": oppfolging.enhetsnummer,
            "kvalifiseringsgruppe": None,
            "feilregistrert": False,
            "annullertTidspunkt": None,
            "annullertGrunn": None,
            "sistEndret": None,
        }
        if kode == "MENTOR":
            mentor = {"mentorFnr": Idents(rng, 19_000).next(), "mentorFornavn": rng.choice(FORNAVN)}
            facts |= mentor | {"mentorEtternavn": rng.choice(ETTERNAVN), "mentorTlf": _telephone(rng)}
        return facts


class EmployersWriter:
    """Writes a first extract's agreements, while Komet's participants are made: one for every eighth."""

    def __init__(self, maker: AgreementMaker, extract: Extract, seed: int, scope: str = "", known: int = 0) -> None:
        """Prepare to write; people whom no other source knows have idents of a series of their own.

        `known` of these come before, and `scope` tells one part of a large extract from another.
        """
        self._maker = maker
        self._extract = extract
        self._scope = f"{seed}/employers/{scope}"
        self._newcomers = Idents(Draws(f"{seed}/employers/ident"), 18_000, known)
        self._written = 0

    def follow(self, number: int, person: Person, participations: int) -> None:
        """Write an agreement, of this person if possible, when there are participations enough for one more."""
        if self._written >= participations // KOMET_PER_AGREEMENT:
            return
        rng = Draws(f"{self._scope}{number}")
        ident, office, gruppe = person.ident, person.office, None
        if rng.random() < NEWCOMER_SHARE:
            ident, office = self._newcomers.next(), self._maker.draw_office(rng)
        elif not self._maker.follows_up(person):
            return
        elif rows := person.rows["oppfolgingsbruker"]:
            gruppe = rows[0]["kvalifiseringsgruppe"]
        for _ in range(2 if rng.random() < 0.1 else 1):
            send(self._extract, self._maker.agreement(rng, ident, office, gruppe))
            self._written += 1


def send(extract: Extract, messages: Sequence[Sent]) -> list[str]:
    """Write messages on the employers' topic; returns its lines."""
    return [extract.employers.add(key, value, when) for key, value, when in messages]


def _telephone(rng: Random) -> str:
    return f"0{rng.randrange(10**7):07}"
