"""What a curve's picture depends on, and what it leaves out. Must not know colours or plotext."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.tui.render.curve.chart import chart, drawn
from chainstep.tui.render.curve.plan import Plan, plan_curve
from chainstep.tui.render.curve.smooth import smoothed
from chainstep.tui.render.curve.window import CurveOptions
from support.cases import each
from support.curves import DECAY, INF, NAN, curve
from support.screen.looks import IN_COLOUR


def plan_of(subject: Curve, width: int, height: int, **options: float) -> Plan:
    return plan_curve(subject, width, height, CurveOptions(**options), unicode=True)  # type: ignore[arg-type]


def picture(subject: Curve, width: int, height: int) -> list[str]:
    return [strip.text for strip in chart(subject, width, height, IN_COLOUR, log=False)]


def test_the_key_changes_with_the_picture_only() -> None:
    loss = array("d", DECAY)
    before = curve(DECAY)
    nudged = curve([value + 1e-9 for value in loss])
    moved = curve([*DECAY[:150], 5.0, *DECAY[151:]])
    key = plan_of(before, 40, 14)
    assert key == plan_of(nudged, 40, 14)
    assert picture(before, 40, 14) == picture(nudged, 40, 14)
    assert key != plan_of(moved, 40, 14)
    assert picture(before, 40, 14) != picture(moved, 40, 14)
    assert key != plan_of(before, 40, 14, log=True)
    assert key != plan_of(before, 41, 14)
    assert hash(key) == hash(plan_of(before, 40, 14))


def test_the_newest_steps_are_drawn_as_if_there_were_no_others() -> None:
    tests = [(step, DECAY[step] + 1) for step in range(0, 300, 7)]
    whole = curve(DECAY, test=tests, marks=[(9, "lr 1"), (250, "lr 2")], ghost=[loss + 2 for loss in DECAY] * 2)
    moved = [(step - 200, loss) for step, loss in tests if step >= 200]
    part = curve(DECAY[200:], test=moved, marks=[(50, "lr 2")], ghost=[loss + 2 for loss in DECAY[200:]])
    for size in ((60, 16), (14, 3)):
        found, alone = plan_of(whole, *size, last=100), plan_of(part, *size)
        assert replace(found, xticks=()) == replace(alone, xticks=())
    labels = [label for _, label in plan_of(whole, 60, 16, last=100).xticks]
    assert labels[:2] == ["200", "299"]
    assert all(200 < int(label) < 299 and int(label) % 10 == 0 for label in labels[2:])


def test_as_long_as_a_run_is_short_all_of_it_is_among_the_newest() -> None:
    short_run = curve(DECAY[:40])
    assert plan_of(short_run, 60, 16, last=100) == plan_of(short_run, 60, 16)
    # What lies ahead is shown as far as there is room.
    assert plan_of(curve(DECAY[:40], ghost=DECAY), 60, 16, last=100).xticks[1][1] == "99"
    assert plan_of(curve([], ghost=DECAY), 60, 16, last=30).xticks[1][1] == "29"


def test_what_cannot_be_drawn_is_counted_among_the_newest_only() -> None:
    wild = curve([NAN, *DECAY[:50], INF, 0.0, *DECAY[:20]])
    assert plan_of(wild, 60, 16, last=30).remarks == ("1 point not finite",)
    assert plan_of(wild, 60, 16, log=True, last=30).remarks == ("1 point not finite", "1 not above 0")
    assert plan_of(wild, 60, 16, last=10).remarks == ()


@given(st.lists(st.floats(), max_size=60), st.integers(1, 70), st.booleans(), st.sampled_from([0.0, 0.9]))
def test_no_losses_break_the_newest_steps(loss: list[float], last: int, log: bool, smoothing: float) -> None:
    subject = curve(loss, test=list(enumerate(loss[::3])), ghost=loss[::-1])
    for width, height in ((60, 16), (14, 3)):
        plan = plan_of(subject, width, height, log=log, last=last, smoothing=smoothing)
        strips = drawn(plan, width, height, IN_COLOUR)
        assert [strip.cell_length for strip in strips] == [width] * height


def test_smoothing_draws_the_average_of_run_and_ghost_and_the_tests_as_measured() -> None:
    zigzag = [1.0, 3.0] * 150
    tests = [(step, 0.5 + step / 100) for step in range(0, 300, 50)]
    rough = curve(zigzag, test=tests, ghost=zigzag)
    level = array("d", smoothed(array("d", zigzag), 0.98, 300))
    plan = plan_of(rough, 60, 16, smoothing=0.98)
    assert plan == plan_of(curve(level, test=tests, ghost=level), 60, 16)
    assert plan != plan_of(rough, 60, 16)


@each(
    ("losses", "log", "flat"),
    [(DECAY, False, True), (DECAY, True, False), ([2.0, 1.0], False, False), ([2.0, 0.0], False, False)],
)
def test_a_linear_axis_that_hides_small_losses_is_known(losses: Sequence[float], log: bool, flat: bool) -> None:
    assert plan_of(curve(losses), 60, 12, log=log).flat is flat
