"""The part of a listing around one line as a graph. Must not know how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chainstep.engine.records import replace
from chainstep.engine.training.snapshot.tape import GraphView, NodeView, TraceView

from ..canvas.text import cut
from ..style.glyphs import Glyphs
from .names import short

_NAME = 12
"""Cells of a leaf's name: partial sums that are folded away have long ones."""


_MOST = 40
"""Ops that are ever drawn."""


def neighbourhood(view: TraceView, line: int, fits: Callable[[GraphView], bool], glyphs: Glyphs) -> GraphView | None:
    """The graph of the scope that a line is in; where that does not fit, of the ops nearest to the line.

    None where the listing has no ops, or not even the op itself fits.
    """
    if not view.lines[line].symbol:
        return None
    nearest = _by_distance(view, line)
    for count in _shrinking(len(nearest)):
        graph = _graph(view, sorted(nearest[:count]), glyphs)
        if fits(graph):
            return graph
    return None


def _shrinking(most: int) -> Iterable[int]:
    """How many ops to try: all of them, then fewer and fewer."""
    yield most
    yield from (count for count in (24, 16, 12, 9, 7, 5, 4, 3, 2, 1) if count < most)


def _by_distance(view: TraceView, line: int) -> list[int]:
    """Lines of the scope, the nearest to `line` along its inputs and uses first; at most `_MOST`."""
    scope = view.lines.around(line)
    near: dict[int, list[int]] = {k: [] for k in scope}
    for k in scope:
        for source in view.lines.sources(k):
            if source in near:
                near[k].append(source)
                near[source].append(k)
    order, found = [line], {line}
    for k in order:
        if len(order) >= _MOST:
            break
        new = [other for other in dict.fromkeys(near[k]) if other not in found]
        order += new
        found.update(new)
    return order[:_MOST]


def _graph(view: TraceView, shown: list[int], glyphs: Glyphs) -> GraphView:
    """The graph of these lines: what they read from elsewhere are its leaves."""
    own = set(shown)
    leaves: dict[str, NodeView] = {}
    for k in shown:
        item = view.lines[k]
        read = zip(item.inputs, item.leaves, item.kinds, view.leaf_data[k], view.leaf_grads[k], strict=True)
        for source, name, kind, data, grad in read:
            if source not in own:
                known = source is None or source < view.computed
                label = cut(glyphs.say(short(name, item)), _NAME, glyphs.ellipsis)
                old = kind == "parameter" and bool(view.old_grads)
                wrong = view.right is not None and name in view.right.leaves
                node = NodeView(label, "", (), data, grad, known, kind, old_grad=old, wrong_grad=wrong)
                leaves.setdefault(name, node)
    place = {name: k for k, name in enumerate(leaves)}
    nodes = list(leaves.values())
    at: dict[int | None, int] = {}
    for k in shown:
        item = view.lines[k]
        inputs = tuple(
            at[source] if source in own else place[name] for source, name in zip(item.inputs, item.leaves, strict=True)
        )
        at[k] = len(nodes)
        name = glyphs.say(short(item.name, item))
        node = NodeView(name, item.symbol, inputs, view.data[k], view.grad[k], k < view.computed)
        if view.right is not None:
            node = replace(node, wrong=k in view.right.data, wrong_grad=k in view.right.grad)
        nodes.append(node)
    done = None if view.last is None else at.get(view.last)
    coming = None if view.ended else at.get(view.current)
    return GraphView(tuple(nodes), done, view.last_backward, coming, view.backward)
