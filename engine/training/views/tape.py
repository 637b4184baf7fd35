"""Makes the views of a tape: the listing that the next op belongs to, what is watched of it, and an expression's graph.
Reads a run; must not change it, nor know the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ...autograd.tape import Slots, Tape
from ...autograd.text.notation import text
from ...records import record, replace
from ..run.nodes import progress
from ..run.run import Run
from ..snapshot.tape import MANY, Gathered, GraphView, Lines, NodeView, RightView, TraceView, WatchView, Window
from ..step.program import Program
from ..step.state import State
from ..step.timeline import Spot
from .listing.lines import kinds, lines_of, lines_of_parameters, read
from .listing.names import Names
from .script.culprit import first_wrong
from .script.listing import around, called, is_large, script_lines
from .script.own import NOTHING, Laid, lay_over
from .turn import fired, in_turn


@record
class _Listing:
    """What stays of a tape's listing while its numbers change."""

    lines: Lines
    slots: range
    """The slot that each line writes."""
    inputs: Callable[[int], tuple[int, ...]]
    """The slots that a line reads."""
    places: int = 0


class _Listings:
    """The listings of one program, each made when it is first looked at, and the names of its slots."""

    def __init__(self, program: Program) -> None:
        self._made: dict[tuple[str, int], _Listing] = {}
        self.names = Names(program, self.of(program, "sample", 0).lines.of, large=is_large(program))
        values, targets = program.slots.values, program.targets
        self.inputs = tuple(values[slot].label for slot in program.inputs)
        self.target = values[targets[0]].label if len(targets) == 1 else None

    def of(self, program: Program, section: str, size: int) -> _Listing:
        """The listing of a section; the batch tape is another one for batches of another size."""
        key = section, size if section == "batch" else 0
        if key not in self._made:
            self._made[key] = _made(program, section, size)
        return self._made[key]


_LISTINGS: WeakKeyDictionary[Slots, _Listings] = WeakKeyDictionary()
"""They are forgotten with the slots of their programs, which those with other samples or another order share."""


def trace(run: Run) -> TraceView:
    """The listing that the next op belongs to, as that op will find it."""
    state, spot = _prepared(run)
    program, timeline = run.stepper.program, run.stepper.timeline(state)
    section = _section(spot)
    laid = _laid(run, state, spot)
    listings = _listings(program)
    listing = listings.of(program, section, timeline.size)
    data, grad = state.memory.data, state.memory.grad
    last = run.last.spot if run.last is not None else None
    here = last is not None and (_section(last), last.sample) == (section, spot.sample)
    return TraceView(
        section=section,
        sample=None if spot.sample is None else spot.sample + 1,
        samples=timeline.size,
        lines=listing.lines,
        data=_numbers(data, listing.slots),
        grad=_numbers(grad, listing.slots),
        leaf_data=_gathered(data, listing),
        leaf_grads=_gathered(grad, listing),
        computed=_computed(program, state, spot) if section == "sample" else _of_batch(spot, len(listing.lines)),
        current=timeline.instruction(spot),
        last=timeline.instruction(last) if last is not None and here else None,
        backward=spot.phase == "backward",
        last_backward=here and last is not None and last.phase == "backward",
        row=None if spot.sample is None else run.stepper.batch(state)[spot.sample],
        inputs=listings.inputs,
        target=listings.target,
        old_grads=_old_grads(run),
        right=_right(run, laid, section) or in_turn(run, state, spot),
        fired=fired(run, spot),
        headings=_headings(program, section),
        places=listing.places,
        ended=run.ended,
    )


def watches(run: Run, names: Iterable[str]) -> tuple[WatchView, ...]:
    """Values by their names: those of the sample's tape, its inputs and targets, parameters, and `loss`."""
    wanted = tuple(names)
    if not wanted:
        return ()
    state, spot = _prepared(run)
    program, laid = run.stepper.program, _laid(run, state, spot)
    slots, memory = _listings(program).names, state.memory
    end = program.tape.first + _computed(program, state, spot)
    found = []
    for name in wanted:
        slot = slots.get(name)
        if name == "loss" and slot is None:
            found.append(_loss(run))
        elif slot is None or slot >= end:
            found.append(WatchView(name, None, None))
        else:
            right = laid.data.get(slot), laid.grad.get(slot)
            found.append(WatchView(name, memory.data[slot], memory.grad[slot], *right))
    return tuple(found)


