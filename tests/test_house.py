"""The house itself: rooms that are not too full, each with a sentence on its door. Knows folders; must not know what
is in them.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from support.cases import each

CHECKOUT = Path(__file__).parents[1]
CODE = (".py", ".tcss")

MOST_FILES = 12
MOST_LINES = 400
LONGEST_FUNCTION = 40
"""Lines, with its signature and its docstring."""

STORIES = CHECKOUT / "tests" / "stories"
"""They lie side by side, as chapters do."""


def folders(*roots: str) -> list[Path]:
    """The folders below `roots` that hold code."""
    files = [file for root in roots for kind in CODE for file in (CHECKOUT / root).rglob(f"*{kind}")]
    return sorted({file.parent for file in files})


def code(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.suffix in CODE]


def named(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@each("folder", folders("engine", "datasets", "tui", "tests"))
def test_no_room_is_too_full(folder: Path) -> None:
    assert folder == STORIES or len(code(folder)) <= MOST_FILES
    assert {
        file.name: lines for file in code(folder) if (lines := len(file.read_text().splitlines())) > MOST_LINES
    } == {}


def functions(file: Path) -> dict[str, int]:
    """The lines of each function of a file, by its name and where it begins."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{named(file)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


@pytest.mark.parametrize("root", ["engine", "datasets", "tui"])
def test_every_function_is_seen_at_a_glance(root: str) -> None:
    lengths = [functions(file) for file in (CHECKOUT / root).rglob("*.py")]

    assert any(lengths)
    assert {name: lines for each in lengths for name, lines in each.items() if lines > LONGEST_FUNCTION} == {}


@each("folder", folders("engine", "datasets", "tui"))
def test_every_room_says_what_it_knows_and_what_it_must_not(folder: Path) -> None:
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""

    assert re.search(r"\bKnows?\b", words)
    assert re.search(r"\bmust not\b|\bKnows no", words)


def test_tests_have_the_same_folders() -> None:
    mirrored = {named(folder) for folder in folders("engine", "datasets", "tui")}
    rooms = {named(folder).removeprefix("tests/") for folder in folders("tests/engine", "tests/datasets", "tests/tui")}

    assert rooms - mirrored <= {"tui/pictures"}
