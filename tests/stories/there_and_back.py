"""Too bold a step, taken back: a knob, its consequences, the way home, and the next morning. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Back, Forward, Reseed, SetGranularity, SetKnob
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject
from support.screen.terminal import LEFT, RIGHT
from support.sessions import numbers_of

from .script import Act, Acts, loss, moves, parameter, story


@story("Too bold a step, taken back", "lecture", size=(120, 36))
def there_and_back(twin: Session) -> Acts:
    twin.apply(SetGranularity("step"))
    yield Act("Three steps down the slope.", "]]]]]")
    yield from moves(twin, RIGHT, Forward(), 3)
    before = twin.parameters
    yield Act("", shows=[loss(twin), parameter(twin, "L1.n1.w0")])

    twin.apply(SetKnob("lr", 0.3))
    twin.apply(SetKnob("lr", 1.0))
    yield Act("Ten times too bold: the loss climbs.", "++", ["lr 1 "])
    yield from moves(twin, RIGHT, Forward(), 2)
    assert twin.losses[-1] > twin.losses[-2]
    yield Act("", shows=[loss(twin)])

    yield Act("Two steps back, and every weight is what it was.")
    yield from moves(twin, LEFT, Back(), 2)
    assert twin.parameters == before
    yield Act("", shows=[parameter(twin, "L1.n1.w0")])

    twin.apply(Reseed())
    twin.apply(SetKnob("lr", 0.3))
    twin.apply(Forward())
    yield Act("Other weights, from the start, and less bold.", "I-" + RIGHT, ["seed 1338", "lr 0.3 ", loss(twin)])

    straight, _ = open_subject("lecture")
    for command in (SetKnob("lr", 0.3), Reseed(), Forward("step")):
        straight.apply(command)
    assert numbers_of(straight) == numbers_of(twin)
    yield Act(
        "The next morning: it resumes where it was left, to the bit.",
        opens=["resume"],
        shows=["seed 1338", "lr 0.3 ", parameter(twin, "L1.n1.w0")],
    )
