"""A network over many inputs at once. Reads a program and its parameters; must not know what the inputs stand for.

The layers are compiled by their shape, in pieces that are made in a moment: an input then costs a few microseconds, and
the numbers are those of the tape, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

from ....autograd.ops import ieee
from ....autograd.ops.table import OPS
from ....compiler.formulas import PRODUCT, Expr, set_to_sum
from ...step.program import LayerPlan

PIECE = 24
"""Inputs between two yields."""

AT_ONCE = 60_000
"""Products after which a wide network yields amid them: a millisecond or two."""

MOST_WEIGHTS = 96
"""Weights that are compiled at once: it holds the interpreter for a millisecond or two."""

Row = tuple[float, ...]
_Layer = Callable[[Sequence[float], Sequence[Row]], list[Row]]
Neuron = tuple[int, int]
"""Layer and neuron, from 0."""


class Layers:
    """The layers of a network with these parameters."""

    def __init__(self, plans: Sequence[LayerPlan], parameters: Sequence[float]) -> None:
        self._plans, self._parameters = plans, parameters
        self._pieces: list[list[tuple[_Layer, Row]]] = []
        """For each layer its pieces, each with its parameters."""

    def outputs(
        self, inputs: Iterable[Row], neuron: Neuron | None = None
    ) -> Generator[int, None, tuple[list[Row], list[float]]]:
        """What the network makes of its inputs, and what a neuron does; yields after each few how many they were, and 0
        amid them where the network is wide.
        """
        if not self._pieces:
            yield from self._compile()
        outputs: list[Row] = []
        watched: list[float] = []
        left = iter(inputs)
        while rows := list(islice(left, PIECE)):
            for index, pieces in enumerate(self._pieces):
                made, products = [], 0
                for layer, parameters in pieces:
                    made.append(layer(parameters, rows))
                    products += len(parameters) * len(rows)
                    if products >= AT_ONCE:
                        yield (products := 0)
                rows = made[0] if len(made) == 1 else [tuple(chain(*parts)) for parts in zip(*made, strict=True)]
                if neuron is not None and neuron[0] == index:
                    watched += [row[neuron[1]] for row in rows]
            outputs += rows
            yield len(rows)
        return outputs, watched

    def _compile(self) -> Generator[int, None, None]:
        """Make the pieces of each layer; yields after each piece."""
        layers = []
        for plan in self._plans:
            pieces, width = [], plan.inputs + 1
            for first, count in _parts(plan):
                start = plan.first_parameter + first * width
                own = tuple(self._parameters[start : start + count * width])
                pieces.append((_layer(plan.inputs, count, plan.activation), own))
                yield 0
            layers.append(pieces)
        self._pieces = layers


def _parts(plan: LayerPlan) -> Iterator[tuple[int, int]]:
    """(first neuron, how many) of each piece of a layer."""
    count = max(1, MOST_WEIGHTS // (plan.inputs + 1))
    return ((first, min(count, len(plan.units) - first)) for first in range(0, len(plan.units), count))


@lru_cache(maxsize=256)
def _layer(inputs: int, neurons: int, activation: str) -> _Layer:
    """(parameters, rows of inputs) -> rows of outputs, for so many neurons side by side."""
    forward = "a" if activation == "linear" else OPS[activation].forward
    xs = [f"x{i}" for i in range(inputs)]
    ps = [f"p{i}" for i in range(neurons * (inputs + 1))]
    lines = ["def layer(parameters, rows):", f" {', '.join(ps)}, = parameters", " made = []"]
    lines.append(f" for {', '.join(xs)}, in rows:")
    for neuron in range(neurons):
        own = ps[neuron * (inputs + 1) : (neuron + 1) * (inputs + 1)]
        terms = [Expr(f"{x} * {p}", PRODUCT) for x, p in zip(xs, own, strict=False)] + [Expr(own[-1])]
        lines += [f"  {line}" for line in set_to_sum("a", terms)]
        lines.append(f"  y{neuron} = {forward}")
    lines += [f"  made.append(({', '.join(f'y{neuron}' for neuron in range(neurons))},))", " return made"]
    scope: dict[str, object] = dict(ieee.NAMESPACE)
    exec(compile("\n".join(lines), "<layer>", "exec", dont_inherit=True), scope)
    return scope["layer"]  # type: ignore[return-value]
