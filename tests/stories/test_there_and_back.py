"""Too bold a step, taken back: a knob, its consequences, and the way home. Must not know widgets."""

from __future__ import annotations

import sys

from chainstep.engine.training.commands import Forward, Reseed, SetKnob
from chainstep.tui import runs
from chainstep.tui.subjects import open_subject
from support.terminal import LEFT, RIGHT, Terminal

PROGRAM = [sys.executable, "-m", "chainstep.tui"]


def text(terminal: Terminal) -> str:
    return "\n".join(terminal.screen())


def test_there_and_back() -> None:
    there, _ = open_subject("lecture")

    def loss() -> str:
        return f"Loss {there.losses[-1]:#.4g} "

    with Terminal([*PROGRAM, "lecture"], size=(120, 36)) as terminal:
        # Three steps down the slope.
        terminal.read_until("? help")
        terminal.send("]]]]]" + RIGHT * 3)
        there.apply(Forward("step", 3))
        terminal.read_until(lambda it: "step 3 " in it.screen()[0] and loss() in it.screen()[1])
        before = there.parameters

        # Ten times too bold: the loss climbs.
        terminal.send("++" + RIGHT * 2)
        there.apply(SetKnob("lr", 0.3))
        there.apply(SetKnob("lr", 1.0))
        there.apply(Forward("step", 2))
        terminal.read_until(lambda it: "step 5 " in it.screen()[0] and loss() in it.screen()[1])
        assert there.losses[-1] > there.losses[-2]

        # Two steps back, and every weight is what it was; with other weights from the start it goes better.
        terminal.send(LEFT * 2)
        terminal.read_until(lambda it: "step 3 " in it.screen()[0] and f"L1.n1.w0 {before[0]:+.5f}" in text(it))
        terminal.send("R-" + RIGHT)
        terminal.read_until(lambda it: "seed 1338" in it.screen()[0] and "step 1 " in it.screen()[0])
        terminal.send("q")
        assert terminal.wait() == 0

    # The next morning: where it was left, to the bit.
    there, _ = runs.load()
    straight, _ = open_subject("lecture")
    for command in (SetKnob("lr", 0.3), Reseed(), Forward("step")):
        straight.apply(command)
    assert there.settings.lr == straight.settings.lr
    assert there.bits() == straight.bits()
    with Terminal([*PROGRAM, "resume"], size=(120, 36)) as terminal:
        terminal.read_until(lambda it: "seed 1338" in it.screen()[0] and f"{there.parameters[0]:+.5f}" in text(it))
        terminal.send("q")
        assert terminal.wait() == 0
