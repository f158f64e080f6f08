"""No person and no veileder can be read from anything a run leaves behind (specification 8)."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import pseudonym, read_uttrekk
from tests.rules.rows import avtale, bruker, gruppe, message, uttrekk_rows
from tests.rules.warehouse import KEY, Warehouse
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a generated extract with faults."""
    folder = tmp_path_factory.mktemp("personvern") / "uttrekk"
    make_uttrekk([str(folder), "--seed", "17", "--participations", "60", "--faults"])
    return folder


@pytest.fixture(scope="module")
def built(folder: Path, new_warehouse: NewWarehouse) -> tuple[Warehouse, set[str]]:
    """Build it with docs, and give every ident and telephone number that is in it."""
    warehouse = new_warehouse(None)
    warehouse.leaves_traces = True
    warehouse.build(folder)
    assert warehouse.dbt(folder, "docs", "generate", "--static").success
    tables = read_uttrekk(folder).tables
    idents = {
        row["person_ident"]
        for name in ("oppfolgingsbruker", "siste_tilordnet_veileder", "vent_person_periode_v")
        for row in tables[name]
    }
    idents |= {row["veileder_ident"] for row in tables["siste_tilordnet_veileder"]}
    for path in folder.glob("arbeidsgiver*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            idents |= set(re.findall(r'"(?:\w+Fnr|\w+Ident|\w+Tlf)": ?"([^"]+)"', line))
    return warehouse, {ident for ident in idents if ident}


def test_no_name_in_an_agreement_is_in_any_table(built: tuple[Warehouse, set[str]], folder: Path) -> None:
    """Names of the participant, the veileder and the mentor, and the firm's, are never stored (specification 9)."""
    warehouse, _ = built
    (path,) = folder.glob("arbeidsgiver*.jsonl")
    names = set(re.findall(r'"\w+(?:Fornavn|Etternavn|Navn)": ?"([^"]+)"', path.read_text(encoding="utf-8")))
    assert len(names) > 10
    for name, rows in warehouse.everything().items():
        text = repr(rows)
        assert not [word for word in names if f"'{word}'" in text or f'"{word}"' in text], name


def test_no_ident_is_in_any_table(built: tuple[Warehouse, set[str]]) -> None:
    """Neither in clear nor as an unkeyed hash, which anyone could reverse by trying every ident."""
    warehouse, idents = built
    hashes = {hashlib.sha256(ident.encode()).hexdigest() for ident in idents}
    words = idents | hashes | {word.upper() for word in hashes}
    for name, rows in warehouse.everything().items():
        text = repr(rows)
        found = [word for word in words if word in text]
        assert not found, f"{len(found)} idents in {name}"


def test_no_ident_is_in_any_file(built: tuple[Warehouse, set[str]], workplace: Path) -> None:
    """Database, logs, compiled SQL, manifest and docs: searched as bytes. Nor is the key there."""
    warehouse, idents = built
    words = [word.encode() for word in (*idents, KEY)]
    files = [warehouse.path, *warehouse.log_path.rglob("*"), *(workplace / "target").rglob("*")]
    searched = [path for path in files if path.is_file()]
    assert {path.name for path in searched} >= {"tiltak.duckdb", "dbt.log", "manifest.json", "static_index.html"}
    for path in searched:
        content = path.read_bytes()
        assert not any(word in content for word in words), path


def test_an_ident_in_a_field_of_its_own_is_not_stored(new_warehouse: NewWarehouse) -> None:
    """What a source has put in the wrong field becomes an avvik, without the ident."""
    ident, veileder = "01851012345", "Z990001"
    wrong = ident, f"Gruppen til {veileder}, {ident}"
    rows = uttrekk_rows(
        "2024-01-29T06:00:00",
        [
            message(gjennomforingId=ident),
            message("2", 2, status=ident),
            message(ident, 3),
            message("4", 4, startDato=ident),
        ],
        oppfolgingsbruker=[{**bruker(enhet=ident, code=ident), "diskresjonskode": ident}],
        vent_person_periode_v=[{"person_ident": ident, "periode": ident, "innsatsgruppe": ident, "nav_kontor": ident}],
        veiledergruppe=[gruppe(wrong[0], wrong[1], f'["{veileder}"]', "2024-01-01", enhet=ident)],
        veiledergruppe_avdeling=[{"enhetsnummer": ident, "filter_navn": wrong[1], "avdeling": wrong[1]}],
    )
    agreements = [
        avtale("a1", avtaleStatus={"kode": "GJENNOMFØRES", "fnr": ident}),
        avtale("a2", 2, tiltakstype=f"MENTOR for {ident}"),
        avtale("a3", 3, tiltakstype="Kari Nordmann tlf 90000000", enhetOppfolging={"nr": "0219", "veileder": veileder}),
        avtale("a4", 4, enhetOppfolging=veileder),
    ]
    rows.arbeidsgiver = [agreements]
    warehouse = new_warehouse(date(2024, 1, 1))
    warehouse.build(warehouse.write(rows))
    for name, content in warehouse.everything().items():
        text = repr(content)
        assert not [word for word in (ident, veileder, "Nordmann") if word in text], name
    assert warehouse.rows("select count(*) from avvik where beskrivelse like '%(ident)%'") != [(0,)]


def test_persons_are_known_by_a_keyed_hash(built: tuple[Warehouse, set[str]]) -> None:
    """person_id is HMAC-SHA256 of the ident's SHA-256, as Python's own library computes it."""
    warehouse, idents = built
    known = {pseudonym(KEY, ident) for ident in idents}
    rows = warehouse.rows("select person_id from staging.stg_pto__oppfolgingsbruker where person_id is not null")
    assert rows
    assert {person for (person,) in rows} <= known
