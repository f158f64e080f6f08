"""Export the open numbers that another engine has, as a run on DuckDB does: to the folder aapent of a new set.

    uv run --group spark python scripts/export_open.py --target spark

The open relations are fetched as they are. The page and the files are made of them here (TILTAK_EKSPORT, default
eksport).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tiltaksstatistikk.engines.deliver import TARGETS, engine_of
from tiltaksstatistikk.engines.profile import settings_of
from tiltaksstatistikk.project import ROOT


def fetch(target: str, folder: Path) -> None:
    """Write each open relation of an engine as CSV.

    Args:
        target: a target in profiles.yml.
        folder: where to write them.

    Raises:
        ValueError: the engine lacks one of them.
    """
    schema = settings_of(target)["schema"] if target != "bigquery" else ""
    with engine_of(target) as engine:
        for name in sorted(path.stem for path in (ROOT / "models" / "aapne_tall").glob("aapen_*.sql")):
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                for row in engine.stream(schema, name):
                    writer.writerow(row)
                if not file.tell():
                    raise ValueError(f"{target} has no {name}. Run dbt build --target {target} first.")


def export(target: str) -> None:
    """Export the open numbers of an engine.

    Args:
        target: a target in profiles.yml.

    Raises:
        ValueError: the engine lacks one of them, or dbt has stopped.
    """
    with tempfile.TemporaryDirectory() as folder:
        fetch(target, Path(folder))
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("dbt")), "--quiet", "run-operation", "eksporter_aapent"),
                *("--target", "duckdb", "--args", json.dumps({"mappe": folder})),
            ],
            env=os.environ | {"TILTAK_DUCKDB": str(Path(folder) / "aapent.duckdb")},
            check=False,
        )
        if done.returncode:
            raise ValueError("The export could not be made: dbt has said why.")


def main(arguments: list[str] | None = None) -> int:
    """Export them, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, choices=TARGETS, help="the target in profiles.yml")
    options = parser.parse_args(arguments)
    try:
        export(options.target)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
