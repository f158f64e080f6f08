"""What `--faults` puts in: objects with every fault that becomes an avvik (specification, section 7)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from random import Random

from tiltaksstatistikk.generator.employers import AgreementMaker, send
from tiltaksstatistikk.generator.files import Extract
from tiltaksstatistikk.generator.people import Idents, PeopleMaker, Person
from tiltaksstatistikk.generator.registers import Gjennomforing, Registers
from tiltaksstatistikk.generator.values import Row, Value, iso, new_uuid

#: The avvik that the faults are meant to give, and KLADD, a known status that the topic's document says is never
#: published. Of the others, ENDRET_PERSON is in the week after (`next_topics`), and AVTALE_IKKE_INNGATT is an
#: employer's. UKJENTE_PERSONER is of a whole source, and never made.
FAULTS = (
    *("UGYLDIG_JSON", "MANGLER_FELT", "UKJENT_STATUS", "KLADD", "START_DATO_MANGLER", "SLUTT_DATO_MANGLER"),
    *("SLUTT_FOR_START", "GJENNOMFORING_AVLYST", "UKJENT_GJENNOMFORING", "UKJENT_TILTAKSTYPE"),
    *("UKJENT_ENHET", "UKJENT_INNSATSGRUPPE", "MOTSTRIDENDE_INNSATSGRUPPE", "MOTSTRIDENDE_ENHET"),
    *("SLUTT_ETTER_GJENNOMFORING", "GJENNOMFORING_SLUTT_FOR_START", "ULOVLIG_AARSAK", "UKJENT_AARSAK"),
    *("DUPLIKAT_NOKKEL", "UGYLDIG_VERDI", "VENTESTART_MANGLER", "UGYLDIG_DELTAKELSESMENGDE"),
    *("UGYLDIG_TIDSPUNKT", "UGYLDIG_IDENT", "IDENT_I_RING", "NOKKEL_I_FLERE_PARTISJONER", "UKJENT_VEILEDERGRUPPE"),
)
#: The one fault in the message of an employer's participation that is sound otherwise. A null stands also for a field
#: that is not there.
EMPLOYER_FAULTS: tuple[Value, ...] = (
    {"deltakerFnr": None},
    {"avtaleStatus": None},
    {"avtaleStatus": "PAA_PAUSE"},
    {"tiltakstype": "UKJENT_TILTAK"},
    {"startDato": None},
    {"startDato": "2024-02-31"},
    {"startDato": "2024-05-02", "sluttDato": "2024-05-01"},
    {"sluttDato": None},
    {"avtaleStatus": "GJENNOMFØRES", "avtaleInngått": None},
    {"avtaleStatus": "KLAR_FOR_OPPSTART", "avtaleInngått": None},
    {"stillingprosent": "halv"},
    {"enhetOppfolging": "9996"},
)
NOT_JSON = ('{"partition":0,"offset":1,"timestamp":1700000000000,"key":"', "ikke json", "[1, 2")


def write_faults(rng: Random, maker: PeopleMaker, extract: Extract, idents: Idents) -> None:
    """Write three people for every fault, and five of whom everything stands twice (which is no avvik)."""
    for fault in FAULTS:
        for number in range(3):
            person = _sound_person(rng, maker, idents.next())
            _spoil(fault, number, rng, person, maker.registers)
            if fault == "IDENT_I_RING":
                ring = [person.ident, *(idents.next() for _ in range(1 + number))]
                for before, now in zip(ring, [*ring[1:], ring[0]], strict=True):
                    row = {"person_ident": before, "gjeldende_person_ident": now}
                    person.rows["person_ident_historikk"].append(row)
            person.write(extract)
            if fault == "UGYLDIG_JSON":
                extract.topic.add_line(NOT_JSON[number])
            if fault == "NOKKEL_I_FLERE_PARTISJONER":
                key, value, when = person.messages[-1]
                extract.topic.add(key, value, when, elsewhere=True)
    for _ in range(5):
        person = _sound_person(rng, maker, idents.next())
        person.rows["vent_person_periode_v"].append(_month(person))
        for rows in person.rows.values():
            rows += rows
        for line in person.write(extract):
            extract.topic.add_line(line)


def write_employer_faults(rng: Random, maker: AgreementMaker, extract: Extract, idents: Idents) -> None:
    """Write two agreements for every fault, lines that are no messages, and a message that stands twice."""
    for fault in EMPLOYER_FAULTS:
        for absent in (False, True):
            key, value, when = _sound_agreement(rng, maker, idents.next())
            spoilt = {
                name: content
                for name, content in (value | fault).items()
                if not (absent and name in fault and content is None)
            }
            send(extract, [(key, spoilt, when)])
    for line in NOT_JSON:
        extract.employers.add_line(line)
    for no_key in (None, ""):
        _, value, when = _sound_agreement(rng, maker, idents.next())
        extract.employers.add(no_key, value, when)
    for no_object in ("tekst", ["liste"], 17):
        extract.employers.add(new_uuid(rng), no_object, maker.registers.taken_at)
    for line in send(extract, [_sound_agreement(rng, maker, idents.next())]):
        extract.employers.add_line(line)
    sent = _sound_agreement(rng, maker, idents.next())
    send(extract, [sent])
    extract.employers.add(*sent, elsewhere=True)


def _sound_agreement(rng: Random, maker: AgreementMaker, ident: str) -> tuple[str, Value, datetime]:
    """Return the last message of an agreement that has ended, and counts."""
    while True:
        key, value, when = maker.agreement(rng, ident, maker.draw_office(rng))[-1]
        if value and value["avtaleStatus"] == "AVSLUTTET" and not value["feilregistrert"]:
            return key, value, when


def _sound_person(rng: Random, maker: PeopleMaker, ident: str) -> Person:
    """Return a person with a veileder, who has ended a participation in a group."""
    while True:
        person = maker.person(rng, ident, 1)
        last = person.messages[-1][1]
        if (
            last
            and last["status"]["type"] == "HAR_SLUTTET"
            and person.rows["siste_tilordnet_veileder"]
            and last["gjennomforingId"] in maker.registers.by_id
        ):
            return person


def _spoil(fault: str, number: int, rng: Random, person: Person, registers: Registers) -> None:
    """Put a fault in the person's data, in a way that `number` (0, 1 or 2) may vary."""
    value = person.last_value()
    start, slutt = date.fromisoformat(value["startDato"]), date.fromisoformat(value["sluttDato"])
    current, office = person.rows["oppfolgingsbruker"][0], person.office
    match fault:
        case "UGYLDIG_JSON":
            pass  # The person is sound: the line that is no JSON belongs to nobody.
        case "MANGLER_FELT":
            del value[("personIdent", "gjennomforingId", "status")[number]]
        case "UKJENT_STATUS":
            value["status"]["type"] = "PAA_PAUSE"
        case "KLADD":
            value["status"] |= {"type": "KLADD", "aarsak": {"type": None, "beskrivelse": None}}
        case "START_DATO_MANGLER":
            value["startDato"] = None
        case "SLUTT_DATO_MANGLER":
            value["sluttDato"] = None
        case "SLUTT_FOR_START" if number == 0:
            _move(rng, person, registers, slutt - timedelta(days=800))
        case "SLUTT_FOR_START":
            value["sluttDato"] = iso(start - timedelta(days=number))
        case "GJENNOMFORING_AVLYST":
            _move(rng, person, registers, slutt + timedelta(days=30), status="AVLYST")
        case "UKJENT_GJENNOMFORING" if number == 0:
            link = {"gjennomforing_id": new_uuid(rng), "enhetsnummer": office.enhetsnummer}
            person.rows["gjennomforing_nav_enhet_view"].append(link)
        case "UKJENT_GJENNOMFORING":
            value["gjennomforingId"] = new_uuid(rng)
        case "UKJENT_TILTAKSTYPE":
            _move(rng, person, registers, slutt + timedelta(days=30))
            person.rows["gjennomforing_view"][-1]["tiltakstype_id"] = new_uuid(rng)
        case "UKJENT_ENHET" if number == 0:
            current["enhetsnummer"] = "9999"
        case "UKJENT_ENHET" if number == 1:
            _move(rng, person, registers, slutt + timedelta(days=30))
            person.rows["gjennomforing_nav_enhet_view"][-1]["enhetsnummer"] = "9998"
        case "UKJENT_ENHET":
            _know_only_by_month(person, _month(person) | {"nav_kontor": "9997"})
        case "UKJENT_INNSATSGRUPPE" if number == 0:
            current["kvalifiseringsgruppe"] = "XXXXX"
        case "UKJENT_INNSATSGRUPPE":
            _know_only_by_month(person, _month(person) | {"innsatsgruppe": "ZZZZZ"})
        case "MOTSTRIDENDE_INNSATSGRUPPE":
            _know_only_by_month(person, _month(person), _month(person) | {"innsatsgruppe": "BFORM"})
        case "MOTSTRIDENDE_ENHET":
            elsewhere = {"nav_kontor": registers.offices[-1].region}
            _know_only_by_month(person, _month(person), _month(person) | elsewhere)
        case "SLUTT_ETTER_GJENNOMFORING":
            _move(rng, person, registers, slutt)
            value["sluttDato"] = iso(slutt + timedelta(days=10))
        case "ULOVLIG_AARSAK":
            aarsaker = (("KURS_FULLT", "Kurset er fullt"), ("FLYTTET", "Flyttet"), ("SYK", "Syk"))
            value["status"]["aarsak"] = dict(zip(("type", "beskrivelse"), aarsaker[number], strict=True))
            if number == 2:
                value["status"] |= {"type": "DELTAR", "tekst": "Deltar"}
        case "UKJENT_AARSAK":
            aarsak = ("VANT_I_LOTTO", "UKJENT_GRUNN", "ANNET2")[number]
            value["status"]["aarsak"] = {"type": aarsak, "beskrivelse": None}
        case "GJENNOMFORING_SLUTT_FOR_START":
            # A gjennomføring of the person's own starts three months before the participation.
            _move(rng, person, registers, start - timedelta(days=91 + 30 * number), status="AVSLUTTET")
        case "DUPLIKAT_NOKKEL" if number == 0:
            older = {"kvalifiseringsgruppe": "IKVAL", "sist_endret_tidspunkt": "2021-01-04 09:00:00"}
            person.rows["oppfolgingsbruker"].append(current | older)
        case "DUPLIKAT_NOKKEL" if number == 1:
            row = person.rows["siste_tilordnet_veileder"][0]
            other = "" if row["veileder_ident"] else office.veiledere[0]
            person.rows["siste_tilordnet_veileder"].append(row | {"veileder_ident": other})
        case "DUPLIKAT_NOKKEL":
            group = {
                "filter_id": "900001",
                "enhetsnummer": office.enhetsnummer,
                "filter_navn": "Samme nøkkel",
                "veileder_identer": json.dumps(office.veiledere[:1]),
                "opprettet_tidspunkt": "2021-01-04T09:00:00",
                "sist_endret_tidspunkt": "2021-01-04T09:00:00",
            }
            newer = {"filter_navn": "Samme nøkkel igjen", "sist_endret_tidspunkt": "2021-03-01T09:00:00"}
            person.rows["veiledergruppe"] += [group, group | newer]
        case "UGYLDIG_VERDI" if number == 0:
            value["startDato"] = "2024-02-31"
        case "UGYLDIG_VERDI" if number == 1:
            person.rows["vent_person_periode_v"].append(_month(person) | {"periode": "202413"})
        case "UGYLDIG_VERDI":
            value["sluttDato"] = "i sommer"
        case "UGYLDIG_TIDSPUNKT" if number == 0:
            value["registrertTidspunkt"] = "i fjor"
            value["deltakelsesmengder"] = [_mengde(value, 50) | {"gyldigFraDato": "2024-02-31"}]
        case "UGYLDIG_TIDSPUNKT" if number == 1:
            current["sist_endret_tidspunkt"] = "2024-02-30T12:00:00+02:00"
        case "UGYLDIG_TIDSPUNKT":
            _move(rng, person, registers, slutt + timedelta(days=30), status="AVBRUTT")
            person.rows["gjennomforing_view"][-1] |= {"slutt_dato": "", "avsluttet_tidspunkt": "for lenge siden"}
        case "UGYLDIG_IDENT":
            _rename(person, person.ident[:-1], only_in_table=number == 1)
        case "IDENT_I_RING" | "NOKKEL_I_FLERE_PARTISJONER":
            pass  # The person is sound, but for what else is written.
        case "UKJENT_VEILEDERGRUPPE":
            group = {"enhetsnummer": office.enhetsnummer, "filter_navn": f"Finnes ikke {number}"}
            person.rows["veiledergruppe_avdeling"].append(group | {"avdeling": "Ungdom"})
        case "VENTESTART_MANGLER":
            value["status"] |= {"type": "VENTELISTE", "aarsak": {"type": None, "beskrivelse": None}}
            value["registrertTidspunkt"] = (None, "", "i fjor")[number]
        case "UGYLDIG_DELTAKELSESMENGDE":
            _move(rng, person, registers, slutt + timedelta(days=30), kode="ARBEIDSFORBEREDENDE_TRENING")
            later = {"gyldigFraDato": iso(start + timedelta(days=1))}
            first, *rest = ((0, -1), (150,), ("halv",))[number]
            value["deltakelsesmengder"] = [_mengde(value, first), *(_mengde(value, share) | later for share in rest)]
        case _:
            raise ValueError(f"no way to make {fault}")


