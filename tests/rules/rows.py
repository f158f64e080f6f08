"""Rows and messages of small extracts, with everything that a test does not name filled in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from tests.rules.brute_force import COLUMNS, OMFANG, TOPIC
from tests.rules.small_worlds import Row, UttrekkRows

KARI, OLA = "01851012345", "02862012346"
JOBBKLUBB = {"id": "t1", "navn": "Jobbklubb", "tiltakskode": "JOBBKLUBB"}
AFT = {"id": "t2", "navn": "AFT", "tiltakskode": "ARBEIDSFORBEREDENDE_TRENING"}
MONDAY = date(2024, 1, 1)  # A Monday; with the extract below, weeks run from 2024-01-01 to 2024-01-22.
TAKEN = "2024-01-29T06:00:00"


def message(key: str = "d1", offset: int = 1, **changes: object) -> str:
    """Return a topic line about Kari, who takes part in g1 from 2024-01-01 on; `changes` overrides fields."""
    value: dict[str, object] = {
        "id": key,
        "gjennomforingId": "g1",
        "personIdent": KARI,
        "startDato": "2024-01-01",
        "sluttDato": None,
        "status": {"type": "DELTAR", "aarsak": {"type": None}},
        "deltakelsesmengder": [],
    }
    if "status" in changes and isinstance(changes["status"], str):
        changes["status"] = {"type": changes["status"], "aarsak": {"type": changes.pop("aarsak", None)}}
    value.update(changes)
    return json.dumps({"partition": 0, "offset": offset, "timestamp": 0, "key": key, "value": value})


def tombstone(key: str = "d1", offset: int = 2) -> str:
    """Return a message that deletes a key."""
    return json.dumps({"partition": 0, "offset": offset, "timestamp": 0, "key": key, "value": None})


def avtale(key: str = "a1", offset: int = 1, **changes: object) -> str:
    """Return an employer's line about Kari, on arbeidstrening from 2024-01-01 on; `changes` overrides fields."""
    value: dict[str, object] = {
        "avtaleId": key,
        "avtaleStatus": "GJENNOMFØRES",
        "deltakerFnr": KARI,
        "tiltakstype": "ARBEIDSTRENING",
        "avtaleInngått": "2023-12-01T12:00:00",
        "startDato": "2024-01-01",
        "sluttDato": None,
        "stillingprosent": None,
        "enhetOppfolging": None,
        "feilregistrert": False,
        "annullertTidspunkt": None,
        **changes,
    }
    return json.dumps({"partition": 0, "offset": offset, "timestamp": 0, "key": key, "value": value})


def view_row(key: str | None = "d1", **changes: str | None) -> Row:
    """Return a row of Komet's view that says what `message` does."""
    return {
        "person_ident": KARI,
        "id": key,
        "bruker_id": "b1",
        "gjennomforing_id": "g1",
        "start_dato": "2024-01-01",
        "slutt_dato": None,
        "status": "DELTAR",
        **changes,
    }


def bruker(ident: str = KARI, enhet: str | None = "0219", code: str | None = "BATT", at: str | None = None) -> Row:
    """Return a row of oppfolgingsbruker."""
    return {
        "person_ident": ident,
        "enhetsnummer": enhet,
        "kvalifiseringsgruppe": code,
        "sperret_ansatt": "false",
        "sist_endret_tidspunkt": at,
    }


def gruppe(
    filter_id: str, navn: str, veiledere: str, at: str, opprettet: str = "2023-01-01", enhet: str = "0219"
) -> Row:
    """Return a row of veiledergruppe."""
    return {
        "filter_id": filter_id,
        "enhetsnummer": enhet,
        "filter_navn": navn,
        "veileder_identer": veiledere,
        "opprettet_tidspunkt": opprettet,
        "sist_endret_tidspunkt": at,
    }


def gjennomforing(**changes: str | None) -> Row:
    """Return a row of gjennomforing_view, g1 of Jobbklubb without an end."""
    return {"id": "g1", "tiltakstype_id": "t1", "status": "GJENNOMFORES", "slutt_dato": None, **changes}


def uttrekk_rows(taken: str, topic: list[str], **tables: list[Row]) -> UttrekkRows:
    """Return an extract with g1 of Jobbklubb and three enheter, unless `tables` says otherwise.

    Args:
        taken: when each of its files was taken, ISO 8601 in Oslo.
        topic: the lines of Komet's topic.
        tables: rows by table.
    """
    times: list[Row] = [
        {"kilde": kilde, "uttrekk_tidspunkt": taken} for kilde in [*COLUMNS, TOPIC] if kilde != "uttrekk"
    ]
    base: dict[str, list[Row]] = {
        "uttrekk": times,
        "gjennomforing_view": [gjennomforing()],
        "tiltakstype_view": [dict(JOBBKLUBB), dict(AFT)],
        "nav_enhet": [
            {"enhetsnummer": "0219", "type": "LOKAL"},
            {"enhetsnummer": "0220", "type": "LOKAL"},
            {"enhetsnummer": "0200", "type": "FYLKE"},
        ],
    }
    return UttrekkRows({**base, **tables}, [topic])


def with_omfang(rows: UttrekkRows, **omfang: str | None) -> UttrekkRows:
    """Return an extract that says of each kilde whether it is `full` or `endring`.

    Args:
        rows: the extract; a kilde that it has no time for gets that of the others.
        omfang: what to say, by kilde; of the others nothing.
    """
    times = {row["kilde"] or "": row for row in rows.tables["uttrekk"]}
    taken = next(iter(times.values()))["uttrekk_tidspunkt"]
    for kilde in omfang:
        times.setdefault(kilde, {"kilde": kilde, "uttrekk_tidspunkt": taken})
    uttrekk: list[Row] = [{**row, OMFANG: omfang.get(kilde)} for kilde, row in times.items()]
    return replace(rows, tables={**rows.tables, "uttrekk": uttrekk})
