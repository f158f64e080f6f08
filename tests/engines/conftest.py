"""What the tests of each engine start from: a workplace, DuckDB's project, and the same two weeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.rules.brute_force import TOPIC
from tests.rules.warehouse import parse as parse_project
from tests.rules.warehouse import real_run
from tiltaksstatistikk.generator.make_uttrekk import main as make_uttrekk

# Lines that begin as a message: what follows it, or how it is written, makes them none.
NOT_ONE_MESSAGE = (
    '{"offset": 1, "key": "a", "value": null} x',
    '{"offset": 2, "key": "b", "value": null}}',
    '{"offset": 3, "key": "c", "value": null}]',
    '{"offset": 4, "key": "d", "value": null} {"offset": 5, "key": "e", "value": null}',
    '{"offset": 6, "key": "f", "value": null}, {"offset": 7, "key": "g", "value": null}',
    "{'offset': 8, 'key': 'h', 'value': null}",
    '"offset", "key", "value"',
)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with everything that dbt and an engine write, and the environment of a real run."""
    with real_run(tmp_path_factory.mktemp("engines")) as folder:
        yield folder


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the project for DuckDB, with the open numbers."""
    return parse_project(aapne_tall=True)


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the generator's extracts of two weeks with faults, in different forms."""
    folder = tmp_path_factory.mktemp("two_weeks")
    weeks = [folder / "uke_0", folder / "uke_1"]
    make_uttrekk([str(weeks[0]), "--seed", "41", "--participations", "120", "--faults", "--format", "parquet"])
    make_uttrekk([str(weeks[1]), "--seed", "42", "--previous", str(weeks[0]), "--faults", "--gzip"])
    with next(weeks[0].glob(f"{TOPIC}*.jsonl")).open("a", encoding="utf-8") as topic:
        topic.writelines(f"{line}\n" for line in NOT_ONE_MESSAGE)
    return weeks
