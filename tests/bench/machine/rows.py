"""Rows of machine code, through a session with its history: against the Python function, the replay and the peers of
`dense`. Peers and ours have one thread. Knows sessions and who makes machine code.
"""

from __future__ import annotations

import gc
import random
import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.compilation import Compilation
from chainstep.tui import native
from chainstep.tui.files.subjects.opening import open_subject
from support.networks import Data

from .. import peers
from ..peers import Net
from ..rows import Goal, Measure, Row, against, alone, interleaved, skipped, timed
from .dense import jax_steps, numpy_steps, torch_steps
from .making import making

ENDLESS = 10**12
"""Samples: more than any run here takes."""

PEERS: Mapping[str, tuple[str, Callable[[Net, peers.Samples], peers.Steps]]] = {
    "PyTorch eager": ("torch", torch_steps),
    "JAX jit": ("jax", jax_steps),
    "NumPy by hand": ("numpy", numpy_steps),
}


class Work(NamedTuple):
    """A workload: what is trained for how many steps by machine code and by the slower one, what peers train, and how
    many times faster machine code is to be.
    """

    what: str
    knobs: Mapping[str, object]
    steps: int
    fewer: int
    goals: Mapping[str, float]
    net: Net | None = None
    than: str = "python"


_FULL = {"batch_size": None, "validation": 0.0, "optimizer": "sgd", "schedule": "constant", "lr": 0.1}

THOUSAND = "1,000 rows"
"""A disc in a square."""

WORKLOADS: Mapping[str, Work] = {
    "moons": Work(
        "moons",
        {},
        100,
        100,
        {"python": 25, "PyTorch eager": 10, "JAX jit": 4, "NumPy by hand": 3},
        Net((16, 16, 1), "relu", "hinge"),
    ),
    "moons, still": Work("moons", {"lr": 1e-9}, 100, 100, {"python": 50}),
    "lecture": Work("lecture", {}, 1000, 1000, {"python": 8, "PyTorch eager": 40}, Net((4, 4, 1), "tanh", "squares")),
    "digits 64-32-10": Work(
        "digits",
        {"hidden": (32,), **_FULL},
        20,
        2,
        {"python": 120, "PyTorch eager": 1.3, "NumPy by hand": 1.2},
        Net((32, 10), "relu", "softmax"),
    ),
    "2-64-64-1 on 1,000 rows": Work(
        THOUSAND,
        {"hidden": (64, 64), "loss": "hinge", "activation": "relu", "optimizer": "sgd", "lr": 0.1, "l2": 1e-4},
        20,
        2,
        {"python": 100, "PyTorch eager": 1.3},
        Net((64, 64, 1), "relu", "hinge"),
    ),
    "moons, 32, momentum": Work("moons", {"batch_size": 32, "optimizer": "momentum"}, 300, 300, {"python": 30}),
    "moons, 32, adam": Work("moons", {"batch_size": 32, "optimizer": "adam"}, 300, 300, {"python": 30}),
    "digits, 32, adam": Work(
        "digits", {**_FULL, "hidden": (32,), "batch_size": 32, "optimizer": "adam"}, 100, 10, {"python": 30}
    ),
    "moons 128-128": Work("moons", {"hidden": (128, 128)}, 100, 1, {"replay": 800}, than="replay"),
}


def _opened(work: Work) -> Session:
    """A fresh session."""
    if work.what != THOUSAND:
        return open_subject(work.what, None, dict(work.knobs))[0]
    rng = random.Random(1)
    rows = tuple((rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(1000))
    data = Data(rows, tuple(float(x * x + y * y > 0.5) for x, y in rows), ("in", "out"))
    return Session(data, Settings.of(dict(work.knobs)))


def _session(work: Work, engine: str) -> Session:
    """A fresh session that this engine will play."""
    refused, Compilation.refused = Compilation.refused, engine == "replay"
    try:
        session = _opened(work)
        if engine == "native":
            assert native.make(session) == "", session.compilation.flaw
        elif engine == "python":
            session.compilation.make()
        assert session.compilation.possible == (engine != "replay")
    finally:
        Compilation.refused = refused
    return session


def _trained(work: Work, engine: str, steps: int) -> float:
    """Microseconds a step of the first ones, through a fresh session."""
    session = _session(work, engine)
    gc.collect()
    return timed(lambda: session.train(ENDLESS, steps), "µs", steps)


def machine_code(repetitions: int) -> Iterator[Row]:
    """Every workload, machine code against all others."""
    if not native.present():
        yield skipped("machine code", "llvmlite is not installed")
        return
    for name, work in WORKLOADS.items():
        with _settled():
            yield from _rows(name, work, repetitions)
    yield from making(repetitions)


@contextmanager
def _settled() -> Iterator[None]:
    """What is loaded stays, as in the program itself, which freezes it before a session begins: else the collection
    before each measure goes over all that peers and other rows have left, and leaves the caches cold for the next.
    """
    for module, _ in PEERS.values():
        peers.module(module)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _rows(name: str, work: Work, repetitions: int) -> Iterator[Row]:
    measures: dict[str, Measure] = {
        "native": partial(_trained, work, "native", work.steps),
        work.than: partial(_trained, work, work.than, work.fewer),
    }
    samples = _session(work, "python").run.stepper.program.samples
    for peer, (module, make) in PEERS.items() if work.net is not None else ():
        if peer in work.goals and peers.module(module):
            assert work.net is not None
            measures[peer] = partial(_peer, make(work.net, samples), work.steps)
    got = interleaved(measures, repetitions)
    for peer, times in work.goals.items():
        what = f"{name}, machine code against {peer}"
        if peer not in got:
            yield skipped(what, "it is not installed")
            continue
        note = f"first {work.steps} steps; {work.fewer} of {peer}" if peer == work.than else "one thread, float64"
        yield against(what, "µs", got["native"], got[peer], Goal(times, of_ratio=True), note)


def _peer(run: peers.Steps, steps: int) -> float:
    return timed(lambda: run(steps), "µs", steps)


def wide(repetitions: int) -> Iterator[Row]:
    """Wide networks without machine code, against the replay."""
    for hidden, times in ((128, 50), (256, 20)):
        work = Work("moons", {"hidden": (hidden, hidden)}, 100, 1, {})
        opened = partial(_first, work)
        measures = {
            "python": partial(_trained, work, "python", 100),
            "replay": partial(_trained, work, "replay", 1),
            "first": opened,
        }
        got = interleaved(measures, repetitions)
        what = f"moons {hidden}-{hidden}, Python against the replay"
        yield against(what, "µs", got["python"], got["replay"], Goal(times, of_ratio=True), "the first steps")
        goal = Goal(2, most=True) if hidden == 256 else None
        yield alone(f"moons {hidden}-{hidden}, opened and one step", "s", got["first"], goal, "Python function")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield alone(
        "  memory of all that at its peak", "MB", [peak], Goal(400, most=True), "several sessions in one process"
    )


def _first(work: Work) -> float:
    def first() -> None:
        session, _ = open_subject(work.what, None, dict(work.knobs))
        session.train(1, 1)

    return timed(first, "s")
