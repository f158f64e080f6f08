"""The recipes of CONTRIBUTING.md, followed in a copy of the project, which is then built with all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.project.recipes import copied, follow, recipes
from tests.rules.rows import KARI, MONDAY, OLA, bruker, gjennomforing, message, uttrekk_rows
from tests.rules.small_worlds import write_uttrekk
from tests.rules.warehouse import KEY

DBT = Path(sys.executable).with_name("dbt")
# Builds the whole project once more: .ci/run has it (pyproject.toml).
pytestmark = pytest.mark.long
# Its test is in the browser (tests/page/test_recipes.py).
PAGE = "A measure on the page"


def test_every_recipe_has_steps() -> None:
    """Those that a newcomer asks for first."""
    assert list(recipes()) == [
        "A status code", "A rule", "An avvik", "A column from a source", "A source of participations",
        "A measure in the fact", "A mart", PAGE,
    ]  # fmt: skip
    assert all(recipes().values())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow every recipe in one copy: they do not depend on each other."""
    folder = copied(tmp_path_factory.mktemp("recipes") / "project")
    for name, steps in recipes().items():
        for step in steps if name != PAGE else []:
            follow(step, folder)
    return folder


def run(project: Path, *command: str) -> None:
    """Run a command in the copy, with the copy's own package.

    Raises:
        AssertionError: it failed.
    """
    done = subprocess.run(
        command, cwd=project, env={**os.environ, **environment(project)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def environment(project: Path) -> dict[str, str]:
    """Return the environment of a run in the copy."""
    return {
        "PYTHONPATH": str(project / "src"),
        "UTTREKK_MAPPE": str(project / "uttrekk"),
        "PSEUDONYM_NOKKEL": KEY,
        "TILTAK_DUCKDB": str(project / "tiltak.duckdb"),
        "TILTAK_EKSPORT": str(project / "eksport"),
        "DBT_TARGET_PATH": str(project / "target"),
        "DBT_LOG_PATH": str(project / "logs"),
    }


@pytest.fixture(scope="module")
def built(project: Path) -> Path:
    """Build the copy from an extract that has something of each recipe."""
    rows = uttrekk_rows(
        "2024-01-29T06:00:00",
        [
            message("venter", 1, status="SATT_PA_VENT", registrertTidspunkt="2024-01-02T12:00:00"),
            message("en", 2, personIdent=OLA),
            message("to", 3, personIdent=OLA),
        ],
        oppfolgingsbruker=[bruker(KARI, at="2023-01-01T00:00:00"), bruker(OLA, at="2023-01-01T00:00:00")],
        gjennomforing_view=[gjennomforing(start_dato="2023-01-01"), gjennomforing(id="uten start", start_dato=None)],
    )
    folder = project / "uttrekk"
    write_uttrekk(rows, folder)
    columns = "person_ident,id,gjennomforing_id,start_dato,slutt_dato,status"
    (folder / "kursdeltaker_view.csv").write_text(f"{columns}\n{KARI},kurs,g1,2024-01-03,2024-01-10,FULLFORT\n")
    with (folder / "avtale_view.csv").open(encoding="utf-8") as file:
        header = file.readline().rstrip()
    row = dict.fromkeys(header.split(","), "") | {"id": "a", "navn": "Kurs i Bærum"}
    (folder / "avtale_view.csv").write_text(f"{header},navn\n{','.join(row.values())}\n", encoding="utf-8")
    with (folder / "uttrekk.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("kursdeltaker_view,2024-01-29T06:00:00\r\n")
    variables = json.dumps({"aapne_tall": False, "fra_uke_dato": str(MONDAY)})
    run(project, str(DBT), "--quiet", "build", "--vars", variables)
    return project / "tiltak.duckdb"


@pytest.mark.parametrize(
    ("recipe", "sql", "expected"),
    [
        ("A status code", "select count(*) from fak_venteliste_uke", 4),
        (
            "An avvik",
            "select objekt_id from avvik where avvikstype_kode = 'GJENNOMFORING_UTEN_START'",
            "uten start",
        ),
        ("A column from a source", "select avtale_navn from staging.stg_valp__avtale", "Kurs i Bærum"),
        (
            "A source of participations",
            "select sum(person_antall) from fak_tiltaksdeltakelse_uke where uke_start_dato = '2024-01-08'",
            2,
        ),
        ("A source of participations", "select antall from avstemming where steg_kode = 'KURS_TELLES'", 1),
        ("A measure in the fact", "select max(gjentatt_deltakelse_antall) from fak_tiltaksdeltakelse_uke", 1),
        ("A mart", "select veiledergruppe_antall from dim_avdeling", 1),
    ],
)
def test_a_recipe_does_what_it_says(built: Path, recipe: str, sql: str, expected: Any) -> None:
    """What the recipe adds is there. The rule is its unit test, which the build has run."""
    with duckdb.connect(str(built), read_only=True) as connection:
        assert connection.execute(sql).fetchall() == [(expected,)]


def test_the_copy_still_passes_its_own_tests(project: Path, built: Path) -> None:
    """Nothing that the project holds of itself stands in the way of a recipe."""
    pytest_command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider"]
    run(project, *pytest_command, "tests/project/test_project.py", "tests/rules/test_small_worlds.py")
