"""Measure the project's runs, and what they are measured against, on the same extracts.

    uv run --group benchmark python scripts/benchmark.py

makes extracts of several sizes, and the ones of the week after, and prints for each size: the project's first build of
an empty database and its weekly run on the next extract; the floor (`floor.py`), the least that DuckDB can
count the same with, whose result must equal the project's cell by cell, or the benchmark fails; a loop over the weeks
in pandas, as the prototype did it, up to the size it can bear; and once, dbt's own floor, a project with as many nodes
and nothing in them. All of them are whole processes, with their start. Other lengths of history follow at one size.

The default sizes take hours and some 100 GB. A quick look, and one at extracts that exist:

    uv run --group benchmark python scripts/benchmark.py --sizes 20000 --weeks ""
    uv run --group benchmark python scripts/benchmark.py --extract uttrekk/uke31 --next uttrekk/uke32 --weeks ""
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import duckdb
import yaml

from tiltaksstatistikk.benchmark import floor
from tiltaksstatistikk.benchmark.empty_project import node_kinds, write_empty_project
from tiltaksstatistikk.benchmark.processes import CommandFailed, Measured, apart, measured, tell
from tiltaksstatistikk.benchmark.report import Case, EmptyProject, Report, as_chart, as_json, as_text
from tiltaksstatistikk.benchmark.result import difference, size_of
from tiltaksstatistikk.project import ROOT

MAKE_UTTREKK = ROOT / "scripts" / "make_uttrekk.py"
BUILD = ("dbt", "build", "--exclude-resource-type", "unit_test")
UV_RUN = (os.environ.get("UV", "uv"), "run")
THREADS = 2
SIZES = "10000,100000,500000,1000000,5000000"
WEEKS = "100,300,500"


@dataclass(frozen=True)
class Extracts:
    """An extract, the one of the week after it, and that one with only the messages since then, if there is one."""

    first: Path
    following: Path
    changes: Path | None


def make_extracts(folder: Path, size: int) -> Extracts:
    """Make the extracts of a size in a folder.

    Raises:
        CommandFailed: an extract could not be made.
    """
    changes = folder / "endringer"
    extracts = Extracts(folder / "uttrekk", folder / "neste", changes)
    make = (sys.executable, MAKE_UTTREKK)
    first = ("--seed", "1", "--country", "--participations", str(size), "--format", "parquet")
    following = ("--seed", "1", "--previous", extracts.first, "--format", "parquet")
    measured(f"making an extract with {size:,} participations", (*make, extracts.first, *first), ROOT)
    measured("making the one of the week after", (*make, extracts.following, *following), ROOT)
    measured("making that one with only what has changed", (*make, changes, *following, "--only-changes"), ROOT)
    return extracts


class Bench:
    """Runs what is measured, with all files in one folder.

    Args:
        folder: an empty folder.
        pandas_up_to: the number of participations that the loop in pandas is given at most.
        pandas_limit: the seconds that it is given at most.
    """

    def __init__(self, folder: Path, pandas_up_to: int, pandas_limit: float) -> None:
        """Set the environment of the project's runs: places of the benchmark's own, and no encryption."""
        self.folder = folder
        self.database = folder / "tiltak.duckdb"
        self.target = folder / "target"
        self.pandas_up_to = pandas_up_to
        self.pandas_limit = pandas_limit
        self.environment = {
            floor.KEY_VARIABLE: "the benchmark's key",
            "TILTAK_DUCKDB": str(self.database),
            "TILTAK_EKSPORT": str(folder / "eksport"),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_ENV_SECRET_TILTAK_DUCKDB": "",
            "DBT_USE_COLORS": "false",
        }

    def build(self, what: str, extract: Path, first_week: date) -> Measured:
        """Build the project from an extract, as the weekly run does.

        Raises:
            CommandFailed: the build failed.
        """
        # Without the open numbers, which the floor has nothing like (docs/size.md). dbt takes the last --vars alone.
        variables = json.dumps({"aapne_tall": False, "fra_uke_dato": str(first_week)})
        environment = {**self.environment, "UTTREKK_MAPPE": str(extract.resolve())}
        return measured(what, (*UV_RUN, *BUILD, "--vars", variables), ROOT, environment)

    def count(self, what: str, module: str, extract: Path, first_week: date, limit: float | None = None) -> Measured:
        """Count an extract by another way, into a database beside the project's.

        Raises:
            CommandFailed: it failed.
        """
        python = (sys.executable, "-m", f"tiltaksstatistikk.benchmark.{module}")
        command = (*python, extract.resolve(), self.folder / f"{module}.duckdb")
        when = ("--fra-uke-dato", str(first_week))
        return measured(what, (*command, *when), ROOT, self.environment, limit)

    def check(self, module: str) -> None:
        """Compare another way's counts with the project's.

        Raises:
            CommandFailed: they differ.
        """
        found = apart(difference, self.database, self.folder / f"{module}.duckdb")
        if found:
            raise CommandFailed(f"benchmark/{module}.py and the project do not count the same: {found}")

    def case(self, extracts: Extracts, participations: int, first_week: date) -> Case:
        """Measure everything that is counted on one extract from one week on.

        Raises:
            CommandFailed: a run failed, or two ways do not count the same.
        """
        label = f"{participations:,} participations from {first_week}"
        minimum = self.count(f"{label}: the floor", "floor", extracts.first, first_week)
        first = self.build(f"{label}: first build", extracts.first, first_week)
        self.check("floor")
        size = apart(size_of, self.database)
        tell(f"{label}: the floor and the project count the same, {size.rows:,} rows")

        loop = None
        if participations <= self.pandas_up_to:
            loop = self.count(f"{label}: pandas", "pandas_loop", extracts.first, first_week, self.pandas_limit)
            if loop.finished:
                self.check("pandas_loop")

        changes = None
        if extracts.changes:
            kept = shutil.copyfile(self.database, self.folder / "kept.duckdb")
            changes = self.build(f"{label}: weekly run on the changes", extracts.changes, first_week)
            kept.replace(self.database)
        weekly = self.build(f"{label}: weekly run", extracts.following, first_week)
        return Case(participations, size, minimum, first, weekly, changes, loop)

    def empty_project(self) -> EmptyProject:
        """Build a project with as many nodes as the last build had, and then build it again.

        Raises:
            CommandFailed: a build failed.
        """
        kinds = node_kinds(self.target / "manifest.json")
        folder = self.folder / "tomt"
        write_empty_project(folder, kinds, THREADS)
        command = (UV_RUN[0], "run", "--project", ROOT, *BUILD)
        places = {"DBT_TARGET_PATH": str(folder / "target"), "DBT_LOG_PATH": str(folder / "logs")}
        first, again = (
            measured(f"an empty project of {kinds.total()} nodes: {what}", command, folder, places)
            for what in ("first build", "second build")
        )
        return EmptyProject(dict(sorted(kinds.items())), first, again)

    def clean(self) -> None:
        """Remove everything that was written."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def project_first_week() -> date:
    """Return the first week that the project is set to count from."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    return date.fromisoformat(project["vars"]["fra_uke_dato"])


def extracts_of(args: argparse.Namespace, folder: Path) -> Iterator[tuple[int, Extracts]]:
    """Give the extracts to measure with their number of participations; those that are made are removed afterwards.

    Raises:
        CommandFailed: an extract could not be made.
    """
    if args.extract:
        yield apart(floor.participations, args.extract), Extracts(args.extract, args.next, args.next_changes)
        return
    for size in sorted({*args.sizes, *([args.weeks_at] if args.weeks else [])}):
        folder.mkdir()
        yield size, make_extracts(folder, size)
        shutil.rmtree(folder)


def first_weeks_of(args: argparse.Namespace, participations: int, extract: Path) -> list[date]:
    """Return the first weeks to measure an extract from: the project's own, and those of the lengths of history."""
    found = [project_first_week()] if args.extract or participations in args.sizes else []
    if args.extract or participations == args.weeks_at:
        last = apart(floor.last_week, extract)
        found += [last - timedelta(weeks=weeks - 1) for weeks in args.weeks]
    return found


