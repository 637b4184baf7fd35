"""Where in somebody's source a mistake is. Knows code objects and syntax trees; must not know numbers: which mistake it
is has been decided before.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

from ..records import record
from .adapter import Adapter
from .diagnosis import Finding

_METHODS = {
    "__init__": "__init__",
    "powc": "__pow__",
    "div": "__truediv__",
    "rdiv": "__rtruediv__",
    **{name: f"__{name}__" for name in ("add", "sub", "mul", "neg", "pow", "abs", "radd", "rsub", "rmul", "rpow")},
}
"""By the op's name; the others are named by the adapter."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@record
class Place:
    """A line of the source."""

    line: int
    text: str = ""
    """The line itself; "" where the source is not at hand."""
    first: str = ""
    second: str = ""
    """What the author calls the inputs of an op."""


def place(adapter: Adapter, finding: Finding, source: str | None) -> Place | None:
    """Where the mistake that was found is: in the method of its op, or in backward. None for code without lines.

    `source` is the text of the file in which the engine's class is; without it the line is that of the function.
    """
    code = _code(adapter, finding.op)
    if code is None:
        return None
    parameters = code.co_varnames[: code.co_argcount]
    positions = [_position(finding.op, side) for side in (0, 1)]
    inputs = [parameters[position] if position < len(parameters) else "" for position in positions]
    function = _function(source, code)
    if function is None:
        return Place(_fallback(code, adapter.reading.grad, finding), "", *inputs)
    line = _line(function, finding, adapter, inputs[finding.sides[0] if finding.sides else 0])
    lines = (source or "").splitlines()
    return Place(line, lines[line - 1].strip() if line <= len(lines) else "", *inputs)


def _position(op: str, side: int) -> int:
    """Which parameter an input is: `self` is the right one of a reflected op."""
    return 1 - side if _METHODS.get(op, "").startswith("__r") else side


def _code(adapter: Adapter, op: str) -> CodeType | None:
    written: Any = getattr(adapter.cls, _METHODS[op], None) if op in _METHODS else adapter.written.get(op)
    if isinstance(written, type):
        written = getattr(written, "__call__", None)  # noqa: B004
    code = getattr(inspect.unwrap(written) if callable(written) else written, "__code__", None)
    return code if isinstance(code, CodeType) else None


def _function(source: str | None, code: CodeType) -> _Function | None:
    """The function of that code in the text; None if the text is not that of the code."""
    for node in _functions(source or ""):
        if node.name == code.co_name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


@lru_cache(maxsize=1)  # an engine has one source, and many findings
def _functions(source: str) -> tuple[_Function, ...]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, _Function))


def _fallback(code: CodeType, grad: str, finding: Finding) -> int:
    """The line of the function, or of what in it hands the gradient on."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType) and grad in each.co_names]
    return (inner[0] if inner and finding.part == "gradient" else code).co_firstlineno


def _line(function: _Function, finding: Finding, adapter: Adapter, of: str) -> int:
    """The statement that the finding is about, or else the function's first line."""
    if finding.part == "function":
        return function.lineno
    if finding.part == "order":
        loops = [node.lineno for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
        return max(loops, default=function.lineno)
    if finding.part in ("value", "children"):
        return _making(function, adapter.name)
    attribute = adapter.reading.data if finding.part == "number" else adapter.reading.grad
    stored = list(_stores(function, attribute, finding.kind == "assigned"))
    if finding.part == "turn" and stored:
        return max(line for line, _ in stored)
    of_that = [line for line, name in stored if name == of]
    if stored and finding.kind != "no-backward":
        return min(of_that or [line for line, _ in stored])
    if finding.part in ("seed", "number"):
        return function.lineno
    inner = [node.lineno for node in ast.walk(function) if isinstance(node, _Function) and node is not function]
    return _making(function, adapter.name) if finding.kind == "cut" else (inner or [function.lineno])[0]


def _making(function: _Function, name: str) -> int:
    """Where the result is made: the call of the class, or the first statement that is no docstring."""
    calls = [
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.Return)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == name
    ]
    if calls:
        return min(calls)
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body or [function])[0].lineno


def _stores(function: _Function, grad: str, overwriting: bool) -> Iterator[tuple[int, str]]:
    """(line, whose) of each statement that changes a gradient, or of those that overwrite one."""
    for node in ast.walk(function):
        kinds = (ast.Assign,) if overwriting else (ast.Assign, ast.AugAssign)
        if isinstance(node, kinds):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and target.attr == grad:
                    yield node.lineno, ast.unparse(target.value)


def sentence(finding: Finding, where: Place | None) -> str:
    """What is wrong, and where, in a learner's terms."""
    first, second = (where.first, where.second) if where else ("", "")
    words = finding.words.format(first=f"`{first}`" if first else "an input", second=f"`{second}`" if second else "it")
    if where is None:
        return words
    if finding.kind == "assigned" and where.text and "+=" not in where.text:
        return f"{words}: line {where.line} has `=` where `+=` is needed"
    return f"{words}: line {where.line}" + (f", `{where.text}`" if where.text else "")
