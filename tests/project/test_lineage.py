"""The graphs of `dbt docs` that «Begynn her» links to: each has what it names, and is small enough to read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from tests.rules.warehouse import ROOT, parse

OVERVIEW = (ROOT / "models" / "_oversikt.md").read_text(encoding="utf-8")
# The graph is drawn when the page loads, so each link has an address of its own before the #.
LINKS = dict(re.findall(r"\[([^\]]+)\]\((\?\w+#!/overview\?[^)]+)\)", OVERVIEW))
READABLE = 25


@pytest.fixture(scope="module")
def manifest(workplace: Path) -> Manifest:
    """Parse the whole project."""
    return parse(aapne_tall=True)


@pytest.mark.parametrize("name", LINKS)
def test_a_linked_graph_can_be_read(manifest: Manifest, name: str) -> None:
    """Each name in it is one of the project's, it has few nodes, and a test is none of them."""
    chosen = parse_qs(LINKS[name].partition("#!/overview?")[2])
    assert chosen["g_v"] == ["1"]
    selection = ["--select", *chosen["g_i"][0].split()]
    if "g_e" in chosen:
        selection += ["--exclude", *chosen["g_e"][0].split()]
    # The graph, unlike dbt, has a test only when it is selected itself.
    listed = ["ls", "--output", "json", "--output-keys", "resource_type name", "--indirect-selection", "empty"]
    unknown = ["--warn-error-options", "{error: [NoNodesForSelectionCriteria]}"]
    result = dbtRunner(manifest=manifest).invoke(["--quiet", *unknown, *listed, *selection])
    assert isinstance(result.result, list), result.exception
    nodes = [json.loads(node) for node in result.result]
    assert len(nodes) <= READABLE, nodes
    assert [node for node in nodes if "test" in node["resource_type"]] == []


def test_links_are_told_apart_before_the_graph() -> None:
    """A page that is open already draws no other graph, unless it is loaded anew."""
    assert LINKS
    assert len({link.partition("#")[0] for link in LINKS.values()}) == len(LINKS)


def test_the_legend_has_each_layers_colour() -> None:
    """And two more, which dbt gives sources and exposures."""
    project = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    legend = set(re.findall(r"fill='%23([0-9a-f]{6})'", OVERVIEW))
    assert legend - {"5fb825", "ff694b"} == set(re.findall(r'node_color: "#(\w+)"', project))
