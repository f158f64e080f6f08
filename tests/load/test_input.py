"""What stops a run of dbt before it changes anything, and odd files that are right."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import TOPIC, World
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load

IDENT = "01851012345"


@pytest.fixture(scope="module")
def loaded(new_warehouse: NewWarehouse) -> tuple[Warehouse, Path]:
    """Give a warehouse that has loaded an extract, and the extract's folder."""
    small = small_world(3)
    warehouse = new_warehouse(small.fra_uke_dato)
    warehouse.leaves_traces = True
    folder = warehouse.write(small.uttrekk[0])
    warehouse.build(folder)
    return warehouse, folder


def test_a_faulty_extract_stops_the_run_before_anything_changes(
    loaded: tuple[Warehouse, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is printed and logged is the loader's sentence, without the ident that stands beside the fault."""
    warehouse, folder = loaded
    before = warehouse.contents()
    faulty = tmp_path / "uttrekk"
    shutil.copytree(folder, faulty)
    with (faulty / "oppfolgingsbruker.csv").open("ab") as file:
        file.write(f'{IDENT},"0219,BATT\r\n'.encode())
    result = warehouse.dbt(faulty, "build")
    printed = "".join(capfd.readouterr())
    assert not result.success
    for word in ("oppfolgingsbruker.csv cannot be read", "Line", "unquoted value", "quoted after RFC 4180"):
        assert word in printed
    assert "Traceback" not in printed
    assert IDENT not in printed
    logs = list(warehouse.log_path.rglob("*.log*"))
    assert logs
    assert IDENT not in "".join(path.read_text(encoding="utf-8") for path in logs)
    assert warehouse.contents() == before


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (["--vars", '{fra_uke_dato: "2024-01-02"}'], {}, ["fra_uke_dato", "2024-01-02", "Monday"]),
        (["--vars", "{fra_uke_dato: i fjor}"], {}, ["fra_uke_dato", "i fjor"]),
        (["--vars", "{endelig_etter_uker: -1}"], {}, ["endelig_etter_uker", "-1"]),
        (["--vars", "{endelig_etter_uker: 1.5}"], {}, ["endelig_etter_uker", "1.5"]),
        (["--vars", "{for_forste_observasjon: gjett}"], {}, ["for_forste_observasjon", "gjett", "som_forste"]),
        (["--vars", "{prikkegrense: 1}"], {}, ["prikkegrense", "1", "from 2", "intern/tiltaksstatistikk.html"]),
        (["--vars", "{prikkegrense: 2.5}"], {}, ["prikkegrense", "2.5", "a whole number"]),
        (["--vars", "{aapen_metode: avrunding}"], {}, ["aapen_metode is 'avrunding'", "Give stoy or prikking."]),
        (["--vars", "{avrunding_base: 5}"], {}, ["The var avrunding_base is gone"]),
        (["--vars", "{volum_grense: 101}"], {}, ["volum_grense", "101", "from 0 to 100"]),
        (["--vars", "{godta_volum: i fjor}"], {}, ["godta_volum", "i fjor", "no time"]),
        (["--vars", "{publiser: false}"], {}, ["The var publiser is now called aapne_tall"]),
        (["--vars", "{publiser_metode: avrunding}"], {}, ["The var publiser_metode is now called aapen_metode"]),
        (["--empty"], {}, ["--empty", "reads nothing of the extract"]),
        ([], {"PSEUDONYM_NOKKEL": ""}, ["PSEUDONYM_NOKKEL is not"]),
    ],
)
def test_a_run_that_makes_no_sense_is_stopped(
    loaded: tuple[Warehouse, Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], environment: dict[str, str], named: list[str],
) -> None:  # fmt: skip
    """Vars and keys are looked at before anything changes."""
    warehouse, folder = loaded
    before = warehouse.contents()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if arguments:
        monkeypatch.setattr(warehouse, "vars", {})
    result = warehouse.dbt(folder, "build", *arguments)
    printed = "".join(capfd.readouterr())
    assert not result.success
    for word in named:
        assert word in printed
    assert warehouse.contents() == before


