"""Which op of a script's moment first leaves what is right: in forward the first other number, in backward the chain
rule behind the first other gradient. Reads runs of scripts; must not change them, nor know the screen.

A gradient is known when all is added to it, not use by use. Where a value is used several times, the use to blame is
found by what would have given just this number, or by what is right elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from ...run.run import Run
from ...step.program import Program

if TYPE_CHECKING:
    from ...recorded.script import Script

_CLOSE = 1e-9
_PLAIN = ("add", "sub", "neg", "mul")
"""Operations that hardly anybody gets wrong, where nothing else tells."""


class Wrong(NamedTuple):
    """The op with which the own numbers first leave what is right."""

    line: int
    """Number of its instruction on the tape."""
    backward: bool
    """Whether it is its chain rule."""
    slot: int
    """Whose number, or gradient, it is."""


_FIRST: WeakKeyDictionary[Program, dict[int, Wrong | None]] = WeakKeyDictionary()
"""Of each step that was asked for; forgotten with their programs, as those below."""

_LAST_USES: WeakKeyDictionary[Program, list[int]] = WeakKeyDictionary()
"""They are forgotten with their programs."""


def last_uses(program: Program) -> list[int]:
    """The instruction of each slot whose chain rule is the last to add to its gradient: the first one that reads it. Of
    what none reads, the number of all instructions.
    """
    known = _LAST_USES.get(program)
    if known is None:
        known = _LAST_USES[program] = [len(program.tape)] * len(program.slots.values)
        for k in range(len(program.tape))[::-1]:
            _, i, j, _ = program.tape.program[k]
            known[i] = known[j] = k
    return known


def first_wrong(program: Program, step: int) -> Wrong | None:
    """The op with which the own numbers of a moment first leave what is right; None where they never do."""
    known = _FIRST.setdefault(program, {})
    if step not in known:
        known[step] = None if program.script is None else _found(program, program.script, step)
    return known[step]


def _found(program: Program, script: Script, step: int) -> Wrong | None:
    moment, first = script.moment(step), program.tape.first
    if len(moment.data):
        slot = script.slot[moment.data.nodes[0]]
        return Wrong(slot - first, backward=False, slot=slot)
    if not len(moment.grad):
        return None
    # Backward comes to the highest instruction first: the gradient that is complete first is that which is used last.
    last = last_uses(program)
    wrong = max(moment.grad.nodes, key=lambda node: last[script.slot[node]])
    slot = script.slot[wrong]
    uses = _uses(program, slot)
    if len(uses) < 2:
        return Wrong(uses[0] if uses else len(program.tape) - 1, backward=True, slot=slot)
    return Wrong(_blamed(program, script, step, wrong, uses), backward=True, slot=slot)


def _uses(program: Program, slot: int) -> list[int]:
    """The instructions that read a slot, as backward comes to them."""
    program_ = program.tape.program
    return [k for k in range(len(program_))[::-1] if slot in program_[k][1:3]]


def _blamed(program: Program, script: Script, step: int, wrong: int, uses: Sequence[int]) -> int:
    """The use of a node to whose chain rule its other gradient goes back."""
    moment, slot = script.moment(step), script.slot[wrong]
    own, before = moment.grad.by_node[wrong], moment.before.by_node.get(wrong, 0.0)
    data, grad = script.replayed(step)
    shares = [_shares(program, k, slot, data, grad) for k in uses]
    for place, (use, share) in enumerate(zip(uses, shares, strict=True)):
        later = sum(sum(each) for each in shares[place + 1 :])
        overwritten = before + sum(sum(each) for each in shares[:place]) + sum(share[:-1])
        if overwritten and share and _same(own, share[-1] + later):
            return use
    cleared = _cleared(program, script, step)
    suspects = [use for use in uses if program.tape.ops[use].name not in cleared] or [*uses]
    return min(suspects, key=lambda use: (program.tape.ops[use].name in _PLAIN, use))


def _shares(program: Program, use: int, slot: int, data: Sequence[float], grad: Sequence[float]) -> list[float]:
    """What the chain rule of an instruction adds to a slot, input by input."""
    op, (_, i, j, k) = program.tape.ops[use], program.tape.program[use]
    pairs = zip((i, j), op.backward_functions, strict=False)
    return [slope(data[i], data[j], data[k]) * grad[k] for each, slope in pairs if each == slot and slope is not None]


def _cleared(program: Program, script: Script, step: int) -> set[str]:
    """Operations whose chain rule alone has made a gradient that is right."""
    wrong, counts = script.moment(step).grad.by_node, dict[int, list[int]]()
    for k, (_, i, j, _) in enumerate(program.tape.program):
        for slot in {i, j}:
            counts.setdefault(slot, []).append(k)
    nodes: Mapping[int, int] = script.node
    return {
        program.tape.ops[uses[0]].name
        for slot, uses in counts.items()
        if len(uses) == 1 and slot in nodes and nodes[slot] not in wrong
    }


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _CLOSE * max(abs(a), abs(b))


def first_difference(run: Run) -> tuple[int, int] | None:
    """The first position from where a run stands behind an op with which its own numbers leave what is right, or where
    there is none ahead the first of all.
    """
    script = run.stepper.program.script
    if script is None or not script.wrong:
        return None
    start = bisect_left(script.wrong, run.state.step)
    ahead = (_behind(run, step) for step in script.wrong[start : start + 2])
    found = next((position for position in ahead if position is not None and position > run.position), None)
    return found or _behind(run, script.wrong[0])


def _behind(run: Run, step: int) -> tuple[int, int] | None:
    """The position behind the op with which the own numbers of a moment first leave what is right."""
    program, timeline = run.stepper.program, run.stepper.timeline_of(1)
    wrong = first_wrong(program, step)
    if wrong is None:
        return None
    op = timeline.zero_end + len(program.tape) - 1 - wrong.line if wrong.backward else wrong.line
    return step, op + 1
