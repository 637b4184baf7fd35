"""Backward that somebody fires in an order of their own: what has been fired, and what is right beside what came of it.
Reads a run; must not change it, nor know the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from ..run.run import Run
from ..snapshot.tape import MANY, RightView
from ..step.evaluate import Evaluator, differ
from ..step.state import State
from ..step.timeline import Spot

_MOST_OPS = 20_000
"""Ops of a batch beyond which the parameters' right gradients are not computed: people do not wait for them."""


def fired(run: Run, spot: Spot) -> Sequence[int]:
    """The instructions of its tape that backward has fired before an op; none where that is not one of backward."""
    if spot.phase != "backward":
        return ()
    done = run.stepper.timeline(run.state).tape(spot).order[: spot.offset]
    return tuple(done) if len(done) <= MANY else done


def in_turn(run: Run, state: State, spot: Spot) -> RightView | None:
    """The gradients as backward gives them where each op waits for its turn: of the lines that have been fired, and in
    update of the parameters. None where none is fired out of turn, or none has been yet.
    """
    if not run.stepper.program.tape.reordered:
        return None
    if spot.phase == "update":
        return _of_parameters(run)
    return _of_sample(run, state, spot) if spot.phase == "backward" and spot.sample is not None else None


def _of_sample(run: Run, state: State, spot: Spot) -> RightView | None:
    program, done = run.stepper.program, fired(run, spot)
    if not done:
        return None
    tape, right = program.tape, copy(state.memory)
    right.data, right.grad = state.memory.data[:], [0.0] * len(state.memory.grad)
    right.grad[program.root] = state.memory.grad[program.root]
    tape.correct_backward(right)
    should = {k: right.grad[tape.first + k] for k in done}
    early = tape.early(done)
    return _view(
        {k: (state.memory.grad[tape.first + k], grad) for k, grad in should.items()}, early[0] if early else None
    )


def _of_parameters(run: Run) -> RightView | None:
    stepper = run.stepper
    batch = stepper.batch(run.state)
    if len(batch) * len(stepper.program.tape) > _MOST_OPS:
        return None
    should = Evaluator(stepper).gradients(stepper.first_parameters(run.state), batch, right=True)
    return _view(dict(enumerate(zip(run.gradients, should, strict=True))), None)


def _view(pairs: dict[int, tuple[float, float]], wrong: int | None) -> RightView:
    """Gradients, each beside what it should be."""
    off = {k: right for k, (own, right) in pairs.items() if differ(own, right)}
    return RightView((False, True), {}, off, frozenset(), wrong)
