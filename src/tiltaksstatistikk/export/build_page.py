"""Make the page that leaders open on Monday, from the open relations of the latest export.

uv run python scripts/build_page.py
uv run python scripts/build_page.py --published FOLDER --target nav.html
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tiltaksstatistikk.export.page import write_page


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the page, and say where it is and how large.

    Args:
        arguments: the command line's; those of the process by default.

    Returns:
        The exit code: 1 when something is missing, or does not fit together.
    """
    latest = Path(os.environ.get("TILTAK_EKSPORT") or "eksport") / "siste" / "aapent"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--published", type=Path, default=latest, help="the folder of aapen_*.parquet (default: %(default)s)"
    )
    parser.add_argument(
        "--target", type=Path, default=Path("target/tiltaksstatistikk.html"), help="the file (default: %(default)s)"
    )
    chosen = parser.parse_args(arguments)
    try:
        size = write_page(chosen.published, chosen.target)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{chosen.target}: {size / 1e6:.2f} MB")
    return 0
