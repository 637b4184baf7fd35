"""Every screen at every size: every letter, roughly every colour, and that all of it has room. Knows scenes; must not
know how they are drawn.

`pytest tests/tui/pictures/test_snapshots.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from syrupy.assertion import SnapshotAssertion

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Command,
    Continue,
    Fork,
    Forward,
    Goto,
    SetKnob,
    SwitchFork,
)
from support.screen.drawing import spelt, strips_of
from support.screen.geometry import faults

Opened = Callable[..., Any]

SIZES = ((120, 36), (60, 20), (80, 24), (200, 60))
"""A scene is played in the first of them."""

BY_STEP = ("]",) * 5
MID_BACKWARD = ("enter", "enter", "enter", "right", "right")

FORKED = (Goto(60), Fork("slow"), SetKnob("lr", 0.01), Goto(110), SwitchFork("main"), Goto(150))
BROKEN = (Goto(40), SetKnob("mistakes", ("no_zero_grad",)), AddBreakpoint("step 90"), *[Continue()] * 3)
EXPLODED = (SetKnob("lr", 1e200), SetKnob("activation", "relu"), Forward("step", 4))


class Scene(NamedTuple):
    """How to come to a screen."""

    example: str
    keys: str | tuple[str, ...] = ()
    """Keys: one character each, or Textual's names of them."""
    commands: tuple[Command, ...] = ()
    """What the session was told before that."""
    until: str = ""
    """A text that comes by and by."""


SCENES = {
    # The Train screen.
    "lecture": Scene("lecture", MID_BACKWARD),
    "lecture_light": Scene("lecture", ("t", *MID_BACKWARD)),
    "lecture_checked_frozen_edited": Scene(
        "lecture", ("f", "down", "down", "e", *"1.5", *["enter"] * 5, "a"), until="check: right"
    ),
    "lecture_forks": Scene("lecture", "l", (*FORKED, *BROKEN)),
    "lecture_neuron": Scene("lecture", (*MID_BACKWARD, "y")),
    "lecture_enlarged": Scene("lecture", (*MID_BACKWARD, "Z")),
    "coach": Scene("lecture", "G"),
    "coach_halfway": Scene("lecture", ("G", "right", "right", "enter", "enter")),
    "coach_expression": Scene("parabola", ("G", "right")),
    "samples": Scene("lecture", ("right", "tab", "down")),
    "samples_iris": Scene("iris", (*BY_STEP, "right", "right", "right", "tab", "end")),
    "wonderland": Scene("wonderland"),
    "moons": Scene("moons", (*BY_STEP, "right", "right", "right")),
    "moons_light": Scene("moons", ("t", *BY_STEP, "right", "right", "right")),
    "spiral_map": Scene("spiral", "M", (Goto(2),)),
    "expression": Scene("expression", MID_BACKWARD),
    "parabola": Scene("parabola", (*BY_STEP, "right", *"{{{")),
    "sine_curve": Scene("sine", "M", (Goto(300),)),
    "plane_fit": Scene("plane", "MM", (Goto(5),)),
    # The Trace screen.
    "trace": Scene("lecture", ("x", *MID_BACKWARD, *"sssssDb")),
    "trace_expression": Scene("expression", ("x", "enter", "enter", "s")),
    # Dialogs.
    "help": Scene("lecture", "?"),
    "help_search": Scene("lecture", ("?", *"grad")),
    "palette": Scene("lecture", ("ctrl+p", "down")),
    "examples": Scene("lecture", "o"),
    "knobs": Scene("lecture", ("k", "down")),
    "knobs_moons": Scene("moons", ("k", *["down"] * 14)),
    "range_test": Scene("lecture", "T", until="suggested"),
    "scores_iris": Scene("iris", "j", (Goto(40),), until="precision"),
    "scores_plane": Scene("plane", "j", (Goto(5),), until="residual"),
    "scrubber": Scene("lecture", ("v", "left", "left"), (*FORKED,)),
    "quiz": Scene("lecture", ("z", "enter", "z")),
    "quiz_answered": Scene("lecture", ("z", "enter", "z", "2", "enter")),
    "breakpoints": Scene("lecture", "b", (AddBreakpoint("loss < 0.1"), AddBreakpoint("backward L1.n2"))),
    "breakpoints_none": Scene("lecture", "b"),
    "forks": Scene("lecture", "W", (*FORKED, *BROKEN)),
    "mistakes": Scene("lecture", ("m",), (SetKnob("mistakes", ("no_zero_grad",)), Forward("step", 3))),
    "why": Scene("lecture", "N", EXPLODED),
    "why_not": Scene("lecture", "N"),
    "source": Scene("lecture", "X"),
    "edit": Scene("lecture", "e"),
    "edit_wrong": Scene("lecture", ("e", *"one", "enter")),
    "edit_sample": Scene("lecture", "E"),
    "go_to": Scene("lecture", "g"),
    "predict": Scene("moons", "i"),
    "check_distance": Scene("lecture", "A"),
    "filter": Scene("lecture", "/"),
    "find": Scene("lecture", "x/"),
}


async def at_size(ui: Any, width: int, height: int) -> str:
    """The screen in another size, once nothing moves any more."""
    if ui.app.size != (width, height):
        await ui.pilot.resize_terminal(width, height)
    await ui.until(lambda: ui.app.screen._compositor.size == (width, height))
    plotter = ui.app.runner.plotter
    await ui.until(lambda: plotter.complete)
    now = [strips_of(ui.app)]
    while now.count(now[-1]) < 3:
        await ui.pilot.pause()
        now.append(strips_of(ui.app))
    return spelt(now[-1], ui.app.current_theme)


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.usefixtures("terminal")
async def test_every_screen_at_every_size(opened: Opened, name: str, snapshot: SnapshotAssertion) -> None:
    scene, pictures, wrong = SCENES[name], {}, []
    async with opened(scene.example, size=SIZES[0]) as ui:
        for command in scene.commands:
            ui.session.apply(command)
        if scene.commands:
            ui.app.runner.show()
        await ui.press(*scene.keys)
        if scene.until:
            await ui.until(lambda: any(scene.until in strip.text for strip in strips_of(ui.app)))
        ui.app.stage.unsay()
        for size in SIZES:
            pictures[f"{size[0]}x{size[1]}"] = await at_size(ui, *size)
            wrong += [f"{size[0]}x{size[1]}: {fault}" for fault in faults(ui.app.screen)]
    assert {size: picture == snapshot(name=size) for size, picture in pictures.items()} == dict.fromkeys(pictures, True)
    assert wrong == []
