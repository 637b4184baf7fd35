"""Edit a number where it stands, freeze it, and take both back. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, Redo, SetGranularity, SetKnob, SetParameter, SetSample, Undo
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER, RIGHT
from support.sessions import numbers_of

from .script import CLEAR, Act, Acts, gone, loss, moves, parameter, row, story

NAME = "L1.n1.w0"


@story("Edit a number where it stands, freeze it, take it back", "lecture", size=(120, 36))
def edited(twin: Session) -> Acts:
    twin.apply(SetGranularity("step"))
    yield Act("Two steps.", "]]]]]")
    yield from moves(twin, RIGHT, Forward(), 2)
    before = numbers_of(twin)
    yield Act("What if this weight were another?", shows=[parameter(twin, NAME)])
    yield Act("e edits the selected parameter.", "e", [f"Edit {NAME}"])
    yield Act("Nonsense is one clear line, and nothing changes.", "banana" + ENTER, ["'banana' is no number"])
    yield Act("", CLEAR, [gone("  banana")])
    twin.apply(SetParameter(0, 2.0))
    yield Act("It stands there at once, with a mark.", "2" + ENTER, [gone("Edit"), row(f"{NAME}✎", "+2.00000")])

    twin.apply(SetKnob("frozen", (0,)))
    yield Act("f freezes it: updates leave it alone.", "f", ["is frozen"])
    yield Act("Three steps: the others learn, it stays.")
    yield from moves(twin, RIGHT, Forward(), 3)
    assert twin.parameters[0] == 2.0
    yield Act("", shows=[loss(twin), row(NAME, "+2.00000")])
    twin.apply(Undo())
    yield Act("u takes the freezing back, and stands where it was done.", "u")
    twin.apply(Undo())
    assert numbers_of(twin) == before
    yield Act("u again: the weight is what it was, to the bit.", "u", [parameter(twin, NAME)])

    yield Act("E edits an input or a target: here an input of sample 4.", "E", ["Edit sample #4"])
    twin.apply(SetSample(3, 0, 0.5))
    yield Act("", "x0 = 0.5" + ENTER, [gone("Edit sample")])
    twin.apply(Forward())
    yield Act("One step, and the loss is another.", RIGHT, [loss(twin)])
    twin.apply(Undo())
    twin.apply(Redo())
    yield Act("u takes that back too, and U makes it once more.", "uU")
