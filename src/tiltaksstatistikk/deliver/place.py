"""A folder or a bucket (`gs://`, `s3://`) that files are put in whole, with a pointer that is switched in one step.

    siste.json            what the pointer points to: written last, and as one object
    laas.json             who works with the place now, if anybody does
    <the files>           under names that are never written twice

A reader reads `siste.json`, and then the file or folder that it names.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

POINTER = "siste.json"
LOCK = "laas.json"
CHUNK = 16 * 2**20


class Place:
    """A folder or a bucket.

    Args:
        url: a path, `gs://bucket/folder` or `s3://bucket/folder`. The credentials are those that the clients of Google
            and Amazon find by themselves.

    Raises:
        ValueError: the client of that kind of bucket is not installed.
    """

    def __init__(self, url: str) -> None:
        """Find the client."""
        try:
            self.files, self.root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ValueError(
                f"{url} cannot be reached: {error}. For a bucket, run uv sync --group sky first."
            ) from None
        self.url = url
        # A bucket's listing may be remembered from before another process wrote.
        self.files.use_listings_cache = False

    @property
    def is_folder(self) -> bool:
        """Whether it is on this machine."""
        return "file" in self.files.protocol

    def path(self, name: str) -> str:
        """Return the whole path of one of its files."""
        return f"{self.root.rstrip('/')}/{name}"

    def exists(self, name: str) -> bool:
        """Return whether a file is there now."""
        self.files.invalidate_cache()
        return bool(self.files.exists(self.path(name)))

    def names(self, prefix: str = "") -> list[str]:
        """Return the names of the files and folders in it, in order, that begin with a prefix."""
        self.files.invalidate_cache()
        folder, _, start = prefix.rpartition("/")
        where = self.path(folder) if folder else self.root
        if not self.files.exists(where):
            return []
        found = {entry.rstrip("/").rpartition("/")[2] for entry in self.files.ls(where, detail=False)}
        return sorted(f"{folder}/{name}" if folder else name for name in found if name.startswith(start) and name)

    def put(self, source: Path, name: str) -> str:
        """Write a file whole.

        Args:
            source: the file.
            name: its name here. A file of that name is replaced.

        Returns:
            The SHA-256 of what was read, in hex.

        Raises:
            OSError: the place has no room, or what is there has another size afterwards.
        """
        unfinished = f"{name}.{uuid4().hex}.del" if self.is_folder else name
        if self.is_folder:
            Path(self.path(unfinished)).parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            with source.open("rb") as file, self.files.open(self.path(unfinished), "wb") as target:
                while part := file.read(CHUNK):
                    digest.update(part)
                    target.write(part)
            if self.is_folder:
                self.flush(unfinished)
                os.replace(self.path(unfinished), self.path(name))
        except BaseException:
            if self.is_folder:
                Path(self.path(unfinished)).unlink(missing_ok=True)
            raise
        self.files.invalidate_cache()
        if (there := self.files.size(self.path(name))) != (here := source.stat().st_size):
            raise OSError(f"{name} in {self.url} has {there} bytes, and {source} has {here}. Try again.")
        return digest.hexdigest()

    def get(self, name: str, target: Path, sha256: str) -> None:
        """Read a file whole, beside its target first.

        Args:
            name: its name here.
            target: where to put it. A file there is replaced.
            sha256: what it must be, in hex.

        Raises:
            OSError: it is not there, is cut off or another one. The target is then as it was.
        """
        unfinished = target.with_name(f".{target.name}.{uuid4().hex}.del")
        digest = hashlib.sha256()
        try:
            with self.files.open(self.path(name), "rb") as file, unfinished.open("wb") as part_file:
                while part := file.read(CHUNK):
                    digest.update(part)
                    part_file.write(part)
                part_file.flush()
                os.fsync(part_file.fileno())
            if digest.hexdigest() != sha256:
                raise OSError(f"{name} in {self.url} is not what was written there: its SHA-256 is another.")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        self.files.rm(self.path(name), recursive=True)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """Return what a small file says; None when it is not there."""
        if not self.exists(name):
            return None
        found = json.loads(self.files.cat_file(self.path(name)))
        if not isinstance(found, dict):
            raise ValueError(f"{name} in {self.url} is no object of JSON.")
        return found

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Write a small file in one step, which readers see the whole of or nothing."""
        text = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
        if not self.is_folder:
            self.files.pipe_file(self.path(name), text)
            return
        unfinished = f"{name}.{uuid4().hex}.del"
        Path(self.root).mkdir(parents=True, exist_ok=True)
        Path(self.path(unfinished)).write_bytes(text)
        self.flush(unfinished)
        os.replace(self.path(unfinished), self.path(name))

    def create_json(self, name: str, content: dict[str, Any]) -> bool:
        """Write a small file if it is not there, and return whether it was not. Of two at once, one succeeds."""
        text = json.dumps(content, ensure_ascii=False).encode()
        try:
            if self.is_folder:
                Path(self.root).mkdir(parents=True, exist_ok=True)
                with open(self.path(name), "xb") as file:
                    file.write(text)
            else:
                self.files.pipe_file(self.path(name), text, mode="create")
        except FileExistsError:
            return False
        return True

    def flush(self, name: str) -> None:
        """Wait until a file in a folder is on disk."""
        with open(self.path(name), "rb") as file:
            os.fsync(file.fileno())

    @contextmanager
    def locked(self, hours: float) -> Iterator[Callable[[], None]]:
        """Have the place for oneself.

        Args:
            hours: how long anybody may have it. A lock that is older was left by somebody who was killed.

        Yields:
            What raises BlockingIOError when somebody else has taken the place over: to call before it is written to.

        Raises:
            BlockingIOError: another one has it.
        """
        mine = {"id": uuid4().hex, "maskin": socket.gethostname(), "tatt": datetime.now(UTC).isoformat()}
        if not self.create_json(LOCK, mine):
            other = self.read_json(LOCK)
            if other and datetime.now(UTC) - datetime.fromisoformat(other["tatt"]) < timedelta(hours=hours):
                raise BlockingIOError(
                    f"{self.url} is in use by {other['maskin']} since {other['tatt']}. Nothing was changed. If that "
                    f"run was killed, remove {LOCK} there, or wait: after {hours:g} hours the next run takes over."
                )
            self.write_json(LOCK, mine)

        def still_mine() -> None:
            """Stop if somebody else has it."""
            if (self.read_json(LOCK) or {}).get("id") != mine["id"]:
                raise BlockingIOError(f"Another run has taken {self.url} over. Nothing was changed there.")

        try:
            still_mine()
            yield still_mine
        finally:
            if (self.read_json(LOCK) or {}).get("id") == mine["id"]:
                self.remove(LOCK)
