"""CSV for Norwegian Excel: what each value becomes, and what is refused."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tiltaksstatistikk.export import excel_csv
from tiltaksstatistikk.export.excel_csv import cell, main


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0219", '="0219"'),
        ("1-4", '="1-4"'),
        ("mai 2", '="mai 2"'),
        ("=1+1", '="=1+1"'),
        ("sann", '="sann"'),
        ('-"', '="-"""'),
        ("Sannidal", "Sannidal"),
        ("IKVAL", "IKVAL"),
        (1234.5, "1234,5"),
        (3.999999999999999, "4"),
        (1e-7, "0"),
        (120.0, "120"),
        (10**15, '="1000000000000000"'),
        (-3, "-3"),
        (True, "SANN"),
        (date(2025, 8, 4), "2025-08-04"),
        (None, ""),
    ],
)
def test_a_value_is_what_it_was(value: Any, expected: str) -> None:
    """Text that Excel would make something else of is kept with the one form that it leaves alone."""
    assert cell(value) == expected


def test_a_mart_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With a byte order mark, the dictionary beside it, and of one office if that is asked for."""
    folder = tmp_path / "eksport" / "intern"
    folder.mkdir(parents=True)
    monkeypatch.setenv("TILTAK_EKSPORT", str(tmp_path / "eksport"))
    (folder / "ordbok.csv").write_text("relasjon,kolonne\r\nuke_antall,år\r\n", encoding="utf-8")
    duckdb.sql("select '0219' as enhetsnummer, 1.5 as \"å;\" union all select '0220', 2 order by 1").write_parquet(
        str(folder / "uke_antall.parquet")
    )
    duckdb.sql("select 1 as antall").write_parquet(str(folder / "avstemming.parquet"))
    assert main([str(tmp_path / "ut"), "uke_antall", "--enhetsnummer", "0219"]) == 0
    with (tmp_path / "ut" / "uke_antall.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [["enhetsnummer", "å;"], ['="0219"', "1,5"]]
    assert (tmp_path / "ut" / "ordbok.csv").read_bytes().startswith(b"\xef\xbb\xbfrelasjon;kolonne\r\n")
    assert main([str(tmp_path / "ut"), "uke_antall_avdeling"]) == 1
    assert main([str(tmp_path / "ut"), "avstemming", "--enhetsnummer", "0219"]) == 1
    assert main([str(tmp_path / "ut"), "uke_antall", "--enhetsnummer", "9898"]) == 1
    duckdb.sql("select '0219' as kapasitet_enhetsnummer, '0220' as oppfolging_enhetsnummer").write_parquet(
        str(folder / "fak_kapasitet_uke.parquet")
    )
    assert main([str(tmp_path / "ut"), "fak_kapasitet_uke", "--enhetsnummer", "0220"]) == 0
    monkeypatch.setattr(excel_csv, "MOST_ROWS", 2)
    assert main([str(tmp_path / "ut"), "uke_antall"]) == 1
    assert [line.split(".")[0] for line in capsys.readouterr().err.splitlines()] == [
        "uke_antall_avdeling",
        "avstemming has no column enhetsnummer",
        "uke_antall has no row about 9898",
        "uke_antall has 2 rows, and a worksheet 1",
    ]
