"""What an operation is: formulas forward and backward, and the functions made of them. Must not know which operations
there are, Values or tapes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from ...records import Caching, record
from .ieee import NAMESPACE

SUM, PRODUCT, SIGN, POWER, CALL = 1, 2, 3, 4, 9
"""How tightly an operation binds as people write it, from the loosest on."""

Forward = Callable[[float, float], float]
"""(a, b) -> y."""

Backward = Callable[[float, float, float], float]
"""(a, b, y) -> a local derivative."""


@record(eq=False)
class Op(Caching):
    """One row of the table of operations. Compared by identity: there is one object an operation.

    Formulas are Python expressions in the inputs `a` and `b` and the result `y`; a unary op has no `b`. Texts are what
    people read, with `{a}`, `{b}` and `{y}` where a value goes.
    """

    name: str
    forward: str
    """The formula of y."""
    backward: tuple[str | None, ...]
    """The formulas of the local derivatives ∂y/∂a and, for a binary op, ∂y/∂b; None where an input is never
    differentiated.
    """
    forward_text: str
    backward_text: tuple[str | None, ...]
    forward_words: str
    """What it makes of its inputs, in one sentence."""
    outcomes: tuple[tuple[str, str], ...]
    """What came of it: formulas of a, b and y, each with what is said where it is the first that holds; `{a}`, `{b}`
    and `{y}` stand for the numbers. Where none holds, as with nan, nothing is said.
    """
    words: str
    """Its chain rule in one sentence."""
    precedence: int = CALL
    side: str | None = None
    """The formula of what tells on which side of the op's kink the inputs are; None for smooth ops."""
    surrogate: bool = False
    """Backward is a learning rule, not the derivative of forward."""

    # Made at first use: a program uses few of the rows as functions.

    @cached_property
    def forward_function(self) -> Forward:
        """`forward` as a function; that of a unary op ignores b."""
        return _function("a, b", self.forward)

    @cached_property
    def backward_functions(self) -> tuple[Backward | None, ...]:
        """Each formula of `backward` as a function."""
        return tuple(None if formula is None else _function("a, b, y", formula) for formula in self.backward)

    @cached_property
    def chain_rule(self) -> Callable[[Any], None]:
        """What adds ∂y/∂input · grad to the `grad` of each input of a node, which has `a`, `b`, `data` and `grad`."""
        lines = ["left, right, y, grad = node.a, node.b, node.data, node.grad", "a = left.data"]
        lines += ["b = right.data"] * (self.arity - 1)
        for node, formula in zip(("left", "right"), self.backward, strict=False):
            if formula is not None:
                lines.append(f"{node}.grad += {times(formula, 'grad')}")
        scope: dict[str, Any] = dict(NAMESPACE)
        exec("def chain_rule(node):\n    " + "\n    ".join(lines), scope)
        made: Callable[[Any], None] = scope["chain_rule"]
        return made

    @cached_property
    def side_function(self) -> Forward | None:
        """`side` as a function."""
        return None if self.side is None else _function("a, b", self.side)

    @cached_property
    def _outcome_functions(self) -> tuple[tuple[Backward, str], ...]:
        return tuple((_function("a, b, y", formula), words) for formula, words in self.outcomes)

    def outcome(self, a: float, b: float, y: float) -> str:
        """What came of these numbers, in a sentence that has `{a}`, `{b}` and `{y}` where they go."""
        return next((words for holds, words in self._outcome_functions if holds(a, b, y)), "")

    @property
    def symbol(self) -> str:
        """`+`, `*`, `**` … for what is written between its inputs, the name for what is called."""
        return self.forward_text.format(a="", b="").strip() if self.precedence < CALL else self.name

    @property
    def arity(self) -> int:
        """1 or 2."""
        return len(self.backward)


def times(derivative: str, grad: str) -> str:
    """The source of derivative · grad, with the factors ±1 left out: they change no bit."""
    return {"1.0": grad, "-1.0": f"-{grad}"}.get(derivative, f"({derivative}) * {grad}")


def _function(arguments: str, formula: str) -> Callable[..., float]:
    """A formula as a function. Only text of the table ever comes here."""
    made: Callable[..., float] = eval(f"lambda {arguments}: {formula}", dict(NAMESPACE))
    return made