def names_of(program: Program) -> Mapping[str, int]:
    """The slot of each name by which a value can be watched."""
    return _listings(program).names


def graph(run: Run) -> GraphView:
    """The sample tape as a graph: leaves first, then an op a node; of a script's large one the group of the next op."""
    program, state, last, coming = run.stepper.program, run.state, run.last, run.coming
    tape, laid, old = program.tape, NOTHING, _Older(frozenset(), frozenset())
    instructions = range(len(tape))
    leaves = [*program.parameters, *program.leaves, *tape.constants]
    if program.script is not None:
        state = state.copy()
        laid = lay_over(run, state.memory, coming.spot, loaded=state.op > 0)
    if is_large(program):
        slot = coming.slots[2] if last is None or coming.tape is not None else last.slots[2]
        instructions = around(program, min(max(0, slot - tape.first), len(tape) - 1))
        own = range(tape.first + instructions.start, tape.first + instructions.stop)
        leaves = [each for each in dict.fromkeys(_read(tape, instructions)) if each not in own]
    else:
        old = _older(run)
    data, grad = state.memory.data, state.memory.grad
    place = {slot: index for index, slot in enumerate([*leaves, *(tape.first + k for k in instructions)])}
    nodes, kind = [], kinds(program, tape)
    for slot in leaves:
        leaf = NodeView(called(program, slot), "", (), data[slot], grad[slot], slot - tape.first < state.reached)
        old_grad, wrong_grad = slot in old.grads, slot in laid.grad
        nodes.append(replace(leaf, kind=kind(slot), old_grad=old_grad, wrong_grad=wrong_grad))
    for k in instructions:
        op, (_, i, j, slot) = tape.ops[k], tape.program[k]
        inputs = (place[i],) if op.arity == 1 else (place[i], place[j])
        node = NodeView(called(program, slot), op.symbol, inputs, data[slot], grad[slot], k < state.reached)
        node = replace(node, wrong=slot in laid.data, wrong_grad=slot in laid.grad)
        nodes.append(replace(node, old=slot in old.data, old_grad=slot in old.grads))
    return GraphView(
        tuple(nodes),
        lit=place.get(last.slots[2]) if last else None,
        backward=last is not None and last.backward,
        coming=None if run.ended else place.get(coming.slots[2]),
        coming_backward=coming.backward,
    )


def _read(tape: Tape, instructions: range) -> Iterable[int]:
    """The slots that instructions read."""
    for k in instructions:
        _, i, j, _ = tape.program[k]
        yield i
        yield j


# --- numbers


def _prepared(run: Run) -> tuple[State, Spot]:
    """A copy of the state as the next op will find it: with its own sample in memory. Behind a script's last moment
    there is none: that moment is shown as it was left.
    """
    state = run.state.copy()
    if run.ended:
        timeline = run.stepper.timeline(state)
        return state, timeline.spot(timeline.backward_end - 1)
    run.stepper.recompute_sample(state)
    run.stepper.prepare(state)
    return state, run.stepper.timeline(state).spot(state.op)


def _laid(run: Run, state: State, spot: Spot) -> Laid:
    """The own numbers of a script in a prepared copy of its run's state."""
    return lay_over(run, state.memory, spot, loaded=not run.ended)


def _right(run: Run, laid: Laid, section: str) -> RightView | None:
    """What is right, line by line, where it is not what a script's own class has."""
    program = run.stepper.program
    if program.script is None:
        return None
    first = program.tape.first if section == "sample" else 0
    lines = range(len(program.tape) if section == "sample" else len(program.parameters))
    data, grad = (
        {slot - first: number for slot, number in numbers.items() if slot - first in lines}
        for numbers in (laid.data, laid.grad)
    )
    step = min(run.state.step, program.script.length - 1)
    wrong = first_wrong(program, step) if section == "sample" else None
    moment = program.script.moment(step)
    differs = bool(moment.data.nodes), bool(moment.grad.nodes)
    leaves = frozenset(text(program.slots.values[slot]) for slot in laid.grad if slot < program.tape.first)
    return RightView(differs, data, grad, leaves, None if wrong is None else wrong.line)


