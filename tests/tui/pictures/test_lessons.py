"""A lesson beside the panes at every size, on both screens: text and colours. Must not know how it is drawn, nor any
lesson that comes with the program.

`pytest tests/tui/pictures/test_lessons.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from .test_snapshots import SIZES, at_size

LESSON = """
id = "sums"
title = "Two ways back"
idea = "Gradients add up."
setup = ["expr", "p = a*b; s = a + b; L = p*s", "a=-2", "b=3"]
can = "You can say how many ways lead back."

[[beat]]
go = ["backward", "next op"]
say = "Here a feeds the product p and the sum s. What comes back on both ways is added."
ask = "What will a.grad be?"
show = ["node a", "number p.grad", "phase backward"]
answer = "a.grad"
then = ["update"]
hint = "Count the wires that leave a."
tell = "The paths add up."
[[beat.wrong]]
answer = "b * s"
words = "That is the way through p alone."

[[beat]]
ask = "What adds it up?"
cover = ["pane parameters"]
show = ["pane chain-rule"]
[[beat.choice]]
text = "+="
right = "a.grad == -3"
[[beat.choice]]
text = "the optimiser"
right = "a.grad == 0"
"""

SCENES = {
    "asked": ("z", "3", "enter"),
    "answered": ("z", "minus", "3", "enter"),
    "chosen": ("ctrl+y", "5", "z", "down"),
    "traced": ("x", "ctrl+t"),
}


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.usefixtures("terminal")
async def test_a_lesson_at_every_size(taught: Callable[..., Any], name: str, snapshot: SnapshotAssertion) -> None:
    pictures = {}
    async with taught(LESSON, SIZES[0]) as ui:
        await ui.until(lambda: "What will a.grad be?" in ui.line("lesson"))
        for key in SCENES[name]:
            await ui.press(key)
            await ui.until(lambda: not ui.app.guide._background.busy)
        for size in SIZES:
            pictures[f"{size[0]}x{size[1]}"] = await at_size(ui, *size)
    assert {size: picture == snapshot(name=size) for size, picture in pictures.items()} == dict.fromkeys(pictures, True)
