"""What stops a run before it changes anything, and the forms an extract may have."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import NewWarehouse
from tests.rules.brute_force import KOMET_VIEW, KOMET_VIEW_COLUMNS, TOPIC, World
from tests.rules.small_worlds import small_world
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load

Change = Callable[[Path], None]
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


def changed(folder: Path, tmp_path: Path, change: Change) -> Path:
    """Return a copy of an extract with something done to it."""
    copy = tmp_path / "uttrekk"
    shutil.copytree(folder, copy)
    change(copy)
    return copy


def replace(name: str, old: str, new: str) -> Change:
    """Return a change of the text of one file."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def append(name: str, content: bytes) -> Change:
    """Return a change that adds bytes to the end of one file."""

    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(content)

    return change


def remove(name: str) -> Change:
    """Return a change that removes the files of a pattern."""

    def change(folder: Path) -> None:
        for path in folder.glob(name):
            path.unlink()

    return change


def cut_in_half(folder: Path) -> None:
    """Compress the topic, and leave out the second half of the file."""
    lines = b"".join(path.read_bytes() for path in sorted(folder.glob(f"{TOPIC}*.jsonl"))) * 50
    remove(f"{TOPIC}*")(folder)
    whole = gzip.compress(lines)
    (folder / f"{TOPIC}.jsonl.gz").write_bytes(whole[: len(whole) // 2])


def cut_in_a_message(folder: Path) -> None:
    """Leave out the end of the topic's last line."""
    path = max(folder.glob(f"{TOPIC}*.jsonl"))
    whole = path.read_bytes().rstrip()
    path.write_bytes(whole[: whole.rindex(b'"value"') + 20])


def parquet_with_bytes_that_are_not_utf8(folder: Path) -> None:
    """Replace a letter in a Parquet file by a byte that is no letter; the ident stands beside it."""
    path = folder / "oppfolgingsbruker.parquet"
    duckdb.sql(
        f"copy (select '{IDENT}Q' as person_ident, * exclude (person_ident) from "
        f"read_csv('{folder}/oppfolgingsbruker.csv', all_varchar = true)) to '{path}' (compression uncompressed)"
    )
    (folder / "oppfolgingsbruker.csv").unlink()
    path.write_bytes(path.read_bytes().replace(f"{IDENT}Q".encode(), f"{IDENT}".encode() + b"\xe5"))


def also_as(name: str, copy: str) -> Change:
    """Return a change that leaves a file there twice."""

    def change(folder: Path) -> None:
        shutil.copy(folder / name, folder / copy)

    return change


def as_parquet(name: str, columns: str) -> Change:
    """Return a change that replaces a CSV file by Parquet with some of its columns."""

    def change(folder: Path) -> None:
        source = folder / f"{name}.csv"
        duckdb.sql(
            f"copy (select {columns} from read_csv('{source}', all_varchar = true)) to '{folder / name}.parquet'"
        )
        source.unlink()

    return change


def with_the_view(folder: Path) -> None:
    """Give the extract Komet's view beside its topic."""
    (folder / f"{KOMET_VIEW}.csv").write_text(",".join(KOMET_VIEW_COLUMNS) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (remove("nav_enhet.csv"), ["nav_enhet.csv", "missing"]),
        (remove(f"{TOPIC}*"), [f"neither {TOPIC}*.jsonl", f"nor {KOMET_VIEW}.csv", "put one of them there"]),
        (also_as("nav_enhet.csv", f"{KOMET_VIEW}.csv"), [f"{KOMET_VIEW}.csv", "column", "missing"]),
        (with_the_view, [f"both {TOPIC}*.jsonl", f"and {KOMET_VIEW}.csv", "remove one of them"]),
        (replace("tiltakstype_view.csv", "tiltakskode", "kode"), ["tiltakstype_view.csv", "column tiltakskode"]),
        (
            as_parquet("oppfolgingsbruker", "* exclude (kvalifiseringsgruppe)"),
            ["oppfolgingsbruker.parquet", "column kvalifiseringsgruppe"],
        ),
        (
            replace("nav_enhet.csv", "enhetsnummer,navn,", "enhetsnummer,navn,navn,"),
            ["nav_enhet.csv", "column navn", "more than once"],
        ),
        (
            append("oppfolgingsbruker.csv", f'{IDENT},"0219,BATT\r\n'.encode()),
            ["oppfolgingsbruker.csv", "Line", "unquoted value"],
        ),
        (
            append("oppfolgingsbruker.csv", f"{IDENT},0219\r\n".encode()),
            ["oppfolgingsbruker.csv", "Line", "missing columns"],
        ),
        (append("nav_enhet.csv", b"0101,\xe5,LOKAL,,\r\n"), ["nav_enhet.csv", "Line", "invalid encoding"]),
        (also_as("nav_enhet.csv", "nav_enhet.parquet"), ["nav_enhet.csv", "nav_enhet.parquet", "both"]),
        (replace("uttrekk.csv", "oppfolgingsbruker", "noe_annet"), ["uttrekk.csv", "kilde", "oppfolgingsbruker"]),
        (
            append("uttrekk.csv", b"veiledergruppe,2030-01-01T00:00:00\r\n"),
            ["uttrekk.csv", "veiledergruppe", "more than one time"],
        ),
        (append("uttrekk.csv", b"avtale_view,i fjor\r\n"), ["uttrekk.csv", "uttrekk_tidspunkt"]),
        (
            append("nav_enhet.csv", b"0101,Nav,LOKAL,,AKTIV\n0102,Nav,LOKAL,,AKTIV\r\n"),
            ["nav_enhet.csv", "LF or in CRLF"],
        ),
        (cut_in_a_message, [f"{TOPIC}", ".jsonl", "ends in the middle of a message"]),
        (cut_in_half, [f"{TOPIC}.jsonl.gz", "cut off"]),
        (append("oppfolgingsbruker.parquet", IDENT.encode()), ["oppfolgingsbruker.csv", "both"]),
        (parquet_with_bytes_that_are_not_utf8, ["oppfolgingsbruker.parquet", "cannot be read"]),
        (remove("*"), ["UTTREKK_MAPPE", "empty"]),
        (append("uttrekk.csv", b",2030-01-01T00:00:00\r\n"), ["uttrekk.csv", "kilde"]),
        (
            append("uttrekk.csv", b"nav_enhet,1999-01-01T00:00:00\r\n"),
            ["uttrekk.csv", "older", "nav_enhet", "1999-01-01"],
        ),
    ],
)
def test_a_faulty_extract_stops_the_run_before_anything_changes(
    loaded: tuple[Warehouse, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str], change: Change, named: list[str]
) -> None:
    """The error names the file and the column (specification 7), quotes no person, and no table changes."""
    warehouse, folder = loaded
    before = warehouse.contents()
    result = warehouse.dbt(changed(folder, tmp_path, change), "build")
    printed = "".join(capfd.readouterr())
    assert not result.success
    for word in named:
        assert word in printed
    assert IDENT not in printed
    assert IDENT not in "".join(path.read_text(encoding="utf-8") for path in warehouse.log_path.rglob("*.log*"))
    assert warehouse.contents() == before


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (["--vars", '{fra_uke_dato: "2024-01-02"}'], {}, ["fra_uke_dato", "2024-01-02", "Monday"]),
        (["--vars", "{fra_uke_dato: i fjor}"], {}, ["fra_uke_dato", "i fjor"]),
        (["--vars", "{endelig_etter_uker: -1}"], {}, ["endelig_etter_uker", "-1"]),
        (["--vars", "{endelig_etter_uker: 1.5}"], {}, ["endelig_etter_uker", "1.5"]),
        (["--vars", "{prikkegrense: 0}"], {}, ["prikkegrense", "0", "from 1"]),
        (["--vars", "{aapen_metode: begge}"], {}, ["aapen_metode", "begge", "prikking or avrunding"]),
        (["--vars", "{avrunding_base: 4}"], {}, ["avrunding_base", "4", "3 or 5"]),
        (["--vars", "{publiser: false}"], {}, ["The var publiser is now called aapne_tall"]),
        (["--vars", "{publiser_metode: avrunding}"], {}, ["The var publiser_metode is now called aapen_metode"]),
        (["--empty"], {}, ["--empty", "reads nothing of the extract"]),
        ([], {"PSEUDONYM_NOKKEL": ""}, ["PSEUDONYM_NOKKEL is not"]),
        ([], {"PSEUDONYM_NOKKEL": "en annen"}, ["another PSEUDONYM_NOKKEL"]),
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


def test_an_older_extract_is_refused(new_warehouse: NewWarehouse, capfd: pytest.CaptureFixture[str]) -> None:
    """An extract before the loaded one changes nothing, and says which one is loaded."""
    small = next(
        world for world in map(small_world, range(100)) if len({str(u.tables["uttrekk"]) for u in world.uttrekk}) > 1
    )
    warehouse = new_warehouse(small.fra_uke_dato)
    folders = [warehouse.write(rows) for rows in small.uttrekk]
    for folder in folders:
        warehouse.build(folder)
    warehouse.build(folders[-1], "--full-refresh")
    before = warehouse.contents()
    assert not warehouse.dbt(folders[0], "build").success
    printed = "".join(capfd.readouterr())
    assert "older than one already loaded" in printed
    assert warehouse.contents() == before


def test_a_snapshot_is_never_dated_by_another_extract(
    new_warehouse: NewWarehouse, capfd: pytest.CaptureFixture[str]
) -> None:
    """A part of a new extract is loaded with its own time or not at all: what a snapshot has dated stays dated."""
    small = next(world for world in map(small_world, range(100)) if len(world.uttrekk) == 3)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    first, second, third = (warehouse.write(rows) for rows in small.uttrekk)
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
    warehouse.build(third)
    for folder in (first, first, second, second, third):
        load(world, folder)
    assert_equal(warehouse, world)


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
    remove(f"{TOPIC}*")(folder)
    lines.reverse()
    (folder / f"{TOPIC}.jsonl").write_bytes(b"\n".join(lines[::2]))
    with gzip.open(folder / f"{TOPIC}-1.jsonl.gz", "wb") as file:
        file.write(b"\n\n".join(lines[1::2]))
    (folder / f"{TOPIC}-2.jsonl").write_bytes(b"")

    warehouse.build(folder)
    assert_equal(warehouse, world)


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
