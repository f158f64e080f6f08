"""The script of one Monday, and the workflow that calls it, with programs in the place of dbt and the fetcher."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.rules.warehouse import ROOT

WEEK = f"{datetime.now(ZoneInfo('Europe/Oslo')):%G-W%V}"


def run(script: str, folder: Path, **variables: str) -> tuple[int, list[str], str]:
    """Run a shell's script with a PATH where programs write what they are called with, and make the folder."""
    calls = folder / "calls"
    calls.touch()
    for name, also in (("dbt", ""), ("python", 'mkdir -p "$2"\n')):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $UTTREKK_MAPPE $*" >> {calls}\n{also}', encoding="utf-8")
        program.chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, calls.read_text(encoding="utf-8").splitlines(), done.stdout + done.stderr


def test_this_weeks_folder_is_read(tmp_path: Path) -> None:
    """It is there; or it is fetched; or nothing is run."""
    this_week = tmp_path / WEEK
    code, calls, said = run("sh scripts/uke.sh", tmp_path, UTTREKK_ROT=str(tmp_path))
    assert (code, calls) == (2, [])
    assert said == f"{this_week} is not there: this week's extract has not been delivered. Nothing was run.\n"
    code, calls, _ = run("sh scripts/uke.sh", tmp_path, UTTREKK_ROT=str(tmp_path), KILDER="kilder.yml")
    assert code == 0
    assert calls == [
        f"python {this_week} scripts/hent_uttrekk.py {this_week} --kilder kilder.yml",
        f"dbt {this_week} --quiet source freshness",
        f"dbt {this_week} build --exclude-resource-type unit_test",
    ]
    (tmp_path / "calls").unlink()
    code, calls, _ = run("sh scripts/uke.sh", tmp_path, UTTREKK_ROT=str(tmp_path), KILDER="kilder.yml", STILLE="1")
    assert [call.split()[0] for call in calls] == ["dbt", "dbt"]
    assert calls[-1].split()[2] == "--quiet"


@pytest.mark.parametrize("unset", ["", "PSEUDONYM_NOKKEL", "TILTAK_DUCKDB"])
def test_a_variable_that_is_not_set_fails_the_workflow(tmp_path: Path, unset: str) -> None:
    """GitHub gives an empty text for it. A run that is skipped would look like one that went well."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["run"]
    assert "if" not in job
    settings = {name: "" if name in (unset, "KRYPTERINGSNOKKEL") else "x" for name in job["env"]}
    code, _, said = run(job["steps"][0]["run"], tmp_path, **settings)
    assert code == bool(unset)
    assert (f"Actions: {unset}. Nothing was run." in said) == bool(unset)
