"""Lays the numbers of a user's own class over ours, where they differ and as far as they are known where a run stands.

Reads a run; must not change it, nor know the screen. What is shown of a script is what the script computed; ours is
what would be right, and stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ....autograd.tape import Memory
from ....records import record
from ...run.run import Run
from ...snapshot.position import ScriptView
from ...step.program import Program
from ...step.timeline import Spot
from .culprit import first_difference, last_uses

if TYPE_CHECKING:
    from ...recorded.script import Script


@record(eq=False)
class Laid:
    """What is right, by slot, where a memory has been given the own numbers in its place."""

    data: Mapping[int, float]
    grad: Mapping[int, float]


_FEW = 4
"""Leaves that are shown because they are wrong."""

NOTHING = Laid({}, {})


def lay_over(run: Run, memory: Memory, spot: Spot, *, loaded: bool) -> Laid:
    """Give a copy of a run's memory, before the op at `spot`, the own numbers where they differ; what is right of them.
    `loaded` says that the inputs of that op's moment are in it already.
    """
    script = run.stepper.program.script
    if script is None:
        return NOTHING
    data: dict[int, float] = {}
    grad: dict[int, float] = {}
    for own, numbers, right in ((_data, memory.data, data), (_grad, memory.grad, grad)):
        for node, number in own(run, script, spot, loaded):
            slot = script.slot[node]
            right[slot], numbers[slot] = numbers[slot], number
    return Laid(data, grad)


def _data(run: Run, script: Script, spot: Spot, loaded: bool) -> Iterator[tuple[int, float]]:
    """The own numbers that are not ours: of this moment as far as it is computed, behind that of the one before."""
    first, step = run.stepper.program.tape.first, run.state.step
    done = _computed(run, spot)
    if not run.ended:
        yield from ((node, x) for node, x in script.moment(step).data if script.slot[node] - first < done)
    if step and done < len(run.stepper.program.tape):
        yield from ((node, x) for node, x in script.moment(step - 1).data if script.slot[node] - first >= done)


def _computed(run: Run, spot: Spot) -> int:
    """How many instructions hold a number of the moment that a run is in."""
    if run.ended:
        return 0
    return spot.offset if spot.phase == "forward" else len(run.stepper.program.tape)


def _grad(run: Run, script: Script, spot: Spot, loaded: bool) -> Iterator[tuple[int, float]]:
    """The own gradients that are not ours: of this moment those to which nothing more is added, before backward those
    that the moment before left.
    """
    step, program = run.state.step, run.stepper.program
    if spot.phase in ("backward", "update") and not run.ended:
        timeline = run.stepper.timeline(run.state)
        coming = timeline.instruction(spot) if spot.phase == "backward" else -1
        if spot.op == timeline.zero_end:
            return  # nothing is there but what backward begins with
        last = last_uses(program)
        yield from ((node, x) for node, x in script.moment(step).grad if last[script.slot[node]] > coming)
    elif step:
        zeroed = spot.offset if spot.phase == "zero_grad" else 0
        done = _computed(run, spot)
        for node, x in script.moment(step - 1).grad:
            slot = script.slot[node]
            place = slot - program.tape.first
            kept = slot >= zeroed if slot in program.parameters else place < 0 or place >= done
            if kept and (slot in program.parameters or place >= 0 or not loaded):
                yield node, x


def wrong_leaves(run: Run) -> list[str]:
    """Names of leaves that have another gradient than is right, a few: no op's line shows them."""
    script = run.stepper.program.script
    if script is None:
        return []
    moment = script.moment(min(run.state.step, script.length - 1))
    named = (script.graph.names[node] for node in moment.grad.nodes if not script.graph.ops[node])
    return [*islice(filter(None, named), _FEW)]


class Origin(NamedTuple):
    """What made a slot's number in a script."""

    place: str = ""
    short: str = ""
    source: str = ""
    opaque: str = ""
    """The author's name of an operation that is unknown here."""
    inputs: tuple[int, ...] = ()
    """The slots that such a one reads."""


def origin_of(program: Program, slot: int) -> Origin:
    """Where a script made the number of a slot; nothing where there is no script."""
    script = program.script
    node = None if script is None else script.node.get(slot)
    if script is None or node is None:
        return Origin()
    graph, place = script.graph, script.recording.place(script.graph.places[node])
    where = ("", "", "") if place is None else (place.name, place.short, place.text)
    if not graph.ops[node] or graph.known(node):
        return Origin(*where)
    return Origin(*where, graph.ops[node], tuple(script.slot[each] for each in graph.inputs[node]))


def script_view(run: Run) -> ScriptView | None:
    """Where in a script a run stands; None where it is of none."""
    script = run.stepper.program.script
    if script is None:
        return None
    step = min(run.state.step, script.length - 1)
    recording, moment = script.recording, script.moment(step)
    place = recording.place(moment.place)
    return ScriptView(
        moment=script.numbers[step] + 1,
        moments=len(recording.moments),
        place=place.name if place else "",
        source=place.text if place else "",
        agreement=moment.agreement,
        differs=bool(moment.differs),
        ended=run.ended,
        difference=first_difference(run),
        root=script.graph.names[-1],
    )
