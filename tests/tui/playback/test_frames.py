"""The pace of pictures while it plays, on a clock of the test's own. Must not know the runner."""

from __future__ import annotations

import pytest

from chainstep.tui.playback import frames
from chainstep.tui.playback.frames import FEW, LATEST, SHARE, SOONEST, Frames

WANTED = frozenset({"network", "parameters", "curve", "test", "forks"})


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(frames, "perf_counter", clock)
    return clock


def waited(clock: Clock, apart: float) -> float:
    """Seconds from a picture to the next where each step of the clock is training but for `apart` seconds at first."""
    pace = Frames()
    pace.begin()
    began = clock.now
    clock.now += apart
    while not pace.due:
        clock.now += 0.001
        pace.trained(0.001)
    return clock.now - began


def test_a_cheap_picture_is_followed_by_the_next_at_the_usual_pace(clock: Clock) -> None:
    assert waited(clock, 0.0) == pytest.approx(SOONEST, abs=0.002)
    assert waited(clock, 0.9 * SHARE * SOONEST) == pytest.approx(SOONEST, abs=0.002)


def test_a_dear_one_by_its_share_of_the_time_but_not_for_ever(clock: Clock) -> None:
    between = (SOONEST + LATEST) / 2
    assert waited(clock, SHARE * between) == pytest.approx(between, abs=0.002)
    assert waited(clock, 2 * SHARE * LATEST) == pytest.approx(LATEST, abs=0.002)


def test_what_was_trained_before_a_picture_does_not_count_for_the_next(clock: Clock) -> None:
    pace = Frames()
    pace.begin()
    pace.trained(10.0)
    pace.begin()
    clock.now += SOONEST
    assert not pace.due
    pace.trained(SOONEST)
    assert pace.due


def test_large_parts_take_turns_while_it_runs() -> None:
    pace = Frames()
    assert pace.parts("run", WANTED, 337, running=True, large=True) == WANTED
    seen = [pace.parts("run", WANTED, 337, running=True, large=True) for _ in range(6)]
    assert seen[:3] == seen[3:]
    assert sorted(map(sorted, seen[:3])) == [["curve", "forks"], ["forks", "network"], ["forks", "parameters", "test"]]
    assert pace.parts("run", WANTED, 337, running=True, large=False) == {"forks"}


def test_all_parts_are_there_where_they_are_small_or_new_or_it_stands() -> None:
    pace = Frames()
    for _ in range(2):
        assert pace.parts("run", WANTED, FEW, running=True, large=True) == WANTED
        assert pace.parts("run", WANTED, 337, running=False, large=True) == WANTED
    assert pace.parts("another", WANTED, 337, running=True, large=True) == WANTED
    assert pace.parts("another", WANTED | {"map"}, 337, running=True, large=True) == WANTED | {"map"}
