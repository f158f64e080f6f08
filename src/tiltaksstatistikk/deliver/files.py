"""Puts the latest set of files in a folder or a bucket, where readers see it whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tiltaksstatistikk.deliver.place import POINTER, Place
from tiltaksstatistikk.export.sets import INTERNAL, MANIFEST, OPEN, SETS


def deliver_files(export: Path, place: Place, internal: bool) -> dict[str, Any]:
    """Copy one of the folders of the latest set.

    Args:
        export: where sets are exported.
        place: where to copy it to, as `sett/<name>`. The set before stays for those who are reading it.
        internal: whether it is the folder of exact numbers, or the open one.

    Returns:
        What `siste.json` there says: `mappe`, the files with their SHA-256, and `uttrekk_tid`.

    Raises:
        OSError: nothing has been exported, or the place has no room. Readers then have what they had.
        ValueError: the place has the other kind of folder.
    """
    kind = INTERNAL if internal else OPEN
    folder = (export / kind).resolve()
    if not (folder / MANIFEST).is_file():
        raise FileNotFoundError(f"{export / kind} is not there: no run has exported it. Run dbt build first.")
    before = place.read_json(POINTER)
    if before and before.get("innhold") != kind:
        raise ValueError(
            f"{place.url} has {before.get('innhold')}, and not {kind}. Nothing was delivered. Exact and open numbers "
            "go to places of their own."
        )
    target = f"{SETS}/{folder.parent.name}"
    files = {
        str(path.relative_to(folder)): place.put(path, f"{target}/{path.relative_to(folder)}")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = Place(str(folder)).read_json(MANIFEST) or {}
    pointer = {"innhold": kind, "mappe": target, "uttrekk_tid": manifest.get("uttrekk_tid"), "filer": files}
    place.write_json(POINTER, pointer)
    for name in place.names(f"{SETS}/"):
        if name not in (target, before and before["mappe"]):
            place.remove(name)
    return pointer