def test_a_solver_that_is_missing_stops_the_run(
    loaded: tuple[Warehouse, Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is computed, and only if it is asked for: it is a group of dependencies of its own."""
    warehouse, folder = loaded
    before = warehouse.contents()
    monkeypatch.setitem(sys.modules, "highspy", None)
    monkeypatch.setattr(warehouse, "vars", {})
    assert not warehouse.dbt(folder, "build", "--vars", "{aapen_metode: prikking}").success
    printed = "".join(capfd.readouterr())
    assert "highspy, is not installed. Nothing was changed. Run uv sync --group prikking first." in printed
    assert warehouse.contents() == before


@pytest.mark.long
def test_a_snapshot_is_never_dated_by_another_extract(
    new_warehouse: NewWarehouse, capfd: pytest.CaptureFixture[str]
) -> None:
    """A part of a new extract is loaded with its own time or not at all: what a snapshot has dated stays dated."""
    small = next(world for world in map(small_world, range(100)) if len(world.uttrekk) == 2)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    first, second = (warehouse.write(rows) for rows in small.uttrekk)
    warehouse.build(first)
    before = warehouse.contents()
    for command in (
        ["build", "--select", "stg_pto__oppfolgingsbruker+"], ["build", "--select", "+snap_pto__oppfolgingsbruker"],
        ["build", "--exclude", "resource_type:snapshot"], ["snapshot"], ["run"],
    ):  # fmt: skip
        assert not warehouse.dbt(second, *command).success
        assert "has not been loaded yet" in "".join(capfd.readouterr())
    assert warehouse.contents() == before
    assert warehouse.dbt(first, "run").success
    assert warehouse.contents() == before
    warehouse.build(second)
    warehouse.build(second, "--select", "int_tiltak_deltakelse+")
    for folder in (first, first, second, second):
        load(world, folder)
    assert_equal(warehouse, world)


@pytest.mark.long
def test_odd_files_that_are_right(new_warehouse: NewWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path of odd letters; columns in another order, and others; a byte order mark, CRLF; several topic files."""
    small = small_world(11)
    warehouse = new_warehouse(small.fra_uke_dato)
    folder = warehouse.write(small.uttrekk[0])
    world = World(small.fra_uke_dato, KEY)
    load(world, folder)

    bruker = folder / "oppfolgingsbruker.csv"
    duckdb.sql(
        "copy (select 'x' as ny_kolonne, sist_endret_tidspunkt, * exclude (sist_endret_tidspunkt), 'y' as \"to, ord\" "
        f"from read_csv('{bruker}', all_varchar = true)) to '{bruker}.ny' (format csv, header, force_quote *)"
    )
    text = Path(f"{bruker}.ny").read_text(encoding="utf-8")
    bruker.write_text(text.replace("ny_kolonne", "to, ord"), encoding="utf-8")
    Path(f"{bruker}.ny").unlink()
    folder = folder.rename(folder.with_name("it's [odd] *"))
    monkeypatch.setenv("UTTREKK_MAPPE", f"{folder}/")
    enhet = folder / "nav_enhet.csv"
    enhet.write_bytes(b"\xef\xbb\xbf" + enhet.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    lines = [line for path in sorted(folder.glob(f"{TOPIC}*")) for line in path.read_bytes().splitlines() if line]
    for path in folder.glob(f"{TOPIC}*"):
        path.unlink()
    lines.reverse()
    (folder / f"{TOPIC}.jsonl").write_bytes(b"\n".join(lines[::2]))
    with gzip.open(folder / f"{TOPIC}-1.jsonl.gz", "wb") as file:
        file.write(b"\n\n".join(lines[1::2]))
    (folder / f"{TOPIC}-2.jsonl").write_bytes(b"")

    warehouse.build(folder)
    assert_equal(warehouse, world)


@pytest.mark.long
def test_a_broken_line_of_the_topic_is_an_avvik_with_its_place(new_warehouse: NewWarehouse) -> None:
    """Cut off, not UTF-8, two objects: each is an avvik that names file and line, and stops nothing."""
    small = small_world(12)
    warehouse = new_warehouse(small.fra_uke_dato)
    folder = warehouse.write(small.uttrekk[0])
    message = json.dumps({"partition": 0, "offset": 1, "key": "x", "value": {"personIdent": IDENT}})
    (folder / f"{TOPIC}-feil.jsonl").write_bytes(
        b"\n".join([message[:-5].encode(), b'{"key": "\xff"}', (message + message).encode(), message.encode()])
    )
    warehouse.build(folder)
    avvik = warehouse.rows(
        "select objekt_id, avvikstype_kode, beskrivelse from avvik "
        f"where objekt_id like '{TOPIC}-feil.jsonl:%' or objekt_id = 'x' order by 1"
    )
    assert [(place, kind) for place, kind, _ in avvik] == [
        (f"{TOPIC}-feil.jsonl:1", "UGYLDIG_JSON"), (f"{TOPIC}-feil.jsonl:2", "UGYLDIG_JSON"),
        (f"{TOPIC}-feil.jsonl:3", "UGYLDIG_JSON"), ("x", "MANGLER_FELT"),
    ]  # fmt: skip
    assert all(IDENT not in text for _, _, text in avvik)
