"""One sample's expression as a graph for Graphviz, as the lecture's draw_dot makes it. Must not know Graphviz."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chainstep.engine.training.analysis.model import Node

from .errors import ExchangeError

MOST_NODES = 5000
"""More are no picture: Graphviz itself takes minutes for them."""


def dot(nodes: Sequence[Node], title: str) -> str:
    """The graph from left to right: a box with name, data and grad for each number, an oval for each operation.

    Raises:
        ExchangeError: there are too many nodes.
    """
    if len(nodes) > MOST_NODES:
        raise ExchangeError(f"a sample has {len(nodes)} nodes, and a drawing takes at most {MOST_NODES}")
    lines = ["digraph {", "    rankdir=LR", f"    label={_quoted(title)}", "    node [fontsize=10]"]
    for place, node in enumerate(nodes):
        name = f"{_field(node.name)} | " if node.name else ""
        lines.append(f'    v{place} [shape=record label="{{ {name}data {node.data:.4f} | grad {node.grad:.4f} }}"]')
        if node.op:
            lines += [f"    o{place} [label={_quoted(node.op)}]", f"    o{place} -> v{place}"]
            # Both edges of a + a are drawn.
            lines += [f"    v{each} -> o{place}" for each in node.inputs]
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _field(text: str) -> str:
    """A name inside a record, in which some signs part fields."""
    return re.sub(r'([\\"{}|<> ])', r"\\\1", text)
