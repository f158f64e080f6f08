"""Deliver what the last run has made.

    uv run --no-dev python scripts/lever.py side https://<host>/quarto/update/<id>
    uv run --no-dev python scripts/lever.py dokumentasjon https://dbt.intern.nav.no/docs/<team>/<project>
    uv run --no-dev --group sky python scripts/lever.py filer gs://<bucket>/<folder>

side: the open page, or with --intern the one of exact numbers. dokumentasjon: dbt's docs, after `dbt docs generate`.
filer: the folder aapent, or with --intern the folder intern, to a folder or a bucket. It is read from TILTAK_EKSPORT
(default eksport). LEVER_TOKEN is the team's token. Exit codes: 0 delivered, 1 not, as the sentence says.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tiltaksstatistikk.deliver.files import deliver_files
from tiltaksstatistikk.deliver.pages import docs_files, page_files, send
from tiltaksstatistikk.deliver.place import Place


def deliver(what: str, target: str, internal: bool) -> str:
    """Deliver one of the three, and return a sentence about it.

    Args:
        what: side, dokumentasjon or filer.
        target: a URL or a folder.
        internal: whether it is what has exact numbers.

    Raises:
        OSError: what should be delivered is not there, or the place has no room.
        ValueError: it was not accepted.
    """
    export = Path(os.environ.get("TILTAK_EKSPORT") or "eksport")
    if what == "filer":
        pointer = deliver_files(export, Place(target), internal)
        return f"{len(pointer['filer'])} files are in {target}, in {pointer['mappe']}."
    if what == "side":
        files = page_files(export, internal)
    else:
        files = docs_files(Path(os.environ.get("DBT_TARGET_PATH") or "target"))
    send(target, files, os.environ.get("LEVER_TOKEN"))
    return f"{', '.join(files)} sent to {target}, {sum(map(len, files.values())) / 1e6:.1f} MB."


def main(arguments: list[str] | None = None) -> int:
    """Deliver, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("side", "dokumentasjon", "filer"), help="what to deliver")
    parser.add_argument("target", help="the service's address, a folder or a bucket")
    parser.add_argument("--intern", action="store_true", help="what has exact numbers, and not what is open")
    options = parser.parse_args(arguments)
    try:
        print(deliver(options.what, options.target, options.intern))
    except (OSError, ValueError) as error:
        print(f"Not delivered. {error}", file=sys.stderr)
        return 1
    return 0
