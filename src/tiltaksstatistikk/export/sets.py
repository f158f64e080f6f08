"""Publishes a folder of Parquet files so that readers see the old set or the new one, never a mixture.

    eksport/
        intern        -> siste/intern                    exact numbers, for those who may see them
        aapent        -> siste/aapent                    what may leave the warehouse
        manifest.json -> siste/manifest.json
        siste         -> sett/20250804T060000_1f0c9a3e   the one link that is switched
        sett/20250804T060000_1f0c9a3e/                   a set: never changed once it is there
            intern/                                      the marts, their dictionary, the internal page
            aapent/                                      aapen_*, open files, the page of them
            */manifest.json                              of that folder alone, to go where it goes

A program that reads several relations as one set resolves `siste` once, and reads from the folder that it points to.
The set before the latest is kept for those who are reading it, without the rows about single persons.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

LATEST = "siste"
SETS = "sett"
MANIFEST = "manifest.json"
INTERNAL = "intern"
OPEN = "aapent"
UNFINISHED = ".uferdig_"


def start(folder: Path, name: str) -> Path:
    """Make a folder for a new set, with its two empty folders, and remove what interrupted runs have left.

    Args:
        folder: where sets are published; made if need be.
        name: the new set's name.

    Returns:
        The folder to write the set's Parquet files in.

    Raises:
        OSError: something that is no link is where the link to the latest set should be, or the disk is full.
    """
    latest, sets = folder / LATEST, folder / SETS
    if latest.exists() and not latest.is_symlink():
        raise FileExistsError(f"{latest} is in the way of the link to the latest set: move it elsewhere")
    sets.mkdir(parents=True, exist_ok=True)
    for left in [path for path in sets.glob(f"{UNFINISHED}*") if path.is_dir()]:
        shutil.rmtree(left)
    new = sets / f"{UNFINISHED}{name}"
    for name in (INTERNAL, OPEN):
        (new / name).mkdir(parents=True)
    return new


def publish(new: Path, manifest: dict[str, Any], keep_previous: bool = True) -> Path:
    """Publish a set of Parquet files: the last thing that happens is that `siste` points to it.

    Args:
        new: the folder from `start`, with the files.
        manifest: what to say of the set; `relasjoner` lists its relations by `navn`, with the folder in the set that
            they are in as `mappe`, and with `personnivaa` whether rows are about single persons. Each gets `fil`,
            `rad_antall`, `byte_antall` and `sha256`.
        keep_previous: whether the set before stays, without its relations about single persons.

    Returns:
        The folder of the published set.

    Raises:
        OSError: the disk is full, or a file is missing. The set before is then still the latest.
    """
    folder, published = new.parent.parent, new.with_name(new.name.removeprefix(UNFINISHED))
    for relation in manifest["relasjoner"]:
        path = new / relation.pop("mappe") / f"{relation['navn']}.parquet"
        relation.update(
            fil=str(path.relative_to(new)),
            rad_antall=row_count(path),
            byte_antall=path.stat().st_size,
            sha256=checksum(path),
        )
    for name in (INTERNAL, OPEN):
        if (new / name).is_dir() and not any((new / name).iterdir()):
            (new / name).rmdir()
        elif (new / name).is_dir():
            write_manifest(new / name, manifest_of(name, manifest))
    write_manifest(new, manifest)
    for path in [*new.rglob("*"), new]:
        flush(path)
    previous = (folder / LATEST).resolve()
    new.rename(published)
    flush(published.parent)
    replace_link(folder / LATEST, f"{SETS}/{published.name}")
    links = {path.name for path in published.iterdir()}
    for name in links:
        if not (folder / name).is_symlink():
            replace_link(folder / name, f"{LATEST}/{name}")
    flush(folder)
    for path in folder.iterdir():
        if path.is_symlink() and os.readlink(path) == f"{LATEST}/{path.name}" and path.name not in links:
            path.unlink()
    for path in published.parent.iterdir():
        if path.resolve() == previous and keep_previous:
            remove_personal(path)
        elif path.is_dir() and path != published:
            shutil.rmtree(path)
    return published


def erase(folder: Path, name: str, ids: list[str]) -> int | None:
    """Publish the latest set once more without some persons, and remove the sets before it.

    Args:
        folder: where sets are published.
        name: the new set's name.
        ids: a row goes when one of its columns is one of these, or begins with one and a slash.

    Returns:
        The number of rows removed; None when nothing has been published.
    """
    latest = (folder / LATEST).resolve()
    if not (latest / MANIFEST).is_file():
        return None
    manifest = json.loads((latest / MANIFEST).read_text(encoding="utf-8"))
    before = sum(relation["rad_antall"] for relation in manifest["relasjoner"])
    new = start(folder, name)
    personal = {latest / relation["fil"] for relation in manifest["relasjoner"] if relation["personnivaa"]}
    shutil.copytree(
        latest,
        new,
        dirs_exist_ok=True,
        ignore=lambda within, names: [one for one in names if Path(within) / one in personal],
    )
    for path in personal:
        write_without(path, new / path.relative_to(latest), ids)
    for relation in manifest["relasjoner"]:
        relation["mappe"] = str(Path(relation["fil"]).parent)
    publish(new, manifest, keep_previous=False)
    after = sum(relation["rad_antall"] for relation in manifest["relasjoner"])
    return int(before - after)


def manifest_of(name: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of one of a set's folders, of its own relations.

    Neither `personnivaa`, `privat` nor the views that are left out are about the open folder; how its numbers are
    protected (`aapne_tall`) is not about the internal one.
    """
    about_others = ["aapne_tall"] if name == INTERNAL else ["utelatte_visninger"]
    of_relation = {"personnivaa", "privat"} if name == OPEN else set()
    relations = [
        {key: value for key, value in relation.items() if key not in of_relation}
        | {"fil": str(Path(relation["fil"]).relative_to(name))}
        for relation in manifest["relasjoner"]
        if Path(relation["fil"]).parts[0] == name
    ]
    return {key: value for key, value in manifest.items() if key not in about_others} | {"relasjoner": relations}


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write it."""
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_without(source: Path, target: Path, ids: list[str]) -> None:
    """Write a Parquet file once more, with its metadata, without the rows that some persons are mentioned in."""
    with duckdb.connect() as connection:
        kept = connection.read_parquet(str(source))
        for column in kept.columns:
            text = f'cast("{column}" as varchar)'
            mentioned = f"list_contains($ids, {text}) or list_contains($ids, split_part({text}, '/', 1))"
            kept = connection.sql(f"from kept where not coalesce({mentioned}, false)", params={"ids": ids})
        kept.to_table("kept")
        said = connection.execute("select key, value from parquet_kv_metadata(?)", [str(source)]).fetchall()
        pairs = ", ".join(
            f"{literal(key.decode(), chr(34))}: {literal(value.decode())}"
            for key, value in said
            if not key.startswith(b"ARROW:")
        )
        connection.execute(
            f"copy kept to {literal(str(target))} "
            f"(format parquet, compression zstd{f', kv_metadata {{{pairs}}}' if pairs else ''})"
        )


def literal(text: str, quote: str = "'") -> str:
    """Return a text as SQL writes it, or with another quote a name."""
    return quote + text.replace(quote, quote * 2) + quote


def row_count(path: Path) -> int:
    """Return the number of rows of a Parquet file."""
    with duckdb.connect() as connection:
        found = connection.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()
    return int(found[0]) if found else 0


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_link(link: Path, target: str) -> None:
    """Let a link point to something else, in one step that a reader cannot see the middle of."""
    unfinished = link.with_name(f"{UNFINISHED}{link.name}")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    unfinished.replace(link)


def remove_personal(folder: Path) -> None:
    """Remove the relations about single persons from a set that is no longer the latest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for relation in manifest["relasjoner"]:
        if relation["personnivaa"]:
            (folder / relation["fil"]).unlink(missing_ok=True)
