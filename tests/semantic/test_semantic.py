"""MetricFlow's answers are the marts': people are never added, nor is a stock over weeks."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.rules.warehouse import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the default extract, and give a folder with the database."""
    path = tmp_path_factory.mktemp("semantic")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name, value in (
            ("TILTAK_DUCKDB", "tiltak.duckdb"),
            ("TILTAK_EKSPORT", "eksport"),
            ("DBT_LOG_PATH", "logs"),
        ):
            patch.setenv(name, str(path / value))
        patch.setenv("DBT_TARGET_PATH", str(path / "target"))
        command(
            "dbt", "--quiet", "build", "--vars", "{aapne_tall: false}", "--exclude-resource-type", "test", "unit_test"
        )
        yield path


def command(name: str, *arguments: str) -> None:
    """Run a program of this environment."""
    subprocess.run([str(Path(sys.executable).with_name(name)), *arguments], check=True, stdout=subprocess.DEVNULL)


def ask(folder: Path, *arguments: str) -> list[tuple[str, ...]]:
    """Return the rows of a question, in order."""
    path = folder / "svar.csv"
    command("mf", "query", *arguments, "--decimals", "6", "--csv", str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(tuple(value.removesuffix(".000000") for value in row) for row in list(csv.reader(file))[1:])


def expected(sql: str) -> list[tuple[str, ...]]:
    """Return the rows of a query over the marts, as the texts that MetricFlow writes."""
    with duckdb.connect(os.environ["TILTAK_DUCKDB"], read_only=True) as connection:
        return sorted(
            tuple("" if value is None else str(value) for value in row) for row in connection.sql(sql).fetchall()
        )


LAST = "uke_start_dato = (select max(uke_start_dato) from dim_uke)"
TOTAL = "from obt_deltakelse_uke_totaler where enhet_nivaa_kode = '{}' and gruppering_kode = '{}' and "
QUESTIONS = {
    "without a week it is the last one": (
        ["--metrics", "personer_paa_tiltak"],
        f"select person_antall {TOTAL.format('LAND', 'INGEN')} {LAST}",
    ),
    "people by office and tiltakstype, by their names": (
        [
            *("--metrics", "personer_paa_tiltak"),
            *("--group-by", "kontor__enhet_navn,tiltakstype__tiltakstype_navn"),
            *("--where", "{{ Dimension('deltakelse_uke__enhetsnummer') }} = '0219'"),
        ],
        "select enhet_navn, tiltakstype_navn, person_antall from obt_deltakelse_uke_totaler "
        f"where enhet_nivaa_kode = 'KONTOR' and gruppering_kode = 'TILTAKSTYPE' and {LAST} and enhetsnummer = '0219'",
    ),
    "a month is its last week": (
        ["--metrics", "personer_paa_tiltak", "--group-by", "metric_time__month"],
        "select strftime(date_trunc('month', uke_start_dato), '%Y-%m-%d %H:%M:%S'), "
        f"arg_max(person_antall, uke_start_dato) {TOTAL.format('LAND', 'INGEN')} true group by 1",
    ),
    "who waits, and how long at most": (
        ["--metrics", "personer_som_venter,lengste_ventetid", "--group-by", "innsatsgruppe__innsatsgruppe_navn"],
        "select innsatsgruppe_navn, person_antall, ventedager_maks from obt_venteliste_uke "
        "join dim_innsatsgruppe using (innsatsgruppe_kode) "
        f"where enhet_nivaa_kode = 'LAND' and gruppering_kode = 'INNSATSGRUPPE' and {LAST}",
    ),
    "places are added over offices, and not over weeks": (
        ["--metrics", "plasser"],
        f"select round(sum(plass_antall), 6) from fak_kapasitet_uke where {LAST}",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question(folder: Path, question: str) -> None:
    """The same as the mart that answers it. Where somebody waits and nobody takes part, there is a row of 0."""
    arguments, sql = QUESTIONS[question]
    assert expected(sql)
    assert [row for row in ask(folder, *arguments) if any(number(value) for value in row)] == expected(sql)


def number(text: str) -> bool:
    """Return whether a text is a number other than 0."""
    return text.replace(".", "").isdigit() and float(text) > 0


def test_the_notebook_draws_what_it_should(folder: Path) -> None:
    """It runs from its first cell to its last, over the export of the same run."""
    command("python", str(ROOT / "notebooks" / "uker.py"))
