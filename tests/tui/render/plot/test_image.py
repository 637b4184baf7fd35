"""A sample that is a picture, drawn in cells. Knows views and strips only."""

from __future__ import annotations

import pytest

from chainstep.engine.training.snapshot.plots.image import ImageView
from chainstep.tui.render.plot.image import headings, image
from chainstep.tui.render.style.look import Look
from support.screen.looks import IN_ASCII, IN_COLOUR

VIEW = ImageView(2, 2, (0.0, 1.0, 0.5, 0.25), 6, ("a", "b"), (0.25, 0.75), 0, 1)


def drawn(width: int, height: int, look: Look = IN_COLOUR) -> list[str]:
    return [strip.text.rstrip() for strip in image(VIEW, width, height, look)]


def test_a_pixel_is_as_large_as_there_is_room() -> None:
    assert drawn(4, 2) == ["  ██", "▒▒░░"]
    assert drawn(9, 5)[:4] == ["    ████", "    ████", "▒▒▒▒░░░░", "▒▒▒▒░░░░"]


def test_the_classes_stand_beside_it() -> None:
    rows = drawn(26, 2)
    assert rows[0].split() == ["██", "a", "0.25", "▪▪▪"]
    assert rows[1].split() == ["▒▒░░", "b", "0.75", "▪▪▪▪▪▪▪▪▪▪"]


def test_letters_alone_do() -> None:
    assert drawn(4, 2, IN_ASCII) == ["  @@", "::.."]


@pytest.mark.parametrize(("width", "said"), [(40, ("Sample #7 is a", "ŷ b ✗")), (10, ("Sample", ""))])
def test_it_says_what_it_is_and_what_it_is_taken_for(width: int, said: tuple[str, str]) -> None:
    assert headings(VIEW, width, IN_COLOUR) == said
