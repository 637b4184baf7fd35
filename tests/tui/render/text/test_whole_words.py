"""Header and knobs at every width: a word is there whole, or not at all. Must not know widgets."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from chainstep.datasets import EXAMPLES
from chainstep.engine.training.commands import AddBreakpoint, Continue, Fork, Forward, SetGranularity, SetKnob
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.render.text import status_lines as lines
from support.cases import each
from support.screen.looks import IN_COLOUR

WIDTHS = range(40, 221)
SHORT = {"par", "by", "~"}
"""Words that stand for longer ones where there is little room."""


LONG, TOLD = "a long expression", "moons, of which much is said"


@cache
def snapshot(name: str) -> Snapshot:
    """An example as it opens, or something of which more is to be said."""
    if name == LONG:
        names = {f"{part}_{k}": 1.0 for k in range(8) for part in ("weight", "input")}
        return open_expression(" + ".join(f"weight_{k}*input_{k}" for k in range(8)), names)[0].snapshot()
    if name != TOLD:
        return open_subject(name)[0].snapshot()
    session, _ = open_subject("moons")
    session.apply(Forward("op"))
    for knob, value in {
        "optimizer": "momentum",
        "schedule": "cosine",
        "lr": 0.000123456,
        "batch_size": 64,
        "l2": 0.00012,
        "mistakes": ("no_zero_grad", "flipped"),
    }.items():
        session.apply(SetKnob(knob, value))
    for command in (Fork("the warmer one of all"), AddBreakpoint("abs(L1.n1.w0.grad) > 0.0001"), Continue()):
        session.apply(command)
    session.apply(SetGranularity("neuron"))
    return session.snapshot()


def cut(line: Callable[[int], str]) -> dict[int, set[str]]:
    """The words at each width that are not those of a line with all the room there is."""
    whole = set(line(1_000).split()) | SHORT
    found = {width: set(line(width).split()) - whole for width in WIDTHS}
    return {width: words for width, words in found.items() if words}


@each("name", [*EXAMPLES, LONG, TOLD])
@each("playing", [False, True])
def test_the_header_has_whole_words(name: str, playing: bool) -> None:
    def line(width: int) -> str:
        return lines.header(snapshot(name), width, IN_COLOUR, playing=playing).text.replace(":", "")

    assert cut(line) == {}


@each("name", [*EXAMPLES, LONG, TOLD])
@each("speed", [None, 100.0])
def test_the_knobs_have_whole_words(name: str, speed: float | None) -> None:
    def line(width: int) -> str:
        return lines.knobs(snapshot(name), width, IN_COLOUR, speed=speed).text

    assert cut(line) == {}
    assert all(line(width).split()[0] == "lr" for width in WIDTHS)
