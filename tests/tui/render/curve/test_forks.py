"""Curves of forks: each from where it parts from the current one, in a shape of its own. Must not know widgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import pytest

from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import ForkView
from chainstep.engine.training.snapshot.series.series import Series
from chainstep.tui.render.curve import downsample as module
from chainstep.tui.render.curve.chart import drawn
from chainstep.tui.render.curve.forks import fork_curves
from chainstep.tui.render.curve.plan import plan_curve
from chainstep.tui.render.curve.smooth import smoothed
from chainstep.tui.render.curve.window import CurveOptions, Window
from support.cases import each
from support.curves import curve
from support.screen.looks import spelt


def fork(
    name: str, losses: Sequence[float], *, parent: str | None = None, since: int = 0, current: bool = False
) -> ForkView:
    return ForkView(
        name=name,
        current=current,
        parent=parent,
        since=since,
        settings=Settings(),
        step=len(losses),
        loss=losses[-1] if losses else None,
        best=min(losses, default=None),
        accuracy=None,
        losses=Series(losses),
        length=len(losses),
    )


def picture(
    forks: Sequence[ForkView], *, width: int = 60, height: int = 16, log: bool = False, unicode: bool = True
) -> list[str]:
    (current,) = [fork for fork in forks if fork.current]
    plan = plan_curve(curve(current.losses[:]), width, height, CurveOptions(log=log), forks=forks, unicode=unicode)
    strips = drawn(plan, width, height, spelt(unicode=unicode))
    assert [strip.cell_length for strip in strips] == [width] * height
    return [strip.text for strip in strips]


FALLING = [6.0 - 0.05 * k for k in range(100)]
KEPT = [*FALLING[:40], *(5.0 for _ in range(110))]

PAIR = [fork("main", KEPT), fork("fork 1", FALLING, parent="main", since=40, current=True)]


def test_a_fork_begins_where_it_parts_from_the_current_one() -> None:
    (main,) = fork_curves(PAIR, 1000, Window(0, 150))
    assert main.name == "main"
    assert main.points == [(step, KEPT[step]) for step in range(40, 150)]


def test_forks_of_forks_part_where_their_last_common_run_was_left() -> None:
    losses = [float(k) for k in range(100)]
    forks = [
        fork("main", losses),
        fork("a", losses, parent="main", since=30),
        fork("b", losses, parent="a", since=50, current=True),
        fork("c", losses, parent="a", since=70),
        fork("d", losses, parent="main", since=10),
    ]
    first = {made.name: made.points[0][0] for made in fork_curves(forks, 1000, Window(0, 100))}
    assert first == {"main": 30, "a": 50, "c": 70, "d": 10}


def test_a_fork_that_went_no_further_has_no_points() -> None:
    forks = [fork("main", FALLING[:40]), fork("fork 1", FALLING, parent="main", since=40, current=True)]
    assert [made.points for made in fork_curves(forks, 100, Window(0, 100))] == [[]]
    assert "+" not in "".join(picture(forks))
    assert "fork 1" in "".join(picture(forks))


def test_what_lies_ahead_of_the_current_one_stays_visible() -> None:
    text = picture(PAIR)
    assert text[-1].split()[-1] == "149"
    assert any(row.rstrip().endswith("++++++++") for row in text[1:])
    assert "fork 1 + main" in text[0]


def test_a_long_future_does_not_squeeze_the_present() -> None:
    text = picture([fork("main", [1.0] * 100_000), fork("fork 1", [1.0] * 20, parent="main", since=10, current=True)])
    assert text[-1].split()[-1] == "159"


def test_each_fork_has_a_shape_and_a_name() -> None:
    forks = [*PAIR, *(fork(f"f{k}", [6.0 - 0.6 * k] * 150, parent="main", since=0) for k in range(1, 6))]
    text = picture(forks, width=120, height=24)
    assert "fork 1 + main × f1 ○ f2 □ f3 + f4 × f5" in text[0]
    for shape in "+×○□":
        assert any(4 * shape in row for row in text)
    narrow = picture(forks, width=30, height=24)
    assert any(row.endswith("fork 1") for row in narrow)
    assert any(row.endswith("□ f3") for row in narrow)


def test_the_current_curve_is_drawn_over_the_others() -> None:
    same = [fork("main", FALLING), fork("fork 1", FALLING, parent="main", since=0, current=True)]
    assert not any("++" in row for row in picture(same))


@each("unicode", [False, True])
@each("log", [False, True])
def test_every_picture_has_its_size(log: bool, unicode: bool) -> None:
    wild = [math.nan, math.inf, -1.0, 0.0, 2.0]
    for losses in ([], [1.0], wild):
        forks = [*PAIR, fork("wild", losses, parent="main", since=0)]
        for width, height in product((1, 12, 18, 60), (1, 5, 14)):
            rows = picture(forks, width=width, height=height, log=log, unicode=unicode)
            assert unicode or all(row.isascii() for row in rows)
        alone = [fork("main", KEPT), fork("fork 1", losses, parent="main", since=0, current=True)]
        picture(alone, log=log, unicode=unicode)


def test_a_fork_that_stays_as_it_is_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    original = module.downsample
    monkeypatch.setattr(module, "downsample", lambda *a, **k: looked.append(1) or original(*a, **k))  # type: ignore[arg-type]
    kept = fork("main", KEPT)
    for length in range(50, 60):
        forks = [kept, fork("fork 1", FALLING[:length], parent="main", since=40, current=True)]
        fork_curves(forks, 77, Window(0, 150))
    assert len(looked) == 1


def test_forks_follow_the_newest_steps_and_the_average() -> None:
    (whole,) = fork_curves(PAIR, 1000, Window(0, 150))
    (part,) = fork_curves(PAIR, 1000, Window(50, 50))
    assert part.points == [point for point in whole.points if 50 <= point[0] < 100]
    (level,) = fork_curves(PAIR, 1000, Window(50, 50, smoothing=0.9))
    average = smoothed(PAIR[0].losses, 0.9, 100)
    assert level.points == [(step, average[step]) for step in range(50, 100)]
