"""What a run says it did is what the database says, and the alarm is quiet until something is not well."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NewWarehouse
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import Warehouse
from tiltaksstatistikk.export.alarm import faults, main

PEOPLE = (
    "select coalesce(sum(person_antall), 0) from obt_deltakelse_uke_totaler where gruppering_kode = 'INGEN' "
    "and enhet_nivaa_kode = 'LAND' and uke_start_dato = (select max(uke_start_dato) from dim_uke){}"
)


@pytest.fixture(scope="module")
def two_runs(new_warehouse: NewWarehouse) -> tuple[Warehouse, dict[str, Any], dict[str, Any]]:
    """Run two extracts, and return what each said."""
    small = small_world(2, changes=True)
    warehouse = new_warehouse(small.fra_uke_dato)
    said = []
    for rows in small.uttrekk[:2]:
        warehouse.build(warehouse.write(rows))
        said.append(json.loads((warehouse.export / "kjoring.json").read_text(encoding="utf-8")))
    return warehouse, said[0], said[1]


def test_a_run_says_what_it_did(two_runs: tuple[Warehouse, dict[str, Any], dict[str, Any]]) -> None:
    """People, avvik and corrections, beside the database and the run before."""
    warehouse, first, second = two_runs
    assert first["sammenlignet_uke"]["forrige_person_antall"] is None
    assert not first["vist_paa_nytt"]
    assert all(fault["endring_antall"] == fault["antall"] for fault in first["avvik"])

    [country] = [unit for unit in second["enheter"] if unit["enhet_nivaa_kode"] == "LAND"]
    assert [(country["person_antall"],)] == warehouse.rows(PEOPLE.format(""))
    assert [(country["uken_for_person_antall"],)] == warehouse.rows(PEOPLE.format(" - 7"))
    count = dict(warehouse.rows("select avvikstype_kode || kilde, count(*) from avvik group by all"))
    assert {fault["avvikstype_kode"] + fault["kilde"]: fault["antall"] for fault in second["avvik"]} == {
        kind["avvikstype_kode"] + kind["kilde"]: 0 for kind in first["avvik"] if kind["antall"]
    } | count


def test_corrections_are_of_weeks_that_were_shown(
    two_runs: tuple[Warehouse, dict[str, Any], dict[str, Any]],
) -> None:
    """Every week and office with other cells than after the first run, and no new week."""
    warehouse, _, second = two_runs
    published = "select * exclude (publisert_fom_tid, publisert_til_tid) from fak_tiltaksdeltakelse_uke_publisert where"
    changed = warehouse.rows(
        "with denne as (select max(publisert_tid) as tid from kjoring), "
        f"naa as ({published} publisert_til_tid is null), "
        f"da as ({published} publisert_fom_tid < (select tid from denne) "
        "and coalesce(publisert_til_tid >= (select tid from denne), true)) "
        "select distinct strftime(uke_start_dato, '%G-W%V'), enhetsnummer from "
        "((from naa except from da) union (from da except from naa)) "
        "where uke_start_dato in (select uke_start_dato from da)"
    )
    assert changed
    assert {(one["uke"], one["enhetsnummer"]) for one in second["vist_paa_nytt"]} <= set(changed)
    assert second["vist_paa_nytt"][0]["uke_antall"] == len({uke for uke, _ in changed})


def test_the_text_is_of_the_same_numbers(two_runs: tuple[Warehouse, dict[str, Any], dict[str, Any]]) -> None:
    """A person reads what an alarm does."""
    warehouse, _, second = two_runs
    text = (warehouse.export / "kjoring.md").read_text(encoding="utf-8")
    for unit in second["enheter"]:
        assert f"| {unit['enhet_navn']} | {unit['person_antall']} | {unit['uken_for_person_antall']} |" in text


def write(folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Path:
    """Write what an export says of a run at noon on 7 August 2025, changed."""
    manifest = {"kilder": {"nav_enhet": "2025-08-07T06:00:00"}}
    summary: dict[str, Any] = {
        "startet_tid": "2025-08-07T12:00:00",
        "sammenlignet_uke": {"uke_start_dato": "2025-07-28", "person_antall": 100, "forrige_person_antall": 100},
        "avvik": [
            {
                **{"kilde": "nav_enhet", "eier_navn": "Team A", "avvikstype_kode": "X", "alvorlighet_kode": "FEIL"},
                **{"antall": 5, "forrige_antall": 5, "endring_antall": 0},
            }
        ],
    }
    change(manifest, summary)
    for name, content in (("manifest.json", manifest), ("kjoring.json", summary)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "later", "expected"),
    [
        (lambda manifest, summary: None, timedelta(days=6), []),
        (
            lambda manifest, summary: None,
            timedelta(days=6, hours=18, minutes=1),
            ["the extract is old: nav_enhet (2025-08-07)"],
        ),
        (
            lambda manifest, summary: manifest["kilder"].update(nav_enhet="2025-08-14T06:00:00"),
            timedelta(days=7, minutes=1),
            ["the last run was on 2025-08-07"],
        ),
        (lambda manifest, summary: summary["sammenlignet_uke"].update(person_antall=95), timedelta(0), []),
        (
            lambda manifest, summary: summary["sammenlignet_uke"].update(person_antall=94),
            timedelta(0),
            ["in the week of 2025-07-28 100 people became 94"],
        ),
        (
            lambda manifest, summary: summary["avvik"][0].update(endring_antall=1),
            timedelta(0),
            ["1 more X in nav_enhet (Team A)"],
        ),
        (
            lambda manifest, summary: summary["avvik"][0].update(endring_antall=1, alvorlighet_kode="ADVARSEL"),
            timedelta(0),
            [],
        ),
        (
            lambda manifest, summary: (
                summary["avvik"][0].update(endring_antall=5),
                summary["sammenlignet_uke"].update(forrige_person_antall=None),
            ),
            timedelta(0),
            [],
        ),
    ],
)
def test_the_alarm(
    tmp_path: Path,
    change: Callable[[dict[str, Any], dict[str, Any]], None],
    later: timedelta,
    expected: list[str],
) -> None:
    """Each fault with its edge; in a first run all is new, and nothing is wrong with that."""
    folder = write(tmp_path, change)
    now = datetime(2025, 8, 7, 12) + later
    assert faults(folder, now, days=7, percent=5, new_faults=0) == expected


def test_the_alarm_says_when_there_is_nothing_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No run has ever finished: one sentence, and an exit code of its own."""
    monkeypatch.setenv("TILTAK_EKSPORT", str(tmp_path))
    assert main([]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 1
    write(tmp_path, lambda manifest, summary: None)
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("The statistics are not well: the last run was on 2025-08-07; ")
