"""Fetch an extract from where the sources are: BigQuery, Kafka, a register over HTTP, and files.

    uv run --group hent python scripts/hent_uttrekk.py uttrekk/2025-W32 --kilder kilder.yml --forrige uttrekk/2025-W31

kilder.yml says where each file comes from (docs/hent.md). The folder is whole or not there. Idents become pseudonyms on
the way, with the key in PSEUDONYM_NOKKEL. A fetch that was stopped goes on with the sources that it lacks. With
--target, the extract is loaded and its clean tables are put on another engine in the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from confluent_kafka import KafkaException
from google.api_core.exceptions import GoogleAPICallError, GoogleAPIError, ServerError, TooManyRequests
from google.auth.exceptions import GoogleAuthError
from requests.exceptions import RequestException

from tiltaksstatistikk.engines.deliver import TARGETS, deliver
from tiltaksstatistikk.fetch.bigquery import fetch_bigquery
from tiltaksstatistikk.fetch.folder import Fetched, Folder, half_made, now, read_before
from tiltaksstatistikk.fetch.kafka import PATIENCE_SECONDS, MadeAnew, fetch_kafka
from tiltaksstatistikk.fetch.kilder import Kilde, read_kilder
from tiltaksstatistikk.fetch.messages import fetch_lines
from tiltaksstatistikk.fetch.progress import Progress, progress
from tiltaksstatistikk.fetch.register import fetch_register
from tiltaksstatistikk.fetch.tables import write_file
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import Topic
from tiltaksstatistikk.load.values import IDENT

ATTEMPTS = 4
PAUSE_SECONDS = 5.0
# A source that failed so is asked once more.
PASSING = (ServerError, TooManyRequests, RequestException, ConnectionError, TimeoutError, MadeAnew)


def fetch_source(
    kilde: Kilde, folder: Folder, tell: Progress, before: Fetched | None, patience: float
) -> tuple[Fetched, list[Path]]:
    """Fetch a source once, and return what is known of it and its files."""
    found = Fetched(time=now())
    path = folder.path / f"{kilde.source.file}.parquet"
    if kilde.way == "kafka":
        return found, fetch_kafka(kilde, folder.path, found, tell, before, patience)
    if isinstance(kilde.source, Topic):
        return found, fetch_lines(kilde, folder.path, found, tell)
    if kilde.way == "http":
        return found, fetch_register(kilde, path, found, tell)
    if kilde.way == "fil":
        tell.begin(kilde.source.file)
        found.rows, found.bytes_in = write_file(kilde, path)
        return found, [path]
    return found, fetch_bigquery(kilde, path, found, tell)


def fetch_patiently(kilde: Kilde, folder: Folder, tell: Progress, before: Fetched | None, patience: float) -> None:
    """Fetch a source, again when what failed may pass, and remember it in the folder.

    Raises:
        Refused: it cannot be fetched.
    """
    setup = setup_of(kilde, before)
    for attempt in range(1, ATTEMPTS + 1):
        folder.clear(kilde.source.file + ".")
        try:
            found, paths = fetch_source(kilde, folder, tell, before, patience)
            found.setup = setup
            folder.finish_source(kilde.source.file, found, paths)
            what = "messages" if isinstance(kilde.source, Topic) else "rows"
            tell.end(f"{found.rows} {what}, {size(found.bytes_in)} ({found.scope})")
            return
        except PASSING as error:
            if attempt == ATTEMPTS:
                raise Refused(f"{kilde.source.file} from {kilde.where} could not be fetched: {said(error)}") from None
            if isinstance(error, MadeAnew):
                before = None
            pause = PAUSE_SECONDS * 2 ** (attempt - 1)
            tell.say(f"{kilde.source.file}: {said(error)}; again in {pause:.0f} s")
            time.sleep(pause)
        except (Refused, OSError, duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except Exception as error:
            # A traceback would quote what no check has foreseen, and with it perhaps an ident.
            raise Refused(f"{kilde.source.file} from {kilde.where} could not be fetched: {said(error)}") from None


def setup_of(kilde: Kilde, before: Fetched | None) -> str:
    """Return the checksum of what is asked for: with another one, what was finished before is fetched again."""
    offsets = before.offsets if before and kilde.way == "kafka" else None
    asked = {"settings": dict(kilde.settings), "offsets": offsets}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def said(error: Exception) -> str:
    """Return what to say of an error: its own words may quote what it failed on, and so an ident."""
    if isinstance(error, GoogleAPICallError):
        return f"{error.code or ''} {re.sub(IDENT, '(ident)', str(error.message))}".strip()
    if isinstance(error, MadeAnew | GoogleAuthError | OSError | KafkaException):
        return re.sub(IDENT, "(ident)", str(error))
    return f"{type(error).__name__} in what was read"


def size(number: int) -> str:
    """Return bytes as a person reads them."""
    return f"{number / 1e6:.1f} MB"


def fetch(place: Path, kilder: Path, forrige: Path | None, tell: Progress, patience: float) -> dict[str, Fetched]:
    """Fetch an extract.

    Args:
        place: the folder that it is to be.
        kilder: kilder.yml.
        forrige: the extract before, for topics; None to read them whole.
        tell: what is told.
        patience: how many seconds to wait for a topic without one new message.

    Returns:
        What is known of each source.

    Raises:
        Refused: it cannot be fetched. What is finished is kept beside.
        OSError: there is no room, or the like.
    """
    sources = read_kilder(kilder)
    before = read_before(forrige) if forrige else {}
    unknown = Fetched(time=now())
    with half_made(place) as folder:
        for kilde in sources:
            name = kilde.source.file
            known = before.get(name, unknown) if forrige and kilde.way == "kafka" else None
            if name in folder.fetched and folder.fetched[name].setup == setup_of(kilde, known):
                tell.say(f"{name}: is there from the attempt before")
                continue
            folder.fetched.pop(name, None)
            fetch_patiently(kilde, folder, tell, known, patience)
        folder.fetched = {kilde.source.file: folder.fetched[kilde.source.file] for kilde in sources}
        folder.write_state()
        folder.finish()
        return folder.fetched


def summary(found: dict[str, Fetched], place: Path, sent: int | None) -> str:
    """Return what was done: the bytes that came, and those that were sent."""
    came = sum(one.bytes_in for one in found.values())
    written = sum(path.stat().st_size for path in place.iterdir())
    text = f"{place} is whole: {sum(one.rows for one in found.values())} rows and messages from {len(found)} sources. "
    text += f"{size(came)} came in, {size(written)} were written."
    if scanned := sum(one.bytes_scanned for one in found.values()):
        text += f" BigQuery read {size(scanned)} for it."
    return text if sent is None else f"{text} {size(sent)} of clean tables were sent."


def main(arguments: list[str] | None = None) -> int:
    """Fetch an extract, and say in one sentence why not when that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mappe", type=Path, help="the folder to make; must not be there")
    parser.add_argument("--kilder", type=Path, required=True, help="the YAML file that says where each file comes from")
    parser.add_argument("--forrige", type=Path, help="the extract before: of topics only what is new is fetched")
    parser.add_argument("--target", choices=TARGETS, help="load the extract, and put its clean tables there")
    parser.add_argument(
        "--vent", type=float, default=PATIENCE_SECONDS, help="seconds without a message to wait (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    with progress() as tell:
        return told(lambda: run(options, tell))


def run(options: argparse.Namespace, tell: Progress) -> None:
    """Do what the arguments ask for."""
    place = Path(os.path.abspath(options.mappe))
    found = fetch(place, options.kilder, options.forrige, tell, options.vent)
    sent = None
    if options.target:
        os.environ["UTTREKK_MAPPE"] = str(place)
        try:
            sent = deliver(options.target)
        except (Refused, GoogleAPIError, RequestException) as error:
            why = str(error) if isinstance(error, Refused) else said(error)
            raise Refused(f"{place} is whole, but was not delivered: {why} Then run scripts/load.py.") from None
    tell.say(summary(found, place, sent))


def told(work: Callable[[], None]) -> int:
    """Do the work, and return 0; or say in a sentence why not, and return 1."""
    try:
        work()
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        print(f"The extract could not be fetched: {error}. What is finished is kept; run again.", file=sys.stderr)
        return 1
    return 0
