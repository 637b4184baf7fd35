"""The lines of a tape's listing, each written where it is looked at. Reads a program, and keeps nothing that knows it:
listings are forgotten with it. Must not know the numbers of training, or the screen.
"""

from __future__ import annotations

from collections.abc import Callable

from ....autograd.tape import Tape
from ....autograd.text.notation import formula, text
from ...snapshot.tape import Lines, TraceLine
from ...step.program import Program
from ..fed import Columns


def lines_of(program: Program, tape: Tape) -> Lines:
    """A line an instruction."""
    first, values, kind = tape.first, program.slots.values, kinds(program, tape)
    columns = Columns(program) if tape is program.tape else None

    def make(k: int) -> TraceLine:
        inputs, made = read(tape, k), formula(values[first + k])
        return TraceLine(
            *tape.scopes[k],
            name=values[first + k].label or made,
            formula=made,
            symbol=tape.ops[k].symbol,
            inputs=sources(k),
            leaves=tuple([text(values[each]) for each in inputs]),
            kinds=tuple([kind(each) for each in inputs]),
            column=next(filter(None, map(columns.of, inputs)), "") if columns else "",
        )

    def sources(k: int) -> tuple[int | None, ...]:
        return tuple([each - first if first <= each < first + len(tape) else None for each in read(tape, k)])

    return Lines(tape.scopes, make, sources)


def lines_of_parameters(program: Program) -> Lines:
    """A line a parameter."""
    scopes, labels, slots, columns = program.parameter_scopes, program.labels, program.parameters, Columns(program)

    def make(k: int) -> TraceLine:
        return TraceLine(*scopes[k], labels[k], labels[k], "", (), (), (), column=columns.of(slots[k]))

    return Lines(scopes, make, lambda _: ())


def read(tape: Tape, k: int) -> tuple[int, ...]:
    """The slots that an instruction reads."""
    _, i, j, _ = tape.program[k]
    return (i,) if tape.ops[k].arity == 1 else (i, j)


def kinds(program: Program, tape: Tape) -> Callable[[int], str]:
    """What a slot is to the ops of a tape that read it: see `NodeView.kind`."""
    known = (
        ("constant", tape.constants),
        ("parameter", program.parameters),
        ("input", program.inputs),
        ("target", program.targets),
        ("weight", program.weight),
    )
    return lambda slot: next((kind for kind, slots in known if slot in slots), "op")
