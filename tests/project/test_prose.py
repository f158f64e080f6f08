"""Texts that people edit: no line is too wide, and each decision is a page that the index leads to."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.warehouse import ROOT

WIDTH = 120
# A page as one reads it: the four headings and at most this many lines. More goes to an appendix.
PAGE = 60
HEADINGS = ["Context", "Decision", "Consequences", "What was given up"]
DECISIONS = ROOT / "docs" / "decisions"
# Nobody edits these by line, each for a reason of its own.
NOT_EDITED = re.compile(
    r"\.(csv|lock|json|woff2)$"  # data, and files that programs write
    r"|^page/template\.html$"  # built by Vite, minified
)


def tracked() -> Iterator[str]:
    """Yield the files that git has, but data and generated ones."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    yield from (name for name in listed.split("\0") if name and not NOT_EDITED.search(name) and (ROOT / name).is_file())


def too_wide(name: str) -> Iterator[str]:
    """Yield the lines of a file that are too wide. In Markdown a table, a link and a picture cannot be broken."""
    is_picture = False
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1):
        if name.endswith(".md"):
            is_picture = line == "```mermaid" or (is_picture and line != "```")
            if is_picture or line.startswith("|") or "](" in line:
                continue
        if len(line) > WIDTH:
            yield f"{name}:{number}: {len(line)}"


def test_no_line_is_too_wide() -> None:
    """A reader sees a whole line beside another file, and a change of one sentence is a change of a line or two."""
    assert [line for name in tracked() for line in too_wide(name)] == []


@pytest.mark.parametrize("decision", sorted(DECISIONS.glob("0*.md")), ids=lambda path: path.name[:4])
def test_a_decision_is_a_page(decision: Path) -> None:
    """It has its date, its status and the four headings; it is short, and in the index with its number and date."""
    text = decision.read_text(encoding="utf-8")
    number = int(decision.name[:4])
    assert text.startswith(f"# {number}. ")
    dates = re.search(r"^Date: (\d{4}-\d\d-\d\d)(?:, changed (\d{4}-\d\d-\d\d))?\. Status: ", text, re.MULTILINE)
    assert dates
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    assert len(text.splitlines()) <= PAGE
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^\| {number} \| \[.*\]\({decision.name}\) \| {dates[2] or dates[1]} \| .+ \|$", index, re.MULTILINE
    )


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_link_leads_somewhere() -> None:
    """To a file that is there, and to a heading that it has; views of dbt docs have a test of their own."""
    broken = []
    for name in (name for name in tracked() if name.endswith(".md")):
        for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            file, _, anchor = link.partition("#")
            target = (ROOT / name).parent / file if file else ROOT / name
            elsewhere = "://" in link or "#!/" in link or link.startswith("data:")
            if not elsewhere and not (target.exists() and (not anchor or anchor in anchors(target))):
                broken.append(f"{name}: {link}")
    assert broken == []
