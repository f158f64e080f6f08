"""The benchmark: what is measured counts what the project does, and what is measured is told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
import yaml

from tests.rules.brute_force import Cell, Counts, World, read_uttrekk
from tiltaksstatistikk.benchmark import compare as benchmark
from tiltaksstatistikk.benchmark import floor
from tiltaksstatistikk.benchmark.empty_project import write_empty_project
from tiltaksstatistikk.benchmark.processes import CommandFailed, Measured, measured
from tiltaksstatistikk.benchmark.report import Case, EmptyProject, Report, as_chart, as_json, as_text
from tiltaksstatistikk.benchmark.result import COLUMNS, Size, difference
from tiltaksstatistikk.generator import make_uttrekk

RUN = Measured(10.0, 12.0, 0.5)


def counted(extract: Path, database: Path, first_week: date) -> dict[Cell, Counts]:
    """Return what the floor counts of an extract."""
    with floor.connect() as connection:
        floor.prepare(connection, extract, first_week, "a key")
        floor.count(connection, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f"select {COLUMNS} from {floor.TABLE}").fetchall()
    found = {Cell(*row[:-2]): Counts(*row[-2:]) for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize(
    ("first_week", "form"),
    [(date(2022, 1, 3), ["--format", "parquet", "--files", "2"]), (date(2024, 7, 1), ["--gzip"])],
)
def test_the_floor_counts_a_generated_extract(first_week: date, form: list[str], tmp_path: Path) -> None:
    """With every fault that the generator makes, and over two offices, it equals the brute-force reading."""
    extract = tmp_path / "uttrekk"
    arguments = ["--seed", "17", "--offices", "0219,0220", "--participations", "400", "--faults", *form]
    assert make_uttrekk.main([str(extract), *arguments]) == 0
    world = World(first_week)
    world.load(read_uttrekk(extract))
    found = counted(extract, tmp_path / "floor.duckdb", first_week)
    assert found == world.fact()
    assert found
    assert floor.last_week(extract) == world.weeks()[-1]
    assert difference(tmp_path / "floor.duckdb", tmp_path / "floor.duckdb") is None


@pytest.mark.parametrize(
    "text", ["2025-03-02T23:27:56.218250+01:00", "2025-03-02T22:27:56.218250Z", "2025-03-02 23:27:56.218250"]
)
def test_the_floor_reads_each_form_of_a_time(text: str) -> None:
    """A Sunday evening in Oslo is in the week that ends then: with a zone of its own, in UTC, and without any."""
    with floor.connect() as connection:
        connection.execute(floor.MACROS)
        assert connection.execute("select oslo(?)", [text]).fetchone() == (datetime(2025, 3, 2, 23, 27, 56, 218250),)


def test_a_difference_is_told(tmp_path: Path) -> None:
    """Where the counts of two databases differ, a row that only one has is named."""
    for name, antall in (("one", 1), ("other", 2)):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute(
                f"create table {floor.TABLE} as select date '2025-01-06' as uke_start_dato, '0219' as enhetsnummer, "
                "'a' as avdeling_navn, 'v' as veiledergruppe_navn, 'K' as tiltakskode, 'k' as tiltakstype_navn, "
                f"'BATT' as innsatsgruppe_kode, {antall} as person_antall, 2 as deltakelse_antall"
            )
    found = difference(tmp_path / "one.duckdb", tmp_path / "other.duckdb")
    assert found is not None
    assert found.startswith("1 rows are only in one.duckdb")


def test_processes_are_measured_and_stopped(tmp_path: Path) -> None:
    """Memory is the process's own, a limit stops it, and a failure is told with the end of its output."""
    grown = measured("growing", (sys.executable, "-c", "x = b'x' * 300_000_000"), tmp_path)
    assert grown.finished
    assert grown.peak_gib > 0.27
    stopped = measured("sleeping", (sys.executable, "-c", "import time; time.sleep(60)"), tmp_path, limit=0.2)
    assert not stopped.finished
    assert stopped.seconds < 10
    with pytest.raises(CommandFailed, match=r"failing: it failed with exit code 3.*\nno room"):
        measured("failing", (sys.executable, "-c", "print('no room'); raise SystemExit(3)"), tmp_path)


def test_no_week_is_built_with_what_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the weeks are others than the project's own: the floor has nothing like it."""
    commands: list[Sequence[str]] = []

    def noted(what: str, command: Sequence[str], folder: Path, environment: dict[str, str]) -> Measured:
        commands.append(command)
        return RUN

    monkeypatch.setattr(benchmark, "measured", noted)
    for first_week in (benchmark.project_first_week(), date(2019, 1, 7)):
        benchmark.Bench(tmp_path, 0, 0).build("a build", tmp_path, first_week)
        command = commands.pop()
        assert command.count("--vars") == 1
        assert yaml.safe_load(command[-1]) == {"aapne_tall": False, "fra_uke_dato": str(first_week)}


def test_the_empty_project_has_every_node(tmp_path: Path) -> None:
    """As many files and tests as there are nodes."""
    kinds = Counter(
        {
            "model:table": 3,
            "model:view": 1,
            "seed": 2,
            "snapshot": 1,
            "singular_test": 2,
            "generic_test": 5,
        }
    )
    write_empty_project(tmp_path, kinds, 2)
    assert len(list(tmp_path.glob("models/*.sql"))) == 4
    assert len(list(tmp_path.glob("seeds/*.csv"))) == 2
    assert len(list(tmp_path.glob("snapshots/*.sql"))) == 1
    assert len(list(tmp_path.glob("tests/*.sql"))) == 2
    described = yaml.safe_load((tmp_path / "models" / "_tests.yml").read_text(encoding="utf-8"))
    assert sum(len(model["data_tests"]) for model in described["models"]) == 5


def test_what_was_measured_is_reported() -> None:
    """A run that was stopped has no ratio, one that was not made has a dash, and the chart is XML."""
    stopped = Measured(600.0, 600.0, 1.0, finished=False)
    size = Size(187, 1000, 1100, 50_000, 2**20)
    report = Report(
        (
            Case(10_000, size, Measured(2.0, 2.0, 0.1), RUN, Measured(5.0, 5.0, 0.5), None, RUN),
            Case(20_000, size, RUN, RUN, RUN, RUN, stopped),
        ),
        EmptyProject({"seed": 1}, RUN, RUN),
    )
    first, second = (report.ratios(case) for case in report.cases)
    assert first["first build / floor"] == 5
    assert first["weekly run / empty"] == 0.5
    assert first["changes / first build"] is None
    assert second["first build / pandas"] is None
    text = as_text(report)
    assert "> 600" in text
    assert "dense / stored" in text
    assert '"participations": 20000' in as_json(report)
    assert ElementTree.fromstring(as_chart(report)).tag.endswith("svg")
