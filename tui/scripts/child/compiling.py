"""Compiles the user's code so that its classes are watched as soon as they are made. Knows syntax trees; must not know
what watching is.

Each class statement gets a decorator, which lines and tracebacks do not show; names do not change, nor does what is
kept of a module as bytecode.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from types import CodeType
from typing import Any

from chainstep.engine.verify.adapter import names

MARK = "__chainstep_watch__"


def watch_with(look: Callable[[Any], Any]) -> None:
    """Let `look` be called with each class and each function that goes backward, as it is made."""
    setattr(builtins, MARK, look)


def parsed(source: str | bytes, file: str) -> ast.Module:
    """The tree of a text.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it has a null byte.
    """
    tree = ast.parse(source, file)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            _mark(node)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in names.BACKWARD and node.args.args:
            _mark(node)
    return tree


def _mark(node: ast.ClassDef | ast.FunctionDef) -> None:
    """Put the decorator outside all others, where it gets what the name will stand for."""
    mark = ast.Name(MARK, ast.Load())
    node.decorator_list.insert(0, ast.copy_location(mark, node))
    mark.end_lineno, mark.end_col_offset = mark.lineno, mark.col_offset


def compiled(tree: ast.Module, file: str) -> CodeType:
    """The code of a tree."""
    code: CodeType = compile(tree, file, "exec", dont_inherit=True)
    return code
