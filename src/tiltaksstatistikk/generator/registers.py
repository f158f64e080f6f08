"""Offices, their veiledere and groups, and gjennomføringer: what people are drawn from."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from tiltaksstatistikk.generator.files import Extract
from tiltaksstatistikk.generator.kodeverk import CORE_TILTAK, DATA, FORHANDSGODKJENTE, Kodeverk
from tiltaksstatistikk.generator.shape import FIRST_START, Shape
from tiltaksstatistikk.generator.values import Draws, Row, at_midnight, iso, local_text, moment, new_uuid, utc_text

AVDELINGER = (
    *("Ungdom", "Arbeid og helse", "Jobb og marked", "Inkludering", "Arbeid og aktivitet"),
    *("Mottak og avklaring", "Bedrift", "Kvalifisering og opplæring", "Tett oppfølging"),
)
OUTSIDE = "Prosjekt uten avdeling"
#: Komet became master for the first tiltakstyper in the autumn of 2024; before that Arena made the
#: participations, and the gjennomføringer.
KOMET_FROM = date(2024, 9, 16)
#: So many numbers stand twice in NORG2, once with the name they had before they were NEDLAGT.
CLOSED_BEFORE = 2
#: The days between two courses of a tiltakstype at an office of the country.
COUNTRY_COURSE_GAP = 150


@dataclass
class Office:
    """A local Nav office: what it offers, and who works there."""

    enhetsnummer: str
    region: str
    koder: list[str] = field(default_factory=list)
    veiledere: list[str] = field(default_factory=list)
    weight: float = 1.0


@dataclass
class Gjennomforing:
    """A gjennomføring, as far as a participation depends on it; the dates are inclusive."""

    id: str
    kode: str
    start: date
    slutt: date | None
    status: str = "GJENNOMFORES"
    avbrutt: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether somebody can start on that day."""
        return self.status != "AVLYST" and self.start <= day <= self.last_day

    @property
    def last_day(self) -> date:
        """Return the last day on which it goes on; the end of time when it is open."""
        return min(self.slutt or date.max, self.avbrutt or date.max)


