"""How tests begin a session, and all that its numbers are made of, for comparing two of them exactly. Must not know any
test.
"""

from __future__ import annotations

from collections.abc import Callable

from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session

Begin = Callable[..., Session]
"""(example, knobs) -> a fresh session on it."""

Bits = Callable[[object], object]
"""A session's numbers -> what == means the same bits of."""


def numbers_of(session: Session) -> tuple[object, ...]:
    """Position, data and grads of every node, the optimiser's state, the losses: sessions with the same go on alike."""
    return (*standing(session), tuple(session.losses[:]))


def standing(session: Session) -> tuple[object, ...]:
    """All but the losses: those of long ago one session knows and another does not."""
    run = session.run
    finish(run.stepper.recompute(run.state))
    state = run.state
    return (
        (state.step, state.op, state.epoch, state.cursor, state.updates),
        tuple(state.memory.data),
        tuple(state.memory.grad),
        tuple(state.previous),
        tuple(map(tuple, state.moments)),
    )
