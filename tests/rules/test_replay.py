"""Replays: sequences of extracts through real dbt runs, compared with the brute-force reading cell by cell."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from dbt.contracts.graph.nodes import SeedNode
from hypothesis import HealthCheck, Phase, given, settings

from tests.conftest import Copy, NewWarehouse
from tests.rules.brute_force import KODEVERK, World, read_uttrekk
from tests.rules.small_worlds import SmallWorld, small_world, small_worlds
from tests.rules.warehouse import KEY, Warehouse, assert_equal, load
from tiltaksstatistikk.generator.faults import FAULTS
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk


def replay(small: SmallWorld, new_warehouse: NewWarehouse, fmt: str = "csv", gzip: bool = False) -> None:
    """Build each extract of a world, compare after each, and once more after a full refresh of the last.

    There is no full refresh from an extract that has only what is new of a topic.
    """
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    for rows in small.uttrekk:
        folder = warehouse.write(rows, fmt, gzip)
        warehouse.build(folder)
        load(world, folder)
        assert_equal(warehouse, world)
        assert warehouse.computed() == world.computed()
    if read_uttrekk(folder).endring:
        return
    before = warehouse.contents()
    warehouse.build(folder, "--full-refresh")
    assert warehouse.contents() == before


# 0 is in Parquet, 668 in compressed CSV: it has both topics as what is new, a correction of that, and then both whole.
@pytest.mark.parametrize("seed", [668, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 1, 5, 7, 34))])
def test_small_worlds(seed: int, new_warehouse: NewWarehouse) -> None:
    """Worlds drawn evenly, in every form an extract may have."""
    small = small_world(seed, max_extracts=3 if seed == 0 else 4, changes=seed in (1, 7, 34, 668))
    replay(small, new_warehouse, fmt="parquet" if seed % 3 == 0 else "csv", gzip=seed % 2 == 0)


@pytest.mark.long
@settings(
    max_examples=6, deadline=None, phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip
@given(small=small_worlds(max_extracts=3) | small_worlds(max_extracts=3, changes=True))
def test_worlds_drawn_by_hypothesis(small: SmallWorld, new_warehouse: NewWarehouse) -> None:
    """Worlds that Hypothesis draws, and shrinks when one fails."""
    replay(small, new_warehouse)


def change_a_code_list(folder: Path, number: int) -> None:
    """Give a folder's code lists another content: a status in another category, or a code in another innsatsgruppe."""
    name, column, key, value = [
        ("kodeverk_kvalifiseringsgruppe", "innsatsgruppe_kode", "BATT", "VARIG"),
        ("kodeverk_deltakerstatus", "kategori_kode", "VENTER_PA_OPPSTART", "deltar"),
        ("kodeverk_kvalifiseringsgruppe", "innsatsgruppe_kode", "BATT", "BATT"),
        ("kodeverk_deltakerstatus", "kategori_kode", "FULLFORT", "deltok_ikke"),
    ][number % 4]
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{**row, column: value} if key in row.values() else row for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("seed", [37])
def test_code_lists_that_change_between_runs(
    seed: int, new_warehouse: NewWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each extract is run twice, the second time with another code list: just the weeks it touches are computed."""
    small = small_world(seed, max_extracts=1)
    warehouse = new_warehouse(small.fra_uke_dato)
    world = World(small.fra_uke_dato, KEY)
    copied = tmp_path / "seeds" / "kodeverk"
    shutil.copytree(KODEVERK, copied)
    for node in warehouse.manifest.nodes.values():
        if isinstance(node, SeedNode):
            monkeypatch.setattr(node, "root_path", str(tmp_path))
    touched = 0
    for number, rows in enumerate(small.uttrekk):
        folder = warehouse.write(rows)
        for changed in (False, True):
            if changed:
                change_a_code_list(copied, number)
            warehouse.build(folder)
            world.load(read_uttrekk(folder), kodeverk=copied)
            assert_equal(warehouse, world)
            assert warehouse.computed() == world.computed()
            touched += len(world.computed()) if changed else 0
    assert touched


@pytest.fixture(scope="module")
def three_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the generator's extracts of three weeks, two of them with faults, in different forms."""
    folder = tmp_path_factory.mktemp("three_weeks")
    weeks = [folder / f"uke_{week}" for week in range(3)]
    make_uttrekk(
        [str(weeks[0]), "--seed", "41", "--participations", "200", "--faults", "--format", "parquet", "--files", "3"]
    )
    for week, more in enumerate([["--gzip"], ["--faults"]], start=1):
        make_uttrekk([str(weeks[week]), "--seed", str(41 + week), "--previous", str(weeks[week - 1]), *more])
    return weeks


@pytest.fixture(scope="module")
def first_week(three_weeks: list[Path], new_warehouse: NewWarehouse) -> Warehouse:
    """Build the first of the three weeks."""
    warehouse = new_warehouse(None)
    warehouse.build(three_weeks[0])
    return warehouse


@pytest.fixture(scope="module")
def built(three_weeks: list[Path], first_week: Warehouse, copy: Copy) -> tuple[Warehouse, World]:
    """Build the three weeks, the last with every data test of the project, and compare after each."""
    warehouse = copy(first_week)
    world = World(key=KEY)
    for number, folder in enumerate(three_weeks):
        if number:
            # The tests of the project take longer than the run.
            warehouse.build(folder, tests=folder == three_weeks[-1])
        load(world, folder)
        assert_equal(warehouse, world)
    return warehouse, world


def test_three_generated_weeks(built: tuple[Warehouse, World], three_weeks: list[Path]) -> None:
    """Every week of generated extracts equals the brute-force reading, and every fault put into them is an avvik."""
    warehouse, _ = built
    found = {kode for (kode,) in warehouse.rows("select distinct avvikstype_kode from avvik")}
    assert set(FAULTS) - {"KLADD"} | {"ENDRET_PERSON", "AVTALE_IKKE_INNGATT"} <= found
    # Running a week twice gives the same rows everywhere.
    before = warehouse.contents()
    warehouse.build(three_weeks[-1])
    assert warehouse.contents() == before


def test_a_run_computes_only_the_offices_weeks_that_changed(
    three_weeks: list[Path], first_week: Warehouse, copy: Copy
) -> None:
    """What has the same content is left alone: a mark put into it is still there, and the rest loses its own."""
    warehouse = copy(first_week)
    fingerprints = (
        "select relasjon_navn, uke_start_dato, enhetsnummer, fingeravtrykk from intermediate.int_uke_fingeravtrykk "
        "where enhetsnummer != ''"
    )
    before = warehouse.rows(fingerprints)
    office = {"fak_kapasitet_uke": "kapasitet_enhetsnummer"}
    relations = {relation for relation, *_ in before}
    assert len(relations) == 3
    for relation in relations:
        warehouse.execute(f"update {relation} set deltakelse_antall = 1000000")
    warehouse.build(three_weeks[1])
    after = warehouse.rows(fingerprints)
    for relation in relations:
        unchanged = {(week, unit) for name, week, unit, _ in set(before) & set(after) if name == relation}
        found = warehouse.rows(
            f"select distinct uke_start_dato, {office.get(relation, 'enhetsnummer')} from {relation} "
            "where deltakelse_antall = 1000000"
        )
        assert set(found) == unchanged, relation
        weeks = {week for name, week, *_ in after if name == relation}
        whole = weeks - {week for name, week, *_ in set(after) - set(before) if name == relation}
        assert 0 < len(whole) < len(weeks), relation
        assert {week for week, _ in unchanged} - whole, relation


def test_a_week_is_not_left_alone_for_looking_like_another(
    three_weeks: list[Path], first_week: Warehouse, copy: Copy
) -> None:
    """A week that was computed from what is now another week's content is computed again."""
    warehouse = copy(first_week)
    before = warehouse.fact()
    warehouse.execute(
        "update fak_tiltaksdeltakelse_uke set deltakelse_antall = 1000000, "
        "fingeravtrykk = (select arg_max(fingeravtrykk, uke_start_dato) from fak_tiltaksdeltakelse_uke) "
        "where uke_start_dato = (select min(uke_start_dato) from fak_tiltaksdeltakelse_uke)"
    )
    assert warehouse.fact() != before
    warehouse.build(three_weeks[0])
    assert warehouse.fact() == before


def test_a_failed_run_leaves_whole_weeks(three_weeks: list[Path], first_week: Warehouse, copy: Copy) -> None:
    """Deleting the changed weeks and computing them is one transaction: when computing fails, nothing is deleted."""
    warehouse = copy(first_week)
    before = warehouse.fact()
    warehouse.execute("update intermediate.int_uke_fingeravtrykk set fingeravtrykk = fingeravtrykk + 1")
    warehouse.execute("alter table intermediate.int_deltakelse_segment rename innsatsgruppe_kode to noe_annet")
    assert not warehouse.dbt(three_weeks[0], "run", "--select", "fak_tiltaksdeltakelse_uke").success
    assert warehouse.fact() == before
    warehouse.build(three_weeks[1])
    world = World(key=KEY)
    load(world, three_weeks[0])
    load(world, three_weeks[1])
    assert_equal(warehouse, world)


@pytest.mark.long
def test_a_later_first_week_takes_weeks_away(three_weeks: list[Path], first_week: Warehouse, copy: Copy) -> None:
    """Weeks outside the statistics leave the fact, and come back as they were."""
    warehouse = copy(first_week)
    before = warehouse.fact()
    warehouse.vars["fra_uke_dato"] = "2024-01-01"
    warehouse.build(three_weeks[0])
    assert warehouse.fact() == {
        cell: counts for cell, counts in before.items() if cell.uke_start_dato >= date(2024, 1, 1)
    }
    del warehouse.vars["fra_uke_dato"]
    warehouse.build(three_weeks[0])
    assert warehouse.fact() == before
