"""Off to Wonderland: the perceptron rule finds the table again, and so does a sigmoid. Must not know widgets."""

from __future__ import annotations

import re

from chainstep.engine.training.commands import Continue, Forward, Reseed, SetGranularity, SetKnob, SetProbe
from chainstep.engine.training.session import Session
from support.screen.terminal import DOWN, ENTER, ESCAPE, RIGHT, UP

from .script import Act, Acts, Screen, gone, story

ANSWERS = ("000 No", "001 Yes", "010 No", "011 Yes", "100 Yes", "101 Yes", "110 Yes", "111 Yes")


def right(screen: Screen) -> bool:
    """a truth table with every row, decided rightly, in its order"""
    card = "\n".join(" ".join(line.split("││")[0].strip("│▸ ").split()) for line in screen)
    rows = re.findall(r"^([01]{3}) \S+ (Yes|No) ✓$", card, re.MULTILINE)
    return tuple(map(" ".join, rows)) == ANSWERS


@story("Off to Wonderland: why a step function needs a rule of its own", "wonderland", size=(120, 36))
def wonderland(twin: Session) -> Acts:
    yield Act(
        "It does not rain, and friends are excited: does the neuron go?",
        shows=["f(x) = 1×5 + 0×2 + 1×4 − 3 = 6", "6 > 0  → Yes, we're going!", right],
    )
    twin.apply(SetProbe((0.0, 0.0, 0.0)))
    yield Act(
        "It rains, and the friends stay at home.",
        "13",
        ["f(x) = 0×5 + 0×2 + 0×4 − 3 = −3", "No, we stay at home."],
    )
    twin.apply(Reseed())
    yield Act("Other weights decide some rows wrongly.", "I", ["seed 1338", "✗ wrong"])
    twin.apply(Continue())
    yield Act(
        "The rule goes through the rows until none is wrong, and says so.",
        " ",
        ["Solved: every row is decided rightly", gone("playing"), right],
    )

    twin.apply(Reseed())
    yield Act("Once more, but with a slope to go down.", "Ik", ["what bends a neuron's sum"])
    yield Act("", DOWN * 15 + ENTER, ["now step; takes effect with the next step"])
    twin.apply(SetKnob("activation", "sigmoid"))
    yield Act("", "sigmoid" + ENTER, ["activation    sigmoid"])
    yield Act("", UP * 11 + ENTER, ["now 20; takes effect at once"])
    twin.apply(SetKnob("steps", 400))
    yield Act("", "400" + ENTER, ["steps         400"])
    yield Act("", ESCAPE, [gone("enter types")])
    twin.apply(SetGranularity("step"))
    twin.apply(Forward())
    yield Act("A sigmoid has a slope everywhere.", "]]]]]" + RIGHT, ["A sigmoid has a slope everywhere"])
    twin.apply(Continue())
    yield Act("Down the slope, it decides every row as well.", " ", [gone("playing"), "accuracy 8/8", right])
