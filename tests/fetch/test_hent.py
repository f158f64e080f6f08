"""A fetch from servers of this machine: it loads as the raw extract does, and holds no ident."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.engines.same_marts import assert_same_marts
from tests.engines.secrets import idents_of
from tests.fetch.conftest import World, as_register
from tests.fetch.servers import answer, from_files, raw_lines, records_of
from tests.rules.brute_force import World as Oracle
from tests.rules.warehouse import KEY, ROOT, Warehouse, assert_equal, load, parse, real_run
from tiltaksstatistikk.fetch import hent
from tiltaksstatistikk.load.objects import TOPICS

SCRIPT = [sys.executable, str(ROOT / "scripts" / "hent_uttrekk.py")]
# Free text that the generator's messages have, in fields that nobody reads.
NAMES = ("Fornavn", "Etternavn", "Tlf", "beskrivelse", "navIdent", "personalia", "55553333")


def fetch(world: World, name: str, kilder: Path, *arguments: str) -> Path:
    """Fetch an extract, and return its folder.

    Raises:
        AssertionError: it was not fetched.
    """
    place = world.folder / name
    assert hent.main([str(place), "--kilder", str(kilder), *arguments]) == 0
    return place


def date_as(raw: Path, fetched: Path) -> None:
    """Date a raw extract as one that was fetched."""
    rows = list(csv.DictReader((fetched / "uttrekk.csv").open(encoding="utf-8", newline="")))
    with (raw / "uttrekk.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["kilde", "uttrekk_tidspunkt", "omfang"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def weeks(world: World) -> list[tuple[Path, Path]]:
    """Fetch both weeks, and give each with the raw extract of the same. The second has what is new of the topics."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hent, "now", lambda: "2025-08-04T06:00:00+02:00")
        first = fetch(world, "hentet1", world.write("kilder1.yml"))
        date_as(world.raw, first)
        raw = world.folder / "raa2"
        shutil.copytree(world.weeks[1], raw, ignore=shutil.ignore_patterns("*.jsonl.gz"))
        tables = {name: one for name, one in from_files(raw).items() if name != "nav_enhet"}
        state = json.loads((first / "hentet.json").read_text(encoding="utf-8"))["kilder"]
        for topic in TOPICS:
            world.brokers.put(topic.file, records_of(world.weeks[1], topic))
            known = {int(number): one["end"] for number, one in state[topic.file]["offsets"]["partitions"].items()}
            new = world.brokers.drain(topic.file, known)
            assert new
            (raw / f"{topic.file}.jsonl.gz").write_bytes(raw_lines(new))
        world.register.body = json.dumps({"svar": {"enheter": as_register(raw)}}).encode()
        patch.setattr(hent, "now", lambda: "2025-08-11T06:00:00+02:00")
        second = fetch(world, "hentet2", world.write("kilder2.yml", **tables), "--forrige", str(first))
        date_as(raw, second)
    return [(world.raw, first), (raw, second)]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Give the environment of a real run."""
    with real_run(tmp_path_factory.mktemp("hent")) as folder:
        yield folder


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the project."""
    return parse(aapne_tall=False)


def test_the_marts_are_those_of_the_raw_extracts(
    weeks: list[tuple[Path, Path]], workplace: Path, manifest: Manifest
) -> None:
    """Raw, fetched, and the one after the other: every mart is the same, and what the specification says."""
    raw, fetched = Warehouse(workplace / "raw", manifest), Warehouse(workplace / "fetched", manifest)
    oracle = Oracle(key=KEY)
    for of_raw, of_fetched in weeks:
        raw.build(of_raw)
        if of_raw == weeks[0][0]:
            mixed = raw.copied_to(workplace / "mixed")
        fetched.build(of_fetched)
        load(oracle, of_raw)
    mixed.build(weeks[1][1])
    assert_same_marts(raw, fetched)
    assert_same_marts(raw, mixed)
    assert_equal(fetched, oracle)
    for table in ("person_nokkel", "serie_nokkel"):
        expected = sorted(raw.rows(f"from uttrekk.{table}"))
        assert expected
        assert [sorted(other.rows(f"from uttrekk.{table}")) for other in (fetched, mixed)] == [expected] * 2


def texts_of(folder: Path) -> dict[str, str]:
    """Return what each file of a folder says, unpacked, with the bytes as they are."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_dir():
            continue
        content = path.read_bytes()
        text = content.decode("latin-1")
        if path.suffix == ".gz":
            # What was killed may end anywhere.
            with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as file:
                try:
                    while chunk := file.read(4096):
                        text += chunk.decode("latin-1")
                except EOFError:
                    pass
        if content[:4] == content[-4:] == b"PAR1":
            with duckdb.connect() as connection:
                text += repr(connection.read_parquet(str(path)).fetchall())
        found[path.name] = text
    return found


def test_no_ident_is_written(weeks: list[tuple[Path, Path]], world: World) -> None:
    """Neither in clear nor unkeyed, in no file, compressed or not; no name, and not the key."""
    for week, (_, fetched) in zip(world.weeks, weeks, strict=True):
        words = idents_of(week) | {KEY, *NAMES}
        texts = texts_of(fetched)
        assert len(texts) > 12
        assert [(name, word) for name, text in texts.items() for word in words if word in text] == []


def lines_of(folder: Path, topic: str) -> list[dict[str, Any]]:
    """Return the messages in the files of a topic."""
    found = []
    for path in sorted(folder.glob(f"{topic}*")):
        found += [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return found


def test_offsets_and_tombstones_are_kept(weeks: list[tuple[Path, Path]]) -> None:
    """Each message of the topic is a line with its own place, and no other."""
    for (raw, fetched), topic in product(weeks, TOPICS):
        lines = [(one["partition"], one["offset"], one["timestamp"], one["value"] is None)
                 for one in lines_of(fetched, topic.file)]  # fmt: skip
        expected = [(one["partition"], one["offset"], one["ts"], one["payload"] is None)
                    for one in lines_of(raw, topic.file)]  # fmt: skip
        assert sorted(lines) == sorted(expected)


def test_a_folder_that_is_there_is_left_alone(
    weeks: list[tuple[Path, Path]], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is fetched."""
    place = weeks[0][1]
    before = texts_of(place)
    assert hent.main([str(place), "--kilder", str(world.write("kilder1.yml"))]) == 1
    assert f"There is a folder {place} already" in capsys.readouterr().err
    assert texts_of(place) == before


