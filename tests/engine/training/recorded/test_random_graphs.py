"""Graphs at random, computed by a class of its own and replayed: the same numbers, and every op undone. Must not know
views.
"""

from __future__ import annotations

import random

from chainstep.engine.autograd.ops.table import GIVEN, OPS
from chainstep.engine.autograd.value import Value, apply, topological_order
from chainstep.engine.training.commands import Back, Forward, Goto
from chainstep.engine.training.recorded.graph import Graph
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded
from chainstep.engine.training.setup.settings import Settings
from support.cases import every_case

KNOWN = [op for op in OPS.values() if op is not GIVEN and op.name != "perceptron"]


def made(draw: random.Random) -> list[Value]:
    """The values behind a last one; some are used often, some twice by one op."""
    values = [Value(draw.uniform(-2, 2), label=name) for name in "abc"]
    for _ in range(draw.randrange(1, 25)):
        op = draw.choice(KNOWN)
        inputs = [draw.choice(values) for _ in range(op.arity)]
        values.append(apply(op, *inputs))
    return topological_order(values[-1])


def recorded(draw: random.Random, moments: int) -> tuple[Session, list[Value]]:
    """A session on what `backward()` of the last value did, several times without zeroing."""
    values, recorder = made(draw), Recorder("random.py")
    place = {id(value): number for number, value in enumerate(values)}
    ops = ["" if value.op is None else value.op.name for value in values]
    inputs = [tuple(place[id(each)] for each in value.inputs) for value in values]
    graph = recorder.graph(Graph(ops, inputs, [value.label for value in values], [-1] * len(values)))
    for _ in range(moments):
        before = [value.grad for value in values]
        values[-1].backward()
        recorder.moment(graph, -1, [value.data for value in values], before, [value.grad for value in values])
    recording = recorder.recording()
    return Session(Recorded(recording, recording.runs()[0]), Settings(loss="sse", steps=moments)), values


def same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def test_what_our_own_class_computes_is_ours_to_the_bit() -> None:
    def case(seed: int) -> None:
        session, values = recorded(random.Random(seed), 2)
        assert isinstance(session.subject, Recorded)
        assert [moment.agreement for moment in session.subject.recording.moments] == ["right to the bit"] * 2
        session.apply(Goto(2))
        grads = {value.label: value.grad for value in values if value.label}
        assert all(map(same, session.run.gradients, [grads[label] for label in session.labels]))

    every_case(60, 0, case)


def test_every_op_is_undone() -> None:
    def case(seed: int) -> None:
        session, _ = recorded(random.Random(seed), 2)
        seen = []
        while not session.ended:
            seen.append((session.step, session.op, repr(session.run.gradients)))
            session.apply(Forward("op"))
        while seen:
            session.apply(Back("op"))
            assert (session.step, session.op, repr(session.run.gradients)) == seen.pop()

    every_case(10, 0, case)
