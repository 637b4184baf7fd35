"""Traces one sample's arithmetic as Values: a network or an expression, with a sample's numbers as replaceable leaves.

Knows networks, losses and expressions; must not know memories, batches or positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...autograd.tape import Scope
from ...autograd.value import Value
from ...nn.losses import LOSSES
from ...nn.mlp import ACTIVATIONS, MLP, Neuron
from ...records import record
from ..setup import features
from ..setup.data import Recorded
from ..setup.laying import DRAWN, TRACED, tell
from ..setup.settings import Settings

if TYPE_CHECKING:
    from ..recorded.scopes import Groups


@record(eq=False)
class TracedLayer:
    """A layer whose neurons have `inputs` weights each, and then their bias."""

    activation: str
    inputs: int
    neurons: Sequence[tuple[Value, Value]]
    """The weighted sum and the output of each neuron."""


@record(eq=False)
class Traced:
    """One sample's arithmetic, from its leaves to its own loss.

    `parameters` come in the model's order: layer by layer, neuron by neuron, weights before the bias. An expression
    has neither inputs, targets nor layers, and its output is its loss.
    """

    parameters: Sequence[Value]
    outputs: Sequence[Value]
    loss: Value
    inputs: Sequence[Value] = ()
    targets: Sequence[Value] = ()
    weight: Sequence[Value] = ()
    """The sample's weight in the loss; empty where all weigh alike."""
    layers: Sequence[TracedLayer] = ()
    order: Sequence[tuple[Scope, Value]] = ()
    """All results, each with the scope that it belongs to, where they have an order of their own."""

    @property
    def sections(self) -> list[tuple[Scope, Value]]:
        """The results of forward, in order, each with the scope that its ops belong to."""
        found = [
            (Scope(number, place), output)
            for number, layer in enumerate(self.layers, start=1)
            for place, (_, output) in enumerate(layer.neurons, start=1)
        ]
        return found or [*self.order] or [(Scope(), output) for output in self.outputs]

    @property
    def parameter_scopes(self) -> tuple[Scope, ...]:
        """The layer and neuron of each parameter."""
        found = [
            Scope(number, place)
            for number, layer in enumerate(self.layers, start=1)
            for place in range(1, len(layer.neurons) + 1)
            for _ in range(layer.inputs + 1)
        ]
        return tuple(found) or (Scope(),) * len(self.parameters)


def traced_network(settings: Settings, inputs: int, outputs: int, output: str) -> Traced:
    """A fully connected network of `inputs` inputs and `outputs` outputs with the first weights that its seed draws.

    `output` is the activation of the last layer.
    """
    linear = "no_nonlinearity" in settings.mistakes
    mlp = MLP(
        inputs,
        [*settings.hidden, outputs],
        seed=settings.seed,
        activation="linear" if linear else settings.activations or settings.activation,
        init=settings.init,
        output="linear" if linear else output,
    )
    for neuron in (neuron for layer in mlp.layers for neuron in layer.neurons):
        _scale(neuron, settings.gain)
        _spoil(neuron, settings)
    names = features.names((), settings.features) or [f"x{i}" for i in range(inputs)]
    row = values = [Value(0.0, label=name) for name in names]
    targets = [Value(0.0, label="y" if outputs == 1 else f"y{i + 1}") for i in range(outputs)]
    layers, weights, traced = [], sum(len(layer.neurons) * len(layer.neurons[0].w) for layer in mlp.layers), 0
    for number, layer in enumerate(mlp.layers, start=1):
        neurons = []
        for place, neuron in enumerate(layer.neurons, start=1):
            total = neuron.weighted_sum(values)
            out = ACTIVATIONS[neuron.activation](total)
            out.label = f"L{number}.n{place}" if number < len(mlp.layers) else "ŷ" if outputs == 1 else f"ŷ{place}"
            neurons.append((total, out))
            traced += len(values)
            tell(DRAWN + (TRACED - DRAWN) * traced / weights)
        layers.append(TracedLayer(layer.activation, len(values), neurons))
        values = [out for _, out in neurons]
    loss = LOSSES[settings.loss].of_sample(values, [total for total, _ in layers[-1].neurons], targets)
    weight = [Value(1.0, label="weight")] * settings.class_weights
    for factor in weight:
        loss = factor * loss
    return Traced(mlp.parameters(), values, loss, row, targets, weight, layers)


def _scale(neuron: Neuron, gain: float) -> None:
    """Make a neuron's first weights larger or smaller."""
    for weight in neuron.w:
        weight.data *= gain


def _spoil(neuron: Neuron, settings: Settings) -> None:
    """Break a neuron's first weights, where that is wanted."""
    if "zero_weights" in settings.mistakes:
        for parameter in neuron.parameters():
            parameter.data = 0.0
    if "no_bias" in settings.mistakes:
        neuron.b.data = 0.0


def traced_expression(source: str, leaves: Mapping[str, float]) -> Traced:
    """An expression with a number for each of its leaves: they are the parameters, and its value is the loss.

    Raises:
        ExpressionError: the text is no expression of these leaves.
    """
    from ...autograd.text.expression import parse  # a network has none

    root, parameters = parse(source, leaves)
    return Traced(parameters, [root], root)


def traced_script(recorded: Recorded) -> tuple[Traced, Sequence[Value], Sequence[int], Groups]:
    """The graph of a script's run as an expression, the Value of each node, which nodes are inputs, and the groups.

    Leaves without a name that are the same in every moment are numbers of the expression.
    """
    from ..recorded.replayed import GraphValues  # no other session has one
    from ..recorded.scopes import groups

    recording = recorded.recording
    moments = [recording.moments[number] for number in recorded.moments]
    graph, first = recording.graphs[moments[0].graph], moments[0].given
    trained = {*graph.trained}
    fixed = {
        node: first[place]
        for place, node in enumerate(graph.given)
        if not graph.ops[node] and not graph.names[node] and node not in trained
        if all(moment.given[place] == first[place] for moment in moments)
    }
    made, grouped = (
        GraphValues(graph, fixed, dict(zip(graph.given, first, strict=True))),
        groups(graph, recording.places),
    )
    inputs = [node for node in graph.given if node not in fixed and node not in trained]
    root = made.values[-1]
    traced = Traced(
        [made.sources[node] for node in graph.trained],
        [root],
        root,
        [made.sources[node] for node in inputs],
        order=made.sections(grouped.scopes),
    )
    return traced, made.values, inputs, grouped


def partial_sums(root: Value, losses: Sequence[Value]) -> list[Value]:
    """The sums of the first 2, 3 … losses, which lie on the way from the batch's loss down to the first sample's."""
    way, node = [], root
    while node.op is not None and node.a is not None:
        way.append(node)
        node = node.a
    return way[::-1][: len(losses) - 1]
