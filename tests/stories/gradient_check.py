"""The gradient check: a difference quotient beside every gradient shows which are wrong. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, SetGradcheck, SetKnob
from chainstep.engine.training.session import Session
from support.screen.terminal import DOWN, ENTER, ESCAPE

from .script import CLOSED, OPEN, Act, Acts, Seen, gone, moves, row, story


@story("Are these gradients right?", "expr", "(a*b)*(a+b)", "a=-2", "b=3", size=(100, 30))
def gradient_check(twin: Session) -> Acts:
    yield Act("a and b are used twice. Are their gradients right?")
    yield from moves(twin, ENTER, Forward("phase"), 3)
    twin.apply(SetGradcheck(True))
    yield Act("a measures each slope, by a small step to both sides: they are.", "a", checked(twin, wrong=False))

    yield Act("Now with a mistake: = in place of +=.", "m", ["○ = instead of +=", OPEN])
    twin.apply(SetKnob("mistakes", ("overwrite",)))
    yield Act("", DOWN + " ", ["● = instead of +="])
    yield Act("", ESCAPE, [CLOSED])
    yield Act("After the next backward pass, both rows are marked.")
    yield from moves(twin, ENTER, Forward("phase"), 4)
    yield Act("", shows=checked(twin, wrong=True))

    twin.apply(SetGradcheck(False))
    yield Act("a again, and the column goes.", "a", [gone("numeric")])


def checked(twin: Session, *, wrong: bool) -> list[Seen]:
    """Each parameter's row, with both gradients and what to think of them."""
    for _ in twin.checking() or ():
        pass
    view = twin.snapshot({"parameters"}).parameters
    assert view is not None
    assert view.numeric is not None
    assert view.errors is not None
    assert all(error is not None and (error > 1e-5) == wrong for error in view.errors)
    mark = "✗" if wrong else "✓"
    rows = zip(view.labels, view.grad, view.numeric, strict=True)
    return [row(f"{name} ", f"{grad:+.5f} {numeric:+.5f} {mark}") for name, grad, numeric in rows]
