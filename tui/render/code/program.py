"""The lines of a small program that does what is trained: Value, Neuron, Layer, MLP and the loop, or an expression and
its loop. What is broken on purpose is broken in it, too. Must not know colours or strips.
"""

from __future__ import annotations

from collections.abc import Iterator

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import CodePlace, CodeView

_LOSSES = {
    "sse": "sum((o - y)**2)",
    "mse": "mean((o - y)**2)",
    "hinge": "mean(relu(1 - y*o))",
    "bce": "mean(log_loss(o, y))",
    "softmax": "mean(softmax_loss(o, y))",
    "perceptron": "sum(o != y)",
}
"""What is done with each output `o` and its target `y`."""


_DRAWN = {
    "lecture": "uniform(-1, 1)",
    "demo": "uniform(-1, 1)",
    "zeros": "Value(0.0)",
    "xavier": "xavier(n)",
    "kaiming": "kaiming(n)",
}
"""How a first weight comes about."""


@record
class Line:
    """One line of code."""

    level: int
    """How far it is indented."""
    text: str
    key: str = ""
    """What finds it, where an op may be at it."""
    wrong: bool = False
    """It is broken on purpose."""


def written(view: CodeView, snapshot: Snapshot) -> tuple[Line, ...]:
    """The whole program, under the settings of a snapshot."""
    if not view.sizes:
        return (*_value(snapshot), Line(0, ""), *_expression(view, snapshot))
    parts = (_value(snapshot), _neuron(view, snapshot), _LAYER, _MLP, _training(view, snapshot))
    return tuple(line for number, part in enumerate(parts) for line in ([Line(0, "")] * bool(number) + [*part]))


def at(place: CodePlace | None, view: CodeView) -> list[str]:
    """The keys of the lines that an op is at, the innermost first, then those that called it; none for no op."""
    if place is None:
        return []
    if place.phase == "backward":
        return [place.what, "again" if place.again else "backward"]
    if place.phase != "forward":
        return [place.phase]
    return [place.what, "layer", "mlp", "forward"] if view.sizes else [f"step {place.line}"]


def _value(snapshot: Snapshot) -> Iterator[Line]:
    broken = snapshot.settings.mistakes
    order = "unordered" in broken
    assigned = "overwrite" in broken
    yield Line(0, "class Value:")
    yield Line(1, "def backward(self):")
    yield Line(2, "self.grad = 1.0", "seed")
    yield Line(2, f"for v in {'depth_first' if order else 'users_first'}(self):", wrong=order)
    yield Line(3, "for a, slope in v.inputs:")
    yield Line(4, f"a.grad {'=' if assigned else '+='} slope * v.grad", "pass", assigned)


def _neuron(view: CodeView, snapshot: Snapshot) -> Iterator[Line]:
    zero, unbiased = ("zero_weights" in snapshot.settings.mistakes, "no_bias" in snapshot.settings.mistakes)
    straight = "no_nonlinearity" in snapshot.settings.mistakes
    times = "" if snapshot.settings.gain == 1.0 else f"{snapshot.settings.gain:g} * "
    draw = "Value(0.0)" if zero else f"{times}{_DRAWN[snapshot.settings.init]}"
    bias = _DRAWN["lecture"] if snapshot.settings.init == "lecture" else "Value(0.0)"
    yield Line(0, "class Neuron:")
    yield Line(1, "def __init__(self, n):")
    yield Line(2, f"self.w = [{draw}", wrong=zero)
    yield Line(4, "for _ in range(n)]", wrong=zero)
    yield Line(2, "# no self.b" if unbiased else f"self.b = {bias}", wrong=zero or unbiased)
    yield Line(1, "def __call__(self, x):")
    yield Line(2, "terms = [w * v for w, v", "multiply")
    yield Line(4, "in zip(self.w, x)]", "multiply 2")
    yield Line(2, "total = sum(terms)", "add")
    yield Line(2, "total = total + self.b", "bias", unbiased)
    # The last layer may have another activation; the one that most neurons have stands for both.
    activation = view.activations[0] if len(view.sizes) > 2 else view.activations[-1]
    yield Line(2, "return total" if activation == "linear" else f"return total.{activation}()", "activate", straight)


_LAYER = (
    Line(0, "class Layer:"),
    Line(1, "def __init__(self, n, m):"),
    Line(2, "self.neurons = [Neuron(n)"),
    Line(4, "for _ in range(m)]"),
    Line(1, "def __call__(self, x):"),
    Line(2, "return [neuron(x) for"),
    Line(4, "neuron in self.neurons]", "layer"),
)

_MLP = (
    Line(0, "class MLP:"),
    Line(1, "def __init__(self, n, outs):"),
    Line(2, "sizes = pairwise([n, *outs])"),
    Line(2, "self.layers = [Layer(n, m)"),
    Line(4, "for n, m in sizes]"),
    Line(1, "def __call__(self, x):"),
    Line(2, "for layer in self.layers:"),
    Line(3, "x = layer(x)", "mlp"),
    Line(2, "return x"),
)


def _training(view: CodeView, snapshot: Snapshot) -> Iterator[Line]:
    inputs, *layers = view.sizes
    yield Line(0, f"net = MLP({inputs}, {layers})" if len(layers) < 6 else f"net = MLP({inputs}, [{layers[0]}, …])")
    yield Line(0, _loop(snapshot))
    yield Line(1, "out = [net(x) for x in xs]", "forward")
    yield Line(1, f"loss = {_LOSSES[snapshot.settings.loss]}", "loss")
    yield from _after("net.parameters()", "loss", snapshot)


def _expression(view: CodeView, snapshot: Snapshot) -> Iterator[Line]:
    for name, number in view.leaves:
        yield Line(0, f"{name} = Value({number:.6g})")
    yield Line(0, _loop(snapshot))
    root = view.steps[-1][0] or "value"
    for place, (name, formula) in enumerate(view.steps):
        yield Line(1, f"{name or root} = {formula}", f"step {place}")
    yield from _after(f"[{', '.join(name for name, _ in view.leaves)}]", root, snapshot)


def _loop(snapshot: Snapshot) -> str:
    return f"for step in range({snapshot.settings.steps}):" if snapshot.settings.steps < 10**9 else "while True:"


def _after(parameters: str, root: str, snapshot: Snapshot) -> Iterator[Line]:
    """What the loop does behind the loss."""
    forgotten, flipped = "no_zero_grad" in snapshot.settings.mistakes, "flipped" in snapshot.settings.mistakes
    if forgotten:
        yield Line(1, "# zero_grad is forgotten", wrong=True)
    else:
        yield Line(1, f"for p in {parameters}:")
        yield Line(2, "p.grad = 0.0", "zero_grad")
    yield Line(1, f"{root}.backward()", "backward")
    if "twice" in snapshot.settings.mistakes:
        yield Line(1, f"{root}.backward()", "again", True)
    yield Line(1, f"for p in {parameters}:")
    sign = "+" if snapshot.settings.maximise != flipped else "-"
    move = "lr * p.grad" if snapshot.settings.optimizer == "sgd" else f"lr * {snapshot.settings.optimizer}(p)"
    yield Line(2, f"p.data {sign}= {move}", "update", flipped)
