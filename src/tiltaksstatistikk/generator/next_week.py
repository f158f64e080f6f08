"""The extract of the week after another: most of it the same, one to three per cent touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tiltaksstatistikk.generator.employers import AgreementMaker
from tiltaksstatistikk.generator.files import IDENT_HISTORIKK, Extract, read_csv, read_table
from tiltaksstatistikk.generator.kodeverk import DATA
from tiltaksstatistikk.generator.next_topics import EmployersWeek, KometWeek
from tiltaksstatistikk.generator.people import Idents, PeopleMaker
from tiltaksstatistikk.generator.registers import Gjennomforing, Office, Registers
from tiltaksstatistikk.generator.values import (
    Row,
    at_midnight,
    local_text,
    moment,
    offset_text,
    oslo_offset,
    parse_date,
    parse_time,
    utc_text,
)
from tiltaksstatistikk.generator.week import Week

#: The share of the country's gjennomføringer that are edited when they are over: a handful a week.
COUNTRY_LATE = 5e-6
#: Of those who get another ident, who have a row with the old one too, for a week.
BOTH_SHARE = 0.4


def is_country(earlier: Path) -> bool:
    """Return whether an extract has the country's offices, all but a few that may have no groups left."""
    rows = read_csv(DATA / "nav_enheter.csv")
    local = {row["enhetsnummer"] for row in rows if row["type"] == "LOKAL" and not row["status"]}
    found = {row["enhetsnummer"] for row in read_table(earlier, "veiledergruppe")}
    return len(local & found) > 0.9 * len(local)


