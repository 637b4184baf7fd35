"""Compiles the user's code so that its classes are watched as soon as they are made. Knows syntax trees; must not know
what watching is.

Each class statement gets a decorator, which lines and tracebacks do not show; names do not change, nor does what is
kept of a module as bytecode.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from chainstep.engine.verify.adapter import names

MARK = "__chainstep_watch__"

_looped: set[str] = set()
_assigned: set[str] = set()


def passing(name: str) -> bool:
    """Whether a variable is the user's for loops alone, as `p` in `for p in parameters`: it names nothing for long."""
    return name in _looped and name not in _assigned


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
        elif isinstance(node, ast.For):
            _looped.update(_names(node.target))
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            _assigned.update(name for target in targets for name in _names(target))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in names.BACKWARD and node.args.args:
            _mark(node)
    return tree


def whole(source: str | bytes, file: str) -> CodeType:
    """The code of a whole file. Where it gives a class another method, as in `Value.tanh = tanh`, that is looked at.

    Raises:
        SyntaxError, ValueError: as `parsed`.
    """
    tree = parsed(source, file)
    for index in reversed(range(len(tree.body))):
        match statement := tree.body[index]:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name))]):
                look = ast.Expr(ast.Call(ast.Name(MARK, ast.Load()), [ast.Name(name, ast.Load())], []))
                tree.body.insert(index + 1, ast.fix_missing_locations(ast.copy_location(look, statement)))
    return compiled(tree, file)


def _names(target: ast.expr) -> Iterator[str]:
    """The variables of what stands left of an assignment: of `a, w[0], b.c = …` that is a."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            yield from _names(each)


def _mark(node: ast.ClassDef | ast.FunctionDef) -> None:
    """Put the decorator outside all others, where it gets what the name will stand for."""
    mark = ast.Name(MARK, ast.Load())
    node.decorator_list.insert(0, ast.copy_location(mark, node))
    mark.end_lineno, mark.end_col_offset = mark.lineno, mark.col_offset


def compiled(tree: ast.Module, file: str, flags: int = 0) -> CodeType:
    """The code of a tree."""
    code: CodeType = compile(tree, file, "exec", flags, dont_inherit=True)
    return code
