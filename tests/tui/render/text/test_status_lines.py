"""The header: at every width it says what is broken, where it stands, and why it stopped. Must not know widgets."""

from __future__ import annotations

from dataclasses import replace

from chainstep.engine.training.commands import AddBreakpoint, Continue, Fork, SetKnob
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.snapshot.debugger import MistakeView
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.text.status_lines import header, knobs
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR


def snapshot(*commands: object) -> Snapshot:
    session, _ = open_subject("lecture")
    for command in commands:
        session.apply(command)  # type: ignore[arg-type]
    return session.snapshot()


def broken(*names: str) -> Snapshot:
    views = tuple(MistakeView(name, MISTAKES[name].label, None) for name in names)
    return replace(snapshot(), mistakes=views)


def said(of: Snapshot, width: int, *, playing: bool = False) -> str:
    strip = header(of, width, IN_COLOUR, playing=playing)
    assert strip.cell_length == width
    return " ".join(strip.text.split())


@each("width", range(20, 201, 7))
@each("playing", [False, True])
def test_what_is_broken_is_said_at_every_width(width: int, playing: bool) -> None:
    for names in (("overwrite",), ("no_zero_grad", "unordered", "flipped"), tuple(MISTAKES)):
        text = said(broken(*names), width, playing=playing)
        assert "BROKEN" in text
        assert "step 0" in text


def test_what_is_broken_is_named_as_far_as_there_is_room() -> None:
    assert "BROKEN: zero_grad forgotten step 0" in said(broken("no_zero_grad"), 80)
    assert "BROKEN: zero_grad forgotten, = instead of += step 0" in said(broken("no_zero_grad", "overwrite"), 120)
    assert "BROKEN: zero_grad forgotten +7" in said(broken(*MISTAKES), 80)


def test_what_is_broken_stands_out_without_colour() -> None:
    (cell,) = [part for part in header(broken("flipped"), 120, IN_COLOUR, playing=False) if "BROKEN" in part.text]
    assert cell.style is not None
    assert cell.style.reverse
    assert "BROKEN" not in said(snapshot(), 120)


def test_why_it_stopped_is_said_until_it_moves_on() -> None:
    stopped = snapshot(AddBreakpoint("loss < 1"), Continue())
    step = stopped.position.step
    assert f"■ breakpoint 1: loss < 1 step {step} zero_grad op 0/41" in said(stopped, 80)
    assert "■ breakpoint 1 step" in said(stopped, 42)
    assert "breakpoint" not in said(stopped, 120, playing=True)
    assert "# breakpoint 1" in header(stopped, 80, IN_ASCII, playing=False).text


def test_the_current_fork_is_named_where_there_are_forks() -> None:
    assert "lecture MLP" in said(snapshot(), 120)
    assert "lecture → warmer MLP" in said(snapshot(Fork("warmer")), 120)


@each(("width", "seen"), [(140, True), (120, True), (80, False), (40, False)])
def test_the_knobs_say_the_horizon_of_a_schedule_where_there_is_room(width: int, seen: bool) -> None:
    session, _ = open_subject("lecture", overrides={"schedule": "cosine", "steps": 30})
    line = knobs(session.snapshot(), width, IN_COLOUR, speed=None).text
    assert ("lr 0.1 cosine horizon 30 optimiser" in " ".join(line.split())) is seen
    assert "lr 0.1 cosine" in line
    assert "horizon" not in knobs(snapshot(), 200, IN_COLOUR, speed=None).text


def test_everything_at_once_in_eighty_columns() -> None:
    mistakes = SetKnob("mistakes", ("no_zero_grad",))
    text = said(snapshot(mistakes, AddBreakpoint("loss < 1"), Continue(), Fork()), 80)
    for word in ("BROKEN: zero_grad forgotten", "■ breakpoint 1", "step "):
        assert word in text
