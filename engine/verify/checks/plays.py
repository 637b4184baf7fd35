"""Checks that take more than one expression: a second backward, two losses, zeroing, depth and width. Knows what is
done with an engine, whichever it is; must not know what is right.

Each play builds its own graph and tells the numbers that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...records import record
from ..trial import Engine

Numbers = Mapping[str, float | complex]

FIRST = "first"
"""What a play calls the gradient before the act in question."""


@record(eq=False)
class Play:
    """Something that is done with an engine."""

    name: str
    expression: str
    act: Callable[[Engine], Numbers]
    """What is done; "" is a value, a leaf's name its gradient."""
    choices: tuple[tuple[Numbers, str], ...] = ()
    """Other numbers, and what they are: they are told and not called wrong."""
    kind: str | None = None
    """The kind of mistake, if it goes wrong where all ops are right."""
    words: str = ""
    """What is wrong then."""
    want: Numbers | None = None
    """What is right, where it is not, or need not be, what our own engine does."""
    open: bool = False
    """There is no right: what it does is told, whatever it is."""


def _second_backward(engine: Engine) -> Numbers:
    a, b, c = engine.make(3.0), engine.make(2.0), engine.make(5.0)
    root = (a * b) * c
    engine.backward(root)
    once = engine.grad(a)
    engine.backward(root)
    return {"a": engine.grad(a) / once if once else 0.0}


def _two_losses(engine: Engine) -> Numbers:
    a, b, c = engine.make(4.0), engine.make(3.0), engine.make(2.0)
    inner = a * b
    engine.backward(inner * c)
    engine.backward(inner * b)
    return {"a": engine.grad(a)}


def _two_graphs(engine: Engine) -> Numbers:
    a, b = engine.make(3.0), engine.make(2.0)
    engine.backward(a * b)
    engine.backward(a + b)
    return {"a": engine.grad(a), "b": engine.grad(b)}


def _data_after(engine: Engine) -> Numbers:
    a, b = engine.make(3.0), engine.make(2.0)
    root = (a * b) * (a + b)
    engine.backward(root)
    return {"": engine.data(root), "a": engine.data(a), "b": engine.data(b)}


def _zeroed(engine: Any) -> Numbers:
    a, b = engine.make(3.0), engine.make(2.0)
    engine.backward(a * b)
    engine.zero([a, b])
    engine.backward((a * b) * a)
    return {"a": engine.grad(a), "b": engine.grad(b)}


def _part_of_a_graph(engine: Engine) -> Numbers:
    a, b = engine.make(3.0), engine.make(2.0)
    inner = a * b
    outer = inner * a
    engine.backward(inner)
    return {"": engine.data(outer), "a": engine.grad(a), "b": engine.grad(b)}


def _chain(length: int) -> Callable[[Engine], Numbers]:
    def act(engine: Engine) -> Numbers:
        a = engine.make(0.5)
        root = a
        for _ in range(length):
            root = root + a
        engine.backward(root)
        return {"": engine.data(root), "a": engine.grad(a)}

    return act


def _tree(leaves: int) -> Callable[[Engine], Numbers]:
    def act(engine: Engine) -> Numbers:
        first = level = [engine.make(1 / 1024) for _ in range(leaves)]
        while len(level) > 1:
            pairs = [level[i] + level[i + 1] for i in range(0, len(level) - 1, 2)]
            level = pairs + level[len(pairs) * 2 :]
        (root,) = level
        engine.backward(root)
        return {"": engine.data(root), "leaves": sum(engine.grad(leaf) for leaf in first)}

    return act


_ZEROES_ITSELF = "backward sets all gradients to 0 first; in torch, micrograd and chainstep they add up"

PLAYS = (
    Play(
        "backward twice",
        "((a * b) * c).backward(), twice: how many times ∂/∂a is what it was",
        _second_backward,
        (
            ({"a": 2.0}, "the second backward adds the same once more, as in torch (with retain_graph)"),
            (
                {"a": 3.0},
                "inner gradients stay, so at depth n it is n + 1 times, as in micrograd and chainstep; torch: 2",
            ),
            ({"a": 1.0}, _ZEROES_ITSELF),
        ),
        open=True,
    ),
    Play(
        "two losses that share a node",
        "c = a * b; (c * 2).backward(); (c * b).backward()",
        _two_losses,
        (
            (
                {"a": 21.0},
                "the shared node's gradient stays, as in micrograd and chainstep; the sum, as in torch, is 15",
            ),
            ({"a": 9.0}, _ZEROES_ITSELF),
        ),
        want={"a": 15.0},
    ),
    Play(
        "two losses",
        "(a * b).backward(); (a + b).backward()",
        _two_graphs,
        (({"a": 1.0, "b": 1.0}, _ZEROES_ITSELF),),
        "zeroing",
        "the gradients of two losses do not add up",
    ),
    Play(
        "data after backward",
        "((a * b) * (a + b)).backward(): the data",
        _data_after,
        kind="other",
        words="backward changes data",
    ),
    Play(
        "zeroing",
        "(a * b).backward(); a.grad = b.grad = 0; ((a * b) * a).backward()",
        _zeroed,
        kind="zeroing",
        words="something of the first backward is left",
    ),
    Play(
        "backward from an inner node",
        "c = a * b; c * a; c.backward()",
        _part_of_a_graph,
        kind="order",
        words="what was made of the node later counts as well",
    ),
)


def _deep(times: str) -> Play:
    n = int(times.replace(",", ""))
    want = {"": (n + 1) / 2, "a": n + 1.0}
    return Play(f"{times} additions in a row", f"a + a + … + a ({times} times +)", _chain(n), want=want)


DEEP_AND_WIDE = (
    _deep("900"),
    _deep("1,100"),
    Play(
        "a balanced sum of 10,000",
        "((a + b) + (c + d)) + …, 10,000 leaves",
        _tree(10_000),
        want={"": 10_000 / 1024, "leaves": 10_000.0},
    ),
)
"""What takes time, or the recursion limit, of some engines."""
