"""The value and the gradients of a typed expression, without a screen. Must not know sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.engine.autograd.text.expression import ExpressionError, parse, parse_leaf
from chainstep.engine.autograd.text.notation import text
from chainstep.engine.autograd.value import topological_order

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "powc": "**"}


def read_leaves(texts: Sequence[str]) -> dict[str, float]:
    """`a=2 b=-3` as numbers by name.

    Raises:
        ExpressionError: one is not of that form, or comes twice.
    """
    leaves: dict[str, float] = {}
    for given in texts:
        name, number = parse_leaf(given)
        if name in leaves:
            raise ExpressionError(f"{name} is given twice")
        leaves[name] = number
    return leaves


def evaluate(source: str, leaves: Mapping[str, float]) -> dict[str, object]:
    """The expression's value, and every node in topological order with the gradient of the value.

    Raises:
        ExpressionError: the text is no expression of these leaves.
    """
    root, _ = parse(source, leaves)
    root.backward()
    nodes = [
        {
            "name": text(node),
            "op": "" if node.op is None else _SYMBOLS.get(node.op.name, node.op.name),
            "data": node.data,
            "grad": node.grad,
        }
        for node in topological_order(root)
    ]
    return {"value": root.data, "nodes": nodes}
