"""Whatever backend carries training on, a run of it has the same bits, record, faults and last op. Knows no backend's
insides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import replace
from importlib.util import find_spec

import pytest

from chainstep.engine.training.commands import Back, Forward, Goto, SetKnob, SetParameter
from chainstep.engine.training.moves import finish, result
from chainstep.engine.training.session import Session
from chainstep.engine.training.step.backends import choice, replay
from chainstep.engine.training.step.backends.backend import Backend, Progress
from chainstep.engine.training.step.backends.compiled import CompiledBackend
from chainstep.engine.training.step.backends.replay import ReplayBackend
from chainstep.engine.training.step.compilation import Compilation
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from support.cases import each
from support.sessions import Begin, Bits

Choice = Callable[..., Backend]


class Hesitant:
    """Another backend: it takes one whole step at a time, and every other time none at all."""

    willing = True
    engine = "replay"

    def __init__(self, stepper: Stepper) -> None:
        self._replay = ReplayBackend(stepper)

    def ready(self, steps: int, *, prepare: bool) -> bool:
        return steps > 0

    def advance(
        self, state: State, target: tuple[int, int], samples: int, quantum: Callable[[], int]
    ) -> Generator[int, None, Progress]:
        Hesitant.willing = not Hesitant.willing
        if Hesitant.willing:
            return Progress()
        return (yield from self._replay.advance(state, (state.step + 1, 0), 10**9, quantum))


def only(kind: Callable[[Stepper], Backend]) -> Choice:
    """The choice of one kind of backend wherever it is ready, else of the replay."""

    def chosen(stepper: Stepper, steps: int, *, prepare: bool) -> Backend:
        backend = kind(stepper)
        return backend if backend.ready(steps, prepare=True) else ReplayBackend(stepper)

    return chosen


KINDS: list[Callable[[Stepper], Backend]] = [ReplayBackend, CompiledBackend, Hesitant]
if find_spec("llvmlite"):
    from support.native.machine import Immediate

    KINDS.append(Immediate)

KNOBS: dict[str, dict[str, object]] = {
    "lecture": {"optimizer": "adam"},
    "iris": {"batch_size": 50, "optimizer": "momentum", "schedule": "linear", "horizon": 9},
    "xor": {"activation": "linear", "loss": "mse", "lr": 1e3},
    "parabola": {"lr": 1e100},
}


def story(session: Session) -> list[object]:
    """What can be seen of a session on its way, wherever it stands."""
    seen: list[object] = []
    session.run.quantum = 90
    for command in (
        Forward("step", 5),
        SetKnob("lr", 0.02),
        Goto(6, 9),
        SetParameter(0, 0.25),
        Goto(11),
        SetKnob("l2", 0.01),
        Forward("epoch"),
        Back("step", 3),
        Goto(18),
        Back("op"),
    ):
        session.apply(command)
        run, snapshot = session.run, session.snapshot(frozenset({"event"}))
        last = snapshot.event and (snapshot.event.phase, snapshot.event.expression)
        fault = run.fault and repr(replace(run.fault, result=math.inf))
        seen += [
            run.position,
            last,
            fault,
            run.history.loss[:].tobytes(),
            list(run.history.epochs),
            snapshot.accuracy_of,
        ]
        seen += [
            list(map(repr, run.history.accuracy)),
            [run.history.rates[step] for step in range(run.state.step)],
            run.history.interval,
        ]
    return seen


@pytest.mark.parametrize("name", KNOBS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_does_not_tell_by_what_it_was_trained(
    kind: Callable[[Stepper], Backend], name: str, begin: Begin, bits: Bits, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = begin(name, **KNOBS[name])
    expected = story(usual)
    monkeypatch.setattr(choice, "fastest_backend", only(kind))
    session = begin(name, **KNOBS[name])
    assert story(session) == expected
    assert bits(session) == bits(usual)


@pytest.mark.parametrize("name", ["lecture", "iris", "xor"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (ReplayBackend, CompiledBackend)])
def test_one_long_way_leaves_the_checkpoints_and_the_fault_of_many_short_ones(
    kind: Callable[[Stepper], Backend], name: str, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def way(quantum: int) -> tuple[list[object], str]:
        run = begin(name, **{**KNOBS[name], "seed": 3}).run
        run.history.spacing = run.history.interval = 7
        run.quantum = quantum
        finish(run.goto(75, 0))
        kept = [(c.step, c.epoch, c.cursor, c.updates, c.edits, c.numbers.tobytes()) for c in run.history.newest]
        return [*kept, run.position, run.history.loss[:].tobytes(), list(run.history.epochs)], repr(run.fault)

    monkeypatch.setattr(choice, "fastest_backend", only(CompiledBackend))
    expected, fault = way(100)
    assert ("None" in fault) == (name != "xor")
    monkeypatch.setattr(choice, "fastest_backend", only(kind))
    assert way(10**9) == (expected, fault)


@each("kind", KINDS)
def test_a_backend_keeps_to_its_target_and_its_share(kind: Callable[[Stepper], Backend], begin: Begin) -> None:
    run = begin("iris", batch_size=50).run
    backend = kind(run.stepper)
    assert backend.ready(4, prepare=True)
    position, done = (0, 0), 0
    while position < (4, 0):
        progress = result(backend.advance(run.state, (4, 0), 120, lambda: 50))
        assert len(progress.losses) == len(progress.accuracies) == run.state.step - position[0]
        assert position <= run.position <= (4, 0)
        position = run.position
        assert progress.samples <= 170
        done += progress.samples
    # Three steps are an epoch of 120 samples.
    assert done == 120 + 50


@each("name", ["lecture", "iris"])
def test_a_wide_network_is_replayed_in_pieces_of_samples(
    name: str, begin: Begin, bits: Bits, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, session = begin(name, **KNOBS[name]), begin(name, **KNOBS[name])
    usual.apply(Goto(2, 5))
    with monkeypatch.context() as small:
        small.setattr(replay, "MOST_AT_ONCE", 7)
        small.setattr(replay, "MOST_UPDATED", 3)
        story_of_pieces = story(begin(name, **KNOBS[name]))
        small.setattr(Compilation, "refused", True)
        trained = begin(name, **KNOBS[name])
        assert trained.train(1) > 0
        assert trained.step == 1
        session.apply(Forward("op"))
        for left in range(30):  # each movement is left sooner or later, also amid what is computed again for an op
            pieces = session.move(Forward("step"), lambda: 10**6)
            for _ in range(left % 5 + 1):
                before = session.op
                next(pieces, None)
                assert session.op - before <= 7
            pieces.close()
        assert 100 < session.op < session.snapshot(()).position.total
        session.apply(Goto(2, 5))
    assert bits(session) == bits(usual)
    assert story_of_pieces == story(begin(name, **KNOBS[name]))
