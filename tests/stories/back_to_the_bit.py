"""Back, at every granularity, to the exact state that was there. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Back, Continue, Forward, Goto
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject
from support.screen.terminal import ENTER, LEFT, RIGHT
from support.sessions import numbers_of

from .script import Act, Acts, Seen, gone, loss, moves, parameter, story


@story("Back, to the last bit", "lecture", size=(120, 36))
def back_to_the_bit(twin: Session) -> Acts:
    twin.apply(Continue())
    end = numbers_of(twin)
    yield Act("space trains at full speed, up to step 20.", " ", [loss(twin), parameter(twin, "L1.n1.w0")])

    yield Act("g asks for a step: any step, forwards or back.", "g", ["Go to step"])
    twin.apply(Goto(5))
    fresh, _ = open_subject("lecture")
    fresh.apply(Forward("step", 5))
    assert numbers_of(fresh) == numbers_of(twin)
    yield Act("At step 5, every number is what it was there.", "5" + ENTER, [loss(twin), last_bias(twin)])

    yield from moves(twin, ENTER, Forward("phase"), 3)
    before, unwritten = numbers_of(twin), twin.run.gradients
    yield Act("Into its backward pass, one op after the other: gradients arrive.")
    yield from moves(twin, RIGHT, Forward("op"), 8)
    assert twin.run.gradients != unwritten
    yield Act("And op by op out of it: each is unwritten again.", shows=[last_bias(twin)])
    yield from moves(twin, LEFT, Back("op"), 8)
    assert numbers_of(twin) == before
    yield Act("", shows=[last_bias(twin)])

    yield Act("Before step 5 there is the last update of step 4.", "g", ["Go to step"])
    twin.apply(Goto(5))
    yield Act("", "5" + ENTER, [gone("Go to step"), last_bias(twin)])
    twin.apply(Back("op"))
    yield Act("One op back, and that is taken back as well.", LEFT, [last_bias(twin)])

    twin.apply(Continue())
    assert numbers_of(twin) == end
    yield Act("On to step 20 again: the very same numbers.", " ", [loss(twin), parameter(twin, "L2.n4.w0")])


def last_bias(twin: Session) -> Seen:
    """The number that the last update of a step writes."""
    return parameter(twin, "L3.n1.b")
