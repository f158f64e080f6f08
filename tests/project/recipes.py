"""Follows the recipes of CONTRIBUTING.md: each numbered step names a file, a place in it, and what to write there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.rules.warehouse import ROOT

STEP = re.compile(r"^\d+\. `(?P<path>[^`]+)`(?P<where>.*?):\n +```\w+\n(?P<text>.*?)\n +```$", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"(under|after|before\s+each|before|instead of)\s+`([^`]+)`")


class Step(NamedTuple):
    """A step of a recipe.

    Attributes:
        path: the file.
        places: where in it, as (word, line) pairs; none at the end, or of a new file.
        text: what to write.
    """

    path: str
    places: list[tuple[str, str]]
    text: str


def recipes() -> dict[str, list[Step]]:
    """Return the steps of each recipe, by its heading."""
    chapter = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## How to add\n")[1].split("\n## ")[0]
    found: dict[str, list[Step]] = {}
    for recipe in chapter.split("\n### ")[1:]:
        name, body = recipe.split("\n", 1)
        # A step's text is indented as far as the words after its number.
        found[name] = [
            Step(step["path"], PLACE.findall(step["where"]), dedented(step["text"], len(step[0].split("`")[0])))
            for step in STEP.finditer(body)
        ]
    return found


def dedented(text: str, width: int) -> str:
    """Return a block without the indentation of its list."""
    return "".join(line[width:] if line.strip() else line for line in text.splitlines(keepends=True)) + "\n"


def follow(step: Step, project: Path) -> None:
    """Do one step in a copy of the project.

    Raises:
        AssertionError: the file lacks a line that the step names, or has it more than once after the one before it.
    """
    path = project / step.path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if not step.places:
        path.write_text("".join(lines) + step.text, encoding="utf-8")
        return
    begin = 0
    *above, (word, wanted) = step.places
    for _, line in above:
        begin = next(n for n in range(begin, len(lines)) if line in lines[n]) + 1
    found = [n for n in range(begin, len(lines)) if lines[n].strip() == " ".join(wanted.split())]
    assert found, f"{step.path} has no line {wanted!r}"
    for number in reversed(found if word.endswith("each") else found[:1]):
        after = number + 1 if word in ("after", "instead of") else number
        lines[number if word == "instead of" else after : after] = [step.text]
    path.write_text("".join(lines), encoding="utf-8")


def copied(folder: Path) -> Path:
    """Copy the files that git has, or would add, as a fresh clone has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder
