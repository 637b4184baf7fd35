"""The close-up, the graph and the coach at the sizes that they have on small and on large terminals, with every kind of
colours and shapes: drawn by the pure functions, without an app. Must not know widgets.

`pytest tests/tui/pictures/test_op_by_op.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from textual.strip import Strip

from chainstep.engine.training.commands import Command, Forward, SetNeuron
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.coach.beats import Coach
from chainstep.tui.render.coach.page import page
from chainstep.tui.render.neuron.closeup import neuron
from chainstep.tui.render.style.glyphs import ASCII, MONOCHROME, UNICODE
from chainstep.tui.render.style.inks import NONE, SIXTEEN, TRUECOLOR
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette
from chainstep.tui.render.trace.graph import graph

LOOKS = {
    "truecolor": Look(Palette.dark(TRUECOLOR), UNICODE),
    "16": Look(Palette.dark(SIXTEEN), MONOCHROME),
    "no-color": Look(Palette.dark(NONE), MONOCHROME),
    "ascii": Look(Palette.dark(TRUECOLOR), ASCII),
}

CLOSE_UPS = {"60x20": (58, 13), "80x24": (78, 9), "120x36": (36, 23), "200x60": (54, 22)}
"""Cells that the pane has inside its frame, by the size of the terminal."""

GRAPHS = {"60x20": (58, 9), "80x24": (78, 13), "120x36": (66, 21), "200x60": (84, 21)}

COACHES = {"60x20": (58, 12), "80x24": (34, 9), "120x36": (34, 16), "200x60": (62, 20)}


@pytest.mark.parametrize("name", LOOKS)
def test_the_close_up(name: str, snapshot: SnapshotAssertion) -> None:
    look, pictures = LOOKS[name], []
    for what, *moves in (
        ("lecture", Forward("op", 3)),
        ("lecture", Forward("phase", 3), Forward("neuron", 10), Forward("op", 2)),
        ("wonderland", Forward("phase")),
        ("iris", Forward("op", 5)),
    ):
        session = _after(what, SetNeuron((0, 0)), *moves)
        view = session.snapshot({"neuron"}).neuron
        assert view is not None

        def draw(width: int, height: int) -> Sequence[Strip]:
            return neuron(view, None, width, height, look, planar=False, selected=0)  # noqa: B023

        pictures.append(_pictures(f"{what}, {session.snapshot(()).position.phase}", CLOSE_UPS, draw, look))
    assert "\n\n".join(pictures) == snapshot


@pytest.mark.parametrize("name", LOOKS)
def test_the_graph(name: str, snapshot: SnapshotAssertion) -> None:
    look, pictures = LOOKS[name], []
    for what, *moves in (
        ("parabola", Forward("op", 2)),
        ("neuron", Forward("phase", 2), Forward("op", 2)),
        ("expression", Forward("step"), Forward("op")),
    ):
        session = _after(what, *moves)
        view = session.snapshot({"graph"}).graph
        assert view is not None

        def draw(width: int, height: int) -> Sequence[Strip]:
            return graph(view, width, height, look)  # noqa: B023

        pictures.append(_pictures(f"{what}, {session.snapshot(()).position.phase}", GRAPHS, draw, look))
    assert "\n\n".join(pictures) == snapshot


@pytest.mark.parametrize("name", LOOKS)
def test_the_coach(name: str, snapshot: SnapshotAssertion) -> None:
    look, pictures = LOOKS[name], []
    for what, *moves in (("lecture", *[Forward("op")] * 7, Forward("phase")), ("expression", Forward("op"))):
        session = open_subject(what)[0]
        coach = Coach.of(session.snapshot())
        for move in moves:
            session.apply(move)
            coach = coach.after(session.snapshot())
        seen = session.snapshot()

        def draw(width: int, height: int) -> Sequence[Strip]:
            return page(coach, seen, width, height, look)  # noqa: B023

        pictures.append(_pictures(f"{what}, {len(coach.told)} done", COACHES, draw, look))
    assert "\n\n".join(pictures) == snapshot


def _after(what: str, *commands: Command) -> Session:
    session = open_subject(what)[0]
    for command in commands:
        session.apply(command)
    return session


def _pictures(
    title: str, sizes: dict[str, tuple[int, int]], draw: Callable[[int, int], Sequence[Strip]], look: Look
) -> str:
    """A picture of each size, and beside each row which cells are of the op that was done, `#`, and the next, `_`."""
    rows = []
    for name, (width, height) in sizes.items():
        rows.append(f"{title}, on {name}")
        rows += [f"{strip.text}|{_marks(strip, look.palette)}".rstrip() for strip in draw(width, height)]
    return "\n".join(rows)


def _marks(strip: Strip, palette: Palette) -> str:
    letters: dict[Style, str] = {
        palette.lit_cell: "#",
        palette.lit_line: "=",
        palette.coming_cell: "_",
        palette.coming_line: "-",
    }
    return "".join((letters.get(style, " ") if style else " ") * len(text) for text, style, _ in strip)
