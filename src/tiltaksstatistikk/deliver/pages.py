"""Sends pages and docs to Nav's services, which take files by HTTP PUT.

Both replace all that they had of the same name, in one request:

- a page on the data market place: `https://<host>/quarto/update/<id>`, with the team's token
- dbt's docs: `https://<host>/docs/<team>/<project>`

Each file is a part of a form, named as the file is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tiltaksstatistikk.export.sets import INTERNAL, OPEN

PAGE = "tiltaksstatistikk.html"
DOCS = ("index.html", "manifest.json", "catalog.json")
SECONDS = 120


def page_files(export: Path, internal: bool) -> dict[str, bytes]:
    """Return the page, or its parts, as the files of a story on the data market place.

    Args:
        export: where sets are exported.
        internal: whether it is the page of exact numbers, or the open one.

    Returns:
        The contents by name. `index.html` opens first; the parts link to the page by its own name.

    Raises:
        OSError: there is no such page.
    """
    folder = (export / (INTERNAL if internal else OPEN)).resolve()
    first = (folder / PAGE).read_bytes()
    parts = {path.name: path.read_bytes() for path in sorted(folder.glob("tiltaksstatistikk-*.html"))}
    return {"index.html": first} | ({PAGE: first, **parts} if parts else {})


def docs_files(target: Path) -> dict[str, bytes]:
    """Return the files of dbt's docs.

    Args:
        target: dbt's folder, after `dbt docs generate`.

    Raises:
        OSError: one of them is missing.
    """
    missing = [name for name in DOCS if not (target / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} is not in {target}. Run dbt docs generate first.")
    return {name: (target / name).read_bytes() for name in DOCS}


def send(url: str, files: dict[str, bytes], token: str | None, attempts: int = 5, pause: float = 1) -> None:
    """Put files in one request, and try again when the service is away or asks for it.

    Args:
        url: where to.
        files: the contents by name.
        token: the team's, sent as a bearer token; None where none is needed.
        attempts: how often to try again.
        pause: seconds before the second attempt, doubled each time; the service's own `Retry-After` goes before it.

    Raises:
        ValueError: it was not accepted. The sentence says what the service answered, and never the token.
    """
    retry = Retry(
        total=attempts,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("PUT",),
        backoff_factor=pause,
        raise_on_status=False,
        # A token goes to no other place than the one that was asked for.
        redirect=False,
    )
    form: Any = {name: (name, content) for name, content in files.items()}
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        session.mount("http://", HTTPAdapter(max_retries=retry))

        def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
            """Sign a request. A header alone would give way to a password in .netrc."""
            if token:
                request.headers["Authorization"] = f"Bearer {token}"
            return request

        try:
            answer = session.put(
                url,
                files=form,
                auth=bearer,
                timeout=SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ValueError(f"{url} does not answer, after {attempts + 1} attempts: {error}") from None
    if not 200 <= answer.status_code < 300:
        hint = {
            401: " The token is missing or wrong.",
            403: " The token is another team's.",
            404: " There is nothing of that id: make it at the service first.",
            413: " It is larger than the service takes.",
        }.get(answer.status_code, "")
        raise ValueError(f"{url} answered {answer.status_code} {answer.reason}.{hint} {answer.text[:200]}".rstrip())
