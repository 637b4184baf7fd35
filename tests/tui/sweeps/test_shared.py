"""What runs in one process have in common changes none of their numbers. Must not know pools."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import product

import pytest

from chainstep.engine.training.session import Session
from chainstep.tui import native
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.sweeps.pools.shared import Shared
from chainstep.tui.sweeps.pools.worker import train_on
from chainstep.tui.sweeps.subject import Subject

KNOBS: list[dict[str, object]] = [
    {},
    {"seed": 3, "lr": 0.3, "steps": 9, "schedule": "cosine"},
    {"l2": 0.01},
    {"l2": 0.02},
    {"l1": 0.01},
    {"optimizer": "momentum"},
    {"optimizer": "momentum", "momentum": 0.5},
    {"loss": "mse"},
    {"activation": "relu"},
    {"hidden": (4,)},
    {"hidden": (2, 2)},
    {"batch_size": 3},
]


def opened(what: str, knobs: dict[str, object]) -> Session:
    return open_subject(what, overrides=knobs)[0]


def test_what_is_alike_compiles_to_the_same_and_nothing_else_is() -> None:
    """By their texts, which are written in full for each."""
    sessions = [opened("lecture", knobs) for knobs in KNOBS] + [opened("xor", {}), opened("xor", {"seed": 2})]
    plans = [session.compilation.plan for session in sessions]
    texts = [session.compilation.source(dense=True) for session in sessions]
    pairs = list(product(range(len(plans)), repeat=2))
    alike = {(a, b) for a, b in pairs if plans[a].alike(plans[b])}

    assert all(texts[a] == texts[b] for a, b in alike)
    assert alike == {(a, b) for a, b in pairs if texts[a] == texts[b] and plans[a].constants == plans[b].constants}
    assert {(0, 1), (5, 6), (12, 13)} <= alike


def test_a_run_plays_what_was_compiled_for_one_before() -> None:
    shared, of = Shared(), Subject.of(*open_subject("lecture"))
    first, other = opened("lecture", {"steps": 5}), opened("lecture", {"steps": 5, "seed": 3, "lr": 0.2})
    shared.begin(first)
    first.train(100)
    shared.begin(other)
    assert other.compilation.made

    for knobs in KNOBS:
        assert train_on(of, {"steps": 6, **knobs}, shared=shared) == train_on(of, {"steps": 6, **knobs})


@pytest.mark.skipif(find_spec("llvmlite") is None, reason="there is no llvmlite")
def test_machine_code_is_made_once_for_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made, machine = list[str](), native.Machine

    def counted(text: str) -> native.Machine:
        made.append(text)
        return machine(text)

    monkeypatch.setattr(native, "Machine", counted)
    monkeypatch.setattr(native, "AFTER", 0.0)
    monkeypatch.setattr("chainstep.tui.sweeps.pools.shared._WORTH", 0.0)
    shared, engines = Shared(), list[str]()
    for seed in range(4):
        session = opened("lecture", {"seed": seed, "steps": 30})
        training = shared.begin(session)
        session.train(100, 15)
        training.lasted(1.0)
        if (making := training._kind.making) is not None:
            making._thread.join()
        engines.append(session.engine)
    assert (engines, len(made)) == (["python", "native", "native", "native"], 1)
