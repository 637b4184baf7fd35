"""What would give an answer away -> the same picture with that number covered, wherever it stands. Must not know what
draws it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isclose

from chainstep.engine.records import replace
from chainstep.engine.training.snapshot.closeup import NeuronView
from chainstep.engine.training.snapshot.event import Assignment, Event
from chainstep.engine.training.snapshot.network import LayerView, NetworkView
from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.engine.training.snapshot.plots.function import SlopeView
from chainstep.engine.training.snapshot.samples.prediction import Prediction
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import GraphView, TraceView, WatchView

from ..style.covered import ASKED, Covered

_SAME = 1e-9
"""How far a number may be from the right one, as a share, and give it away."""

_FIELDS = ("data", "grad", "change")


def covered(snapshot: Snapshot, names: Collection[str], right: tuple[str, float] | None = None) -> Snapshot:
    """A picture without the numbers of these names, as a lesson gives them: `a.grad`, `L1.n2`, `loss`. Of the one that
    is asked for, what is `right` may be known: what it is elsewhere, before a step, say, is to be seen.
    """
    if not names:
        return snapshot
    cover = _Cover(names, right)
    return replace(
        snapshot,
        loss=cover.known(snapshot.loss, "loss"),
        lr=cover.one(snapshot.lr, "lr"),
        accuracy=None if cover.hides("accuracy", snapshot.accuracy) else snapshot.accuracy,
        event=cover.event(snapshot.event),
        next=cover.event(snapshot.next),
        watches=tuple(map(cover.watch, snapshot.watches)),
        trace=cover.trace(snapshot.trace),
        graph=cover.graph(snapshot.graph),
        network=cover.network(snapshot.network),
        parameters=cover.parameters(snapshot.parameters),
        probe=cover.probe(snapshot.probe, snapshot.network),
        neuron=cover.neuron(snapshot.neuron),
        slope=cover.slope(snapshot.slope),
    )


def covered_next(snapshot: Snapshot, target: str) -> Snapshot:
    """A picture without what the next op will make of one number; what that is now is seen."""
    event = snapshot.next
    if event is None:
        return snapshot
    assignments = tuple(_asked(each) if each.target == target else each for each in event.assignments)
    return replace(snapshot, next=replace(event, assignments=assignments))


def _asked(each: Assignment) -> Assignment:
    """What an op writes, without the numbers of which that is made, and the derivative among them."""
    unknown = Covered(0.0)
    return replace(each, formula="{asked}", names={"asked": ASKED}, values={"asked": unknown}, after=unknown)


class _Cover:
    """Which numbers are covered."""

    def __init__(self, names: Collection[str], right: tuple[str, float] | None) -> None:
        self._names = frozenset(name.removesuffix(".data") for name in names)
        self._asked, self._right = right or ("", 0.0)
        self._asked = self._asked.removesuffix(".data")

    def hides(self, name: str, number: float | None, field: str = "data") -> bool:
        """Whether a number of what is called so is covered."""
        called = name if field == "data" else f"{name}.{field}"
        if called not in self._names:
            return False
        return called != self._asked or number is None or isclose(number, self._right, rel_tol=_SAME)

    def one(self, number: float, name: str, field: str = "data") -> float:
        """A number, or its cover."""
        return Covered(number) if self.hides(name, number, field) else number

    def known(self, number: float | None, name: str, field: str = "data") -> float | None:
        """The same of one that may not be known."""
        return None if number is None else self.one(number, name, field)

    def each(self, numbers: Sequence[float], names: Sequence[str], field: str) -> tuple[float, ...]:
        """As many numbers, each called by its name."""
        return tuple(self.one(number, name, field) for number, name in zip(numbers, names, strict=True))

    # --- what a picture has

    def event(self, event: Event | None) -> Event | None:
        """One op; within a neuron, names are without its prefix."""
        if event is None:
            return None
        return replace(event, assignments=tuple(map(self._assignment, event.assignments)))

    def _assignment(self, each: Assignment) -> Assignment:
        before = each.before
        if before is not None and self._written(each.target, before):
            before = Covered(before)
        if self._written(each.target, each.after):
            return replace(_asked(each), before=before)
        values = {
            key: Covered(value) if self._written(each.names.get(key, ""), value) else value
            for key, value in each.values.items()
        }
        return replace(each, values=values, before=before)

    def _written(self, name: str, number: float) -> bool:
        """Whether a number is covered that an op's rule calls so: `(a*b).grad`, `a.grad`, `a`."""
        base, dot, field = name.rpartition(".")
        if dot and field in _FIELDS:
            base = base.removeprefix("(").removesuffix(")") if " " in base or "*" in base else base
            return self.hides(base, number, field)
        return self.hides(name, number)

    def watch(self, watch: WatchView) -> WatchView:
        """A pinned value."""
        data, grad = self.known(watch.data, watch.name), self.known(watch.grad, watch.name, "grad")
        return replace(watch, data=data, grad=grad)

    def trace(self, view: TraceView | None) -> TraceView | None:
        """The listing."""
        if view is None:
            return None
        names = [line.name for line in view.lines]
        leaf_data = [
            self.each(numbers, line.leaves, "data") for numbers, line in zip(view.leaf_data, view.lines, strict=True)
        ]
        data, grad = self.each(view.data, names, "data"), self.each(view.grad, names, "grad")
        return replace(view, data=data, grad=grad, leaf_data=leaf_data)

    def graph(self, view: GraphView | None) -> GraphView | None:
        """An expression's nodes."""
        if view is None:
            return None
        nodes = tuple(
            replace(node, data=self.one(node.data, node.name), grad=self.one(node.grad, node.name, "grad"))
            for node in view.nodes
        )
        return replace(view, nodes=nodes)

    def parameters(self, view: ParametersView | None) -> ParametersView | None:
        """The table."""
        if view is None:
            return None
        data, grad, change = (
            self.each(numbers, view.labels, field)
            for numbers, field in zip((view.data, view.grad, view.change), _FIELDS, strict=True)
        )
        return replace(view, data=data, grad=grad, change=change, numeric=self._numeric(view))

    def _numeric(self, view: ParametersView) -> tuple[float | None, ...] | None:
        """The numeric gradients, which are as good an answer."""
        if view.numeric is None:
            return None
        return tuple(self.known(number, label, "grad") for number, label in zip(view.numeric, view.labels, strict=True))

    def network(self, view: NetworkView | None) -> NetworkView | None:
        """The units, and the loss behind them."""
        if view is None:
            return None
        layers = tuple(self._layer(layer, number) for number, layer in enumerate(view.layers, start=1))
        inputs, grads = self.each(view.inputs, view.input_names, "data"), self._input_grads(view)
        loss = None if view.loss is None else replace(view.loss, data=self.one(view.loss.data, "loss"))
        return replace(view, layers=layers, inputs=inputs, input_grads=grads, loss=loss)

    def _input_grads(self, view: NetworkView) -> tuple[float, ...]:
        return self.each(view.input_grads, view.input_names, "grad")

    def _layer(self, layer: LayerView, number: int) -> LayerView:
        names = [f"L{number}.n{neuron}" for neuron in range(1, len(layer.data) + 1)]
        return replace(layer, data=self.each(layer.data, names, "data"), grad=self.each(layer.grad, names, "grad"))

    def probe(self, probe: Prediction | None, network: NetworkView | None) -> Prediction | None:
        """What the network makes of an input of one's own: its output is as that of the last layer is called."""
        if probe is None or network is None:
            return probe
        names = [f"L{len(network.layers)}.n{neuron}" for neuron in range(1, len(probe.outputs) + 1)]
        return replace(probe, outputs=self.each(probe.outputs, names, "data"))

    def slope(self, view: SlopeView | None) -> SlopeView | None:
        """The slope beside a curve, what would tell it by how far the quotient is off, and where an update leads."""
        if view is None or not self.hides(view.variable, view.slope, "grad"):
            return view
        ahead = None if view.next is None else Covered(view.next)
        return replace(view, slope=Covered(view.slope), next=ahead, reason="asked")

    def neuron(self, view: NeuronView | None) -> NeuronView | None:
        """The neuron that is looked at closely."""
        if view is None:
            return None
        name = f"L{view.layer + 1}.n{view.neuron + 1}"
        weights = [f"{name}.w{place}" for place in range(len(view.weights))]
        return replace(
            view,
            output=self.known(view.output, name),
            output_grad=self.known(view.output_grad, name, "grad"),
            weights=self.each(view.weights, weights, "data"),
            weight_grads=self.each(view.weight_grads, weights, "grad"),
            bias=self.known(view.bias, f"{name}.b"),
            bias_grad=self.known(view.bias_grad, f"{name}.b", "grad"),
        )
