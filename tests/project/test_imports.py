"""Which part of the package may import which, so that one can be changed without the others."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.warehouse import ROOT

PACKAGE = "tiltaksstatistikk"
SOURCE = ROOT / "src" / PACKAGE

# What each part may import of the others. `project` says where the project is, and imports nothing.
MAY_IMPORT = {
    "project": set(),
    "load": {"project"},
    "aapne_tall": {"load", "project"},
    "export": {"load", "project"},
    "dbt": {"load", "aapne_tall", "export", "project"},
    "generator": {"load", "aapne_tall", "export", "project"},
    "engines": {"load", "aapne_tall", "export", "project"},
    "deliver": {"dbt", "export", "project"},
    "fetch": {"load", "engines"},
    "benchmark": {"load", "aapne_tall", "export", "engines", "fetch", "generator", "project"},
}


def imported(path: Path) -> Iterator[str]:
    """Give the whole name of each module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            # A sub-package can be imported from the package.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    """Return which part of the package a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_go_one_way(part: str) -> None:
    """A part imports no more than it may of the package, and neither commands nor tests."""
    files = [path for path in SOURCE.rglob("*.py") if part_of(path) == part]
    assert files
    for path in files:
        for name in imported(path):
            first, *rest = name.split(".")
            assert first not in ("scripts", "tests"), f"{path} imports {name}"
            if first == PACKAGE:
                assert rest[0] in {part, *MAY_IMPORT[part]}, f"{path} imports {name}"


def test_every_part_has_a_rule() -> None:
    """A new part says what it may import."""
    assert {part_of(path) for path in SOURCE.rglob("*.py")} == {*MAY_IMPORT, "__init__"}


def test_no_file_edits_where_python_looks() -> None:
    """What is imported is installed, or found by pytest: nothing is added to the path by hand."""
    path_of_python = "sys" + ".path"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert [path for path in files if path_of_python in path.read_text(encoding="utf-8")] == []
