"""The limits of a kiosk: each is said when it acts. Must not know the screen, nor wait for any clock."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chainstep.engine.training.commands import SetKnob
from chainstep.engine.training.forks.memory import ALL
from chainstep.tui.classroom.kiosk import watchdog
from chainstep.tui.classroom.kiosk.kiosk import Kiosk
from chainstep.tui.classroom.kiosk.watchdog import BEYOND, SOON, THIN, Watchdog, resident
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback.quantum import Quantum
from chainstep.tui.playback.shared import limits
from chainstep.tui.playback.shared.limits import Limits


class Loop:
    """An event loop's clock, which goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[[], None]) -> SimpleNamespace:
        entry = when, call
        self._due.append(entry)
        return SimpleNamespace(cancel=lambda: self._due.remove(entry))

    def call_later(self, delay: float, call: Callable[[], None]) -> SimpleNamespace:
        return self.call_at(self.now + delay, call)

    @property
    def quiet(self) -> bool:
        """Nothing will be called any more."""
        return not self._due

    def go(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [entry for entry in self._due if entry[0] <= end]:
            entry = min(due, key=lambda entry: entry[0])
            self._due.remove(entry)
            self.now = entry[0]
            entry[1]()
        self.now = end


class Attended:
    """A watchdog over a session that plays, with what it has said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kiosk: Kiosk) -> None:
        self.loop, self.said = Loop(), list[str]()
        self.taken = 100
        session, _ = open_subject("lecture")
        self.runner = SimpleNamespace(playing=True, working=False, session=session, pause=self.pause)
        monkeypatch.setattr(watchdog.asyncio, "get_running_loop", lambda: self.loop)
        self.dog = Watchdog(
            kiosk, cast(Any, self.runner), self.say, lambda words: self.said.append(words), lambda: self.taken
        )
        self.dog.begin()

    def say(self, words: str, _wrong: bool) -> None:
        self.said.append(words)

    def pause(self) -> None:
        self.runner.playing = False

    def heard(self) -> list[str]:
        said, self.said = self.said, []
        return said


def test_who_presses_no_key_is_paused_then_warned_then_left(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Attended(monkeypatch, Kiosk("anna", idle=60, unattended=10))
    there.loop.go(599)
    there.dog.stir()
    there.loop.go(599)
    assert there.heard() == []
    there.loop.go(2)
    assert there.heard() == ["paused: no key for 10 minutes; space plays on"]
    assert not there.runner.playing
    there.loop.go(58 * 60 - 600)
    there.dog.stir()
    there.loop.go(1000)
    assert there.heard() == [], "there is nothing to be paused"
    there.dog.stir()
    there.runner.playing = True
    there.loop.go(59 * 60 + 1)
    assert there.heard() == [
        "paused: no key for 10 minutes; space plays on",
        "in a minute this is saved and left, if no key is pressed",
    ]
    there.dog.stir()
    there.loop.go(59 * 60 + 59)
    there.heard()
    there.loop.go(1)
    assert there.heard() == ["left, since no key was pressed for 60 minutes"]
    there.dog.stir()
    assert not there.loop.quiet
    there.dog.close()
    assert there.loop.quiet


def test_without_limits_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Attended(monkeypatch, Kiosk("anna"))
    there.taken = 10**6
    there.dog.stir()
    there.loop.go(10**6)
    assert there.heard() == []


def test_memory_that_runs_short_thins_the_records_then_pauses_then_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Attended(monkeypatch, Kiosk("anna", memory=200))
    there.dog.stir()
    there.loop.go(10 * SOON)
    assert there.heard() == []
    there.taken = 201
    there.loop.go(SOON)
    assert there.heard() == ["memory: 201 of 200 MB are taken, so less of the way back is kept"]
    assert there.dog.limits.room == there.runner.session._room == THIN
    there.loop.go(SOON)
    assert there.heard() == ["memory: 201 of 200 MB are taken, so it has paused: o and q let go of them"]
    assert not there.runner.playing
    there.loop.go(100 * SOON)
    assert there.heard() == [], "who is paused and presses nothing is not looked at"
    there.taken = int(200 * BEYOND) + 1
    there.dog.stir()
    there.loop.go(SOON)
    assert there.heard() == [f"left, since {there.taken} MB of memory were taken, and 200 are allowed"]
    there.dog.close()
    assert there.loop.quiet
    assert 10 < resident() < 10_000


def test_a_network_is_as_large_as_the_memory_lets_it() -> None:
    assert [Kiosk("a", memory=memory).parameters for memory in (128, 200, 400)] == [2_560, 5_440, 82_400]
    assert [Kiosk("a", memory=memory).room for memory in (128, 1000)] == [16 * 2**20, ALL]
    assert Kiosk("a").parameters is Kiosk("a").room is None
    session, _ = open_subject("moons")
    most = Limits(parameters=2_560)
    assert most.refused(session, SetKnob("hidden", (48, 48))) is None
    assert most.refused(session, SetKnob("hidden", (49, 49))) == (
        "2647 parameters are too many here: the memory that it may take is for 2560"
    )
    assert most.refused(session, SetKnob("hidden", "x")) is None, "whoever carries it out says that"
    assert most.refused(session, SetKnob("lr", 1.0)) is None
    assert Limits().refused(session, SetKnob("hidden", (400, 400))) is None
    assert most.refused(open_subject("expression")[0], SetKnob("hidden", (400, 400))) is None


def test_steps_are_held_up_and_that_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now, held = [50.0], list[str]()
    monkeypatch.setattr(limits, "perf_counter", lambda: now[0])
    most = Limits(steps_a_second=10, held=lambda: held.append("held"))
    most.begin(100)
    assert most.rest(100) == 0.0
    assert most.rest(101) == pytest.approx(0.1)
    assert held == ["held"]
    now[0] += 0.1
    assert (most.rest(101), most.rest(90)) == (0.0, 0.0)
    now[0] += 1000
    assert most.rest(102) == 0.0
    assert most.rest(102 + 6) == pytest.approx(0.1), "who has rested long may not leap after it"
    assert held == ["held"]
    most.begin(200)
    most.rest(300)
    assert held == ["held", "held"]
    assert Limits().rest(10**9) == 0.0


def test_a_slice_is_no_longer_than_what_it_may_take_of_a_second() -> None:
    quantum = Quantum()
    for _ in range(20):
        quantum.learn(quantum(), 1e-6 * quantum(), 4, Limits(steps_a_second=100).samples)
    assert quantum() == 100 * 4 / limits.OFTEN
    quantum.learn(quantum(), 1e-6 * quantum(), 4, Limits(steps_a_second=1).samples)
    assert quantum() == 1
