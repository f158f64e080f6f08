"""Pages and docs, sent to a server that checks what arrives and fails in the ways that servers do."""

from __future__ import annotations

from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tiltaksstatistikk.deliver.command import main
from tiltaksstatistikk.deliver.pages import DOCS, docs_files, page_files, send


class Service(ThreadingHTTPServer):
    """A service that answers what it is told to, one answer a request; `None` closes the connection."""

    answers: list[int | None]
    arrived: list[tuple[str, str | None, dict[str, bytes]]]


class Handler(BaseHTTPRequestHandler):
    """Takes files by PUT."""

    server: Service

    def do_PUT(self) -> None:
        """Keep what arrived, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body
        )
        parts: dict[str, bytes] = {
            str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True))
            for part in form.iter_parts()
        }
        self.server.arrived.append((self.path, self.headers["Authorization"], parts))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer is None:
            self.connection.close()
            return
        self.send_response(answer)
        if answer == 307:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        if answer == 429:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"said")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """Give a service."""
    with Service(("127.0.0.1", 0), Handler) as server:
        server.answers, server.arrived = [], []
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an export with pages: the internal one in parts."""
    folder = tmp_path / "eksport"
    for kind, names in (("aapent", ["tiltaksstatistikk.html"]), ("intern", ["tiltaksstatistikk.html", "x", "0600"])):
        (folder / kind).mkdir(parents=True)
        for name in names:
            file = f"tiltaksstatistikk-{name}.html" if name == "0600" else name
            (folder / kind / file).write_bytes(f"{kind} {name} å\r\n--".encode())
    monkeypatch.setenv("TILTAK_EKSPORT", str(folder))
    monkeypatch.setenv("LEVER_TOKEN", "hemmelig")
    return folder


def address(service: Service) -> str:
    """Return where it is."""
    return f"http://127.0.0.1:{service.server_port}/quarto/update/1"


def test_a_page_arrives(service: Service, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The open page is one file. The internal one has parts, which link to the page by its own name."""
    assert main(["side", address(service)]) == 0
    assert main(["side", address(service), "--intern"]) == 0
    (path, token, parts), (_, _, internal) = service.arrived
    assert (path, token) == ("/quarto/update/1", "Bearer hemmelig")
    assert parts == {"index.html": (export / "aapent" / "tiltaksstatistikk.html").read_bytes()}
    assert internal == page_files(export, internal=True)
    assert set(internal) == {"index.html", "tiltaksstatistikk.html", "tiltaksstatistikk-0600.html"}
    assert "hemmelig" not in "".join(capsys.readouterr())


def test_docs_arrive(service: Service, tmp_path: Path) -> None:
    """All three files; without one of them nothing is sent."""
    for name in DOCS:
        (tmp_path / name).write_text(name, encoding="utf-8")
    send(address(service), docs_files(tmp_path), token=None)
    assert service.arrived == [("/quarto/update/1", None, {name: name.encode() for name in DOCS})]
    (tmp_path / "catalog.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"catalog\.json is not in .* Run dbt docs generate first"):
        docs_files(tmp_path)


def test_it_tries_again(service: Service) -> None:
    """A service that is away, closes the connection, or asks for a pause, gets all of it the last time."""
    service.answers = [503, None, 429, 200]
    send(address(service), {"index.html": b"x" * 100_000}, "hemmelig", pause=0)
    assert [parts for _, _, parts in service.arrived] == [{"index.html": b"x" * 100_000}] * 4


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([401], "answered 401 Unauthorized. The token is missing or wrong. said"),
        ([404], "answered 404 Not Found. There is nothing of that id"),
        ([307], "answered 307"),
        ([503] * 3, "answered 503"),
        ([None] * 3, "does not answer, after 3 attempts"),
    ],
)
def test_it_says_why_not(service: Service, export: Path, answers: list[int | None], sentence: str) -> None:
    """Each answer has a sentence, without the token; a token follows no redirect."""
    service.answers = list(answers)
    with pytest.raises(ValueError, match=sentence) as refused:
        send(address(service), {"index.html": b"x"}, "hemmelig", attempts=2, pause=0)
    assert "hemmelig" not in str(refused.value)
    assert {path for path, _, _ in service.arrived} == {"/quarto/update/1"}
