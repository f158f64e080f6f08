"""dbt's own floor: a project with as many nodes as ours, and nothing in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

NAME = "tom"
TRIVIAL = "select 1 as x"
GENERIC_TEST = "{% test ingenting(model, nummer) %}select 1 as x where false{% endtest %}\n"


def node_kinds(manifest: Path) -> Counter[str]:
    """Count the nodes that a weekly run of a project has: a build without the unit tests.

    Args:
        manifest: the `manifest.json` that dbt wrote.

    Returns:
        Kind to number: `seed`, `snapshot`, `generic_test`, `singular_test`, and `model:` with its materialization.
    """
    content = json.loads(manifest.read_text(encoding="utf-8"))
    return Counter(kind(node) for node in content["nodes"].values() if node["resource_type"] != "operation")


def kind(node: dict[str, Any]) -> str:
    """Return what kind of node one is."""
    resource: str = node["resource_type"]
    if resource == "model":
        return f"model:{node['config']['materialized']}"
    if resource == "test":
        return "generic_test" if node.get("test_metadata") else "singular_test"
    return resource


def write_empty_project(folder: Path, kinds: Counter[str], threads: int) -> None:
    """Write a dbt project with its profile into a new folder.

    Args:
        folder: where it is written.
        kinds: what `node_kinds` found.
        threads: the number of threads in its profile.
    """
    files = {
        "dbt_project.yml": yaml.safe_dump(
            {"name": NAME, "profile": NAME, "flags": {"send_anonymous_usage_stats": False}}
        ),
        "profiles.yml": yaml.safe_dump(
            {
                NAME: {
                    "target": "duckdb",
                    "outputs": {"duckdb": {"type": "duckdb", "path": "tom.duckdb", "threads": threads}},
                }
            }
        ),
        "macros/ingenting.sql": GENERIC_TEST,
    }
    materializations = [
        name.removeprefix("model:")
        for name, number in kinds.items()
        if name.startswith("model:")
        for _ in range(number)
    ]
    models = [f"modell_{number}" for number in range(len(materializations))]
    for model, materialization in zip(models, materializations, strict=True):
        files[f"models/{model}.sql"] = f"{{{{ config(materialized='{materialization}') }}}}\n{TRIVIAL}\n"
    for number in range(kinds["seed"]):
        files[f"seeds/seed_{number}.csv"] = "x\n1\n"
    for number in range(kinds["snapshot"]):
        config = "{{ config(unique_key='x', strategy='check', check_cols='all') }}"
        files[f"snapshots/bilde_{number}.sql"] = f"{{% snapshot bilde_{number} %}}{config} {TRIVIAL}{{% endsnapshot %}}"
    for number in range(kinds["singular_test"]):
        files[f"tests/test_{number}.sql"] = f"{TRIVIAL} where false\n"
    tests = [{"ingenting": {"arguments": {"nummer": number}}} for number in range(kinds["generic_test"])]
    described = [{"name": model, "data_tests": tests[place :: len(models)]} for place, model in enumerate(models)]
    files["models/_tests.yml"] = yaml.safe_dump({"models": described})
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
