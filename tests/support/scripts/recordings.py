"""Scripts that were recorded, made of a small engine that can be wrong in one place. Knows the recorder; must not know
sessions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from chainstep.engine.training.recorded.graph import Graph
from chainstep.engine.training.recorded.recorder import Recorder
from chainstep.engine.training.recorded.recording import Recording

Shares = Callable[[Sequence[float], float, float], Sequence[float]]
"""(inputs' numbers, the result's, its gradient) -> what is added to each input's gradient."""

SHARES: dict[str, Shares] = {
    "add": lambda x, y, g: (g, g),
    "mul": lambda x, y, g: (x[1] * g, x[0] * g),
    "tanh": lambda x, y, g: ((1 - y * y) * g,),
    "relu6": lambda x, y, g: (g if 0 < x[0] < 6 else 0.0,),
}

FORWARD: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "tanh": math.tanh,
    "relu6": lambda a: min(max(a, 0.0), 6.0),
}

Node = tuple[str, tuple[int, ...], str]
"""Op, inputs and name."""

NEURON: Sequence[Node] = (
    ("", (), "x1"),
    ("", (), "w1"),
    ("mul", (0, 1), "x1w1"),
    ("", (), "b"),
    ("add", (2, 3), "n"),
    ("tanh", (4,), "o"),
)
"""The lecture's neuron with one input: `o = tanh(x1*w1 + b)`."""


def graph_of(nodes: Sequence[Node], places: Sequence[int], parameters: Sequence[int] = ()) -> Graph:
    """A graph of such nodes."""
    ops, inputs, names = zip(*nodes, strict=True)
    return Graph(ops, inputs, names, places, parameters)


def numbers(
    nodes: Sequence[Node],
    leaves: Sequence[float],
    *,
    assigns: str = "",
    shares: dict[str, Shares] | None = None,
    before: Sequence[float] | None = None,
) -> tuple[list[float], list[float], list[float]]:
    """What such an engine computes: numbers, gradients before backward() and after it. It assigns the gradients of the
    op that it `assigns` in place of adding to them, and has some other `shares`.
    """
    given, data = iter(leaves), list[float]()
    for op, inputs, _ in nodes:
        data.append(FORWARD[op](*(data[each] for each in inputs)) if op else next(given))
    begun = list(before or [0.0] * len(nodes))
    grad = begun[:]
    grad[-1] = 1.0
    rules = SHARES | (shares or {})
    for k in reversed(range(len(nodes))):
        op, inputs, _ = nodes[k]
        if not op:
            continue
        for each, share in zip(inputs, rules[op]([data[i] for i in inputs], data[k], grad[k]), strict=True):
            grad[each] = share if op == assigns else grad[each] + share
    return data, begun, grad


def trained(
    steps: int,
    nodes: Sequence[Node] = NEURON,
    leaves: Sequence[float] = (2.0, -3.0, 6.8),
    lr: float = 0.1,
    name: str = "demo.py",
    assigns: str = "",
    shares: dict[str, Shares] | None = None,
) -> Recording:
    """A training loop on such a graph: w1 and b go down their gradients."""
    recorder = Recorder(name)
    places = [
        recorder.place(line, f"{name or 'Value'}  # {op or 'leaf'}") for line, (op, _, name) in enumerate(nodes, 1)
    ]
    trained = [k for k, (op, _, named) in enumerate(nodes) if not op and named != "x1"]
    kinds = [k for k, (op, _, _) in enumerate(nodes) if not op]
    graph = recorder.graph(graph_of(nodes, places, trained))
    call, values = recorder.place(20, "loss.backward()"), dict(zip(kinds, leaves, strict=True))
    for _ in range(steps):
        data, before, after = numbers(nodes, list(values.values()), assigns=assigns, shares=shares)
        recorder.moment(graph, call, data, before, after)
        for k in trained:
            values[k] -= lr * after[k]
    return recorder.recording({graph: [values[k] for k in trained]}, "step 0\nstep 1")
