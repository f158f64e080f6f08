"""Each question in analyses/ has the answer that stands beside this file, on the project's own extract."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.rules.warehouse import ROOT

QUESTIONS = sorted(path.stem for path in (ROOT / "analyses").glob("*.sql"))
ANSWERS = Path(__file__).parent


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """Build the default extract and compile the questions, and give where they are and the database."""
    folder = tmp_path_factory.mktemp("answers")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("UTTREKK_MAPPE", raising=False)
        for name, value in (
            *(("TILTAK_DUCKDB", "tiltak.duckdb"), ("TILTAK_EKSPORT", "eksport")),
            *(("DBT_LOG_PATH", "logs"), ("DBT_TARGET_PATH", "target")),
        ):
            patch.setenv(name, str(folder / value))
        for command in (["build", "--exclude-resource-type", "test", "unit_test"], ["compile"]):
            subprocess.run(
                [str(Path(sys.executable).with_name("dbt")), "--quiet", *command, "--vars", "{aapne_tall: false}"],
                cwd=ROOT,
                check=True,
            )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'tiltak.duckdb'}' as tiltak (read_only)")
        connection.execute("use tiltak")
        yield folder / "target" / "compiled" / "tiltaksstatistikk" / "analyses", connection


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_its_answer(compiled: tuple[Path, duckdb.DuckDBPyConnection], question: str) -> None:
    """Row by row, with the columns' names."""
    folder, connection = compiled
    found = connection.sql((folder / f"{question}.sql").read_text(encoding="utf-8"))
    rows = [["" if value is None else str(value) for value in row] for row in found.fetchall()]
    with (ANSWERS / f"{question}.csv").open(encoding="utf-8", newline="") as file:
        assert [found.columns, *rows] == list(csv.reader(file))


def test_every_answer_has_a_question() -> None:
    """And every question is described under the words that people search for."""
    assert sorted(path.stem for path in ANSWERS.glob("*.csv")) == QUESTIONS