def test_killed_at_any_moment(world: World) -> None:
    """The folder is whole or not there, nothing that was left has an ident, and the next attempt goes on."""
    kilder = world.write("kilder_drept.yml")
    words = idents_of(world.weeks[0]) | {KEY, *NAMES}
    place = world.folder / "drept"
    draws = random.Random(4)
    killed = 0
    for _ in range(12):
        process = subprocess.Popen(
            [*SCRIPT, str(place), "--kilder", str(kilder)], stderr=subprocess.PIPE, start_new_session=True
        )
        try:
            process.wait(draws.uniform(0.9, 5))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        _, said = process.communicate()
        texts = texts_of(world.folder / f".{place.name}.del") if not place.exists() else texts_of(place)
        assert [(name, word) for name, text in texts.items() for word in words if word in text] == []
        if place.exists():
            break
        assert process.returncode == -signal.SIGKILL
    assert killed > 1
    if not place.exists():
        fetch(world, "drept", kilder)
    else:
        assert b"is there from the attempt before" in said
    assert not (world.folder / ".drept.del").exists()


def test_no_room(world: World) -> None:
    """A file that cannot grow: one sentence, and no folder."""
    place = world.folder / "fullt"
    done = subprocess.run(
        [*SCRIPT, str(place), "--kilder", str(world.write("kilder_fullt.yml"))],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be fetched" in done.stderr.splitlines()[-1]
    assert not place.exists()
    fetch(world, "fullt", world.write("kilder_fullt.yml"))


def test_a_register_that_fails_for_a_while(world: World) -> None:
    """Busy, gone in the middle of the answer, half an answer, a page of HTML: it is asked again."""
    body = world.register.body
    world.register.faults = [
        lambda handler: answer(handler, 503, b"", Retry_After="0"),
        lambda handler: answer(handler, 200, body[: len(body) // 2], len(body)),
        lambda handler: answer(handler, 200, body[: len(body) // 2]),
        lambda handler: answer(handler, 200, b"<html>Logg inn</html>"),
        lambda handler: handler.connection.close(),
    ]
    asked = len(world.register.asked)
    place = fetch(world, "register", world.write("kilder_register.yml"))
    assert len(world.register.asked) == asked + 6
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(place / "nav_enhet.parquet")).fetchall()
    assert len(rows) == len(json.loads(body)["svar"]["enheter"])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"rader": "$.enheter[*]"}, r"nav_enhet .* enhetsnummer \(\$\.enhetNr\).* is in no row.* \(rader\)"),
        ({"rader": "$.svar.enheter[*]"}, r"In its JSON enhetsnummer \(\$\.enhetsnummer\) is in no row"),
    ],
)
def test_a_register_with_other_fields(
    world: World, source: dict[str, object], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are named, and how to say where they are. The address's query, which may be a secret, is not."""
    columns = {} if "svar" in str(source) else {"kolonner": {"enhetsnummer": "enhetNr"}}
    kilder = world.write("kilder_felt.yml", nav_enhet={"http": world.register.address, **source, **columns})
    place = world.folder / f"felt{len(columns)}"
    assert hent.main([str(place), "--kilder", str(kilder)]) == 1
    error = capsys.readouterr().err
    assert re.search(says, error), error
    assert "hemmelig" not in error
    assert not place.exists()


def test_a_register_that_is_not_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A secret that is refused is not asked about again."""
    world.register.faults = [lambda handler: answer(handler, 401, b"")]
    assert hent.main([str(world.folder / "borte"), "--kilder", str(world.write("kilder_borte.yml"))]) == 1
    assert "it answers 401 Unauthorized" in capsys.readouterr().err
    assert world.register.faults == []


def test_two_at_a_time(world: World) -> None:
    """The second is told that there is a first, and destroys nothing."""
    place, kilder = world.folder / "to", world.write("kilder_to.yml")
    command = [*SCRIPT, str(place), "--kilder", str(kilder)]

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(6)
        answer(handler, 200, world.register.body)

    world.register.faults = [slowly]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as first:
        while not (world.folder / ".to.del" / "hentet.json").exists():
            time.sleep(0.05)
        second = subprocess.run(command, capture_output=True, text=True)
        assert (second.returncode, "Another process is fetching" in second.stderr) == (1, True)
        first.communicate()
    assert first.returncode == 0
    assert place.is_dir()
