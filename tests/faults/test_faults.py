"""The weekly run with real faults put into it: killed, on a full disk, twice at once, watched, fed half an extract.

Every run is the command line in a process of its own, as the weekly job starts it. What has to hold is always the same:
each week of the fact is whole, what was published stays published, the export is one whole set, and the next run needs
no repair by hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.rules.brute_force import TOPIC, Cell, Counts
from tests.rules.warehouse import KEY, ROOT, Warehouse
from tiltaksstatistikk.export.sets import INTERNAL, LATEST, MANIFEST, SETS, UNFINISHED, publish, start
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk

# A job of its own (.ci/faults).
pytestmark = pytest.mark.long

Rows = list[tuple[Any, ...]]

FACT = "fak_tiltaksdeltakelse_uke"
PUBLISHED = "fak_tiltaksdeltakelse_uke_publisert"
# Without what is published: it is made of the marts alone, and would take most of each of these many runs.
BUILD = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
BUILD += ["--vars", "{aapne_tall: false}"]
# Python's own, and the stack that DuckDB adds to an error in a Python function.
TRACEBACK = re.compile(r"Traceback|\.py\", line \d|\.py\(\d+\)")


class Moment(NamedTuple):
    """A moment of a run: the line of dbt's log that it begins with, and what passes after that.

    Attributes:
        line: a regular expression.
        seconds: how long after the line.
        number: which of the lines that match.
        grown: how many bytes larger the database file is by then.
        logged: how many bytes larger than at the line what is committed beside the database file is by then.
        opened: a file of the extract that the run has opened by then.
    """

    line: str
    seconds: float = 0.0
    number: int = 1
    grown: int = 0
    logged: int = 0
    opened: str = ""


class Run:
    """A run of dbt in a process of its own."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
        """Start it; what it prints and its log are put in `folder`."""
        folder.mkdir()
        self.log = folder / "dbt.log"
        self.printed = folder / "printed.txt"
        self.database = Path(environment["TILTAK_DUCKDB"])
        with self.printed.open("wb") as file:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments],
                cwd=ROOT, env={**os.environ, **environment, "DBT_LOG_PATH": str(folder)},
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def end(self) -> int:
        """Wait for the run to end and return its exit code."""
        return self.process.wait(timeout=300)

    def output(self) -> str:
        """Return what the run has printed."""
        return self.printed.read_text(encoding="utf-8", errors="replace")

    def lines(self) -> Iterator[str]:
        """Follow the log line by line until the run has ended."""
        while not self.log.exists() and self.process.poll() is None:
            time.sleep(0.001)
        if not self.log.exists():
            return
        with self.log.open(encoding="utf-8", errors="replace") as file:
            line = ""
            while True:
                ended = self.process.poll() is not None
                while part := file.readline():
                    line += part
                    if line.endswith("\n"):
                        yield line
                        line = ""
                if ended:
                    return
                time.sleep(0.001)

    def wait_for(self, moment: Moment) -> None:
        """Wait for a moment of the run.

        Raises:
            AssertionError: the run ended without it.
        """
        size = self.database.stat().st_size if self.database.exists() else 0
        pattern = re.compile(moment.line)
        found = 0
        for line in self.lines():
            found += bool(pattern.search(line))
            if found == moment.number:
                break
        assert found == moment.number, f"never {moment}\n{self.output()}"
        logged = self.logged_bytes()
        time.sleep(moment.seconds)
        while self.process.poll() is None and (
            (moment.grown and self.database.stat().st_size < size + moment.grown)
            or (moment.logged and self.logged_bytes() < logged + moment.logged)
            or (moment.opened and not self.has_opened(moment.opened))
        ):
            time.sleep(0.0005)

    def logged_bytes(self) -> int:
        """Return the size of what is committed beside the database file."""
        log = self.database.with_name(f"{self.database.name}.wal")
        return log.stat().st_size if log.exists() else 0

    def has_opened(self, name: str) -> bool:
        """Whether the run has a file of this name open now."""
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if Path(os.readlink(link)).name == name:
                    return True
        return False

    def kill(self, moment: Moment) -> None:
        """End the run as `kill -9` does, at a moment of it.

        Raises:
            AssertionError: it had ended before.
        """
        self.wait_for(moment)
        self.process.kill()
        assert self.end() == -signal.SIGKILL


