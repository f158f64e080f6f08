"""Fixtures: a real world of two weeks on servers of this machine, and the same as raw extracts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.servers import Brokers, Register, from_files, raw_lines, records_of, register, rows_of, write_kilder
from tests.rules.warehouse import KEY
from tiltaksstatistikk.fetch import hent, kafka
from tiltaksstatistikk.fetch import register as register_module
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk
from tiltaksstatistikk.load.objects import TOPICS


@dataclass
class World:
    """An extract of synthetic people with faults, and the servers that have the same.

    Attributes:
        folder: for what is fetched.
        weeks: the extracts as the generator made them, the second of changes.
        raw: the first as somebody would fetch it with `kcat -J` and by hand.
        brokers: have the topics.
        register: has NORG2's units.
        kilder: what kilder.yml says.
    """

    folder: Path
    weeks: list[Path]
    raw: Path
    brokers: Brokers
    register: Register
    kilder: dict[str, dict[str, Any]]

    def write(self, name: str, **changed: dict[str, Any]) -> Path:
        """Write kilder.yml, with some sources otherwise."""
        return write_kilder(self.folder / name, {**self.kilder, **changed})


def as_register(extract: Path) -> list[dict[str, Any]]:
    """Return NORG2's units as its JSON has them: other names, and more than anybody asks for."""
    return [
        {"enhetNr": row.pop("enhetsnummer"), "kontakt": {"telefon": "55553333"}, **row}
        for row in rows_of(extract, "nav_enhet")
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make the world, and start its servers."""
    folder = tmp_path_factory.mktemp("verden")
    first, second, raw = folder / "uke1", folder / "uke2", folder / "raa"
    made = [str(first), "--seed", "5", "--participations", "400", "--faults", "--gzip"]
    assert make_uttrekk(made) == 0
    assert make_uttrekk([str(second), "--seed", "5", "--previous", str(first), "--only-changes", "--gzip"]) == 0
    brokers = Brokers()
    shutil.copytree(first, raw, ignore=shutil.ignore_patterns("*.jsonl.gz"))
    kilder = from_files(raw)
    for topic in TOPICS:
        brokers.put(topic.file, records_of(first, topic))
        (raw / f"{topic.file}.jsonl.gz").write_bytes(raw_lines(brokers.drain(topic.file)))
        kilder[topic.file] = {"kafka": topic.file}
    with register(as_register(raw)) as server, pytest.MonkeyPatch.context() as patch:
        kilder["nav_enhet"] = {
            "http": server.address,
            "rader": "$.svar.enheter[*]",
            "kolonner": {"enhetsnummer": "enhetNr"},
        }
        patch.setenv("PSEUDONYM_NOKKEL", KEY)
        patch.setenv("KAFKA_BROKERS", brokers.address)
        # The mock cluster does not answer these.
        patch.setattr(kafka, "DESCRIBE_SECONDS", 0.5)
        patch.setattr(hent, "PAUSE_SECONDS", 0.05)
        patch.setattr(register_module, "FIRST_PAUSE_SECONDS", 0.02)
        yield World(folder, [first, second], raw, brokers, server, kilder)
