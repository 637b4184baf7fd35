"""The first minute: whoever presses five keys has seen a gradient computed from real numbers. Must not know widgets."""

from __future__ import annotations

import sys

from chainstep.engine import Value
from support.terminal import ENTER, LEFT, RIGHT, Terminal


def says(terminal: Terminal, *texts: str) -> bool:
    """Whether one row of the screen has all of these."""
    return any(all(text in row for text in texts) for row in terminal.screen())


def test_the_first_minute() -> None:
    with Terminal([sys.executable, "-m", "chainstep.tui", "neuron"], size=(80, 24)) as terminal:
        # It opens paused at step 0, and says what to press.
        screen = terminal.read_until("→ runs one op")
        assert "step 0" in screen[0]

        # Five keys: what the neuron makes of its inputs, then the first two gradients.
        x1, x2, w1, w2, b = map(Value, (2.0, 0.0, -3.0, 1.0, 6.881373587019543))
        terminal.send(ENTER)
        terminal.read_until(f"tanh(x1*w1 + x2*w2 + b) = tanh({(x1 * w1 + x2 * w2 + b).data:.4f})")
        terminal.send(ENTER + RIGHT)
        output = (x1 * w1 + x2 * w2 + b).tanh()
        output.backward()
        slope = 1 - output.data**2
        terminal.read_until(lambda it: says(it, "backward ›", f"0.0 → {slope:.4f}"))
        terminal.send(RIGHT)
        terminal.read_until(lambda it: says(it, "b.grad += ", f"0.0 → {b.grad:.4f}"))
        assert b.grad == slope

        # A key back, and the gradient is unwritten; forward again, and it is the same.
        terminal.send(LEFT)
        terminal.read_until(lambda it: says(it, "b    +6.88137 +0.00000") and not says(it, "b.grad += "))
        terminal.send(RIGHT)
        terminal.read_until(lambda it: says(it, "b.grad += ", f"0.0 → {b.grad:.4f}"))

        # To the end of the phase: every leaf has the gradient that the library computes.
        terminal.send(ENTER)
        terminal.read_until("update  op 0/5")
        for name, leaf in (("x1", x1), ("x2", x2), ("w1", w1), ("w2", w2), ("b", b)):
            terminal.read_until(lambda it, name=name, leaf=leaf: below(it, name, leaf.data) == f"{leaf.grad:+.4f}")

        terminal.send("q")
        assert terminal.wait() == 0
        assert terminal.leftovers() == []


def below(terminal: Terminal, name: str, data: float) -> str:
    """The gradient of a leaf: in the graph it stands below the leaf's data."""
    rows = terminal.screen()
    place = next(y for y, row in enumerate(rows) if row.startswith(f"│{name:<2} {data:+.4f} "))
    return rows[place + 1].split()[1]
