"""Which inputs of a network are one to the eye: those of a table's column, what it says, and which of their weights
stands for them. Must not know where they are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.network import Lit, NetworkView
from chainstep.engine.training.snapshot.subject import Answer, Said

from ...canvas.numbers import measured
from ...canvas.shortened import DAY
from ...canvas.shortened import said as in_words
from ...style.glyphs import Glyphs

LONGEST_SAID = DAY
"""Cells for what a column says, where there is room."""

_GAP = "?"
"""What is said where a row says nothing, as in the table of samples."""

_MISSING = "missing"
"""What the input means that is 1 there."""


def wide(digits: int) -> int:
    """Cells for what a column says at most, where numbers have so many digits."""
    return digits + 3


@record(eq=False)
class Node:
    """A row of the picture: a column of the table, or one of several inputs that were made of one."""

    name: str
    """Empty below the first row of a column that is unfolded."""
    inputs: tuple[int, ...]
    """Those of the network that it stands for."""
    telling: int
    """The one whose number and whose weights it shows."""
    said: Answer
    choices: tuple[str, ...]
    """All that may stand here in words; none where it is a number or a day."""
    told: bool
    """It is what the sample says, and not another category."""

    def written(self, width: int, glyphs: Glyphs) -> str:
        """What it says, in so many cells."""
        if self.said is None:
            return _GAP
        if not isinstance(self.said, str):
            return measured(self.said, width)
        return in_words(self.said, self.choices, width, glyphs)


@record(eq=False)
class Shown:
    """A network as it is shown: an input a node."""

    view: NetworkView
    """With nodes in place of inputs; its first layer has the weights of all inputs."""
    nodes: tuple[Node, ...]
    """Empty where each input is shown as it is."""
    groups: tuple[tuple[int, ...], ...]
    """All inputs of the network, column by column; empty where each input is one."""
    said: int
    """Cells that what is said takes at most; 0 where inputs are numbers as the network has them."""
    told: tuple[int, ...] = ()
    """Of each column the input whose weight stands for it: the one that is selected, else the one that tells it."""
    chosen: int | None = None
    """The node that is marked, and has to be seen."""

    def node_of(self, index: int) -> int:
        """The node that stands for one of the network's inputs."""
        return next(place for place, node in enumerate(self.nodes) if index in node.inputs) if self.nodes else index

    def input_of(self, place: int) -> int:
        """The input of the network whose weights a node shows."""
        return self.nodes[place].telling if self.nodes else place


def shown(view: NetworkView, chosen: int | None = None, *, unfolded: bool = False) -> Shown:
    """The network with an input for each column of its table, `chosen` being the input that is selected, whose column
    may be `unfolded`: a row then for each input that was made of it.
    """
    if not view.columns:
        return Shown(view, (), (), 0)
    nodes: list[Node] = []
    for column in view.columns:
        nodes += _unfolded(column) if unfolded and chosen in column.inputs else [_folded(column)]
    groups = tuple(column.inputs for column in view.columns) if len(view.inputs) > len(view.columns) else ()
    told = tuple(chosen if chosen in column.inputs else column.telling for column in view.columns)
    result = Shown(view, tuple(nodes), groups, max(map(_cells, view.columns)), told)
    chosen = None if chosen is None else result.node_of(chosen)
    return replace(result, view=_gathered(view, result), chosen=chosen)


def _folded(column: Said) -> Node:
    return Node(column.name, column.inputs, column.telling, column.answer, column.categories, told=True)


def _unfolded(column: Said) -> Iterator[Node]:
    """A row for each input: each category, or the number, and that nothing is said."""
    own = column.categories if column.each else ("",)
    for place, index in enumerate(column.inputs):
        name, told = "" if place else column.name, index == column.telling
        if place >= len(own):
            yield Node(name, (index,), index, _MISSING, (_MISSING,), told)
        elif column.each:
            yield Node(name, (index,), index, own[place], own, told)
        else:
            yield Node(name, (index,), index, column.answer, column.categories, told)


def _gathered(view: NetworkView, result: Shown) -> NetworkView:
    """The view with nodes for inputs."""
    telling = [node.telling for node in result.nodes]
    return replace(
        view,
        input_names=tuple(node.name for node in result.nodes),
        inputs=tuple(view.inputs[k] for k in telling),
        input_grads=tuple(view.input_grads[k] for k in telling),
        lit=_on_node(view.lit, result),
        coming=_on_node(view.coming, result),
    )


def _on_node(lit: Lit | None, result: Shown) -> Lit | None:
    if lit is None or lit.layer or lit.weight is None:
        return lit
    return replace(lit, weight=result.node_of(lit.weight))


def _cells(column: Said) -> int:
    if column.dated:
        return LONGEST_SAID
    return _widest(column.categories)


@lru_cache(maxsize=256)
def _widest(categories: tuple[str, ...]) -> int:
    """Cells for a category, at most; numbers need not have more than where they are shown as they are."""
    return min(LONGEST_SAID, max(map(cell_len, categories), default=1))
