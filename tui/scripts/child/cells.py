"""A notebook's code cells, as Python can run them. Knows the format and its magics; must not know what runs them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from .compiling import parsed

RUN_ALL_THE_SAME = ("capture", "time", "prun")
"""Magics of a whole cell that run it as Python, whatever else they do."""


class NotebookError(ValueError):
    """A file is no notebook; the message is one line."""


class Cell(NamedTuple):
    """A code cell."""

    number: int
    """From 1, of the code cells."""
    text: str
    """Its lines, as many as it had; a magic has become a `pass`."""


def cells(text: str) -> Iterator[Cell]:
    """The code cells of a notebook, formats 3 and 4.

    Raises:
        NotebookError: it is none.
    """
    try:
        book = json.loads(text)
        sheets = book.get("worksheets", [book])
        found = [cell for sheet in sheets for cell in sheet["cells"] if cell["cell_type"] == "code"]
        texts = [_joined(cell.get("source", cell.get("input", ""))) for cell in found]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotebookError("it is no notebook: it has no cells") from None
    return (Cell(number, without_magics(source)) for number, source in enumerate(texts, 1))


def _joined(source: object) -> str:
    text = "".join(source) if isinstance(source, list) else source
    if not isinstance(text, str):
        raise NotebookError("it is no notebook: a cell has no text")
    return text


def without_magics(text: str) -> str:
    """A cell without its magics: `%…` and `!…` lines, `…?`, and cells that begin with `%%`."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].startswith("%%"):
        name = re.match(r"%%(\w*)", lines[first])
        if name is None or name[1] not in RUN_ALL_THE_SAME:
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    for _ in lines:  # each is left out once at most
        wrong = _wrong_line(lines)
        if wrong is None or not _is_magic(lines[wrong]):
            break
        indent = lines[wrong][: len(lines[wrong]) - len(lines[wrong].lstrip())]
        assigned = re.match(r"\s*([\w, ]+)=\s*[%!]", lines[wrong])
        lines[wrong] = f"{indent}{assigned[1].strip()} = None" if assigned else f"{indent}pass"
    return "\n".join(lines)


def _wrong_line(lines: list[str]) -> int | None:
    """The first line that is no Python."""
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        return None if error.lineno is None or error.lineno > len(lines) else error.lineno - 1
    except ValueError:
        return None
    return None


def _is_magic(line: str) -> bool:
    text = line.strip()
    return text.startswith(("%", "!", "?")) or text.endswith("?") or re.match(r"[\w, ]+=\s*[%!]", text) is not None


class Piece(NamedTuple):
    """A part of a cell that is run by itself."""

    tree: ast.Module
    imports: bool
    """It is an import alone: where the package is missing, what follows runs all the same."""
    shown: bool
    """It is an expression that ends the cell: its value is printed."""


def pieces(cell: Cell, file: str) -> list[Piece]:
    """A cell in parts: each import by itself, and what lies between.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it has a null byte.
    """
    tree = parsed(cell.text, file)
    parts: list[Piece] = []
    for statement in tree.body:
        imports = isinstance(statement, (ast.Import, ast.ImportFrom))
        if parts and not imports and not parts[-1].imports:
            parts[-1].tree.body.append(statement)
        else:
            parts.append(Piece(ast.Module([statement], []), imports, shown=False))
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not cell.text.rstrip().endswith(";"):
        last = parts[-1].tree.body.pop()
        if not parts[-1].tree.body:
            parts.pop()
        parts.append(Piece(ast.Module([last], []), imports=False, shown=True))
    return parts
