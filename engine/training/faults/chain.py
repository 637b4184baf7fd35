"""The chain that fed a number that is not finite, back to a leaf or to the root. Knows tapes and a memory; must not
know steps, history or the screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...autograd.tape import Memory, Tape
from ...autograd.text.notation import text
from ..snapshot.debugger import Link
from ..step.program import Program

_MOST_LINKS = 12


def behind_value(program: Program, memory: Memory, tape: Tape, k: int) -> tuple[Link, ...]:
    """What fed the result of instruction `k`: at each op its largest input, back to a leaf."""
    links: list[Link] = []
    slot = _largest(memory.data, tape, k)
    while len(links) < _MOST_LINKS:
        value = program.slots.values[slot]
        if not tape.first <= slot < tape.first + len(tape):
            links.append(Link(text(value), memory.data[slot], _kind(program, slot)))
            break
        k = slot - tape.first
        links.append(Link(text(value), memory.data[slot], _with_numbers(memory, tape, k)))
        slot = _largest(memory.data, tape, k)
        while _continues_sum(program, tape, k, slot):
            k = slot - tape.first
            slot = _largest(memory.data, tape, k)
    return tuple(links)


def behind_gradient(program: Program, memory: Memory, tape: Tape, k: int) -> tuple[Link, ...]:
    """Through what the gradient of instruction `k`'s result came: at each op the user that gave it most, up to the
    root.
    """
    links = []
    slot = tape.first + k
    for _ in range(_MOST_LINKS):
        links.append(Link(f"({text(program.slots.values[slot])}).grad", memory.grad[slot], "passed on"))
        users = [user for _, i, j, user in tape.program if slot in (i, j)]
        if not users:
            break
        slot = max(users, key=lambda user: _size(memory.grad[user]))
    return tuple(links)


def _continues_sum(program: Program, tape: Tape, k: int, slot: int) -> bool:
    """Whether an input of instruction `k` is the same long sum, a term earlier: one line is enough for it."""
    inner = program.slots.values[slot]
    return tape.ops[k].name == "add" and inner.op is tape.ops[k] and not inner.label


def _largest(data: list[float], tape: Tape, k: int) -> int:
    _, i, j, _ = tape.program[k]
    return max((i, j), key=lambda slot: _size(data[slot]))


def _size(number: float) -> float:
    return math.inf if math.isnan(number) else abs(number)


def _with_numbers(memory: Memory, tape: Tape, k: int) -> str:
    _, i, j, _ = tape.program[k]
    return tape.ops[k].forward_text.format(**dict(_operands(memory, i, j)))


def _operands(memory: Memory, i: int, j: int) -> Iterator[tuple[str, str]]:
    for name, slot in (("a", i), ("b", j)):
        shown = f"{memory.data[slot]:.4g}"
        yield name, f"({shown})" if shown.startswith("-") else shown


def _kind(program: Program, slot: int) -> str:
    if slot in program.parameters:
        return "a parameter"
    if slot in program.inputs:
        return "an input"
    if slot in program.targets:
        return "a target"
    if slot in program.weight:
        return "the weight of its class"
    if slot in program.losses:
        return "the loss of a sample"
    return "a number of the formula"
