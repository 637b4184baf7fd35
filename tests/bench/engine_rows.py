"""The engine's rows: compiled steps against the peers, stepping on the tape, snapshots, and Value. Needs no screen."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable, Iterator

from chainstep.engine.autograd.value import Value
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject

from . import peers
from .rows import Goal, Measure, Row, against, alone, collector, interleaved, skipped, timed

ENDLESS = 10**12
"""Samples: more than any run here takes."""

GC = "ours with the collector as Python has it"


def opened(what: str) -> Session:
    """A fresh session whose function is compiled already."""
    session, _ = open_subject(what)
    session.run.compilation.make()
    return session


def trained(what: str, steps: int) -> Measure:
    """Milliseconds a step of the first `steps`, through a fresh session."""

    def measure() -> float:
        session = opened(what)
        gc.collect()
        took = timed(lambda: session.train(ENDLESS, steps), "ms", steps)
        assert session.step == steps
        return took

    return measure


def _peer(make: Callable[[peers.Samples], peers.Steps], what: str, steps: int, setting: str = "default") -> Measure:
    """Milliseconds a step of a peer's first `steps`, on the same samples."""
    samples = open_subject(what)[0].run.stepper.program.samples

    def measure() -> float:
        run = make(samples)
        with collector(setting):
            return timed(lambda: run(steps), "ms", steps)

    return measure


def moons(repetitions: int) -> Iterator[Row]:
    """The moons demo, full batch, against all peers."""
    measures = {"ours": trained("moons", 100)}
    names = {"micrograd": "default", "micrograd, gc tuned": "tuned", "micrograd, gc off": "off"}
    if peers.module("micrograd"):
        for name, setting in names.items():
            measures[name] = _peer(peers.micrograd_moons, "moons", 2, setting)
    if peers.module("torch"):
        measures["PyTorch eager"] = _peer(peers.torch_moons, "moons", 100)
    if peers.module("numpy"):
        measures["NumPy by hand"] = _peer(peers.numpy_moons, "moons", 100)
    got = interleaved(measures, repetitions)
    goals = {
        "micrograd": Goal(2000, of_ratio=True),
        "micrograd, gc tuned": Goal(400, of_ratio=True),
        "micrograd, gc off": Goal(400, of_ratio=True),
        "PyTorch eager": Goal(1.5, most=True, of_ratio=True),
        "NumPy by hand": None,
    }
    for name, goal in goals.items():
        what = f"moons step, against {name}"
        if name not in got:
            yield skipped(what, "it is not installed")
            continue
        torch = name == "PyTorch eager"
        note = f"{GC}; mean of its first 2 steps" if name in names else GC
        if torch:
            note += "; the ratio is our time / its time, float64"
        yield against(what, "ms", got["ours"], got[name], goal, note, inverse=torch)


def lecture(repetitions: int) -> Iterator[Row]:
    """The lecture's loop, 41 parameters."""
    measures = {"20": trained("lecture", 20), "1000": trained("lecture", 1000)}
    if peers.module("micrograd"):
        measures["micrograd"] = _peer(peers.micrograd_lecture, "lecture", 20)
    if peers.module("torch"):
        measures["PyTorch eager"] = _peer(peers.torch_lecture, "lecture", 20)
    got = interleaved(measures, repetitions)
    for name, times in (("micrograd", 80), ("PyTorch eager", 12)):
        for count in ("20", "1000"):
            what = f"lecture step (of {count}), against {name}"
            if name not in got:
                yield skipped(what, "it is not installed")
            else:
                yield against(
                    what, "ms", got[count], got[name], Goal(times, of_ratio=True), f"{GC}; its first 20 steps"
                )


def start(repetitions: int) -> Iterator[Row]:
    """`chainstep train moons --steps 100` without the interpreter's start: the whole, and its parts."""
    held: list[Session] = []

    def construct() -> float:
        return timed(lambda: held.append(open_subject("moons", None, {"steps": 100})[0]), "ms")

    def train() -> float:
        return timed(lambda: held.pop().train(ENDLESS, 100), "ms")

    def generate() -> float:
        compilation = open_subject("moons")[0].run.compilation
        return timed(lambda: list(compilation.write()), "ms")

    def compile_() -> float:
        compilation = open_subject("moons")[0].run.compilation
        for _ in compilation.write():
            pass
        return timed(compilation.make, "ms")

    got = interleaved({"construct": construct, "train": train, "write": generate, "make": compile_}, repetitions)
    whole = [sum(pair) for pair in zip(got["construct"], got["train"], strict=True)]
    goal = Goal(60, most=True)
    yield alone(
        "train moons, 100 steps, with construction", "ms", whole, goal, "data, layout, generate, compile, steps"
    )
    yield alone("train moons, 100 steps, session there", "ms", got["train"], goal, "plan, generate, compile, steps")
    yield alone("  of it: construction", "ms", got["construct"])
    yield alone("  of it: generating the source", "ms", got["write"], note="with the proof of finite bounds")
    yield alone("  of it: generating and bytecode", "ms", got["make"], note="bounds are known already")


def stepping(repetitions: int) -> Iterator[Row]:
    """The tape op by op, and what a snapshot derives."""
    session = opened("moons")
    session.train(ENDLESS, 100)
    stepper, state = session.run.stepper, session.run.state
    tape, memory, rounds = stepper.program.tape, state.memory, 100

    def forward() -> None:
        for _ in range(rounds):
            for _ in tape.forward_steps(memory):
                pass

    def backward() -> None:
        for _ in range(rounds):
            for _ in tape.backward_steps(memory):
                pass

    def derive() -> None:
        for _ in range(rounds):
            stepper.recompute_sample(state)

    ops = rounds * len(tape)
    measures = {
        "forward": lambda: timed(forward, "ns", ops),
        "backward": lambda: timed(backward, "ns", ops),
        "derive": lambda: timed(derive, "µs", rounds),
    }
    got = interleaved(measures, repetitions)
    both = [(a + b) / 2 for a, b in zip(got["forward"], got["backward"], strict=True)]
    yield alone("tape, yielding after every op", "ns", both, Goal(90, most=True), f"moons sample, {len(tape)} ops")
    yield alone("  of it: forward", "ns", got["forward"])
    yield alone("  of it: backward", "ns", got["backward"])
    assert state.stale is not None
    what = "data and grad of all nodes, moons sample"
    yield alone(what, "µs", got["derive"], Goal(60, most=True), "Stepper.derive, forward and backward")


def value(repetitions: int) -> Iterator[Row]:
    """Value: its size, and a million of them in a chain."""
    x = Value(0.5)

    def chain(count: int) -> Value:
        node = x
        for _ in range(count):
            node = node + x
        return node

    def traced() -> float:
        count = 10_000
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        held = chain(count)
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del held
        return (after - before) / count

    def million() -> float:
        with collector("off"):
            held: list[Value] = []
            took = timed(lambda: held.append(chain(1_000_000)), "s")
            took += timed(held[0].backward, "s")
            build.append(took)
            return took

    build: list[float] = []
    node = x + x
    size, number = sys.getsizeof(node), sys.getsizeof(node.data)
    got = interleaved({"bytes": traced, "million": million}, repetitions)
    note = f"tracemalloc; sys.getsizeof: {size} (with its gc head) + {number} for data; grad shares 0.0 until backward"
    yield alone("Value, bytes a node", "bytes", got["bytes"], Goal(112, most=True), note)
    note = "v = v + x, gc off, freeing not counted"
    yield alone("Value, a million nodes, build and backward", "s", got["million"], Goal(1, most=True), note)
