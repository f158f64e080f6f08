"""Writes what is beside the marts in the internal folder of a set: exact numbers, for those who may see them.

tiltaksstatistikk.html            the page, of exact numbers
tiltaksstatistikk-<region>.html   a region's offices, if all of them in one page would be too large
ordbok.csv                        each column of each Parquet file
KUN_INTERN_BRUK.txt               what may not be done with the folder
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from tiltaksstatistikk.export.open_files import write_dictionary_csv
from tiltaksstatistikk.export.page import TEMPLATE, Part, fill, pack

PAGE = "tiltaksstatistikk.html"
LARGEST = 8_000_000
NOTICE = (
    "Kun til intern bruk med tilgangsstyring.\n\n"
    "Mappen har nøyaktige tall, også de små, og rader om enkeltpersoner under pseudonym. "
    "Ingenting herfra kan deles med andre. Det som kan deles, er i mappen aapent.\n"
)


def write_internal_files(folder: Path, dictionary: list[dict[str, Any]]) -> None:
    """Write what says what the folder is, and what is in it.

    Args:
        folder: the internal folder of a set.
        dictionary: the relations there, as `write_open_files` takes them.

    Raises:
        OSError: the disk is full.
    """
    (folder / "KUN_INTERN_BRUK.txt").write_text(NOTICE, encoding="utf-8")
    write_dictionary_csv(folder, dictionary)


def write_internal_pages(folder: Path) -> list[str]:
    """Write the internal page, or one for the country and one for each region, and remove what they are made of.

    Args:
        folder: the internal folder of a set, with `intern_*.parquet`, which are removed.

    Returns:
        The names of the pages.

    Raises:
        OSError: a relation, or the template, is missing, or the disk is full.
        ValueError: a relation has a key that the relation of that key lacks.
    """
    parts = parts_of(folder / "intern_enhet.parquet")
    packed = {name: fill(pack(folder, "intern", part)) for name, part in parts.items()}
    template = TEMPLATE.stat().st_size
    if sum(len(page) - template for page in packed.values()) + template <= LARGEST:
        packed = {PAGE: fill(pack(folder, "intern"))}
    for name, page in packed.items():
        (folder / name).write_bytes(page)
    for path in folder.glob("intern_*.parquet"):
        path.unlink()
    return list(packed)


def parts_of(units: Path) -> dict[str, Part]:
    """Return the pages of the country and of each region, by name."""
    with duckdb.connect() as connection:
        regions = connection.execute(
            "select enhetsnummer, enhet_navn from read_parquet($path) where enhet_nivaa_kode = 'REGION' "
            "and enhetsnummer in (select overordnet_enhetsnummer from read_parquet($path) "
            "where enhet_nivaa_kode = 'KONTOR') order by enhet_navn, enhetsnummer",
            {"path": str(units)},
        ).fetchall()
    names = {number: f"{Path(PAGE).stem}-{quote(number, safe='')}.html" for number, _ in regions}
    whole = Part(others=tuple((names[number], called) for number, called in regions))
    back = ((PAGE, "Hele landet og regionene"),)
    return {PAGE: whole} | {name: Part(number, back) for number, name in names.items()}
