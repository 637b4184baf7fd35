"""What comes next, and the cycle of the phases, at every granularity and width. Must not know widgets."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import AddBreakpoint, Continue, Forward, SetGranularity
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.text.ahead import ahead, cycle, stopped
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR, PALETTE
from support.screen.sessions import after

PHASES = ("forward", "loss", "zero_grad", "backward", "update")


def picture(session: Session) -> Snapshot:
    return session.snapshot({"event", "next"})


def said(session: Session, *, numbers: bool = True, look: Look = IN_COLOUR) -> str:
    seen = picture(session) if numbers else session.snapshot({"event"})
    return "".join(text for text, _ in ahead(seen, look))


@each(
    ("phases", "ops", "words", "worked"),
    [
        (0, 0, "▷ next: L1.n1: x0*w0", "▷ next: L1.n1: x0*w0 = 2.0 × 0.2355"),
        (0, 7, "▷ next: L1.n2: x0*w0", "▷ next: L1.n2: x0*w0 = 2.0 × (-0.6686)"),
        (0, 73, "▷ next: sample 2 L1.n1: x0*w0", "▷ next: sample 2 L1.n1: x0*w0 = 3.0 × 0.2355"),
        (0, 3, "▷ next: x2*w2", "▷ next: x2*w2 = -1.0 × (-0.2683)"),
        (2, 1, "▷ next: L1.n1.w1.grad = 0", "▷ next: L1.n1.w1.grad = 0"),
        (3, 4, "◁ next: backward through ŷ - y", "◁ next: ŷ.grad += 1 × (-1.1446), y.grad += (-1) × (-1.1446)"),
        (4, 0, "▷ next: update L1.n1.w0", "▷ next: L1.n1.w0 ← 0.2355 - 0.1000 × (-0.4537)"),
    ],
)
def test_the_next_op_is_named_in_numbers_where_it_is_paused(phases: int, ops: int, words: str, worked: str) -> None:
    session = after(Forward("phase", phases), Forward("op", ops))
    assert said(session, numbers=False) == words
    assert said(session) == worked
    assert said(session, look=IN_ASCII).isascii()


@each(
    ("granularity", "before", "words"),
    [
        ("neuron", (), "▷ next: forward: neuron 1 of layer 1, 7 ops"),
        ("neuron", (Forward("op", 2),), "▷ next: forward: neuron 1 of layer 1, 5 ops"),
        ("layer", (Forward("layer"),), "▷ next: forward: layer 2, 36 ops"),
        ("layer", (Forward("phase"),), "▷ next: loss: the loss of sample 1, 2 ops"),
        ("sample", (Forward("sample"),), "▷ next: forward: sample 2, 73 ops"),
        ("sample", (Forward("phase", 2),), "▷ next: zero_grad: every parameter, 41 ops"),
        ("sample", (Forward("phase", 3),), "◁ next: backward: the batch's loss, 3 ops"),
        ("phase", (), "▷ next: all of forward, 292 ops"),
        ("phase", (Forward("op"),), "▷ next: the rest of forward, 291 ops"),
        ("step", (), "▷ next: a whole step, 688 ops"),
        ("step", (Forward("phase"),), "▷ next: the rest of the step, 396 ops"),
        ("epoch", (), "▷ next: on to the end of the epoch"),
    ],
)
def test_a_larger_step_says_what_it_goes_through(granularity: str, before: tuple[Forward, ...], words: str) -> None:
    session = after(*before, SetGranularity(granularity))
    stride, op = picture(session).position.stride, session.op
    assert said(session) == words
    session.apply(Forward())
    assert granularity == "epoch" or (session.op or 688) - op == stride


def test_a_breakpoint_names_the_op_that_it_stopped_in_front_of() -> None:
    session = after(AddBreakpoint("backward L1.n2"), Continue())
    assert "".join(text for text, _ in stopped(picture(session), IN_COLOUR)).startswith("■ stopped: ")
    assert "backward L1.n2" in stopped(picture(session), IN_COLOUR)[0][0]
    position = picture(session).position
    assert (position.phase, position.layer, position.neuron) == ("backward", 1, 2)
    assert said(session).startswith("◁ next: L1.n2: ")
    assert stopped(picture(after()), IN_COLOUR) == []


def test_the_cycle_lights_the_phase_that_was_and_the_one_that_comes() -> None:
    session = after()
    for place, phase in enumerate(PHASES):
        line = cycle(picture(session), 80, IN_COLOUR)
        assert "".join(text for text, _ in line) == " › ".join(PHASES)
        lit = {text: style for text, style in line if style in (PALETTE.lit_cell, PALETTE.coming_cell)}
        assert lit == {phase: PALETTE.coming_cell} | ({PHASES[place - 1]: PALETTE.lit_cell} if place else {})
        session.apply(Forward("op"))
        lit = {text: style for text, style in cycle(picture(session), 80, IN_COLOUR) if text in PHASES}
        assert lit[phase] is PALETTE.lit_cell
        session.apply(Forward("phase"))


@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_the_cycle_has_any_width(look: Look) -> None:
    snapshot = picture(after(Forward("phase")))
    for room in range(60):
        text = "".join(text for text, _ in cycle(snapshot, room, look))
        assert len(text) <= room
        assert ("loss" in text) == (room >= 4)
        assert ("update" in text) == (room >= 38)


@each(
    ("what", "mistakes", "phases"),
    [
        ("expression", (), ("forward", "zero_grad", "backward", "update")),
        ("wonderland", (), PHASES),
        ("lecture", ("no_zero_grad",), ("forward", "loss", "backward", "update")),
    ],
)
def test_the_cycle_has_the_phases_of_the_subject(what: str, mistakes: tuple[str, ...], phases: tuple[str, ...]) -> None:
    session, _ = open_subject(what, overrides={"mistakes": mistakes} if mistakes else {})
    assert picture(session).position.phases == phases