class Job:
    """The weekly job: a database and an export on a disk, and the paths that it is run with every week.

    Args:
        folder: an empty folder. The paths in it are the same for every run, or dbt would parse the project anew.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder of the disk."""
        self.folder = folder
        self.disk = folder / "disk"
        self.warehouse = Warehouse(self.disk, Manifest())
        self.runs: list[Run] = []

    def start(self, uttrekk: Path, *arguments: str) -> Run:
        """Start a run of an extract."""
        link = self.folder / "uttrekk"
        link.unlink(missing_ok=True)
        link.symlink_to(uttrekk)
        environment = {
            "UTTREKK_MAPPE": str(link),
            "PSEUDONYM_NOKKEL": KEY,
            "TILTAK_DUCKDB": str(self.warehouse.path),
            "TILTAK_EKSPORT": str(self.warehouse.export),
            "DBT_TARGET_PATH": str(self.folder / "target"),
        }
        self.runs.append(Run([*BUILD, *arguments], environment, self.folder / f"run_{len(self.runs)}"))
        return self.runs[-1]

    def run(self, uttrekk: Path, *arguments: str) -> None:
        """Run an extract to its end.

        Raises:
            AssertionError: it did not succeed.
        """
        run = self.start(uttrekk, *arguments)
        assert run.end() == 0, run.output()

    def keep(self, copy: Path) -> Path:
        """Copy the disk to another folder and return that."""
        shutil.copytree(self.disk, copy, symlinks=True)
        return copy

    def restore(self, copy: Path | None) -> None:
        """Empty the disk, and put back what was kept."""
        for path in self.disk.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if copy:
            shutil.copytree(copy, self.disk, symlinks=True, dirs_exist_ok=True)

    @contextlib.contextmanager
    def moved(self, disk: Path) -> Iterator[None]:
        """Use another folder as the disk."""
        before = self.disk, self.warehouse.path, self.warehouse.export
        self.disk, self.warehouse.path, self.warehouse.export = disk, disk / "tiltak.duckdb", disk / "eksport"
        try:
            yield
        finally:
            self.disk, self.warehouse.path, self.warehouse.export = before

    def table(self, name: str, columns: str = "*", where: str = "true") -> Rows:
        """Return rows of a table of `main` in a fixed order; none when it is not there."""
        if not self.warehouse.rows(
            f"select 1 from information_schema.tables where table_schema = 'main' and table_name = '{name}'"
        ):
            return []
        return sorted(self.warehouse.rows(f"select {columns} from {name} where {where}"), key=repr)


