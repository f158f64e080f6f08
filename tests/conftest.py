"""Fixtures: the parsed project, and databases of one's own to run it on."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.rules.warehouse import Warehouse, parse, real_run

NewWarehouse = Callable[[date | None], Warehouse]
Copy = Callable[[Warehouse], Warehouse]


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with everything that dbt writes, and the environment of a real run."""
    with real_run(tmp_path_factory.mktemp("warehouses")) as folder:
        yield folder


@pytest.fixture(scope="session")
def manifest(workplace: Path) -> Manifest:
    """Parse the project once: half of a small build is parsing. What is published has tests of its own."""
    parsed = parse(aapne_tall=False)
    for node in parsed.nodes.values():
        # A comment on each column takes a fifth of a small build, and says nothing of what is counted.
        if hasattr(node.config, "persist_docs"):
            node.config.persist_docs = {}
    # dbt makes few cycles, and looking for them among all that a parsed project is takes a sixth of a small build.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    return parsed


@pytest.fixture(scope="session")
def new_warehouse(workplace: Path, manifest: Manifest) -> NewWarehouse:
    """Give a function that makes an empty warehouse with a first week."""
    made: list[Warehouse] = []

    def make(fra_uke_dato: date | None = None) -> Warehouse:
        made.append(Warehouse(workplace / f"warehouse_{len(made)}", manifest, fra_uke_dato))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def copy(workplace: Path) -> Copy:
    """Give a function that copies a warehouse: what several tests go on from is built once."""
    numbers = count()
    return lambda warehouse: warehouse.copied_to(workplace / f"copy_{next(numbers)}")
