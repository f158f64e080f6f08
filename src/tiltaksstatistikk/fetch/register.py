"""A register over HTTP, as JSON: asked for until it comes whole."""

import contextlib
import email.utils
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pyarrow

from tiltaksstatistikk.fetch.folder import Fetched
from tiltaksstatistikk.fetch.kilder import Kilde
from tiltaksstatistikk.fetch.progress import Progress
from tiltaksstatistikk.fetch.tables import connect, write_batches
from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.objects import Table

# Answers that may be another one later.
LATER = (408, 425, 429, 500, 502, 503, 504)
ATTEMPTS = 6
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 300.0
TIMEOUT_SECONDS = 60.0


def seconds_to_wait(retry_after: str | None, attempt: int) -> float:
    """Return how long to wait before the next attempt: what the server says, else twice as long each time.

    Args:
        retry_after: the header, in seconds or as a date.
        attempt: how many there have been.
    """
    pause: float = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)
    if retry_after:
        try:
            pause = float(retry_after)
        except ValueError:
            with contextlib.suppress(ValueError, TypeError):
                pause = (email.utils.parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    return float(min(max(pause, 0.0), LONGEST_PAUSE_SECONDS))


def body_of(kilde: Kilde, progress: Progress) -> bytes:
    """Return the JSON that an address gives.

    Raises:
        Refused: the answer is another, or does not come whole in all attempts.
    """
    why = ""
    for attempt in range(1, ATTEMPTS + 1):
        retry_after = None
        try:
            answer = httpx.get(
                kilde.where, headers={"Accept": "application/json", **kilde.headers}, timeout=TIMEOUT_SECONDS
            )
            if answer.status_code == 200:
                json.loads(answer.content)
                return bytes(answer.content)
            why = f"it answers {answer.status_code} {answer.reason_phrase}"
            if answer.status_code not in LATER:
                break
            retry_after = answer.headers.get("Retry-After")
        except httpx.TransportError as error:
            why = f"the connection failed ({type(error).__name__})"
        except httpx.DecodingError:
            why = "its compressed answer is damaged"
        except ValueError:
            why = "what it answers is not whole JSON"
        if attempt < ATTEMPTS:
            pause = seconds_to_wait(retry_after, attempt)
            progress.say(f"{kilde.source.file}: {why}; again in {pause:.0f} s")
            time.sleep(pause)
    address = kilde.where.partition("?")[0]
    raise Refused(f"{kilde.source.file} from {address} could not be fetched: {why}. Look at the address, or wait.")


def fetch_register(kilde: Kilde, path: Path, found: Fetched, progress: Progress) -> list[Path]:
    """Fetch a register into a Parquet file, and note rows and bytes.

    Raises:
        Refused: the answer is no register, or a field is in no row.
    """
    progress.begin(kilde.source.file)
    body = body_of(kilde, progress)
    found.bytes_in = len(body)
    rows = rows_of(kilde, body)
    found.rows = write_batches(kilde, rows.schema, rows.to_batches(), path)
    return [path]


def rows_of(kilde: Kilde, body: bytes) -> pyarrow.Table:
    """Return the rows of a register, each column called as the source's path to it.

    Raises:
        Refused: there are no rows, or a column is in none of them, or is numbers where zeros may be lost.
    """
    assert isinstance(kilde.source, Table)
    codes = {column.name for column in kilde.source.columns if column.kind in ("person", "enhet")}
    paths = {name: where if where.startswith("$") else f"$.{where}" for name, where in kilde.columns.items()}
    where = list(paths.values())
    with connect() as connection:
        # Python reads more than DuckDB does.
        text = json.dumps(json.loads(body), ensure_ascii=False).encode(errors="xmlcharrefreplace").decode()
        read = connection.execute(
            "select json_type(rad, $paths), json_extract_string(rad, $paths) from "
            "(select unnest(json_extract($body::json, $rows)) as rad)",
            {"body": text, "rows": kilde.settings.get("rader", "$[*]"), "paths": where},
        ).fetchall()
    columns, missing, numbers = {}, [], []
    for number, name in enumerate(paths):
        types = {kinds[number] for kinds, _ in read}
        if types <= {None} and not kilde.source.file_columns[name]:
            missing.append(f"{name} ({where[number]})")
        if name in codes and not types <= {None, "NULL", "VARCHAR"}:
            numbers.append(name)
        columns[kilde.columns[name]] = pyarrow.array([texts[number] for _, texts in read], pyarrow.string())
    for names, why in ((missing, "in no row"), (numbers, "numbers, which have no leading zeros, or no texts")):
        if names:
            raise Refused(
                f"{kilde.source.file} from {kilde.where.partition('?')[0]} cannot be fetched. In its JSON "
                f"{', '.join(names)} is {why}. Say in kilder.yml where the rows (rader) and columns (kolonner) are."
            )
    return pyarrow.table(columns)