def _headings(program: Program, section: str) -> Mapping[tuple[int | None, int | None], str]:
    return program.script.groups.names if program.script is not None and section == "sample" else {}


def _computed(program: Program, state: State, spot: Spot) -> int:
    """How many lines of the sample's listing hold a number of the sample that is in memory."""
    if spot.phase == "forward":
        return spot.offset
    if spot.phase == "loss" and spot.sample is not None:
        return program.forward + spot.offset
    return state.reached if spot.sample is None else len(program.tape)


def _of_batch(spot: Spot, lines: int) -> int:
    """The same for the other listings: the batch's loss is computed line by line, parameters are always there."""
    return spot.offset if spot.phase == "loss" else lines


def _loss(run: Run) -> WatchView:
    """The newest loss of a step."""
    measured = run.measured()
    if not measured:
        return WatchView("loss", None, None)
    # Its derivative by itself, from backward on.
    seeded = run.state.op > run.stepper.timeline(run.state).zero_end or measured == run.state.step
    return WatchView("loss", run.history.loss[measured - 1], 1.0 if seeded else None)


# --- what is of before the last update


class _Older(NamedTuple):
    """The slots whose numbers, and whose gradients, are of before the last update."""

    data: frozenset[int]
    grads: frozenset[int]


def _older(run: Run) -> _Older:
    """Of a tape that is run once a step: what an update has overtaken, until it is computed again."""
    state, program = run.state, run.stepper.program
    timeline, tape, fresh = run.stepper.timeline(state), program.tape, progress(run)[0]
    updating = state.op > timeline.backward_end
    if updating or state.op == 0:
        fresh = 0
    updated = state.op - timeline.backward_end if updating else len(state.previous)
    changed = {p for p in range(updated) if state.previous[p] != state.memory.data[p]}
    if not changed:
        return _Older(frozenset(), frozenset())
    depending = set(changed)
    for _, i, j, slot in tape.program:
        if not depending.isdisjoint((i, j)):
            depending.add(slot)
    behind = frozenset(range(tape.first + fresh, tape.first + len(tape)))
    data = behind & depending
    return _Older(data, data.union(_old_grads(run)) if updating else behind.union(_old_grads(run)))


def _old_grads(run: Run) -> range:
    """Parameters that were updated since their gradients were derived."""
    state, timeline = run.state, run.stepper.timeline(run.state)
    if state.op > timeline.backward_end:
        return range(state.op - timeline.backward_end)
    zeroed = max(0, state.op - timeline.loss_end)
    return range(zeroed if state.step and timeline.zeroes else len(state.previous), len(state.previous))


# --- what stays


def _section(spot: Spot) -> str:
    if spot.phase in ("zero_grad", "update"):
        return "parameters"
    return "batch" if spot.sample is None else "sample"


def _listings(program: Program) -> _Listings:
    known = _LISTINGS.get(program.slots)
    if known is None:
        known = _LISTINGS[program.slots] = _Listings(program)
    return known


def _made(program: Program, section: str, size: int) -> _Listing:
    if section == "parameters":
        return _Listing(lines_of_parameters(program), program.parameters, lambda _: ())
    tape = program.tape if section == "sample" else program.batch(size).tape
    slots = range(tape.first, tape.first + len(tape))
    if program.script is None:
        return _Listing(lines_of(program, tape), slots, partial(read, tape))
    lines, inputs = script_lines(program, kinds(program, tape))
    return _Listing(lines, slots, inputs.__getitem__, max(len(line.place) for line in lines))


def _numbers(numbers: list[float], slots: range) -> Sequence[float]:
    """The number of each line; where there are very many, they are taken where they are asked for."""
    return tuple(numbers[slots.start : slots.stop]) if len(slots) <= MANY else Window(numbers, slots)


def _gathered(numbers: list[float], listing: _Listing) -> Sequence[tuple[float, ...]]:
    """Those that each line reads, likewise."""
    rows = Gathered(numbers, len(listing.lines), listing.inputs)
    return tuple(rows) if len(rows) <= MANY else rows