def _move(
    rng: Random,
    person: Person,
    registers: Registers,
    slutt: date,
    status: str = "GJENNOMFORES",
    kode: str = "AVKLARING",
) -> None:
    """Put the person's participation on a gjennomføring of its own, whose last day is `slutt`."""
    value = person.last_value()
    start = date.fromisoformat(value["startDato"]) - timedelta(days=90)
    found = Gjennomforing(new_uuid(rng), kode, start, slutt, status)
    person.rows["gjennomforing_view"].append(registers.gjennomforing_row(rng, found))
    person.rows["gjennomforing_nav_enhet_view"].append(
        {"gjennomforing_id": found.id, "enhetsnummer": person.office.enhetsnummer}
    )
    value["gjennomforingId"] = found.id
    value["deltakelsesmengder"] = []


def _mengde(value: Value, share: object) -> Value:
    """Return a deltakelsesmengde from the start of a participation."""
    element = {"deltakelsesprosent": share, "dagerPerUke": None, "gyldigFraDato": value["startDato"]}
    return element | {"opprettetTidspunkt": value["endretTidspunkt"]}


def _rename(person: Person, ident: str, *, only_in_table: bool) -> None:
    """Give the person another ident in every source, or in oppfolgingsbruker only."""
    for row in person.rows["oppfolgingsbruker"]:
        row["person_ident"] = ident
    if only_in_table:
        return
    for name in ("siste_tilordnet_veileder", "vent_person_periode_v"):
        for row in person.rows[name]:
            row["person_ident"] = ident
    for _, value, _ in person.messages:
        if value is not None:
            value["personIdent"] = ident


def _month(person: Person) -> Row:
    """Return a sound row of vent_person_periode_v."""
    row = {"person_ident": person.ident, "periode": "202001", "innsatsgruppe": "BATT"}
    return row | {"nav_kontor": person.office.enhetsnummer}


def _know_only_by_month(person: Person, *months: Row) -> None:
    person.rows["oppfolgingsbruker"].clear()
    person.rows["vent_person_periode_v"] = list(months)
