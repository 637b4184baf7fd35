"""A lesson beside the panes at every size, on both screens: text and colours. Must not know how it is drawn, nor any
lesson that comes with the program.

`pytest tests/tui/pictures/test_lessons.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from chainstep.tui.app import ChainstepApp
from chainstep.tui.cli.learning.courses import course
from chainstep.tui.learning import Learn
from tests.tui.conftest import Ui

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
async def test_a_lesson_at_every_size(
    name: str, snapshot: SnapshotAssertion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("textual.widgets.Input._toggle_cursor", lambda _: None)
    file = tmp_path / "sums.toml"
    file.write_text(LESSON)
    lessons, pictures = course(str(file)), {}
    app = ChainstepApp(*lessons.opened(lessons.lessons[0]), learn=Learn(lessons, lessons.walk("sums")))
    async with app.run_test(size=SIZES[0]) as pilot:
        ui = Ui(app, pilot, [])
        await ui.until(lambda: "What will a.grad be?" in ui.line("lesson"))
        for key in SCENES[name]:
            await ui.press(key)
            await ui.until(lambda: not app.guide._background.busy)
        for size in SIZES:
            pictures[f"{size[0]}x{size[1]}"] = await at_size(ui, *size)
    assert {size: picture == snapshot(name=size) for size, picture in pictures.items()} == dict.fromkeys(pictures, True)
