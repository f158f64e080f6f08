"""Write marts as CSV that a Norwegian Excel opens by a double click.

    uv run --no-dev python scripts/til_excel.py til-excel uke_antall fak_kapasitet_uke --enhetsnummer 0219

Semicolons, decimal commas, UTF-8 with a byte order mark, and text that stays text: 0219 is no number, and 1-4 no date.
It reads eksport/intern (TILTAK_EKSPORT). ordbok.csv is written beside them. Exit codes: 0 written, 1 not, as the
sentence says.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

# What a worksheet has room for, with the header.
MOST_ROWS = 2**20
# Excel has fifteen digits.
LOSSLESS = 10**15
# Excel would read it as a number, a date, a truth value or a formula.
NOT_TEXT = re.compile(
    r"\s*([-+=@\d.,]|(sann|usann|true|false)\s*$|(jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des))", re.I
)


def cell(value: Any) -> str:
    """Return a value as Norwegian Excel reads it from CSV.

    Args:
        value: as DuckDB gives it. A number keeps its value, a text stays text, nothing is empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "SANN" if value else "USANN"
    if isinstance(value, float | Decimal):
        # Places are exact to a millionth (specification 6); the rest is binary fractions' own.
        return f"{round(value, 6):f}".rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(value, int) and abs(value) >= LOSSLESS:
        value = str(value)
    if isinstance(value, str) and NOT_TEXT.match(value):
        return '="' + value.replace('"', '""') + '"'
    return str(value)


def write(source: Path, target: Path, enhetsnummer: str | None) -> int:
    """Write one relation.

    Args:
        source: its Parquet file.
        target: the CSV file.
        enhetsnummer: an office, if only its rows are wanted: where it is in any column of enhetsnumre.

    Returns:
        The number of rows.

    Raises:
        OSError: there is no such relation in the export.
        ValueError: it has no column or row of that office, or more rows than a worksheet.
    """
    if not source.is_file():
        raise FileNotFoundError(
            f"{source.name} is not in {source.parent}. A country's dense views are left out: make them with "
            "visninger.sql (docs/operations.md)."
        )
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(source))
        if enhetsnummer:
            units = [name for name in rows.columns if name.endswith("enhetsnummer")]
            if not units:
                raise ValueError(f"{source.stem} has no column enhetsnummer. Leave --enhetsnummer out.")
            is_there = " or ".join(f"{name} = $enhetsnummer" for name in units)
            rows = connection.sql(f"from rows where {is_there}", params={"enhetsnummer": enhetsnummer})
            if not len(rows):
                raise ValueError(f"{source.stem} has no row about {enhetsnummer}. The offices are in dim_nav_enhet.")
        count = len(rows)
        if count >= MOST_ROWS:
            raise ValueError(
                f"{source.stem} has {count} rows, and a worksheet {MOST_ROWS - 1}. Take one --enhetsnummer."
            )
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(rows.columns)
            while part := rows.fetchmany(10_000):
                writer.writerows([cell(value) for value in row] for row in part)
    return count


def main(arguments: list[str] | None = None) -> int:
    """Write them, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to write; made if need be")
    parser.add_argument("relations", nargs="+", help="the marts, by name")
    parser.add_argument("--enhetsnummer", help="only the rows of one office")
    options = parser.parse_args(arguments)
    folder = (Path(os.environ.get("TILTAK_EKSPORT") or "eksport") / "intern").resolve()
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        write_dictionary(folder / "ordbok.csv", options.folder / "ordbok.csv")
        for name in options.relations:
            count = write(folder / f"{name}.parquet", options.folder / f"{name}.csv", options.enhetsnummer)
            print(f"{options.folder / name}.csv: {count} rows.")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def write_dictionary(source: Path, target: Path) -> None:
    """Write the dictionary in the same form."""
    with source.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8-sig", newline="") as other:
        csv.writer(other, delimiter=";").writerows([cell(value) for value in row] for row in csv.reader(file))