class NextWeek(Week):
    """Writes the extract of the week after another: the registers, then people, then the topics."""

    def __init__(
        self,
        registers: Registers,
        extract: Extract,
        earlier: Path,
        taken_before: datetime,
        seed: int,
        idents: Idents,
        *,
        only_changes: bool = False,
        faults: bool = False,
    ) -> None:
        """Prepare to read `earlier`, an extract taken at `taken_before`, and nothing else."""
        super().__init__(
            *(registers, extract, earlier, taken_before, seed, idents), only_changes=only_changes, faults=faults
        )
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
        idents = Idents(self.rng("ident"), series)
        komet = KometWeek(self, self.maker, self._kode)
        komet.build(idents)
        EmployersWeek(self, AgreementMaker(self.maker, self.registers.offices), komet.people).build(idents)
        self._write(IDENT_HISTORIKK, self.idents.rows())

    def _read(self, table: str) -> Iterator[Row]:
        return read_table(self.earlier, table)

    def _write(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self.extract.write(table, row)

    def _recent_text(self, rng: Random) -> str:
        return local_text(rng, self.recently(rng))

    def _changed_text(self, rng: Random, before: str, written: Callable[[Random, datetime], str]) -> str:
        """Return the timestamp of a change: mostly new, sometimes the one before, sometimes older than it.

        `written` is how the source writes times.
        """
        draw = rng.random()
        old = parse_time(before)
        odd = 0.0005 if self.country else 0.08
        if draw < odd:
            return before
        if draw < 2 * odd and old:
            day = old.date() - timedelta(days=rng.randrange(1, 60))
            return written(rng, moment(rng, day, self.registers.taken_at))
        return written(rng, self.recently(rng))

    # -- registers

    def _load_registers(self) -> None:
        """Learn the offices, with veiledere and gjennomføringer, that new people are drawn from.

        Gjennomføringer without an avtale are for one person, and left out; any office may have them. Nobody starts
        on one that was broken off when nobody knows.
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
            if kode is None:
                continue
            self._kode[found_id] = kode
            if row["avtale_id"] and start is not None:
                ended = parse_time(row["avsluttet_tidspunkt"]) if row["status"] == "AVBRUTT" else None
                avbrutt = (ended + oslo_offset(ended)).date() if ended else None
                if (avbrutt and avbrutt <= start) or (slutt and slutt < start):
                    continue
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
        forms = registers.kodeverk.tiltakstyper
        alone = sorted({kode for kode in self._kode.values() if "enkeltplass" in forms[kode]["form_navn"]})
        for office in registers.offices:
            office.koder += [kode for kode in alone if kode not in office.koder]
        registers.complete()

    def _tiltakstyper(self) -> None:
        """Copy the view; now and then a tiltakstype gets a new name."""
        rows = list(self._read("tiltakstype_view"))
        rng = self.rng("tiltakstype")
        if rng.random() < 0.1:
            rng.choice(rows)["navn"] += " (nytt navn)"
        self._write("tiltakstype_view", rows)

    def _gjennomforinger(self) -> None:
        """Copy the view; some are prolonged, some AVBRUTT, those whose last day has passed AVSLUTTET.

        The source no longer writes avsluttet_tidspunkt; what is broken off gets a slutt_dato.
        """
        broken = 0.001 if self.country else 0.012
        for row in self._read("gjennomforing_view"):
            slutt, start = parse_date(row["slutt_dato"]), parse_date(row["start_dato"])
            chance = self.chance("gjennomforing", row["id"])
            ended: datetime | None = None
            if self.country and slutt and chance < COUNTRY_LATE and row["status"] == "AVSLUTTET":
                rng = self.rng("gjennomforing", row["id"])
                row["slutt_dato"] = (slutt - timedelta(days=rng.choice((1, 14, 31)))).isoformat()
                row["oppdatert_tidspunkt"] = utc_text(rng, self.recently(rng))
            if row["status"] == "GJENNOMFORES" and start:
                rng = self.rng("gjennomforing", row["id"])
                changed = self.recently(rng)
                if row["avtale_id"] and start < self.taken_before.date() and chance < broken:
                    row["status"], ended = "AVBRUTT", changed
                    row["slutt_dato"] = changed.date().isoformat()
                elif slutt and slutt < self.today + timedelta(days=180) and chance < 0.06:
                    row["slutt_dato"] = (slutt + timedelta(days=rng.choice((31, 92, 183)))).isoformat()
                    row["oppdatert_tidspunkt"] = utc_text(rng, changed)
                elif slutt and slutt < self.today:
                    row["status"], ended = "AVSLUTTET", at_midnight(slutt) + timedelta(days=1, minutes=5)
                if ended:
                    row["oppdatert_tidspunkt"] = utc_text(rng, ended)
            self.extract.write("gjennomforing_view", row)

    def _veiledergrupper(self) -> None:
        """Copy the groups; some change members or name, one may be deleted, made or registered anew."""
        rng = self.rng("veiledergruppe")
        groups = list(self._read("veiledergruppe"))
        register = list(self._read("veiledergruppe_avdeling"))
        veiledere = {office.enhetsnummer: office.veiledere for office in self.registers.offices}
        for group in rng.sample(groups, max(1, len(groups) // (100 if self.country else 40))):
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
        for group in rng.sample(groups, max(1, len(groups) // (1000 if self.country else 200))):
            old, group["filter_navn"] = group["filter_navn"], f"{group['filter_navn']} ny"
            group["sist_endret_tidspunkt"] = self._recent_text(rng)
            if rng.random() < 0.6:
                # The office keeps its register up to date, most of the time.
                for row in register:
                    if (row["enhetsnummer"], row["filter_navn"]) == (group["enhetsnummer"], old):
                        row["filter_navn"] = group["filter_navn"]
        if rng.random() < 0.7:
            made = self.recently(rng)
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
        for row in rng.sample(register, max(1, len(register) // (1000 if self.country else 60))):
            others = [other["avdeling"] for other in register if other["enhetsnummer"] == row["enhetsnummer"]]
            row["avdeling"] = rng.choice(others)
        self._write("veiledergruppe", groups)
        self._write("veiledergruppe_avdeling", register)

    # -- people

    def _vent(self) -> None:
        """Copy the rows by month; in a new month, some who still wait get a row for it."""
        before, now = f"{self.taken_before:%Y%m}", f"{self.today:%Y%m}"
        for row in self._read("vent_person_periode_v"):
            row["person_ident"] = self.idents.current(row["person_ident"])
            self.extract.write("vent_person_periode_v", row)
            if row["periode"] == before != now and self.chance("vent", row["person_ident"]) < 0.3:
                self.extract.write("vent_person_periode_v", row | {"periode": now})

    def _oppfolgingsbrukere(self) -> None:
        """Copy the rows; some move or change group, some vanish, some of those who had vanished are back."""
        vanish, change = (0.001, 0.01) if self.country else (0.002, 0.015)
        present: set[str] = set()
        for row in self._read("oppfolgingsbruker"):
            ident = row["person_ident"] = self.idents.current(row["person_ident"])
            present.add(ident)
            chance = self.chance("oppfolgingsbruker", ident)
            if chance < vanish:
                continue
            if chance < change:
                rng = self.rng("oppfolgingsbruker", ident)
                kind = rng.random()
                if kind < 0.45:
                    row["enhetsnummer"] = rng.choice(self.registers.offices).enhetsnummer
                elif kind < 0.9:
                    groups = ("IKVAL", "BFORM", "BATT", "VARIG", "IVURD", "BKART", "")
                    row["kvalifiseringsgruppe"] = rng.choice(groups)
                row["sist_endret_tidspunkt"] = self._changed_text(rng, row["sist_endret_tidspunkt"], offset_text)
            self.extract.write("oppfolgingsbruker", row)
        for assigned in self._read("siste_tilordnet_veileder"):
            ident = self.idents.current(assigned["person_ident"])
            if ident not in present and self.chance("back", ident) < 0.3:
                present.add(ident)
                rng = self.rng("back", ident)
                row = {
                    "person_ident": ident,
                    "enhetsnummer": rng.choice(self.registers.offices).enhetsnummer,
                    "kvalifiseringsgruppe": rng.choice(("BFORM", "BATT")),
                    "sperret_ansatt": "false",
                    "sist_endret_tidspunkt": offset_text(rng, self.recently(rng)),
                }
                self.extract.write("oppfolgingsbruker", row)

    def _tilordninger(self) -> None:
        """Copy the rows; some get another veileder or none, some vanish, some get a first one.

        The source is late with new idents: some have both for a week.
        """
        veiledere = {office.enhetsnummer: office.veiledere for office in self.registers.offices}
        everybody = [veileder for office in self.registers.offices for veileder in office.veiledere]
        vanish, change = (0.001, 0.01) if self.country else (0.002, 0.017)
        present: set[str] = set()
        for row in self._read("siste_tilordnet_veileder"):
            before = row["person_ident"]
            if self.idents.is_told(before):
                continue
            ident = row["person_ident"] = self.idents.current(before)
            if ident != before and self.chance("both idents", before) < BOTH_SHARE:
                self.extract.write("siste_tilordnet_veileder", row | {"person_ident": before})
            present.add(ident)
            chance = self.chance("veileder", ident)
            if chance < vanish:
                continue
            if chance < change:
                rng = self.rng("veileder", ident)
                row["veileder_ident"] = rng.choice(everybody) if rng.random() < 0.85 else ""
                row["tilordnet_tidspunkt"] = self._changed_text(rng, row["tilordnet_tidspunkt"], local_text)
            self.extract.write("siste_tilordnet_veileder", row)
        for person in self._read("oppfolgingsbruker"):
            ident = self.idents.current(person["person_ident"])
            if ident not in present and self.chance("veileder", ident) < 0.05:
                rng = self.rng("veileder", ident)
                row = {
                    "person_ident": ident,
                    "veileder_ident": rng.choice(veiledere.get(person["enhetsnummer"], everybody)),
                    "tilordnet_tidspunkt": self._recent_text(rng),
                }
                self.extract.write("siste_tilordnet_veileder", row)
