"""Measure the project on DuckDB, and on Spark clusters of this machine, on the same extracts.

    uv run --group spark python scripts/spark_benchmark.py --sizes 10000,50000,200000 --workers 1,2

makes an extract of each size, builds everything from it into empty tables on each engine, without tests, and prints the
seconds by the clock and those of the processors, which a machine that others use too disturbs less. Each worker has one
core. Of each engine's seconds it makes a line over the number of participations, and says where Spark's meets DuckDB's.
The clock does not count the start of a cluster. The processors do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from tiltaksstatistikk.benchmark.processes import CommandFailed, Measured, measured, tell
from tiltaksstatistikk.engines.spark_cluster import Cluster
from tiltaksstatistikk.engines.spark_cluster import parse as parse_cluster
from tiltaksstatistikk.project import ROOT

DBT = Path(sys.executable).with_name("dbt")
BUILD = (
    "build",
    "--exclude-resource-type",
    "test",
    "--exclude-resource-type",
    "unit_test",
    "--vars",
    "{aapne_tall: false}",
)
DUCKDB = "DuckDB"


def numbers(text: str) -> list[int]:
    """Return the numbers in a list with commas."""
    return [int(word) for word in text.split(",") if word]


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=numbers, default=numbers("10000,50000,200000"), help="participations")
    parser.add_argument("--workers", type=numbers, default=numbers("1,2"), help="how many workers the clusters have")
    parser.add_argument("--memory", default="2g", help="how much memory each worker has (2g)")
    parser.add_argument("--folder", type=Path, help="where everything is written (a temporary folder)")
    return parser.parse_args(arguments)


def build(engine: str, target: str, extract: Path, folder: Path, port: int = 0) -> Measured:
    """Build everything from an extract into empty tables, and return what that took.

    Raises:
        CommandFailed: the build failed.
    """
    environment = {
        "UTTREKK_MAPPE": str(extract),
        "PSEUDONYM_NOKKEL": "the benchmark's key",
        "TILTAK_DUCKDB": str(folder / "tiltak.duckdb"),
        "TILTAK_LASTET": str(folder / "lastet.duckdb"),
        "TILTAK_EKSPORT": str(folder / "eksport"),
        "TILTAK_THRIFT_PORT": str(port),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_USE_COLORS": "false",
    }
    commands: dict[str, tuple[str | Path, ...]] = {"": (DBT, *BUILD, "--target", target)}
    if target != "duckdb":
        commands = {" loaded": (sys.executable, ROOT / "scripts/load.py", "--target", target), **commands}
    found = [measured(f"{engine}, {extract.name}{what}", words, ROOT, environment) for what, words in commands.items()]
    return replace(
        found[-1], seconds=sum(one.seconds for one in found), cpu_seconds=sum(one.cpu_seconds for one in found)
    )


def processor_seconds(cluster: Cluster) -> float:
    """Return what the processes of a cluster, and those they have started, have had of the processors."""
    sessions = {process.pid for process in cluster.processes.values()}
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) in sessions:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def on_cluster(engine: str, workers: int, memory: str, extract: Path, folder: Path) -> Measured:
    """Start a cluster, build on it, and return what that took, with the processors' seconds of the cluster.

    Raises:
        CommandFailed: the build failed.
    """
    options = parse_cluster([str(folder), "--workers", str(workers), "--memory", memory])
    cluster = Cluster(options)
    try:
        cluster.up()
        found = build(engine, "klynge", extract, folder, options.thrift_port)
        return replace(found, cpu_seconds=found.cpu_seconds + processor_seconds(cluster))
    finally:
        cluster.down()


def measure(options: argparse.Namespace, folder: Path) -> dict[str, dict[int, Measured]]:
    """Return the seconds of each engine for each size.

    Raises:
        CommandFailed: an extract could not be made, or a build failed.
    """
    found: dict[str, dict[int, Measured]] = {}
    for size in options.sizes:
        extract = folder / f"uttrekk_{size}"
        form = ("--seed", "1", "--country", "--participations", str(size), "--format", "parquet")
        measured(f"extract of {size:,}", (sys.executable, ROOT / "scripts/make_uttrekk.py", extract, *form), ROOT)
        place = folder / "kjoring"
        for workers in (0, *options.workers):
            engine = f"Spark, {workers} worker{'s' if workers > 1 else ''}" if workers else DUCKDB
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            found.setdefault(engine, {})[size] = (
                on_cluster(engine, workers, options.memory, extract, place)
                if workers
                else build(engine, "duckdb", extract, place)
            )
    return found


def report(found: dict[str, dict[int, Measured]]) -> str:
    """Return a table of what was measured, each engine's line, and where the lines meet."""
    sizes = list(found[DUCKDB])
    lines = ["| participations | " + " | ".join(found) + " |", "|---" * (len(found) + 1) + "|"]
    for size in sizes:
        cells = [f"{row[size].seconds:.0f} s ({row[size].cpu_seconds:.0f})" for row in found.values()]
        lines.append(f"| {size:,} | {' | '.join(cells)} |")
    if len(sizes) < 2:
        return "\n".join(lines)
    for what in ("seconds", "cpu_seconds"):
        fits = {name: np.polyfit(sizes, [getattr(row[size], what) for size in sizes], 1) for name, row in found.items()}
        duck_slope, duck_start = fits[DUCKDB]
        lines += ["", {"seconds": "By the clock:", "cpu_seconds": "Of the processors:"}[what]]
        for engine, (slope, start) in fits.items():
            line = f"{engine}: {start:.0f} s + {slope * 1e6:.0f} s for a million"
            if slope < duck_slope:
                line += f"; meets DuckDB at {(start - duck_start) / (duck_slope - slope):,.0f} participations"
            elif engine != DUCKDB:
                line += f"; never meets DuckDB, whose slope is {duck_slope / slope:.2f} of this"
            lines.append(line)
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the report, and return the exit code."""
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="spark_benchmark_") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            print(report(measure(options, folder)))
        except CommandFailed as failure:
            tell(str(failure))
            return 1
    return 0
