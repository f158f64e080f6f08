"""Writes what is beside the marts in the internal folder of a set: exact numbers, for those who may see them.

tiltaksstatistikk*.html   the page, of exact numbers: in parts if it would be too large
ordbok.csv                each column of each Parquet file
KUN_INTERN_BRUK.txt       what may not be done with the folder
"""

from pathlib import Path
from typing import Any

from tiltaksstatistikk.export.open_files import write_dictionary_csv
from tiltaksstatistikk.export.page import write_pages

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
    """Write the internal page, or its parts, and remove what they are made of.

    Args:
        folder: the internal folder of a set, with `intern_*.parquet`, which are removed.

    Returns:
        The names of the pages.

    Raises:
        OSError: a relation, or the template, is missing, or the disk is full.
        ValueError: a relation has a key that the relation of that key lacks.
    """
    names = write_pages(folder, "intern")
    for path in folder.glob("intern_*.parquet"):
        path.unlink()
    return names
