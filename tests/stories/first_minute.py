"""The first minute: whoever presses five keys has seen a gradient computed from real numbers. Must not know widgets."""

from __future__ import annotations

from chainstep.engine import Value
from chainstep.engine.training.commands import Back, Forward
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER, LEFT, RIGHT

from .script import Act, Acts, Screen, Seen, gone, parameter, row, story


@story("The first minute: a neuron, and where its gradients come from", "neuron", size=(100, 30))
def first_minute(twin: Session) -> Acts:
    yield Act("It opens paused, before its first operation, and says what to press.", shows=["→ runs one op"])

    x1, x2, w1, w2, b = leaves = [Value(number) for number in twin.parameters]
    total = x1 * w1 + x2 * w2 + b
    output = total.tanh()
    output.backward()
    twin.apply(Forward("phase"))
    yield Act(
        "enter runs a phase: this is what the neuron makes of its inputs.",
        ENTER,
        [f"tanh(x1*w1 + x2*w2 + b) = tanh({total.data:.4f})"],
    )

    twin.apply(Forward("phase"))
    yield Act("The next phase sets every gradient to zero.", ENTER)
    twin.apply(Forward("op"))
    slope = 1 - output.data**2
    yield Act(
        "One op backwards: tanh lets through what its slope lets through.",
        RIGHT,
        [row("grad += ", f"0.0 → {slope:.4f}")],
    )

    assert b.grad == slope
    twin.apply(Forward("op"))
    written = row("b.grad += ", f"0.0 → {b.grad:.4f}")
    yield Act("A sum hands its gradient on: b has its own.", RIGHT, [written, parameter(twin, "b")])

    twin.apply(Back("op"))
    yield Act("← takes it back: the gradient is unwritten.", LEFT, [parameter(twin, "b"), gone("│b.grad += ")])
    twin.apply(Forward("op"))
    yield Act("Forward again, and it is the same.", RIGHT, [written])

    twin.apply(Forward("phase"))
    yield Act(
        "To the end of backward: each leaf has the gradient that the library computes.",
        ENTER,
        [below(name, leaf) for name, leaf in zip(twin.labels, leaves, strict=True)],
    )


def below(name: str, leaf: Value) -> Seen:
    """In the graph, the leaf's gradient stands below its data."""

    def seen(screen: Screen) -> bool:
        rows = [y for y, line in enumerate(screen) if line.startswith(f"│{name:<2} {leaf.data:+.4f} ")]
        return any(screen[y + 1].split()[1] == f"{leaf.grad:+.4f}" for y in rows)

    seen.__doc__ = f"the gradient {leaf.grad:+.4f} below {name}"
    return seen
