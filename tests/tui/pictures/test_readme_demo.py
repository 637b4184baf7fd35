"""The README's demo is a recording of a story, and the app still does what it shows. Knows which story;
`CHAINSTEP_DRAW=1 pytest` here draws the moving picture anew from the recording, and CONTRIBUTING says how that is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from stories.first_minute import first_minute
from stories.playing import Player
from stories.script import Act, Story
from stories.watching import COLOURS

from chainstep.engine.training.session import Session
from support.casts.animated import animated
from support.casts.frames import Row, caption, frames
from support.casts.played import Cast, read
from support.screen.emulator import Cell
from support.screen.processes import forked
from support.screen.terminal import Terminal

CAST = Path(__file__).with_name("demo.cast")
PICTURE = CAST.with_suffix(".svg")


@pytest.fixture(scope="module")
def cast() -> Cast:
    return read(CAST)


class Retelling(Player):
    """Plays a story, and waits at each act until every cell is as it was recorded."""

    def __init__(self, recorded: dict[str, tuple[Row, ...]]) -> None:
        self.left_over = recorded

    def terminal(self, argv: Sequence[str], story: Story) -> Terminal:
        return Terminal(argv, size=story.size, env=COLOURS, start=forked)

    def look(self, terminal: Terminal, act: Act, twin: Session) -> None:
        wanted = _seen(self.left_over.pop(act.sentence))
        try:
            terminal.read_until(lambda it: _seen(it.cells()) == wanted)
        except TimeoutError:
            for now, then in zip(_seen(terminal.cells()), wanted, strict=True):
                assert "".join(cell.text for cell in now) == "".join(cell.text for cell in then)
                assert now == then
            raise


def _seen(rows: Iterable[Iterable[Cell]]) -> tuple[Row, ...]:
    return tuple(tuple(cell.seen for cell in row) for row in rows)


def test_the_app_does_what_the_recording_shows(cast: Cast) -> None:
    found = frames(cast)
    retelling = Retelling({caption(frame): frame.rows[:-1] for frame in found[1:]})
    assert len(retelling.left_over) == 8
    retelling.play(first_minute)
    assert retelling.left_over == {}


def test_the_moving_picture_is_the_recording(cast: Cast) -> None:
    found = frames(cast)
    drawn = animated(found, len(found) - 1)
    if os.environ.get("CHAINSTEP_DRAW"):
        PICTURE.write_text(drawn, encoding="utf-8")
    assert drawn == PICTURE.read_text(encoding="utf-8")
    assert CAST.stat().st_size < 100_000
    assert PICTURE.stat().st_size < 300_000
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