def run(args: argparse.Namespace, folder: Path) -> Report:
    """Measure all that is asked for.

    Raises:
        CommandFailed: a run failed, or two ways do not count the same.
    """
    report = Report()
    work = folder / "arbeid"
    work.mkdir()
    bench = Bench(work, args.pandas_up_to, args.pandas_limit)
    for participations, extracts in extracts_of(args, folder / "uttrekk"):
        for first_week in first_weeks_of(args, participations, extracts.first):
            report = replace(report, cases=(*report.cases, bench.case(extracts, participations, first_week)))
            if report.empty_project is None:
                report = replace(report, empty_project=bench.empty_project())
            bench.clean()
            # Measurements are not lost when a later and larger case fails.
            write(args, report)
    return report


def write(args: argparse.Namespace, report: Report) -> None:
    """Write the files that are asked for."""
    if args.json:
        args.json.write_text(as_json(report), encoding="utf-8")
    if args.chart:
        args.chart.write_text(as_chart(report), encoding="utf-8")


def numbers(text: str) -> list[int]:
    """Read a list of positive numbers.

    Raises:
        ValueError: it is none.
    """
    found = [int(number) for number in text.split(",") if number.strip()]
    if any(number < 1 for number in found):
        raise ValueError(text)
    return found


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; exits with a message when it makes no sense."""
    parser = argparse.ArgumentParser(description="Measure the project's runs, and what they are measured against.")
    add = parser.add_argument
    add("--sizes", type=numbers, default=numbers(SIZES), help=f"numbers of participations (default {SIZES})")
    add("--weeks", type=numbers, default=numbers(WEEKS), help=f"lengths of history in weeks (default {WEEKS})")
    add("--weeks-at", type=int, default=500_000, help="the size that those are measured at (default %(default)s)")
    add("--pandas-up-to", type=int, default=1_000_000, help="the largest size for pandas (default %(default)s)")
    add("--pandas-limit", type=float, default=600, help="the seconds that pandas gets for each (default %(default)s)")
    add("--extract", type=Path, help="an extract that exists, instead of making some")
    add("--next", type=Path, help="the extract of the week after --extract")
    add("--next-changes", type=Path, help="that one with only the messages since --extract")
    add("--work", type=Path, help="where working files are while it runs (default a temporary folder)")
    add("--json", type=Path, help="a file to write all numbers to")
    add("--chart", type=Path, help="an SVG file to draw the times in")
    args = parser.parse_args(arguments)
    if bool(args.extract) != bool(args.next) or (args.next_changes and not args.extract):
        parser.error("--extract and --next go together, and --next-changes with them")
    if not args.extract and not args.sizes and not args.weeks:
        parser.error("there is nothing to measure")
    if args.pandas_up_to and find_spec("pandas") is None:
        parser.error("pandas is not installed: run it with `uv run --group benchmark`, or with --pandas-up-to 0")
    return args


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 1, with a sentence on stderr, when something that is measured fails."""
    args = parse_arguments(arguments)
    # So that the temporary folder is removed then too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if args.work:
        args.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=args.work) as folder:
        try:
            report = run(args, Path(folder))
        except (CommandFailed, duckdb.Error, OSError) as error:
            print(f"benchmark: {error}", file=sys.stderr)
            return 1
    print(as_text(report))
    return 0