class World(NamedTuple):
    """Three weeks' extracts, and what undisturbed runs make of the first and the second.

    Attributes:
        job: its disk holds the first extract when a test begins.
        uttrekk: the folders of the extracts.
        disks: a copy of the disk after each.
        facts: the fact after each, by the time of the extract as the manifest of the export writes it.
        contents: what a database holds after each, but the log of its runs.
        first_publication: when the first was published.
    """

    job: Job
    uttrekk: list[Path]
    disks: list[Path]
    facts: dict[str, Rows]
    contents: list[dict[str, tuple[int, int]]]
    first_publication: datetime


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run two of three extracts without any fault."""
    folder = tmp_path_factory.mktemp("faults")
    uttrekk = [folder / f"uttrekk_{week}" for week in range(3)]
    make_uttrekk([str(uttrekk[0]), "--seed", "71", "--participations", "150", "--faults"])
    make_uttrekk([str(uttrekk[1]), "--seed", "72", "--previous", str(uttrekk[0]), "--faults"])
    make_uttrekk([str(uttrekk[2]), "--seed", "73", "--previous", str(uttrekk[1])])
    job = Job(folder / "job")
    world = World(job, uttrekk, [], {}, [], datetime.min)
    for week in range(2):
        job.run(uttrekk[week])
        world.disks.append(job.keep(folder / f"disk_{week}"))
        world.facts[whole_set(job)["uttrekk_tid"]] = job.table(FACT)
        world.contents.append(job.warehouse.contents())
    (first_publication,) = job.warehouse.rows("select min(publisert_tid) from kjoring")[0]
    before, after = world.facts.values()
    assert before != after
    yield world._replace(first_publication=first_publication)
    for run in job.runs:
        run.process.kill()


@pytest.fixture
def world(undisturbed: World) -> World:
    """Give a disk that holds the first extract, as a run without any fault left it."""
    undisturbed.job.restore(undisturbed.disks[0])
    return undisturbed


def parquet(sql: str) -> Rows:
    """Return the rows of a query on files."""
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


def check_set(folder: Path) -> dict[str, Any]:
    """Return the manifest of an exported set, after comparing every file with what it says.

    Raises:
        AssertionError: a file is another, or the counts of the dense view are not those of the fact.
    """
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for relation in manifest["relasjoner"]:
        path = folder / relation["fil"]
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            # A set that is no longer the latest has lost what is about single persons.
            assert relation["personnivaa"], path
            assert (folder.parent.parent / LATEST).resolve() != folder, path
            continue
        assert hashlib.sha256(content).hexdigest() == relation["sha256"], path
        assert len(content) == relation["byte_antall"], path
        if not relation["personnivaa"]:
            assert parquet(f"select count(*) from '{path}'") == [(relation["rad_antall"],)], path
    by_week = "group by all having sum(antall) > 0 order by all"
    marts = folder / INTERNAL
    assert parquet(f"select \"år\", uke, sum(antall) from '{marts}/uke_antall.parquet' {by_week}") == parquet(
        "select isoyear(uke_start_dato), week(uke_start_dato), sum(antall) from (select uke_start_dato, person_antall "
        f"as antall from '{marts}/{FACT}.parquet') {by_week}"
    )
    return manifest


def whole_set(job: Job) -> dict[str, Any]:
    """Return the manifest of the latest set, which is whole, with everything it names."""
    latest = (job.warehouse.export / LATEST).resolve()
    manifest = check_set(latest)
    assert {str(path.relative_to(latest)) for path in latest.rglob("*") if path.is_file()} == {
        MANIFEST,
        *(f"{INTERNAL}/{name}" for name in ("KUN_INTERN_BRUK.txt", "ordbok.csv")),
        *(relation["fil"] for relation in manifest["relasjoner"]),
    }
    return manifest


def by_week(fact: Rows) -> dict[date, Rows]:
    """Return the rows of a fact by their week, the first column."""
    weeks: dict[date, Rows] = {}
    for row in fact:
        weeks.setdefault(row[0], []).append(row)
    return weeks


def clean_tables(contents: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return the tables with rows that the loader has written, of the contents of a database."""
    return {
        name: found for name, found in contents.items() if name.startswith(("uttrekk.", "drift.uttrekk_")) and found[0]
    }


def assert_whole(world: World, before: int = 0) -> None:
    """Look at what a run that did not end has left, or one that did.

    Args:
        world: the undisturbed runs.
        before: how many extracts were loaded before it, less one; -1 for none. The run's own is the one after.

    Raises:
        AssertionError: a week, the clean tables, what was published or the export is neither as before the run nor as
            after it.
    """
    job, facts = world.job, list(world.facts.values())
    old, new = facts[before] if before >= 0 else [], facts[before + 1]
    found, weeks_before, weeks_after = by_week(job.table(FACT)), by_week(old), by_week(new)
    mixed = [
        week
        for week in {*found, *weeks_before, *weeks_after}
        if found.get(week) not in (weeks_before.get(week), weeks_after.get(week))
    ]
    assert mixed == []
    assert clean_tables(job.warehouse.contents()) in [
        clean_tables(world.contents[week]) if week >= 0 else {} for week in (before, before + 1)
    ], "neither of one extract nor of the other"
    if before >= 0:
        time = world.first_publication
        columns = ", ".join((*Cell._fields, *Counts._fields))
        valid = f"publisert_fom_tid <= '{time}' and (publisert_til_tid > '{time}' or publisert_til_tid is null)"
        shown = job.table(PUBLISHED, columns, valid)
        assert shown == sorted([row[: len(shown[0])] for row in facts[0]], key=repr)
    if before >= 0 or (job.warehouse.export / LATEST).is_symlink():
        manifest = whole_set(job)
        latest = (job.warehouse.export / LATEST).resolve()
        exported = sorted(parquet(f"select * from '{latest}/{INTERNAL}/{FACT}.parquet'"), key=repr)
        assert exported == world.facts[manifest["uttrekk_tid"]]
        assert exported in (old, new)
        exported = parquet(f"select kjoring_id from '{latest}/{INTERNAL}/kjoring.parquet' where fullfort_flagg")
        assert set(job.table("kjoring", "kjoring_id", "fullfort_flagg")) <= set(exported), "complete, but not exported"


