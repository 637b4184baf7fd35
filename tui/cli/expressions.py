"""The value and the gradients of a typed expression, without a screen. Must not know what is opened, or how."""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.engine.autograd.text.expression import ExpressionError, parse_leaf
from chainstep.engine.autograd.text.notation import text
from chainstep.engine.training.session import Session

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


def evaluate(session: Session) -> dict[str, object]:
    """The value of a session's expression, and every node in topological order with the gradient of the value."""
    nodes = session.nodes()
    rows = [
        {
            "name": text(node),
            "op": "" if node.op is None else _SYMBOLS.get(node.op.name, node.op.name),
            "data": data,
            "grad": grad,
        }
        for node, data, grad in nodes
    ]
    return {"value": nodes[-1].data, "nodes": rows}
