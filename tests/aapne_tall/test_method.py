"""The number that weeks are decided by is raised when the choice of what is suppressed may be another."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

from tests.rules.warehouse import ROOT
from tiltaksstatistikk.aapne_tall import prikking

# What the code and the sums meant when METHOD was last looked at.
PINNED = (2, "5f8ed2730d27f96785c27b8b013464bef084cf741ea1d949047c52c107b42965")

# Fields that say nothing of what the code does, or that one version of Python has and another has not.
SAYS_NOTHING = {"ctx", "kind", "type_comment", "type_params"}


def meaning(node: object) -> object:
    """Return what code does, without comments, docstrings, places and layout."""
    if isinstance(node, list):
        return [meaning(one) for one in node if not is_text(one)]
    if isinstance(node, ast.AST):
        fields = [(name, meaning(value)) for name, value in ast.iter_fields(node) if name not in SAYS_NOTHING]
        return (type(node).__name__, fields)
    return node


def is_text(node: object) -> bool:
    """Whether a statement is a text alone, as a docstring is."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def sql_without_comments(sql: str) -> str:
    """Return SQL without comments, on one line."""
    return " ".join(re.sub(r"--.*|\{#.*?#\}", "", sql).split())


def fingerprint(code: str, sql: str) -> str:
    """Return a hash of what the code and the sums mean."""
    return hashlib.sha256(f"{meaning(ast.parse(code))!r}|{sql_without_comments(sql)}".encode()).hexdigest()


def test_the_method_is_looked_at_when_the_code_is_changed() -> None:
    """A change that could give another answer and leaves METHOD would show numbers that the old answer hides."""
    code = Path(prikking.__file__).read_text(encoding="utf-8")
    sql = (ROOT / "models" / "aapne_tall" / "celle" / "aapne_tall_sum.sql").read_text(encoding="utf-8")
    found = (prikking.METHOD, fingerprint(code, sql))
    assert found == PINNED, (
        "What decides which numbers are suppressed has changed. Raise METHOD in prikking.py if an answer may change, "
        f"then pin the new text: PINNED = {found}"
    )


def test_a_comment_decides_nothing_anew() -> None:
    """Comments, docstrings and layout are not what code means; a number is."""
    code = 'LIMIT = 5\n\n\ndef f(x):\n    """Say."""\n    return x + LIMIT\n'
    same = '# Why.\nLIMIT = 5\n"""What it is."""\ndef f(x):\n    """More."""\n    return (x +\n    LIMIT)  # so\n'
    assert fingerprint(code, "select 1 -- en\nfrom t") == fingerprint(same, "-- to\nselect 1\n    from t")
    assert fingerprint(code, "select 1") != fingerprint(code.replace("5", "6"), "select 1")
    assert fingerprint(code, "select 1") != fingerprint(code, "select 2")
