"""Scripts as people write them, recorded: one with a mistake, one that trains. Must not know sessions."""

from __future__ import annotations

from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.recording import Recording

from .recordings import NEURON, Node, graph_of, numbers, trained

LECTURE: list[tuple[Node, int, str]] = [
    (("", (), "a"), 31, "a = Value(2.0, label='a')"),
    (("", (), "b"), 32, "b = Value(-3.0, label='b')"),
    (("", (), "c"), 33, "c = Value(10.0, label='c')"),
    (("mul", (0, 1), "e"), 34, "e = a * b"),
    (("add", (3, 2), "d"), 35, "d = e + c"),
    (("", (), "f"), 36, "f = Value(-2.0, label='f')"),
    (("mul", (4, 5), "L"), 37, "L = d * f"),
    (("mul", (3, 3), "g"), 38, "g = e * e"),
    (("add", (6, 7), "h"), 39, "h = L + g"),
]


def assigned() -> Recording:
    """The lecture's expression and a little more, by an engine that has `=` for `+=` in its product."""
    nodes = [node for node, _, _ in LECTURE]
    recorder = Recorder("my_micrograd.py")
    places = [recorder.place(line, text) for _, line, text in LECTURE]
    graph = recorder.graph(graph_of(nodes, places))
    recorder.moment(graph, recorder.place(41, "h.backward()"), *numbers(nodes, [2.0, -3.0, 10.0, -2.0], assigns="mul"))
    return recorder.recording(output="e = -6.0\nL = -8.0")


def two_graphs() -> Recording:
    """A loop of two steps on the lecture's neuron, and then another expression."""
    recorder = Recorder("two.py")
    neuron = recorder.graph(graph_of(NEURON, [-1] * 6, [1, 3]))
    loop, after = recorder.place(20, "loss.backward()"), recorder.place(30, "y.backward()")
    for w1 in (-3.0, -3.1):
        recorder.moment(neuron, loop, *numbers(NEURON, [2.0, w1, 6.8]))
    square: list[Node] = [("", (), "a"), ("mul", (0, 0), "y")]
    other = recorder.graph(graph_of(square, [-1, -1]))
    recorder.moment(other, after, *numbers(square, [3.0]))
    return recorder.recording(output="step 0\nstep 1")


def loop(steps: int = 20) -> Recording:
    """A training loop on the lecture's neuron."""
    return trained(steps, name="train.py")
