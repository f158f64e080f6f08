"""Run with a database that is kept in a bucket: fetch it, run, and return it whole. Never two at once.

    uv run --no-dev --group sky python scripts/kjor_jobb.py gs://<bucket>/<folder> -- \\
        dbt build --exclude-resource-type unit_test

The bucket has the newest copies, as `scripts/sikkerhetskopi.py` makes them. The newest is fetched to TILTAK_DUCKDB, and
the command after `--` is run. If it succeeds, the database is returned as a new copy, and `siste.json` then points to
it. If not, the bucket has what it had. Exit codes: the command's own; 3 when the job could not fetch or return the
database, as the sentence says.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tiltaksstatistikk.deliver.backup import restore, take
from tiltaksstatistikk.deliver.place import POINTER, Place

NOT_RUN = 3


def run_job(place: Place, database: Path, command: list[str], hours: float, is_first: bool) -> int:
    """Run a command with the database of a place, and return its exit code.

    Args:
        place: the folder or bucket with copies.
        database: where the command has the database.
        command: what to run.
        hours: how long a run may take. After that, another one may take the place over.
        is_first: whether the place has no database yet, and gets its first.

    Returns:
        The command's exit code.

    Raises:
        OSError: the place is in use, or the database could not be fetched or returned.
        ValueError: the place has a database and should not, or the other way round.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with place.locked(hours) as still_mine:
        has_one = place.exists(POINTER)
        if has_one and is_first:
            raise ValueError(f"{place.url} has a database already. Run without --ny.")
        if not has_one and not is_first:
            raise ValueError(
                f"{place.url} has no database. If this is the first run, say so with --ny. If not, the address is "
                "another."
            )
        if has_one:
            restore(place, database)
        elif database.exists():
            raise ValueError(f"{database} is there, and {place.url} has no database. Remove one of them.")
        code = subprocess.run(command, env=os.environ | {"TILTAK_DUCKDB": str(database)}, check=False).returncode
        if code == 0:
            still_mine()
            take(database, place)
    return code


def main(arguments: list[str] | None = None) -> int:
    """Run the job, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", help="a folder or a bucket")
    parser.add_argument("--ny", action="store_true", help="the place has no database yet")
    parser.add_argument("--timer", type=float, default=6, help="hours that a run may take (default 6)")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    database = Path(os.environ.get("TILTAK_DUCKDB") or "tiltak.duckdb")
    # dbt and Python of the environment that the job itself runs in.
    command = [shutil.which(options.command[0], path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")]
    if not command[0]:
        print(f"{options.command[0]} is not a command here.", file=sys.stderr)
        return NOT_RUN
    try:
        return run_job(Place(options.place), database, [command[0], *options.command[1:]], options.timer, options.ny)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return NOT_RUN
