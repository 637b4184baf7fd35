"""Writes the loops that run a recorded program over a memory, from the table of operations. Must not know Values or
networks.

A program is a list of (code, i, j, k): apply row `code` to slots i and j, and put the result into slot k; a unary op
has j = i. One loop with a branch a row runs several times faster than a call an op, and it is made of the very
formulas that the table shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .ieee import NAMESPACE
from .operation import Op
from .ops import OPS

Instruction = tuple[int, int, int, int]
Loop = Callable[[Sequence[Instruction], list[float], list[float]], None]
Steps = Callable[[Sequence[Instruction], list[float], list[float]], Iterator[int]]

_MOST_USED = ("mul", "add", "relu", "tanh", "sub", "powc")
ROWS: tuple[Op, ...] = tuple(OPS[name] for name in _MOST_USED) + tuple(
    row for name, row in OPS.items() if name not in _MOST_USED
)
"""The table in the order in which the loops ask: the most frequent first."""

CODES = {row: code for code, row in enumerate(ROWS)}
"""The number that stands for a row in a program."""


def _branches(lines: Callable[[Op], list[str]]) -> list[str]:
    """An if-chain over the codes, with each row's lines."""
    chain = []
    for code, row in enumerate(ROWS):
        chain.append(f"        {'elif' if code else 'if'} code == {code}:  # {row.name}")
        chain += [f"            {line}" for line in _reading(lines(row))]
    return chain


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


def times(partial: str, grad: str) -> str:
    """The source of partial · grad, with the factors ±1 left out: they change no bit."""
    return {"1.0": grad, "-1.0": f"-{grad}"}.get(partial, f"({partial}) * {grad}")


def _forward_source(*, steps: bool) -> str:
    return "\n".join(
        [
            "def loop(program, data, grad):",
            "    for code, i, j, k in program:",
            *_branches(lambda row: [f"data[k] = {row.forward}"]),
            *(["        grad[k] = 0.0", "        yield k"] if steps else []),
        ]
    )


def _backward_source(*, steps: bool, adds: bool = True) -> str:
    def lines(row: Op) -> list[str]:
        # Not `+=`: that keeps the list and the index on the stack, and is slower than to name them twice.
        pairs = zip(("grad[i]", "grad[j]"), row.backward, strict=False)
        return [
            f"{own} = {f'{own} + ' if adds else ''}{times(partial, 'g')}"
            for own, partial in pairs
            if partial is not None
        ]

    return "\n".join(
        [
            "def loop(program, data, grad):",
            "    for code, i, j, k in program:",
            *_branches(lines),
            *(["        yield k"] if steps else []),
        ]
    )


def _compiled(source: str) -> Any:
    scope = dict(NAMESPACE)
    exec(source, scope)
    return scope["loop"]


forward: Loop = _compiled(_forward_source(steps=False))
"""Run instructions in order: data[k] = op(data[i], data[j]). The caller clears their grads, all at once."""

backward: Loop = _compiled(_backward_source(steps=False))
"""Run the chain rule of instructions in the order given (the caller reverses it): grad[i] += ∂k/∂i · grad[k], and
likewise j.
"""

forward_steps: Steps = _compiled(_forward_source(steps=True))
"""The same, one op at a time: clears and yields the slot of each result."""

backward_steps: Steps = _compiled(_backward_source(steps=True))
"""The same, one op at a time: yields the slot whose chain rule was run."""

overwriting: Loop = _compiled(_backward_source(steps=False, adds=False))
"""The chain rule as it is often mistaken: grad[i] = ∂k/∂i · grad[k], without what was there before."""

overwriting_steps: Steps = _compiled(_backward_source(steps=True, adds=False))
"""The same, one op at a time."""