def assert_undisturbed(world: World, week: int = 1) -> None:
    """Compare what is on the disk with what runs without any fault left.

    Raises:
        AssertionError: a table or the export differs, or something is left that is not theirs.
    """
    job = world.job
    found, expected = job.warehouse.contents(), world.contents[week]
    assert list(found) == list(expected)
    assert [name for name in found if found[name] != expected[name]] == []
    manifest = whole_set(job)
    assert manifest["uttrekk_tid"] == list(world.facts)[week]
    latest = (job.warehouse.export / LATEST).resolve()
    for relation in manifest["relasjoner"]:
        exported = parquet(f"select * from '{latest / relation['fil']}'")
        assert sorted(exported, key=repr) == job.table(relation["navn"]), relation["navn"]
    assert job.warehouse.rows("select fullfort_flagg from kjoring order by startet_tid desc limit 1") == [(True,)]
    assert_tidy(job.warehouse.export)


def assert_tidy(export: Path) -> None:
    """Look for what does not belong in an export: unfinished or old sets, rows about persons in an earlier one.

    Raises:
        AssertionError: there is some.
    """
    latest = (export / LATEST).resolve()
    manifest = json.loads((latest / MANIFEST).read_text(encoding="utf-8"))
    files = [MANIFEST, *(relation["fil"] for relation in manifest["relasjoner"])]
    personal = {relation["fil"] for relation in manifest["relasjoner"] if relation["personnivaa"]}
    assert {path.name for path in export.iterdir()} == {SETS, LATEST, MANIFEST, INTERNAL}
    assert all((export / name).is_file() for name in files)
    sets = list((export / SETS).iterdir())
    assert len(sets) <= 2
    assert all((path / MANIFEST).is_file() and not path.name.startswith(UNFINISHED) for path in sets)
    assert not [path for path in sets if path != latest and any((path / name).exists() for name in personal)]


def begins(node: str) -> str:
    """Return the line of the log with which a model, seed or snapshot begins."""
    return rf"Began executing node \w+\.tiltaksstatistikk\.{node}$"


def commits(node: str) -> str:
    """Return the line of the log with which the transaction of a model or snapshot is committed."""
    return rf"On \w+\.tiltaksstatistikk\.{node}: COMMIT"


# The statement that loads an extract, and with it all of the loader's transaction.
LOADS = r"select last_uttrekk\("
# The last file that is looked at before the loader's transaction begins, which then reads it too.
LAST_FILE = "vent_person_periode_v.csv"
STATEMENT_DONE = "SQL status: OK"
LAST_LINE = "Flushing usage events"
MEGABYTE = 1 << 20
RANDOM = random.Random(20250804)


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(
            [
                Moment(LOADS, opened=LAST_FILE),
                Moment(LOADS, logged=1),
                Moment(commits("snap_pto__oppfolgingsbruker"), 0.002),
            ],
            id="before the fact",
        ),
        pytest.param(
            [Moment(LOADS, seconds) for seconds in (0.005, 0.3, 0.6, 0.9)]
            + [Moment(LOADS, 0.05, opened=LAST_FILE), Moment(LOADS, logged=1), Moment(LOADS, logged=50_000)],
            id="in the load",
        ),
        pytest.param(
            [
                Moment(rf'delete from "tiltak"."main"."{FACT}"'),
                Moment(commits(FACT)),
                Moment(rf'update "tiltak"."main"."{PUBLISHED}"'),
                Moment(commits(PUBLISHED), 0.001),
                Moment(r'copy \(select \* from "tiltak"."main"."uke_antall"'),
            ],
            id="from the fact to the export",
        ),
        pytest.param([Moment(commits(FACT), 0.02)], id="after the fact"),
        pytest.param(
            [Moment(r"select export_publish\(", 0.03), Moment(r"select export_publish\(", 0.25)], id="publishing"
        ),
        pytest.param([Moment(LAST_LINE, grown=5 * MEGABYTE)], id="writing of the database file at the end"),
        pytest.param([Moment(STATEMENT_DONE, number=RANDOM.randrange(140, 780)) for _ in range(3)], id="at random"),
    ],
)
def test_a_killed_run_leaves_nothing_to_repair(world: World, moments: list[Moment]) -> None:
    """After each kill everything is whole, and the next run that is let alone makes all as if nothing had happened."""
    for moment in moments:
        world.job.start(world.uttrekk[1]).kill(moment)
        assert_whole(world)
    world.job.run(world.uttrekk[1])
    assert_undisturbed(world)