class Registers:
    """Everything that a person is drawn from: code lists, offices, gjennomføringer for groups, the extract's time."""

    def __init__(self, taken_at: datetime, shape: Shape) -> None:
        """Read the code lists; `shape` says how much there is of everything."""
        self.taken_at = taken_at
        self.today = taken_at.date()
        self.shape = shape
        self.first_start = shape.first_start
        self.kodeverk = Kodeverk(taken_at)
        self.offices: list[Office] = []
        self.tiltakstype_id: dict[str, str] = {}
        self.gjennomforinger: dict[tuple[str, str], list[Gjennomforing]] = defaultdict(list)
        self.by_id: dict[str, Gjennomforing] = {}
        self._starts: dict[str, tuple[list[date], list[float]]] = {}
        self._office_weights: list[float] = []
        self._kode_weights: dict[tuple[str, ...], list[float]] = {}
        self._first_days: dict[tuple[str, str], list[date]] = {}

    def draw_office(self, rng: Random) -> Office:
        """Return an office, large ones more often."""
        return rng.choices(self.offices, cum_weights=self._office_weights)[0]

    def draw_kode(self, rng: Random, koder: Sequence[str]) -> str:
        """Return one of the tiltakstyper, by the national figures."""
        of = tuple(koder)
        if of not in self._kode_weights:
            self._kode_weights[of] = list(accumulate(self.kodeverk.inflow[kode] for kode in koder))
        return rng.choices(of, cum_weights=self._kode_weights[of])[0]

    def days(self, kode: str) -> float:
        """Return about how long a participation in a tiltakstype lasts."""
        return self.shape.days(self.kodeverk, kode)

    def draw_start(self, rng: Random, kode: str) -> date:
        """Return a day from `first_start` to the end of the month after the extract, by the tiltakstype's season."""
        if self.shape.country:
            return self.start_at(kode, rng.random())
        months, weights = self._months(kode)
        month = rng.choices(months, cum_weights=weights)[0]
        return max(self.first_start, month + timedelta(days=rng.randrange(28)))

    def start_at(self, kode: str, place: float) -> date:
        """Return the day before which a share (`place`) of a tiltakstype's participations start."""
        months, weights = self._months(kode)
        wanted = place * weights[-1]
        number = bisect_right(weights, wanted, hi=len(weights) - 1)
        before = weights[number - 1] if number else 0.0
        day = int(30.4 * (wanted - before) / (weights[number] - before))
        return max(self.first_start, months[number] + timedelta(days=day))

    def _months(self, kode: str) -> tuple[list[date], list[float]]:
        """Return the months in which a tiltakstype's participations start, and their accumulated weights."""
        if kode not in self._starts:
            months = [self.first_start.replace(day=1)]
            while months[-1] < self.today:
                months.append((months[-1] + timedelta(days=32)).replace(day=1))
            season = [self.kodeverk.season(kode, month) for month in range(1, 13)]
            if self.shape.country:
                season = self.kodeverk.starts(kode, self.days(kode))
            self._starts[kode] = (months, list(accumulate(season[month.month - 1] for month in months)))
        return self._starts[kode]

    def first_days(self, enhetsnummer: str, kode: str) -> list[date]:
        """Return when the gjennomføringer of a tiltakstype at an office start."""
        return self._first_days[enhetsnummer, kode]

    def add_gjennomforing(self, gjennomforing: Gjennomforing, enheter: Sequence[str]) -> None:
        """Make a gjennomføring known, at each of its offices."""
        self.by_id[gjennomforing.id] = gjennomforing
        for enhetsnummer in enheter:
            self.gjennomforinger[enhetsnummer, gjennomforing.kode].append(gjennomforing)

    def complete(self) -> None:
        """Prepare for drawing, when everything is known; gjennomføringer are found by their start."""
        self._office_weights = list(accumulate(office.weight for office in self.offices))
        for groups in self.gjennomforinger.values():
            groups.sort(key=lambda group: (group.start, group.id))
        self._first_days = {key: [group.start for group in groups] for key, groups in self.gjennomforinger.items()}

    def gjennomforing_row(self, rng: Random, found: Gjennomforing, avtale_id: str = "") -> Row:
        """Return a gjennomføring as Valp's view has it (`gjennomforing_view`); timestamps in UTC."""
        made = moment(rng, found.start - timedelta(days=rng.randint(20, 120)), self.taken_at)
        slutt: date | None = found.slutt
        ended: datetime | None = None
        if found.avbrutt:
            slutt, ended = self._broken_off(rng, found, found.avbrutt)
        elif found.status == "AVLYST":
            ended = moment(rng, found.start - timedelta(days=rng.randint(1, 14)), self.taken_at)
        elif found.status == "AVSLUTTET" and found.slutt:
            ended = at_midnight(found.slutt) + timedelta(days=1, minutes=5)
        return {
            "id": found.id,
            "tiltakstype_id": self.tiltakstype_id[found.kode],
            "avtale_id": avtale_id,
            "tiltaksnummer": f"{made.year}#{rng.randrange(1000, 999999)}" if rng.random() < 0.8 else "",
            "start_dato": found.start.isoformat(),
            "slutt_dato": iso(slutt) or "",
            "status": found.status,
            "opprettet_tidspunkt": utc_text(rng, made),
            "oppdatert_tidspunkt": utc_text(rng, ended or made + timedelta(days=rng.randrange(20))),
            "avsluttet_tidspunkt": utc_text(rng, ended) if ended else "",
        }

    def _broken_off(self, rng: Random, found: Gjennomforing, last: date) -> tuple[date | None, datetime | None]:
        """Return `slutt_dato` and `avsluttet_tidspunkt` of what was broken off on the day `last`.

        What Arena handed over has the start as a placeholder, and some the day before it as slutt_dato. Today
        slutt_dato is set, and the time is the first moment after it, if it was ever filled in.
        """
        kind = rng.random()
        if found.start < KOMET_FROM and kind < 0.5:
            slutt = found.slutt if kind < 0.3 else found.start - timedelta(days=1) if kind < 0.42 else None
            return slutt, at_midnight(found.start)
        if kind < 0.8:
            return last, at_midnight(last) + timedelta(days=1) if kind < 0.7 else None
        # Late in the evening in UTC is the next day in Oslo, which is the day that counts.
        return None, at_midnight(last) + timedelta(hours=rng.choice((0, 9, 12, 15, 23)), minutes=20)


