"""Training by the generated functions and by the replay, side by side. Knows programs, steppers and the compiler."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import cycle, pairwise

from chainstep.datasets import EXAMPLES
from chainstep.engine.autograd.value import Value
from chainstep.engine.compiler.compile import Numbers, Piece, Plan, Train, code_object, function, source
from chainstep.engine.compiler.layered.writer import source_in_pieces
from chainstep.engine.compiler.plan import Share
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from chainstep.engine.training.step.tracing import Traced
from support.graphs import bits

Case = tuple[Stepper, tuple[float, ...], int]
"""A stepper, the first parameters, and how many steps."""

Bits = tuple[object, ...]
"""Losses, right decisions, parameters and all else that training leaves: == means the same bits."""


def example(name: str, **knobs: object) -> tuple[Stepper, tuple[float, ...]]:
    """A stepper on an example, and the parameters that it begins with."""
    chosen = EXAMPLES[name]
    settings = Settings.of({**chosen.settings, **knobs})
    if chosen.load is None:
        program = Program.of_expression(chosen.expression, chosen.leaves, settings)
    else:
        program = Program.of_network(chosen.load(), settings)
    return Stepper(program, settings), chosen.parameters or program.first


def of_graph(
    parameters: Sequence[Value],
    row: Sequence[Value],
    root: Value,
    samples: Sequence[tuple[float, ...]],
    settings: Settings,
) -> Stepper:
    """A stepper on a graph whose root is the loss."""
    traced = Traced(parameters, outputs=[root], loss=root, inputs=row)
    return Stepper(Program(traced, settings, samples=tuple((sample, ()) for sample in samples)), settings)


def shares_of(stepper: Stepper, steps: int, cuts: Iterable[int] = ()) -> list[Share]:
    """The first steps in pieces of so many samples, over and over; each in one where none are given."""
    state = State(stepper.program, (), stepper.settings)
    shares: list[Share] = []
    pieces = cycle([*cuts])
    for k in range(steps):
        batch = stepper.batch(state)
        rate = stepper.lr(k) * (-1.0 if stepper.climbs else 1.0)
        start = 0
        while len(batch) - start > (cut := next(pieces, len(batch))):
            shares.append((batch[start : start + cut], len(batch), None))
            start += cut
        shares.append((batch[start:], len(batch), rate))
        stepper.complete(state, len(batch))
    return shares


def pieces_of(stepper: Stepper, steps: int, cuts: Iterable[int] = ()) -> list[Piece]:
    """The same with the samples' rows in place of their numbers."""
    rows = [(*inputs, *targets) for inputs, targets in stepper.program.samples]
    return [([rows[i] for i in samples], size, rate) for samples, size, rate in shares_of(stepper, steps, cuts)]


def generated(plan: Plan, *, dense: bool, layered: bool = False) -> Train:
    """The generated function, ready to run; that with loops over layers, however small they are, if it is asked for."""
    if not layered:
        return function(plan, code_object(source(plan, dense=dense)))
    assert plan.network is not None
    pieces = source_in_pieces(plan, plan.network, fast=plan.has_fast_variant and not dense)
    return function(plan, code_object("".join(pieces)))


def fresh(stepper: Stepper, first: Sequence[float]) -> Numbers:
    """What a generated function starts with."""
    return Numbers(first, State(stepper.program, first, stepper.settings).moments, 1)


def trained(
    stepper: Stepper, first: Sequence[float], pieces: Sequence[Piece], *, layered: bool = False
) -> tuple[Bits, int]:
    """What the generated functions make of it: the fast one as far as it goes, then the dense one; and how many pieces
    the fast one did.
    """
    plan, numbers = stepper.compilation.plan, fresh(stepper, first)
    fast = generated(plan, dense=False, layered=layered)
    done, losses, rights = fast(numbers, pieces, stepper.knobs)
    dense = generated(plan, dense=True, layered=layered) if plan.has_fast_variant else fast
    rest = dense(numbers, pieces[done:], stepper.knobs)
    assert done + rest[0] == len(pieces)
    return bits_of(plan, numbers, [*losses, *rest[1]], [*rights, *rest[2]]), done


def trained_in_calls(
    stepper: Stepper, first: Sequence[float], steps: int, length: int, *, layered: bool = False
) -> Bits:
    """What the fast one makes of the first steps in calls of so many samples, each of which is held to this: only the
    last one of a step ends it, and no other moves a parameter.
    """
    plan, numbers = stepper.compilation.plan, fresh(stepper, first)
    train = generated(plan, dense=False, layered=layered)
    losses: list[float] = []
    rights: list[int] = []
    for rows, size, lr in pieces_of(stepper, steps):
        for start, stop in pairwise((*range(0, len(rows), length), len(rows))):
            last, before = stop == len(rows), numbers.parameters
            done, new, right = train(numbers, [(rows[start:stop], size, lr if last else None)], stepper.knobs)
            assert (done, len(new), numbers.begun) == (1, last, not last)
            assert last or numbers.parameters == before
            losses += new
            rights += right
    return bits_of(plan, numbers, losses, rights)


def bits_of(plan: Plan, numbers: Numbers, losses: Sequence[float], rights: Sequence[int]) -> Bits:
    """The bits that generated functions leave."""
    every = (numbers.parameters, numbers.gradients, numbers.previous, *numbers.moments)
    return _hexed(losses), tuple(rights) if plan.classes else (), tuple(map(_hexed, every)), numbers.t


def replayed(stepper: Stepper, first: Sequence[float], steps: int) -> Bits:
    """What the op by op replay makes of it."""
    program, state = stepper.program, State(stepper.program, first, stepper.settings)
    losses, rights = [], []
    for _ in range(steps):
        batch, timeline = stepper.batch(state), stepper.timeline(state)
        stepper.run(state, timeline.loss_end)
        losses.append(state.memory.data[program.batch(len(batch)).root])
        rights.append(
            sum(program.coding.is_right(state.outputs[i], program.samples[s][1]) for i, s in enumerate(batch))
        )
        stepper.run(state, timeline.total)
    p, memory = len(first), state.memory
    numbers = (memory.data[:p], memory.grad[:p], state.previous, *state.moments)
    return (
        _hexed(losses),
        tuple(rights) if program.coding.classes else (),
        tuple(map(_hexed, numbers)),
        state.updates + 1,
    )


def _hexed(floats: Sequence[float]) -> tuple[str, ...]:
    return tuple(map(bits, floats))
