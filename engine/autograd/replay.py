"""Makes the loops that run a recorded program over a memory, from the table of operations. Must not know Values or
networks.

A program is a list of (opcode, i, j, k): apply the op of that code to slots i and j, and put the result into slot k; a
unary op has j = i. One loop with a branch an op runs several times faster than a call an op, and it is made of the very
formulas that the table shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from .ops.ieee import NAMESPACE
from .ops.operation import Op, times
from .ops.table import OPS

Instruction = tuple[int, int, int, int]
Program = Sequence[Instruction]

_MOST_USED = ("mul", "add", "relu", "tanh", "sub", "powc")
BY_OPCODE: tuple[Op, ...] = tuple(OPS[name] for name in _MOST_USED) + tuple(
    op for name, op in OPS.items() if name not in _MOST_USED
)
"""The ops by their codes: in the order in which the loops ask, the most frequent first."""

OPCODES = {op: code for code, op in enumerate(BY_OPCODE)}
"""The number that stands for an op in a program."""

# The loops. Making one takes half a millisecond, so each of these functions makes its own when it is first called, and
# gives way to it: from then on the module has the loop in its place.


def forward(program: Program, data: list[float], grad: list[float]) -> None:
    """Run instructions in order: data[k] = op(data[i], data[j]). The caller clears their grads, all at once."""
    _loop("forward")(program, data, grad)


def backward(program: Program, data: list[float], grad: list[float]) -> None:
    """Run the chain rule of instructions in the order given (the caller reverses it): grad[i] += ∂k/∂i · grad[k], and
    likewise j.
    """
    _loop("backward")(program, data, grad)


def overwriting(program: Program, data: list[float], grad: list[float]) -> None:
    """The chain rule as it is often mistaken: grad[i] = ∂k/∂i · grad[k], without what was there before."""
    _loop("overwriting")(program, data, grad)


def forward_steps(program: Program, data: list[float], grad: list[float]) -> Iterator[int]:
    """`forward`, one op at a time: clears the grad of each result too, and yields its slot."""
    yield from _loop("forward_steps")(program, data, grad)


def backward_steps(program: Program, data: list[float], grad: list[float]) -> Iterator[int]:
    """`backward`, one op at a time: yields the slot whose chain rule was run."""
    yield from _loop("backward_steps")(program, data, grad)


def overwriting_steps(program: Program, data: list[float], grad: list[float]) -> Iterator[int]:
    """`overwriting`, one op at a time."""
    yield from _loop("overwriting_steps")(program, data, grad)


@cache
def _loop(name: str) -> Any:
    kind, _, steps = name.partition("_")
    scope: dict[str, Any] = dict(NAMESPACE)
    exec(_source(kind, steps=bool(steps)), scope)
    globals()[name] = loop = scope["loop"]
    return loop


def _source(kind: str, *, steps: bool) -> str:
    """A loop: a chain of ifs over the opcodes, with the statements of each op."""
    lines = ["def loop(program, data, grad):", "    for code, i, j, k in program:"]
    for code, op in enumerate(BY_OPCODE):
        lines.append(f"        {'elif' if code else 'if'} code == {code}:  # {op.name}")
        lines += [f"            {line}" for line in _reading(_STATEMENTS[kind](op)) or ["pass"]]
    if steps:
        lines += ["        grad[k] = 0.0"] * (kind == "forward") + ["        yield k"]
    return "\n".join(lines)


def _forward(op: Op) -> list[str]:
    return [f"data[k] = {op.forward}"]


def _backward(op: Op) -> list[str]:
    # Not `+=`: that keeps the list and the index on the stack, and is slower than to name them twice.
    return [f"{own} = {own} + {share}" for own, share in _shares(op)]


def _overwriting(op: Op) -> list[str]:
    return [f"{own} = {share}" for own, share in _shares(op)]


_STATEMENTS = {"forward": _forward, "backward": _backward, "overwriting": _overwriting}


def _shares(op: Op) -> list[tuple[str, str]]:
    """(an input's gradient, what the chain rule adds to it) of each input that is differentiated."""
    pairs = zip(("grad[i]", "grad[j]"), op.backward, strict=False)
    return [(own, times(derivative, "g")) for own, derivative in pairs if derivative is not None]


_PLACES = {"a": "data[i]", "b": "data[j]", "y": "data[k]", "g": "grad[k]"}
"""Where the numbers of an instruction's formulas are."""


def _reading(lines: list[str]) -> list[str]:
    """Lines that take their numbers from the memory: one that is used once where it is used, the others beforehand."""
    uses = Counter(re.findall(r"\b[abyg]\b", "; ".join(lines)))
    named = {name: name for name, count in uses.items() if count > 1}
    found = {**_PLACES, **named}
    return [f"{name} = {_PLACES[name]}" for name in named] + [
        re.sub(r"\b[abyg]\b", lambda name: found[name[0]], line) for line in lines
    ]
