"""The lines of a script's listing, and the part of a large graph that is looked at. Reads a program; must not know runs
or the screen.

What has no name is called by its expression. In a large graph that would be long, and take long: there it is called by
its line, `#12`.
"""

from __future__ import annotations

from collections.abc import Callable

from ....autograd.text.notation import bracketed, formula, text
from ...snapshot.tape import Lines, TraceLine
from ...step.program import Program
from .own import Origin, origin_of

LARGE = 500
"""Ops of a graph from which on it is large."""

Kinds = Callable[[int], str]
"""What a slot is: see `NodeView.kind`."""


def is_large(program: Program) -> bool:
    """Whether a program is of a script with a large graph."""
    return program.script is not None and len(program.tape) > LARGE


def script_lines(program: Program, kind: Kinds) -> tuple[Lines, list[tuple[int, ...]]]:
    """A line an instruction, and the slots that each reads."""
    assert program.script is not None
    tape, large, groups = program.tape, is_large(program), program.script.groups
    lines, read = list[TraceLine](), list[tuple[int, ...]]()
    for scope, op, (_, i, j, slot) in zip(tape.scopes, tape.ops, tape.program, strict=True):
        origin = origin_of(program, slot)
        inputs = origin.inputs if origin.opaque else (i,) if op.arity == 1 else (i, j)
        names = tuple([groups.short(called(program, each), scope) for each in inputs])
        written = _formula(program, slot, names, origin) if large else formula(program.slots.values[slot])
        written = groups.short(written, scope)
        lines.append(
            TraceLine(
                layer=scope.layer,
                neuron=scope.neuron,
                name=program.slots.values[slot].label or written,
                formula=written,
                symbol=origin.opaque or op.symbol,
                inputs=tuple([each - tape.first if each >= tape.first else None for each in inputs]),
                leaves=names,
                kinds=tuple([kind(each) for each in inputs]),
                place=origin.short,
                source=origin.source,
                opaque=bool(origin.opaque),
            )
        )
        read.append(inputs)
    return Lines(tape.scopes, lines.__getitem__, lambda k: lines[k].inputs), read


def called(program: Program, slot: int) -> str:
    """What a slot is called in a listing."""
    value = program.slots.values[slot]
    if value.label or not is_large(program):
        return text(value)
    if slot < program.tape.first:
        return f"{value.data:.4g}"
    return f"#{slot - program.tape.first + 1}"


def _formula(program: Program, slot: int, names: tuple[str, ...], origin: Origin) -> str:
    if origin.opaque:
        return f"{origin.opaque}({', '.join(names)})"
    bare = [name if name[0] in "#0123456789" else bracketed(name) for name in names]
    a, b = (*bare, "")[:2]
    return program.tape.ops[slot - program.tape.first].forward_text.format(a=a, b=b)


def around(program: Program, instruction: int) -> range:
    """The instructions next to one that are of its group."""
    scopes, here = program.tape.scopes, program.tape.scopes[instruction]
    start, stop = instruction, instruction + 1
    while start and scopes[start - 1] == here:
        start -= 1
    while stop < len(scopes) and scopes[stop] == here:
        stop += 1
    return range(start, stop)
