"""What if zero_grad were forgotten? The lecture's own bug, with the lecture's own numbers. Must not know widgets."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward, Restart, SetGranularity, SetKnob
from chainstep.engine.training.session import Session
from support.figures.golden import GOLDEN
from support.screen.terminal import CTRL_R, ESCAPE, RIGHT

from .script import CLOSED, OPEN, Act, Acts, gone, loss, moves, story

LECTURE = GOLDEN["lecture"]


@story("What if zero_grad were forgotten?", "lecture", size=(100, 30))
def zero_grad_forgotten(twin: Session) -> Acts:
    yield Act(
        "m breaks training on purpose, in the ways in which people break it.", "m", ["○ zero_grad forgotten", OPEN]
    )
    twin.apply(SetKnob("mistakes", ("no_zero_grad",)))
    yield Act("The header says so, as long as it lasts.", " ", ["● zero_grad forgotten", "BROKEN: zero_grad forgotten"])
    yield Act("", ESCAPE, [CLOSED])

    twin.apply(SetGranularity("step"))
    yield Act("Four steps.", "]]]]]")
    for step, wanted in LECTURE["forgot_zero_grad"].items():
        twin.apply(Forward())
        assert twin.losses[int(step)] == pytest.approx(wanted, rel=1e-9)
        yield Act("", RIGHT, [f"Loss {wanted:#.4g} ", "BROKEN"])
    proof = next(it.proof for it in twin.snapshot({"proof"}).mistakes)
    assert proof
    yield Act(
        "The loss falls, faster even! But the gradient is not the loss's own.", "m", [" ".join(proof.split()[:4]), OPEN]
    )

    twin.apply(SetKnob("mistakes", ()))
    yield Act("Put right again, and from the start; the old curve stays as a ghost.", " ", ["○ zero_grad forgotten"])
    yield Act("", ESCAPE, [CLOSED])
    twin.apply(Restart())
    yield Act("", CTRL_R, [gone("BROKEN")])
    yield Act("The first two losses are the same: there was nothing to forget yet.")
    yield from moves(twin, RIGHT, Forward(), 4)
    for step in range(4):
        assert twin.losses[step] == pytest.approx(LECTURE["loss_before_update"][str(step)], rel=1e-9)
    yield Act("", shows=[loss(twin)])
