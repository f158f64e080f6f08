"""A folder that is written whole, locked and pointed into. tests/bucket does the same with a bucket."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tiltaksstatistikk.deliver.backup import check, restore, take
from tiltaksstatistikk.deliver.files import deliver_files
from tiltaksstatistikk.deliver.job import NOT_RUN, main, run_job
from tiltaksstatistikk.deliver.place import LOCK, POINTER, Place

ADD = """
import duckdb, os, sys
with duckdb.connect(os.environ["TILTAK_DUCKDB"]) as connection:
    connection.execute("create schema if not exists drift")
    connection.execute("create table if not exists drift.kjoring (uttrekk_tid timestamp)")
    connection.execute("insert into drift.kjoring values (timestamp '2025-08-11 06:00:00')")
sys.exit(int(sys.argv[1]))
"""


def runs(database: Path) -> int:
    """Return the number of runs in a database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return len(connection.execute("from drift.kjoring").fetchall())


def damage(place: Place, name: str) -> None:
    """Change a byte in a file."""
    content = bytearray(place.files.cat_file(place.path(name)))
    content[len(content) // 2] ^= 1
    place.files.pipe_file(place.path(name), bytes(content))


def test_a_copy_is_what_was_copied(place: Place, database: Path) -> None:
    """It is put back byte for byte, and the database that was there is kept beside it, with its `.wal`."""
    content = database.read_bytes()
    copy = take(database, place)
    assert check(place) == check(place, copy["navn"]) == copy
    database.write_bytes(b"something else")
    wal = database.with_name("tiltak.duckdb.wal")
    wal.write_bytes(b"of something else")
    restore(place, database)
    assert database.read_bytes() == content
    assert not wal.exists()
    kept = [path for path in database.parent.iterdir() if ".for_" in path.name and path.suffix != ".wal"]
    assert [path.read_bytes() for path in kept] == [b"something else"]
    assert kept[0].with_name(f"{kept[0].name}.wal").read_bytes() == b"of something else"
    restore(place, database)
    assert kept[0].exists()


def test_a_damaged_copy_is_refused(place: Place, database: Path) -> None:
    """The database is then as it was."""
    copy = take(database, place)
    damage(place, copy["navn"])
    before = database.read_bytes()
    with pytest.raises(OSError, match="is not what was written there"):
        restore(place, database)
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["tiltak.duckdb"]


def test_eight_copies_are_kept(place: Place, database: Path) -> None:
    """The oldest goes with its description; an unknown name is answered with the ones that are there."""
    copies = [take(database, place)["navn"] for _ in range(9)]
    assert [name for name in place.names("tiltak_") if name.endswith(".duckdb")] == copies[1:]
    assert len(place.names("tiltak_")) == 16
    with pytest.raises(OSError, match=copies[8]):
        check(place, copies[0])


def test_a_database_in_use_is_not_copied(place: Place, database: Path) -> None:
    """Another process has it, as a run does."""
    with duckdb.connect(str(database)), pytest.raises(OSError, match="cannot be read"):
        take(database, place)
    assert not place.exists(POINTER)


def test_one_at_a_time(place: Place) -> None:
    """The second is told who has it; a lock that was left is taken over, and the one who left it then stops."""
    with place.locked(6), pytest.raises(BlockingIOError, match="is in use by"), Place(place.url).locked(6):
        pass
    assert not place.exists(LOCK)
    with place.locked(6) as still_mine:
        left = place.read_json(LOCK)
        assert left
        place.write_json(LOCK, left | {"tatt": (datetime.now(UTC) - timedelta(hours=7)).isoformat()})
        with Place(place.url).locked(6), pytest.raises(BlockingIOError, match="has taken"):
            still_mine()


def test_a_job_returns_the_database_if_it_succeeds(place: Place, database: Path) -> None:
    """A run that fails leaves the bucket as it was, and the next begins with the same database."""
    command = [sys.executable, "-c", ADD]
    with pytest.raises(ValueError, match="--ny"):
        run_job(place, database, [*command, "0"], 6, is_first=False)
    with pytest.raises(ValueError, match="Remove one of them"):
        run_job(place, database, [*command, "0"], 6, is_first=True)
    database.unlink()
    assert run_job(place, database, [*command, "0"], 6, is_first=True) == 0
    first = place.read_json(POINTER)
    assert run_job(place, database, [*command, "1"], 6, is_first=False) == 1
    assert place.read_json(POINTER) == first
    assert run_job(place, database, [*command, "0"], 6, is_first=False) == 0
    assert runs(database) == 2
    database.unlink()
    restore(place, database)
    assert runs(database) == 2
    with pytest.raises(ValueError, match="Run without --ny"):
        run_job(place, database, [*command, "0"], 6, is_first=True)
    assert not place.exists(LOCK)


def export(folder: Path, name: str) -> Path:
    """Make an export of one set, and return where it is."""
    for kind in ("aapent", "intern"):
        files = folder / "sett" / name / kind
        (files / "ukeAntall").mkdir(parents=True)
        (files / "manifest.json").write_text(json.dumps({"uttrekk_tid": name}), encoding="utf-8")
        (files / "ukeAntall" / "0219.json").write_text(f"{kind} {name}", encoding="utf-8")
        (folder / kind).unlink(missing_ok=True)
        (folder / kind).symlink_to(f"sett/{name}/{kind}")
    return folder


def test_files_are_switched_as_one_set(place: Place, tmp_path: Path) -> None:
    """The set before stays, older ones go, and exact numbers never come where open ones are."""
    for name in ("a", "b", "c"):
        pointer = deliver_files(export(tmp_path / "eksport", name), place, internal=False)
        assert place.read_json(POINTER) == pointer
        there = place.files.cat_file(place.path(f"{pointer['mappe']}/ukeAntall/0219.json"))
        assert there == f"aapent {name}".encode()
    assert place.names("sett/") == ["sett/b", "sett/c"]
    with pytest.raises(ValueError, match="places of their own"):
        deliver_files(tmp_path / "eksport", place, internal=True)
    assert place.read_json(POINTER) == pointer
    # The same set again.
    assert deliver_files(tmp_path / "eksport", place, internal=False) == pointer
    assert place.names("sett/") == ["sett/c"]


def test_the_command_says_what_is_wrong(
    place: Place, database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a wrong address nor a wrong command is a run."""
    monkeypatch.setenv("TILTAK_DUCKDB", str(database))
    assert main([place.url, "--", "dbt", "--version"]) == NOT_RUN
    assert main([place.url, "--", "no-such-command"]) == NOT_RUN
    assert capsys.readouterr().err.count("\n") == 2