def test_a_killed_first_run_leaves_nothing_to_repair(world: World) -> None:
    """The same with a database that is not there before."""
    world.job.restore(None)
    for moment in (Moment(LOADS, logged=1), Moment(commits(FACT)), Moment(r"select export_publish\(", 0.1)):
        world.job.start(world.uttrekk[0]).kill(moment)
        assert_whole(world, before=-1)
    world.job.run(world.uttrekk[0])
    assert_undisturbed(world, week=0)


def test_a_killed_full_refresh_leaves_nothing_to_repair(world: World) -> None:
    """The tables that a full refresh replaces are the old or the new, and an ordinary run goes on from there."""
    for moment in (
        Moment(LOADS, 0.05, opened=LAST_FILE),
        Moment(commits(FACT)),
        Moment(rf'drop table if exists "tiltak"."main"."{FACT}__dbt_backup"'),
    ):
        world.job.start(world.uttrekk[1], "--full-refresh").kill(moment)
        assert_whole(world)
    world.job.run(world.uttrekk[1])
    assert_undisturbed(world)


# Publishes a set in each folder, and is killed before its first step with files, its second, and so on.
PUBLISH_AND_KILL = """
import json, os, pathlib, shutil, signal, sys
from tiltaksstatistikk.export import sets

def publish(folder, step):
    def kill(event, arguments):
        nonlocal step
        if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink") or (
            event == "open" and str(arguments[0]).startswith(folder)
        ):
            step -= 1
            if step < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(kill)
    new = sets.start(pathlib.Path(folder), "nytt")
    for relation in manifest["relasjoner"]:
        shutil.copy(f"{source}/{relation['navn']}.parquet", new / sets.INTERNAL)
    sets.publish(new, manifest)

source, *folders = sys.argv[1:]
manifest = json.load(sys.stdin)
for step, folder in enumerate(folders):
    child = os.fork()
    if not child:
        publish(folder, step)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_publishing_is_killed_before_each_of_its_steps(tmp_path: Path) -> None:
    """Whatever file is written, renamed or removed next: readers see a whole set, and the next set tidies up."""
    source = tmp_path / "kilde"
    source.mkdir()
    old, new = (
        {
            "relasjoner": [
                {"navn": name, "mappe": INTERNAL, "personnivaa": name == "avvik"}
                for name in (FACT, "uke_antall", "avvik", more)
            ]
        }
        for more in ("utgaatt", "ny")
    )
    for name in (FACT, "uke_antall", "avvik", "utgaatt", "ny"):
        columns = "date '2025-07-28' as uke_start_dato, 2 as person_antall, 2025 as \"år\", 31 as uke, 2 as antall"
        parquet(f"copy (select {columns}) to '{source}/{name}.parquet' (format parquet)")

    def put(export: Path, name: str, manifest: dict[str, Any]) -> None:
        folder = start(export, name)
        for relation in manifest["relasjoner"]:
            shutil.copy(source / f"{relation['navn']}.parquet", folder / INTERNAL)
        publish(folder, json.loads(json.dumps(manifest)))

    exports = [tmp_path / f"eksport_{step}" for step in range(60)]
    put(exports[0], "eldre", old)
    put(exports[0], "gammelt", old)
    for export in exports[1:]:
        shutil.copytree(exports[0], export, symlinks=True)
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH_AND_KILL, str(source), *map(str, exports)],
        input=json.dumps(new), text=True,
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    codes = [int(code) for code in done.stdout.split()]
    steps = codes.count(-signal.SIGKILL)
    assert codes == [-signal.SIGKILL] * steps + [0] * (len(exports) - steps), done.stderr
    assert 10 < steps < len(exports)
    seen, untidy = set(), {}
    for step, export in enumerate(exports[: steps + 1]):
        latest = (export / LATEST).resolve()
        check_set(latest)
        seen.add(latest.name)
        put(export, "neste", new)
        try:
            assert_tidy(export)
        except AssertionError:
            untidy[step] = sorted(str(path.relative_to(export)) for path in export.rglob("*"))
    assert seen == {"gammelt", "nytt"}
    assert untidy == {}


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Make a file system in memory, as whoever runs the tests is allowed to, and remove it afterwards.

    Args:
        folder: an empty folder.
        size: how many bytes it has room for.

    Yields:
        The path of the file system: `folder`, or how it is seen from outside when only a process of its own sees it.
    """
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    ways = [[], ["sudo", "-n"]] if shutil.which("sudo") else [[]]
    way = next((way for way in ways if not subprocess.run([*way, *mount], capture_output=True).returncode), None)
    if way is not None:
        try:
            yield folder
        finally:
            subprocess.run([*way, "umount", "--lazy", str(folder)], check=True)
        return
    namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", '"$@" && echo mounted && exec cat', "-"]
    with subprocess.Popen([*namespace, *mount], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "mounted\n", "neither mount, sudo mount nor unshare can make a file system"
        yield Path(f"/proc/{holder.pid}/root{folder}")


def fill(disk: Path, left: int = 0) -> None:
    """Fill a disk with a file, so that so many bytes are left."""
    with (disk / "ballast").open("ab") as file:
        chunk = MEGABYTE
        while chunk >= 4096:
            found = os.statvfs(disk)
            more = min(chunk, found.f_bavail * found.f_frsize - left)
            try:
                file.write(bytes(max(more, 0)))
                file.flush()
            except OSError:
                more = 0
            if more < chunk:
                chunk //= 2


# Enough for what a run changes, beside the database file and before it is taken into it.
ROOM = 11 * MEGABYTE


class Shortage(NamedTuple):
    """A disk that runs full during a run.

    Attributes:
        failed: a regular expression of what the run then says has failed.
        left: how many bytes are left when the run starts.
        moment: when these are taken too.
    """

    failed: str
    left: int = ROOM
    moment: Moment | None = None


@pytest.mark.parametrize(
    "shortages",
    [
        pytest.param(
            [
                Shortage("The extract could not be loaded, and nothing was changed", left=100_000),
                Shortage("The extract could not be loaded, and nothing was changed", moment=Moment(LOADS)),
                Shortage(rf"ERROR creating .* main\.{FACT}", moment=Moment(begins(FACT))),
                Shortage("/eksport", moment=Moment(r"select export_publish\(")),
            ],
            id="in the load, at the fact, at publishing",
        ),
        pytest.param(
            [
                Shortage(r"ERROR creating .* intermediate\.int_", moment=Moment(begins("int_deltakelse_segment"))),
                Shortage("/eksport", moment=Moment(r"select export_start\(")),
            ],
            id="in the histories, in the export",
        ),
    ],
)
def test_a_full_disk_stops_the_run_and_breaks_nothing(world: World, shortages: list[Shortage]) -> None:
    """Each run says so, readers see whole weeks and a whole set; with room again the next run does it all."""
    job = world.job
    job.restore(None)
    with small_disk(job.disk, 64 * MEGABYTE) as disk, job.moved(disk):
        job.restore(world.disks[0])
        for shortage in shortages:
            fill(disk, shortage.left)
            run = job.start(world.uttrekk[1])
            if shortage.moment:
                run.wait_for(shortage.moment)
                fill(disk)
            code, output = run.end(), run.output()
            assert code, output
            assert re.search(shortage.failed, output), output
            assert "No space left on device" in output, output
            assert not TRACEBACK.search(output), output
            assert_whole(world)
            (disk / "ballast").unlink()
            assert_whole(world)
        job.run(world.uttrekk[1])
        assert_undisturbed(world)


def test_a_disk_without_room_for_the_last_of_it(world: World) -> None:
    """When the changes only fit beside the database file and not into it, the run has still succeeded."""
    job = world.job
    job.restore(None)
    with small_disk(job.disk, 64 * MEGABYTE) as disk, job.moved(disk):
        job.restore(world.disks[0])
        fill(disk, ROOM)
        job.run(world.uttrekk[1])
        assert job.warehouse.path.with_name("tiltak.duckdb.wal").exists()
        assert_undisturbed(world)
        (disk / "ballast").unlink()
        job.run(world.uttrekk[1])
        assert_undisturbed(world)


def assert_locked_out(run: Run) -> None:
    """Look at the end of a run that found the database locked.

    Raises:
        AssertionError: it does not say so in a sentence that names the database, or had begun to work.
    """
    assert run.end(), run.output()
    assert " START " not in run.output(), run.output()
    assert re.search(rf'Could not set lock on file "{re.escape(str(run.database))}"', run.output()), run.output()
    assert not TRACEBACK.search(run.output()), run.output()


def test_two_runs_at_once_do_not_mix(world: World) -> None:
    """One works, the other waits for it or stops; they never take turns."""
    runs = [world.job.start(world.uttrekk[1], "--log-format-file", "json") for _ in range(2)]
    worked = []
    for run in runs:
        if run.end():
            assert_locked_out(run)
            continue
        events = [json.loads(line)["info"] for line in run.log.read_text(encoding="utf-8").splitlines()]
        times = [event["ts"] for event in events if event["name"] in ("LogStartLine", "LogModelResult")]
        worked.append((min(times), max(times)))
    assert 1 <= len(worked) <= 2
    assert all(one_end < other_start for (_, one_end), (other_start, _) in pairwise(sorted(worked)))
    assert_undisturbed(world)
    lines = world.job.warehouse.rows("select count(*), count(distinct kjoring_id) from kjoring")
    assert lines == [(1 + len(worked), 1 + len(worked))]


def test_a_database_that_another_holds_is_left_alone(world: World) -> None:
    """A run waits for half a minute, then says which file is locked, and has changed nothing."""
    job = world.job
    before = file_contents(job.disk)
    hold = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(job.warehouse.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert_locked_out(job.start(world.uttrekk[1]))
    assert file_contents(job.disk) == before


def file_contents(folder: Path) -> dict[str, str]:
    """Return a checksum of every file in a folder by its path, and where every link points."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


class Reader(threading.Thread):
    """Reads the export again and again, as those who use it do, until `stop` is set.

    Attributes:
        sets: the fact of every set it has read, by the run and the time of its extract.
        errors: what went wrong.
        rounds: how many times it has read a whole set.
    """

    def __init__(self, export: Path) -> None:
        """Take the folder of the export."""
        super().__init__(daemon=True)
        self.export = export
        self.stop = threading.Event()
        self.sets: dict[tuple[str, str], list[Rows]] = {}
        self.errors: list[BaseException] = []
        self.rounds = 0

    def run(self) -> None:
        """Read until told to stop, or until something is wrong."""
        try:
            while not self.stop.is_set():
                self.read()
                self.rounds += 1
        except BaseException as error:
            self.errors.append(error)

    def read(self) -> None:
        """Read one set through `siste`, and each relation through its own link."""
        folder = (self.export / LATEST).resolve()
        manifest = check_set(folder)
        fact = sorted(parquet(f"select * from '{folder}/{INTERNAL}/{FACT}.parquet'"), key=repr)
        facts = self.sets.setdefault((manifest["kjoring_id"], manifest["uttrekk_tid"]), [])
        if fact not in facts:
            facts.append(fact)
        for relation in manifest["relasjoner"]:
            if not relation["personnivaa"]:
                assert (self.export / relation["fil"]).read_bytes().startswith(b"PAR1")


def test_a_reader_never_sees_the_middle_of_a_run(world: World) -> None:
    """Two runs are read all the way: always a whole set, of one run."""
    job = world.job
    reader = Reader(job.warehouse.export)
    reader.start()
    for uttrekk in world.uttrekk[1:]:
        job.run(uttrekk)
    facts = {**world.facts, whole_set(job)["uttrekk_tid"]: job.table(FACT)}
    enough = reader.rounds + 2
    while reader.rounds < enough and reader.is_alive():
        time.sleep(0.01)
    reader.stop.set()
    reader.join()
    assert reader.errors == []
    assert len(facts) == 3
    assert {time for _, time in reader.sets} == set(facts)
    assert len(reader.sets) == 3
    assert all(found == [facts[time]] for (_, time), found in reader.sets.items())


def cut_off(folder: Path, run: Callable[[], Run]) -> Run:
    """Cut the topic off in the middle of a message."""
    path = folder / f"{TOPIC}.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"\n", 0, len(content) // 2) + 100])
    return run()


def not_all_arrived(folder: Path, run: Callable[[], Run]) -> Run:
    """Take away the files that a copy in the order of the alphabet has at the end."""
    for path in sorted(folder.iterdir())[-3:]:
        path.unlink()
    return run()


def one_is_being_written(folder: Path, run: Callable[[], Run]) -> Run:
    """Cut a table off in the middle of a row."""
    path = folder / "oppfolgingsbruker.csv"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"\n", 0, len(content) // 2) + 5])
    return run()


def growing(folder: Path, run: Callable[[], Run]) -> Run:
    """Let the topic go on growing, a message each 50 milliseconds, from before the run to its end."""
    path = folder / f"{TOPIC}.jsonl"
    message = path.read_bytes().splitlines(keepends=True)[-1]
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.05):
            with path.open("ab") as file:
                file.write(message)

    thread = threading.Thread(target=grow, daemon=True)
    thread.start()
    started = run()
    started.end()
    stop.set()
    thread.join()
    return started


def written_anew(folder: Path, run: Callable[[], Run]) -> Run:
    """Replace a table by another with as many bytes while it is being loaded."""
    started = run()
    started.wait_for(Moment(LOADS, opened=LAST_FILE))
    path = folder / "oppfolgingsbruker.csv"
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, *reversed(rows)]))
    return started


def one_more_file(folder: Path, run: Callable[[], Run]) -> Run:
    """Let another file of the topic arrive while it is being loaded."""
    started = run()
    started.wait_for(Moment(LOADS, opened=LAST_FILE))
    (folder / f"{TOPIC}-2.jsonl").write_bytes((folder / f"{TOPIC}.jsonl").read_bytes().splitlines(keepends=True)[-1])
    return started


def test_half_an_extract_is_not_loaded(world: World, tmp_path: Path) -> None:
    """Each time the run stops, names the file, and leaves what readers see; the whole extract is then loaded."""
    job = world.job
    fact, published, export = job.table(FACT), job.table(PUBLISHED), file_contents(job.warehouse.export)
    for number, (fault, named) in enumerate(
        [
            (cut_off, [f"uttrekk/{TOPIC}.jsonl cannot be read", "it ends in the middle of a message"]),
            (not_all_arrived, ["The file veiledergruppe.csv or veiledergruppe.parquet is missing"]),
            (one_is_being_written, ["Line", "uttrekk/oppfolgingsbruker.csv cannot be read"]),
            (growing, [f"uttrekk/{TOPIC}.jsonl was changed while it was being read", "Nothing was changed"]),
            (written_anew, ["uttrekk/oppfolgingsbruker.csv was changed while it was being read"]),
            (one_more_file, [f"uttrekk/{TOPIC}-2.jsonl was changed while it was being read"]),
        ]
    ):
        folder = tmp_path / f"uttrekk_{number}"
        shutil.copytree(world.uttrekk[1], folder)
        run = fault(folder, lambda folder=folder: job.start(folder))  # type: ignore[misc]
        assert run.end(), fault
        output = run.output()
        for word in named:
            assert word in output, output
        assert not TRACEBACK.search(output), output
        assert job.table(FACT) == fact
        assert job.table(PUBLISHED) == published
        assert file_contents(job.warehouse.export) == export
    job.run(world.uttrekk[1])
    assert_undisturbed(world)