class RegisterBuilder:
    """Invents the registers of a first extract, and writes their tables."""

    def __init__(self, registers: Registers, extract: Extract, seed: int, numbers: list[str] | None) -> None:
        """Prepare for these offices (None is the whole country). Raises ValueError for an unknown one."""
        self.registers = registers
        self.extract = extract
        self.seed = seed
        local = {
            row["enhetsnummer"]: row["overordnet_enhet"]
            for row in registers.kodeverk.enheter
            if row["type"] == "LOKAL" and not row["status"]
        }
        wanted = list(local) if numbers is None else list(dict.fromkeys(numbers))
        for enhetsnummer in wanted:
            if enhetsnummer not in local:
                raise ValueError(f"{enhetsnummer} is not a local office in {DATA / 'nav_enheter.csv'}")
        registers.offices = [Office(enhetsnummer, local[enhetsnummer]) for enhetsnummer in wanted]
        self._of_region: dict[str, list[Office]] = defaultdict(list)
        for office in registers.offices:
            self._of_region[office.region].append(office)
        self._whole_country = numbers is None
        #: How much further back the registers go than those of a few offices.
        self._earlier = min(timedelta(0), registers.first_start - FIRST_START)
        self._avtaler: dict[tuple[str, str], str] = {}
        self._filter_id = 0

    def build(self) -> None:
        """Invent everything, in the order in which the parts depend on one another."""
        self._write_enheter()
        self._write_tiltakstyper()
        self._deal_tiltak()
        fewest, most = self.registers.shape.veiledere
        for number, office in enumerate(self.registers.offices):
            rng = Draws(f"{self.seed}/office/{office.enhetsnummer}")
            office.weight = rng.lognormvariate(0, 0.5) if number else 1.5
            for veileder in range(number * most, number * most + rng.randint(fewest, most)):
                office.veiledere.append(f"{'ZYXWV'[veileder // 9000 % 5]}{990001 + veileder % 9000}")
            self._veiledergrupper(rng, number, office)
            for kode in office.koder:
                for start, slutt in self._spans(rng, kode):
                    self._gjennomforing(rng, office, kode, start, slutt)
        self.registers.complete()

    def _write_enheter(self) -> None:
        regions = {office.region for office in self.registers.offices}
        twice = {office.enhetsnummer for office in self.registers.offices[:CLOSED_BEFORE]}
        for row in self.registers.kodeverk.enheter:
            if self._whole_country or row["type"] == "FYLKE" or row["overordnet_enhet"] in regions:
                status = "NEDLAGT" if row["status"] else "Aktiv"
                overordnet = {"overordnet_enhetsnummer": row["overordnet_enhet"]}
                self.extract.write("nav_enhet", row | overordnet | {"status": status})
                if row["enhetsnummer"] in twice:
                    before = {"navn": f"{row['navn']} (nedlagt)", "status": "NEDLAGT"}
                    self.extract.write("nav_enhet", row | overordnet | before)

    def _write_tiltakstyper(self) -> None:
        # The view has tiltakstyper of other systems too; one that is not yet in use is missing from it.
        for kode, row in self.registers.kodeverk.tiltakstyper.items():
            if row["system_kode"] == "TILTAK_ARBEIDSGIVER" and row["livslop_navn"] == "under utvikling":
                continue
            found_id = new_uuid(Draws(f"{self.seed}/tiltakstype/{kode}"))
            self.registers.tiltakstype_id[kode] = found_id
            self.extract.write("tiltakstype_view", row | {"id": found_id, "navn": row["tiltakstype_navn"]})

    def _deal_tiltak(self) -> None:
        """Say what each office offers: the first the core, the second all, the others something between."""
        koder = self.registers.kodeverk.topic_koder
        others = [kode for kode in koder if kode not in CORE_TILTAK]
        for number, office in enumerate(self.registers.offices):
            rng = Draws(f"{self.seed}/tiltak/{office.enhetsnummer}")
            extra = {0: 0, 1: len(others)}.get(number, rng.randint(4, len(others)))
            if len(self.registers.offices) == 1:
                extra = len(others)
            chosen = {*CORE_TILTAK, *rng.sample(others, extra)}
            office.koder = [kode for kode in koder if kode in chosen]

    def _veiledergrupper(self, rng: Random, number: int, office: Office) -> None:
        """Write the office's groups, its register of avdelinger, and leave some veiledere without a group."""
        avdelinger = [
            AVDELINGER[(3 * number + part) % len(AVDELINGER)] for part in range(self.registers.shape.avdelinger)
        ]
        avdeling_by_name = {f"{avdeling} team {team}": avdeling for avdeling in avdelinger for team in (1, 2)}
        avdeling_by_name[f"{avdelinger[0]}, 18-24 år"] = avdelinger[0]
        names = [*avdeling_by_name, OUTSIDE]
        members: list[list[str]] = [[] for _ in names]
        *grouped, outsider, _ = office.veiledere
        for place, veileder in enumerate([*grouped, outsider]):
            members[place % (len(names) - 1)].append(veileder)
            if rng.random() < 0.15:
                members[rng.randrange(len(names))].append(veileder)
        members[-1].append(outsider)
        if number:
            # Some help out at the office before this one, and are in a group there and here.
            members[0].append(self.registers.offices[number - 1].veiledere[0])
        for place, navn in enumerate(names):
            self._filter_id += rng.randint(1, 4)
            day = date(2020, 1, 6) + timedelta(days=rng.randrange(480))
            created = moment(rng, day, self.registers.taken_at)
            late = rng.random() < 0.3 and place == 5
            changed = created + timedelta(days=rng.randrange(400, 1500) if late else rng.randrange(40))
            changed = min(changed, self.registers.taken_at - timedelta(days=3))
            group = {"enhetsnummer": office.enhetsnummer, "filter_navn": navn}
            self.extract.write(
                "veiledergruppe",
                group
                | {
                    "filter_id": str(self._filter_id),
                    "veileder_identer": json.dumps(list(dict.fromkeys(members[place]))),
                    "opprettet_tidspunkt": local_text(rng, created),
                    "sist_endret_tidspunkt": local_text(rng, changed),
                },
            )
            if navn != OUTSIDE:
                self.extract.write("veiledergruppe_avdeling", group | {"avdeling": avdeling_by_name[navn]})

    def _spans(self, rng: Random, kode: str) -> list[tuple[date, date | None]]:
        """Return when the gjennomføringer for groups of one tiltakstype at one office last; without gaps."""
        kodeverk, today = self.registers.kodeverk, self.registers.today
        if kodeverk.tiltakstyper[kode]["form_navn"] == "enkeltplass":
            return []
        days = self.registers.days(kode)
        spans: list[tuple[date, date | None]] = []
        country = self.registers.shape.country
        if country and kodeverk.course(kode):
            courses = (today - self.registers.first_start).days // COUNTRY_COURSE_GAP
            for number in range(courses):
                # Courses follow the season too, as people start when these do.
                start = self.registers.start_at(kode, (number + rng.random()) / courses)
                spans.append((start, start + timedelta(days=max(5, int(days * rng.uniform(0.8, 1.3))))))
        elif kodeverk.course(kode):
            start = date(2021, 3, 1) + self._earlier + timedelta(days=rng.randrange(60))
            while start < today + timedelta(days=120):
                spans.append((start, start + timedelta(days=int(days * rng.uniform(0.8, 1.3)))))
                start += timedelta(days=int(max(75, days * 0.7) * rng.uniform(0.8, 1.2)))
        if kode in FORHANDSGODKJENTE:
            spans += [(date(2018, 1, 1) + self._earlier + timedelta(days=rng.randrange(900)), None) for _ in range(3)]
        elif not kodeverk.opplaering(kode):
            for _ in range(2):
                start = date(2020, 1, 1) + self._earlier + timedelta(days=rng.randrange(300))
                while start < today:
                    slutt = start + timedelta(days=rng.choice((730, 913, 1095)) - 1)
                    last = slutt > today and rng.random() < 0.5
                    spans.append((start, None if last else slutt))
                    start = slutt + timedelta(days=1)
        return spans

    def _gjennomforing(self, rng: Random, office: Office, kode: str, start: date, slutt: date | None) -> None:
        """Invent a gjennomføring with its enheter: an office, mostly with its region, sometimes others."""
        today = self.registers.today
        found = Gjennomforing(new_uuid(rng), kode, start, slutt)
        if slutt and slutt < today:
            found.status = "AVSLUTTET"
        draw = rng.random()
        if draw < 0.04 and slutt and (slutt - start).days < 400:
            found.status = "AVLYST"
        elif draw < 0.09 and slutt and start < today - timedelta(days=30):
            days = (min(slutt, today - timedelta(days=1)) - start).days
            found.status, found.avbrutt = "AVBRUTT", start + timedelta(days=rng.randint(days // 2, days))
        region, kind = office.region, rng.random()
        enheter = [office.enhetsnummer, region]
        if kind < 0.12:
            sharing = [other for other in self._of_region[region] if kode in other.koder]
            enheter += [other.enhetsnummer for other in rng.sample(sharing, min(2, len(sharing)))]
        elif kind < 0.22:
            enheter = [office.enhetsnummer]
        elif kind < 0.27:
            enheter = [region]
        elif kind < 0.29:
            enheter = []
        enheter = list(dict.fromkeys(enheter))
        avtale_id = self._avtale(region, kode)
        self.extract.write("gjennomforing_view", self.registers.gjennomforing_row(rng, found, avtale_id))
        for enhetsnummer in enheter:
            row = {"gjennomforing_id": found.id, "enhetsnummer": enhetsnummer}
            self.extract.write("gjennomforing_nav_enhet_view", row)
        local = [enhetsnummer for enhetsnummer in enheter if enhetsnummer != region]
        self.registers.add_gjennomforing(found, local or [office.enhetsnummer])

    def _avtale(self, region: str, kode: str) -> str:
        """Return the region's avtale for the tiltakstype, written the first time it is asked for."""
        if (region, kode) in self._avtaler:
            return self._avtaler[region, kode]
        rng = Draws(f"{self.seed}/avtale/{region}/{kode}")
        avtale_id = self._avtaler[region, kode] = new_uuid(rng)
        approved = kode in FORHANDSGODKJENTE
        start = date(2019, 1, 1) + self._earlier + timedelta(days=rng.randrange(400))
        slutt = None if approved else start - self._earlier + timedelta(days=rng.randrange(2200, 3600))
        made = moment(rng, start - timedelta(days=60), self.registers.taken_at)
        ended = slutt is not None and slutt < self.registers.today
        broken = rng.random() < 0.05 and not ended
        changed = self.registers.taken_at - timedelta(days=rng.randrange(1, 300))
        self.extract.write(
            "avtale_view",
            {
                "id": avtale_id,
                "tiltakstype_id": self.registers.tiltakstype_id[kode],
                "start_dato": start.isoformat(),
                "slutt_dato": iso(slutt) or "",
                "status": "AVSLUTTET" if ended else "AVBRUTT" if broken else "AKTIV",
                "avtaletype": "FORHANDSGODKJENT" if approved else rng.choice(("AVTALE", "RAMMEAVTALE")),
                "opprettet_tidspunkt": utc_text(rng, made),
                "oppdatert_tidspunkt": utc_text(rng, changed if broken else made),
                "avbrutt_tidspunkt": utc_text(rng, changed) if broken else "",
            },
        )
        return avtale_id
